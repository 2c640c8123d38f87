/**
 * Measures one way of a fiber that goes to another thread, from where it stops to where it goes on: to a thread that sleeps,
 * beside a plain `postMessage` of the same data to a sleeping thread by turns in one run; and to one that looks for work.
 */
import { MessageChannel, Worker } from "node:worker_threads"
import { Pool } from "rove"
import { Disturbance, type Disturbed, undisturbed } from "./lib/disturbance.ts"
import { median } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { cargo, hops } from "./programs/migrate.ts"

const subject = "migrate"
/** Milliseconds after which a thread that finds nothing to do sleeps in its event loop for certain, a nap before that included. */
const PAUSE = 1.5
/** Ways in one go: what was measured lies in the fiber, and in the message, and grows along. */
const WAYS = 20
/** Goes before anything counts: each thread compiles for itself what it encodes and decodes with, and does so beside whatever else runs. */
const WARM = 1_000
/** Part of the processors that other programs may use: they also decide which of the threads have to share one, and leave cold caches. */
const DISTURBED = 0.02
/** So many undisturbed repetitions, after at most so many milliseconds. */
const WANTED = 60
const LONGEST = 15_000

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  await using pool = await Pool.start({ workers: 2 })
  const [first, second] = pool.threads().map(({ id }) => id) as [number, number]
  const own = (pause: number) => pool.run(hops(second, WAYS, pause), { prefer: first })
  await using plain = new PlainPair(PAUSE)
  const runs: Repetition[] = []
  for (let warm = quick ? 1 : WARM; warm > 0; warm--) await own(0)
  for (let warm = quick ? 2 : 50; warm > 0; warm--) {
    await own(PAUSE)
    await plain.ways(WAYS)
  }
  const started = performance.now()
  const isEnough = (): boolean => {
    if (quick) return runs.length === 3
    return performance.now() - started > LONGEST || runs.filter(({ others }) => others < DISTURBED).length >= WANTED
  }
  while (!isEnough()) {
    const disturbance = new Disturbance()
    const parked = median(await own(PAUSE))
    const posted = median(await plain.ways(WAYS))
    const spinning = median(await own(0))
    runs.push({ parked, posted, spinning, others: disturbance.others })
  }
  const counted = undisturbed(runs, 5, DISTURBED)
  return [
    row({
      subject,
      case: "one way to a thread that sleeps",
      value: median(counted.map(({ parked }) => parked)),
      unit: "µs",
      against: {
        peer: "plain postMessage: times faster",
        value: median(counted.map(({ posted }) => posted)),
        ratio: median(counted.map(({ parked, posted }) => posted / parked)),
      },
      bar: 1,
      aim: 1.2,
    }),
    row({
      subject,
      case: "one way to a thread that looks for work",
      value: median(counted.map(({ spinning }) => spinning)),
      unit: "µs",
      bar: 10,
      aim: 4.5,
    }),
  ]
}

/** Microseconds of one way. */
interface Repetition extends Disturbed {
  readonly parked: number
  readonly posted: number
  readonly spinning: number
}

/** Two plain threads that post the same data to and fro. */
class PlainPair {
  readonly #workers: readonly [Worker, Worker]
  constructor(pause: number) {
    const { port1, port2 } = new MessageChannel()
    const start = (port: typeof port1) =>
      new Worker(new URL("./peers/post.raw.mjs", import.meta.url), {
        workerData: { port, data: cargo(), pause },
        transferList: [port],
      })
    this.#workers = [start(port1), start(port2)]
  }
  /** Microseconds of each way. */
  ways(times: number): Promise<number[]> {
    const [first] = this.#workers
    const told = new Promise<number[]>(resolve => {
      for (const worker of this.#workers) worker.removeAllListeners("message").once("message", resolve)
    })
    first.postMessage(times)
    return told
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.terminate()))
  }
}
