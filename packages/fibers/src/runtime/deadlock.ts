/** Owns the finding and the wording of deadlocks: on one thread, and what a thread of many says of its own. */
import { RoveError } from "@rove/core"
import type { FiberState } from "./fiber.ts"
import { placeOf, withoutFrames } from "./stacks.ts"

/** With nothing ready and no timer armed: whether every fiber waits for another one. What the outside can wake is remembered. */
export class DeadlockFinder {
  /** A fiber that the outside can wake: as long as it waits, nobody needs to be looked at. */
  #outside: FiberState | null = null
  /** Whether there are fibers, and all of them wait for others. */
  find(fibers: Iterable<FiberState>): boolean {
    if (!this.onlyFibers(fibers)) return false
    for (const _ of fibers) return true
    return false
  }
  /** Whether all fibers that there are wait for others. */
  onlyFibers(fibers: Iterable<FiberState>): boolean {
    if (waitsForOutside(this.#outside)) return false
    this.#outside = null
    for (const fiber of fibers) {
      if (fiber.status !== "parked") return false
      if (!waitsForOutside(fiber)) continue
      this.#outside = fiber
      return false
    }
    return true
  }
}

function waitsForOutside(fiber: FiberState | null): boolean {
  return fiber !== null && fiber.park !== null && !fiber.park.internal
}

/** Who waits for what: the first few as text, for there may be many. Plain data. */
export interface Waits {
  readonly lines: readonly string[]
  readonly more: number
}
const NAMED = 20

export function whoWaits(fibers: Iterable<FiberState>): Waits {
  const lines: string[] = []
  let more = 0
  for (const { id, name, park, status, top } of fibers) {
    const place = placeOf(top)
    const where = place === null ? "" : `, at ${place}`
    if (lines.length < NAMED) lines.push(`  fiber ${id} (${name}): ${park?.reason ?? status}${where}`)
    else more++
  }
  return { lines, more }
}

export function deadlockOf({ lines, more }: Waits): RoveError {
  const rest = more > 0 ? [`  and ${more} more`] : []
  const text = `every fiber waits for another one\n${[...lines, ...rest].join("\n")}`
  // it happened nowhere: the lines say where each fiber stands
  return withoutFrames(() => new RoveError("ROVE_DEADLOCK", withoutTag(text)))
}

/** What ids of this process begin with says nothing to people: "6f839d88-1.7" is 1.7, and "6f839d88-0.o1" 0.o1. */
function withoutTag(text: string): string {
  const tag = /fiber ([0-9a-f]{8}-)/.exec(text)?.[1]
  return tag === undefined ? text : text.replaceAll(tag, "")
}
