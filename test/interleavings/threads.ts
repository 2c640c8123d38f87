/** Owns a search from the outside: two real threads with what they share, and one run after the other. */
import { MessageChannel, Worker } from "node:worker_threads"
import { ThreadCells } from "../../packages/scheduler/src/cells.ts"
import { allocateRing } from "../../packages/scheduler/src/ring.ts"
import type { ThreadStart } from "./kit.ts"
import { scenarios } from "./scenarios.ts"
import { explore } from "./search.ts"
import { COMPLETE, ENDLESS, FAILED, PRUNED, STUCK, Turns } from "./turns.ts"

const THREADS = 2

export interface Found {
  readonly runs: number
  /** All orders were tried. */
  readonly complete: boolean
  /** What went wrong in which order; null if nothing did. */
  readonly failure: string | null
}

/** Tries the orders of a scenario, `most` at most, until one fails. */
export async function search(scenario: string, plant: string | null = null, most = 100_000): Promise<Found> {
  const known = scenarios[scenario]
  if (known === undefined) throw new Error(`there is no scenario "${scenario}"`)
  const turns = new Turns()
  const rings = Array.from({ length: THREADS }, () => allocateRing(known.bytes ?? 4096))
  const buffers = [...Array.from({ length: THREADS }, () => new ThreadCells().buffer), ...rings]
  const { port1, port2 } = new MessageChannel()
  const workers = [port1, port2].map((port, me) => {
    const ports = me === 0 ? [port, null] : [null, port]
    const workerData: ThreadStart = {
      me,
      first: known.first ?? 1,
      scenario,
      plant,
      turns: turns.buffer,
      buffers,
      ports,
    }
    return new Worker(new URL("./thread.worker.ts", import.meta.url), { workerData, transferList: [port] })
  })
  let failure: string | null = null
  try {
    await Promise.all(workers.map(worker => new Promise(resolve => worker.once("online", resolve))))
    const { runs, complete } = explore((schedule, asleep) => {
      for (const buffer of buffers) new Uint8Array(buffer).fill(0)
      turns.begin(THREADS, schedule, asleep)
      const end = turns.end()
      const reports = Array.from({ length: THREADS }, (_, i) => turns.report(i))
      const steps = turns.trace()
      failure = whatIsWrong(end, reports, known.check)
      return { steps, over: failure !== null }
    }, most)
    return { runs, complete, failure }
  } finally {
    await Promise.all(workers.map(worker => worker.terminate()))
  }
}

function whatIsWrong(end: number, reports: readonly unknown[], check: (reports: readonly unknown[]) => string | null) {
  if (end === PRUNED) return null
  if (end === STUCK) return "all threads sleep, and nobody wakes them"
  if (end === ENDLESS) return "it has no end"
  if (end === FAILED) return JSON.stringify(reports)
  return end === COMPLETE ? check(reports) : `end ${end}`
}
