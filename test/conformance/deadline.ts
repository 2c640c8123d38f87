/** Owns ending what does not end: a wrong program may be one that loops for ever. */
import { Script } from "node:vm"
import { machine } from "@rove/fibers/scheduling"

const script = new Script("globalThis[Symbol.for('rove.test.run')]()")
const key = Symbol.for("rove.test.run")
const globals = globalThis as unknown as Record<symbol, unknown>

/** Runs ordinary synchronous code; throws if it takes longer than that many milliseconds. */
export function within<T>(milliseconds: number, run: () => T): T {
  const before = { ...machine }
  globals[key] = run
  try {
    return script.runInThisContext({ timeout: milliseconds }) as T
  } finally {
    // whatever was broken off did not restore the registers
    Object.assign(machine, before)
    delete globals[key]
  }
}
