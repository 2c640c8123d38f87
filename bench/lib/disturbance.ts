/** Owns what other programs did on the machine while something was measured, and which repetitions count in spite of it. */
import { availableParallelism, cpus } from "node:os"

/** Part of the processors that other programs may use before a repetition does not count. */
const DISTURBED = 0.1

export interface Disturbed {
  /** Part of the processors' time that other programs used; 0 where the system does not tell. */
  readonly others: number
}

/** From its making on. */
export class Disturbance {
  readonly #system = systemTime()
  readonly #own = process.cpuUsage()
  readonly #started = performance.now()
  get others(): number {
    const { user, system } = process.cpuUsage(this.#own)
    const seconds = (performance.now() - this.#started) / 1000
    const others = systemTime() - this.#system - (user + system) / 1e6
    return Math.max(0, others) / (seconds * availableParallelism())
  }
}

/** The repetitions in which the machine was ours; the least disturbed ones, so many, if it hardly ever was. */
export function undisturbed<T extends Disturbed>(runs: readonly T[], least = 2): readonly T[] {
  const quiet = runs.filter(({ others }) => others < DISTURBED)
  return quiet.length >= least ? quiet : runs.toSorted((a, b) => a.others - b.others).slice(0, least)
}

/** Processor seconds that all programs used so far. */
function systemTime(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys, 0) / 1000
}
