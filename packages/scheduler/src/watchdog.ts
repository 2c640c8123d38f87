/**
 * Owns noticing, from the pool's own thread, that ordinary code holds another one and has not returned: such a thread can say
 * nothing itself. What has returned is told of by watch.ts.
 */
import type { Beat, PulseReader } from "./pulse.ts"

/** Milliseconds between looks, and from which on a thread is held. */
const EVERY = 100
const LONG = 200

export interface Watched {
  readonly id: number
  readonly pulse: PulseReader | null
}

/** Time, and the processor time of the whole process, in milliseconds: threads that had no processor held nobody up. */
export interface Times {
  now(): number
  cpu(): number
}
const realTimes: Times = {
  now: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

interface Seen {
  readonly count: number
  readonly at: number
  readonly cpu: number
  told: boolean
}

export class Watchdog {
  readonly #threads: () => readonly Watched[]
  readonly #tell: (thread: number, beat: Beat, ms: number) => void
  readonly #times: Times
  #seen = new Map<number, Seen>()
  #timer: NodeJS.Timeout | null = null
  constructor(
    threads: () => readonly Watched[],
    tell: (thread: number, beat: Beat, ms: number) => void,
    times: Times = realTimes,
  ) {
    this.#threads = threads
    this.#tell = tell
    this.#times = times
  }
  start(): void {
    this.#timer = setInterval(() => this.look(), EVERY).unref()
  }
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
  }
  /** Tells once of each time that a thread is held. */
  look(): void {
    const now = this.#times.now()
    const cpu = this.#times.cpu()
    const before = this.#seen
    this.#seen = new Map()
    for (const { id, pulse } of this.#threads()) {
      const beat = pulse?.read() ?? null
      if (beat === null) continue
      const last = before.get(id)
      const seen = last?.count === beat.count ? last : { count: beat.count, at: now, cpu, told: false }
      this.#seen.set(id, seen)
      if (seen.told || now - seen.at < LONG || cpu - seen.cpu < LONG) continue
      seen.told = true
      this.#tell(id, beat, now - seen.at)
    }
  }
}
