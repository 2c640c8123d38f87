/** Owns the finding and the wording of deadlocks on a single thread. */
import { RoveError } from "@rove/core"
import type { FiberState } from "./fiber.ts"

/** With nothing ready and no timer armed: whether every fiber waits for another one. `hint` is looked at first and remembered. */
export class DeadlockFinder {
  /** A fiber that the outside can wake: as long as it waits, nobody needs to be looked at. */
  #outside: FiberState | null = null
  find(fibers: Iterable<FiberState>): boolean {
    if (waitsForOutside(this.#outside)) return false
    this.#outside = null
    let waiting = false
    for (const fiber of fibers) {
      if (fiber.status !== "parked") return false
      if (waitsForOutside(fiber)) {
        this.#outside = fiber
        return false
      }
      waiting = true
    }
    return waiting
  }
}

function waitsForOutside(fiber: FiberState | null): boolean {
  return fiber !== null && fiber.park !== null && !fiber.park.internal
}

/** Names who waits for what; the first few, for there may be many. */
export function deadlock(fibers: Iterable<FiberState>): RoveError {
  const lines: string[] = []
  let more = 0
  for (const fiber of fibers) {
    if (lines.length < 20) lines.push(`  fiber ${fiber.id} (${fiber.name}): ${fiber.park?.reason ?? fiber.status}`)
    else more++
  }
  if (more > 0) lines.push(`  and ${more} more`)
  return new RoveError("ROVE_DEADLOCK", `every fiber waits for another one\n${lines.join("\n")}`)
}
