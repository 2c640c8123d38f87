/**
 * Moves a fiber between two plain workers by hand, as a program does that owns its threads: no pool, no scheduler.
 * This thread starts the workers and prints the result; `by-hand.worker.ts` is all the rest.
 *
 *     node --import rove/register examples/by-hand.ts
 */
import { Worker } from "node:worker_threads"

const { port1, port2 } = new MessageChannel()
const file = new URL("./by-hand.worker.ts", import.meta.url)
const workers = [
  new Worker(file, { workerData: { id: 1, peer: port1 }, transferList: [port1] }),
  new Worker(file, { workerData: { id: 2, peer: port2 }, transferList: [port2] }),
]

const { promise, resolve, reject } = Promise.withResolvers<string[]>()
for (const worker of workers) worker.on("message", resolve).on("error", reject)
workers[0]?.postMessage("start")

const diary = await promise
for (const line of diary) console.log(line)
const alternate = diary.every((line, visit) => line.endsWith(`thread ${visit % 2 === 0 ? 1 : 2}`))
if (!alternate) {
  console.error("the fiber did not move at each suspension")
  process.exitCode = 1
}
for (const worker of workers) await worker.terminate()
