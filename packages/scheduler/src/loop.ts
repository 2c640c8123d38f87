/** Owns turns of the event loop, for its thread: when a burst runs, and how a parked thread wakes for a timer. An object that is passed in. */
export interface EventLoop {
  /** Soon, in this turn. */
  soon(callback: () => void): void
  /** After the event loop had its turn. */
  nextTurn(callback: () => void): void
  /** After so many milliseconds; the result cancels. */
  alarm: Alarm
}
export type Alarm = (ms: number, callback: () => void) => () => void

export const realLoop: EventLoop = {
  soon: queueMicrotask,
  nextTurn: callback => void setImmediate(callback),
  alarm: (ms, callback) => {
    const handle = setTimeout(callback, Math.min(0x7fffffff, Math.max(0, Math.ceil(ms))))
    return () => clearTimeout(handle)
  },
}

/** One that does not keep its thread. */
export const idleAlarm: Alarm = (ms, callback) => {
  const handle = setTimeout(callback, ms).unref()
  return () => clearTimeout(handle)
}
