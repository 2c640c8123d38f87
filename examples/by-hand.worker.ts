/** A worker that runs fibers until they suspend themselves, and sends them on to its peer as bytes. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads"
import { decode, encode, type StoppedFiber } from "@rove/core"
import { type Leg, LocalHost } from "rove"
import { trip } from "./by-hand.fibers.ts"

const { id, peer } = workerData as { id: number; peer: MessagePort }
const host = new LocalHost({ id })

parentPort?.once("message", async () => {
  next(await host.start(trip("Ada", 5)))
})

peer.on("message", async (bytes: ArrayBuffer) => {
  next(await host.proceed(decode(bytes) as StoppedFiber))
})

/** The fiber has left: suspended, it goes to the other thread; ended, its result goes to the main thread. */
function next(leg: Leg<string[]>): void {
  if (leg.done) {
    parentPort?.postMessage(leg.value)
    return
  }
  const { bytes } = encode(leg.fiber)
  peer.postMessage(bytes, [bytes])
}
