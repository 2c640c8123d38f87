/** Owns the moment at which something happens, on one clock for all threads of the process. */

/** Microseconds. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e6 + nanoseconds / 1e3
}
