/**
 * Measures one way of a fiber that goes to another thread, from where it stops to where it goes on: to a thread that sleeps,
 * beside a plain `postMessage` of the same data to a sleeping thread by turns in one run; and to one that looks for work. Each thread
 * has a processor of its own, where the system can be told so: it may keep threads that take turns on one. The same where the system
 * places them is not judged.
 */
import { MessageChannel, Worker } from "node:worker_threads"
import { Pool } from "rove"
import { setApart } from "./lib/apart.ts"
import { Disturbance, type Disturbed, undisturbed } from "./lib/disturbance.ts"
import { median } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { cargo, hops } from "./programs/migrate.ts"

const subject = "migrate"
/** Milliseconds after which a thread that finds nothing to do sleeps for certain. */
const PAUSE = 0.5
/** Ways in one go: what was measured lies in the fiber, and in the message, and grows along. */
const WAYS = 20
/** Goes before anything counts: each thread compiles for itself what it encodes and decodes with, and does so beside whatever else runs. */
const WARM = 1_000
/** Of these the ones to a thread that sleeps, which take half a millisecond a way: what wakes up is compiled too. */
const WARM_ASLEEP = 200
/** Part of the processors that other programs may use: they also decide which of the threads have to share one, and leave cold caches. */
const DISTURBED = 0.02
/** So many undisturbed repetitions, after at most so many milliseconds. */
const WANTED = 60
const LONGEST = 15_000

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const placed = await rowsOn(false, quick)
  return [...(await rowsOn(true, quick)), ...placed]
}

async function rowsOn(apart: boolean, quick: boolean): Promise<readonly Row[]> {
  await using pool = await Pool.start({ workers: 2, cpuAffinity: apart })
  const [first, second] = pool.threads().map(({ id }) => id) as [number, number]
  const own = (pause: number) => pool.run(hops(second, WAYS, pause), { prefer: first })
  await using plain = new PlainPair(PAUSE)
  await plain.ways(WAYS)
  if (apart) setApart(PLAIN)
  for (let warm = quick ? 1 : WARM; warm > 0; warm--) await own(0)
  for (let warm = quick ? 2 : WARM_ASLEEP; warm > 0; warm--) {
    await own(PAUSE)
    await plain.ways(WAYS)
  }
  const ways: Ways = { parked: () => own(PAUSE), posted: () => plain.ways(WAYS), spinning: () => own(0) }
  return rowsOf(await repeat(ways, quick), apart ? "" : ", placed by the system", apart)
}

/** Each gives microseconds of ways. */
interface Ways {
  readonly parked: () => PromiseLike<number[]>
  readonly posted: () => PromiseLike<number[]>
  readonly spinning: () => PromiseLike<number[]>
}

async function repeat(ways: Ways, quick: boolean): Promise<readonly Repetition[]> {
  const runs: Repetition[] = []
  const started = performance.now()
  const isEnough = (): boolean => {
    if (quick) return runs.length === 3
    return performance.now() - started > LONGEST || runs.filter(({ others }) => others < DISTURBED).length >= WANTED
  }
  while (!isEnough()) {
    const disturbance = new Disturbance()
    const parked = median(await ways.parked())
    const posted = median(await ways.posted())
    const spinning = median(await ways.spinning())
    runs.push({ parked, posted, spinning, others: disturbance.others })
  }
  return undisturbed(runs, 5, DISTURBED)
}

function rowsOf(counted: readonly Repetition[], where: string, judged: boolean): readonly Row[] {
  return [
    row({
      subject,
      case: `one way to a thread that sleeps${where}`,
      value: median(counted.map(({ parked }) => parked)),
      unit: "µs",
      against: {
        peer: "plain postMessage: times faster",
        value: median(counted.map(({ posted }) => posted)),
        ratio: median(counted.map(({ parked, posted }) => posted / parked)),
      },
      ...(judged ? { bar: 1, aim: 1.2 } : {}),
    }),
    row({
      subject,
      case: `one way to a thread that looks for work${where}`,
      value: median(counted.map(({ spinning }) => spinning)),
      unit: "µs",
      ...(judged ? { bar: 10, aim: 4.5 } : {}),
    }),
  ]
}

/** Microseconds of one way. */
interface Repetition extends Disturbed {
  readonly parked: number
  readonly posted: number
  readonly spinning: number
}

/** Names of the plain threads. */
const PLAIN = ["plain-1", "plain-2"] as const

/** Two plain threads that post the same data to and fro. */
class PlainPair {
  readonly #workers: readonly [Worker, Worker]
  constructor(pause: number) {
    const { port1, port2 } = new MessageChannel()
    const start = (port: typeof port1, name: string) =>
      new Worker(new URL("./peers/post.raw.mjs", import.meta.url), {
        name,
        workerData: { port, data: cargo(), pause },
        transferList: [port],
      })
    this.#workers = [start(port1, PLAIN[0]), start(port2, PLAIN[1])]
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
