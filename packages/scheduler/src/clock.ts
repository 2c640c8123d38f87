/** Owns the clock that the scheduler reads: milliseconds, the same for all threads of the process. Another object in a simulation. */
export interface Clock {
  now(): number
  /** Milliseconds of processor time that this thread has had; a virtual clock has none. */
  cpu?(): number
}

export const realClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  cpu: () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  },
}
