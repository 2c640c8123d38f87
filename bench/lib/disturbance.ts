/** Owns what other programs did on the machine while something was measured, and which repetitions count in spite of it. */
import { readdirSync, readFileSync } from "node:fs"
import { availableParallelism, cpus } from "node:os"

/** Part of the processors that other programs may use before a repetition does not count. */
const DISTURBED = 0.1

export interface Disturbed {
  /** Part of the processors' time that other programs used; 0 where the system does not tell. */
  readonly others: number
}

/** From its making on. */
export class Disturbance {
  readonly #threads = threadsOfOthers()
  readonly #system = systemTime()
  readonly #own = process.cpuUsage()
  readonly #started = performance.now()
  get others(): number {
    const seconds = (performance.now() - this.#started) / 1000
    return Math.max(0, this.#used()) / (seconds * availableParallelism())
  }
  #used(): number {
    if (this.#threads.size > 0) return growth(this.#threads, threadsOfOthers())
    const { user, system } = process.cpuUsage(this.#own)
    return systemTime() - this.#system - (user + system) / 1e6
  }
}

/** The repetitions in which the machine was ours, but for part `most`; the least disturbed ones, so many, if it hardly ever was. */
export function undisturbed<T extends Disturbed>(runs: readonly T[], least = 2, most = DISTURBED): readonly T[] {
  const quiet = runs.filter(({ others }) => others < most)
  return quiet.length >= least ? quiet : runs.toSorted((a, b) => a.others - b.others).slice(0, least)
}

/** Processor seconds that all programs used so far. */
function systemTime(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys, 0) / 1000
}

/**
 * Processor seconds of each thread of other programs; none where the system does not tell (it is Linux that does). Exact, where the
 * sum over all processors comes in steps of 10 ms, which says nothing of a repetition that takes 40.
 */
function threadsOfOthers(): Map<string, number> {
  const found = new Map<string, number>()
  for (const program of listed("/proc")) {
    if (!/^\d+$/.test(program) || Number(program) === process.pid) continue
    for (const thread of listed(`/proc/${program}/task`)) {
      const seconds = timeOf(`/proc/${program}/task/${thread}/schedstat`)
      if (seconds !== null) found.set(thread, seconds)
    }
  }
  return found
}
function growth(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const [thread, seconds] of after) sum += seconds - (before.get(thread) ?? 0)
  return sum
}
/** Empty if it is gone, as a program may be by now. */
function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
function timeOf(file: string): number | null {
  try {
    return Number(readFileSync(file, "latin1").split(" ", 1)[0]) / 1e9
  } catch {
    return null
  }
}
