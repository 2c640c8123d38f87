/** What tests of state do to fibers that do not suspend themselves: how each becomes a record, and in which state. */
import { setImmediate } from "node:timers/promises"
import type { FiberHandle, FiberRecord } from "rove"
import { machine } from "../../packages/fibers/src/runtime/thread.ts"
import { calledOn, gate } from "./gate.ts"

export * from "./edits.ts"

type Handle = FiberHandle<unknown>

export async function asItIs(handle: Handle): Promise<FiberRecord> {
  await setImmediate()
  return handle.record()
}
/** Both in one turn: it has no time to hear of the interrupt here. */
export async function interrupted(handle: Handle): Promise<FiberRecord> {
  await setImmediate()
  void handle.interrupt("from thread 1")
  return handle.record()
}
/** Recorded in the moment in which it has what it waited for. */
export async function answered(handle: Handle): Promise<FiberRecord> {
  await setImmediate()
  const record = handle.record()
  gate.resolve("the answer")
  return record
}
/** In one turn: an error and a call wait at the thread, and the fiber that would have met them has left. */
export async function leftBehind(handle: Handle): Promise<FiberRecord> {
  await setImmediate()
  void machine.own.raise(new Error("raised in thread 1"))
  machine.own.request(() => calledOn.push("called"))
  return handle.record()
}
