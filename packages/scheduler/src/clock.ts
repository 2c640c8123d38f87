/** Owns the clock that the scheduler reads: milliseconds, the same for all threads of the process. Another object in a simulation. */
export interface Clock {
  now(): number
  /** As `now`, without `origin`: parts of a microsecond are nothing beside the milliseconds since 1970. None of a virtual clock. */
  since?(): number
  readonly origin?: number
  /** Milliseconds of processor time that this thread has had; a virtual clock has none. */
  cpu?(): number
}

/** It never changes, and asking for it takes a third of the time that a look at the clock takes. */
const { timeOrigin } = performance

export const realClock: Clock = {
  now: () => timeOrigin + performance.now(),
  since: () => performance.now(),
  origin: timeOrigin,
  cpu: () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  },
}
