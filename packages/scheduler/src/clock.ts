/** Owns the clock that the scheduler reads: milliseconds, the same for all threads of the process. Another object in a simulation. */
export interface Clock {
  now(): number
}

export const realClock: Clock = { now: () => performance.timeOrigin + performance.now() }
