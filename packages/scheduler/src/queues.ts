/** Owns the fibers that could run: the choice of the next one, and of those that others may have. */
import { type FiberState, Lanes } from "@rove/fibers/scheduling"
import { FiberLane } from "./fiber-lane.ts"
import type { Givable } from "./steal.ts"

export class Queues implements Givable {
  readonly #lanes = new Lanes(() => new FiberLane())
  push(fiber: FiberState): void {
    this.#lanes.of(fiber.context.priority).push(fiber)
  }
  keep(fiber: FiberState): void {
    this.push(fiber)
  }
  claim(fiber: FiberState): boolean {
    return this.#lanes.of(fiber.context.priority).claim(fiber)
  }
  next(): FiberState | null {
    return this.#lanes.next(next)
  }
  /** The most urgent first: who asks has nothing else to do. */
  give(): FiberState | null {
    return this.#lanes.highest(give)
  }
  get count(): number {
    return this.#lanes.count(countOf)
  }
  /** Fibers that are more than children that nobody began. */
  get readyCount(): number {
    return this.#lanes.count(readyOf)
  }
  get isEmpty(): boolean {
    return this.#lanes.isEmpty
  }
}

const next = (lane: FiberLane): FiberState | null => lane.next()
const give = (lane: FiberLane): FiberState | null => lane.give()
const countOf = (lane: FiberLane): number => lane.count
const readyOf = (lane: FiberLane): number => lane.readyCount
