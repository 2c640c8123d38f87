/** Owns ending what does not end: a wrong program may be one that loops for ever. */
import { Script } from "node:vm"
import { machine } from "@rove/fibers/scheduling"

const script = new Script("globalThis[Symbol.for('rove.test.run')]()")
const key = Symbol.for("rove.test.run")
const globals = globalThis as unknown as Record<symbol, unknown>

/** What ran too long was broken off. */
export class OutOfTime extends Error {}

/**
 * Runs ordinary synchronous code; throws `OutOfTime` if it takes longer than that many milliseconds of this thread's own
 * time. What the clock ended only because other programs had the processor is run again, with more of the clock.
 */
export function within<T>(milliseconds: number, run: () => T): T {
  for (let clock = milliseconds; ; clock *= 4) {
    const before = busy()
    try {
      return limited(clock, run)
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error
      if (busy() - before >= milliseconds)
        throw new OutOfTime(`it did not end within ${milliseconds} ms of its own time`)
    }
  }
}

/** How long this thread has computed, in ms. */
function busy(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function limited<T>(clock: number, run: () => T): T {
  const before = { ...machine }
  globals[key] = run
  try {
    return script.runInThisContext({ timeout: clock }) as T
  } finally {
    // whatever was broken off did not restore the registers
    Object.assign(machine, before)
    delete globals[key]
  }
}
