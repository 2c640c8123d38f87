/**
 * Owns the order in which a single thread runs fibers of one priority: those that go on, first in first out, and beneath them the
 * children that nobody began, the newest first, because its parent will soon want it and it is small.
 */
import type { FiberState } from "./fiber.ts"
import { Queue } from "./queue.ts"

/** Every so many slices the oldest child gets its turn before ready fibers, so that these cannot keep it waiting for ever. */
const CHILD_TURN = 16

export class LocalQueues {
  readonly #ready = new Queue<FiberState>()
  /** The newest last; some of them have been claimed or interrupted since. */
  readonly #children = new Queue<FiberState>()
  #slices = 0

  /** False if there may be something to run; entries that have ended or begun meanwhile count. */
  get isEmpty(): boolean {
    return this.#ready.length === 0 && this.#children.length === 0
  }
  pushReady(fiber: FiberState): void {
    this.#ready.push(fiber)
  }
  pushChild(child: FiberState): void {
    this.#children.push(child)
  }

  /** The child is begun by its joiner. False if it has begun or ended. */
  claim(child: FiberState): boolean {
    if (child.status !== "unstarted") return false
    // Joins mostly claim the newest. Another stays in the queue, begun, until it is the newest or is skipped.
    if (this.#children.newest() === child) this.#children.pop()
    while (isStale(this.#children.newest())) this.#children.pop()
    return true
  }

  next(): FiberState | null {
    if (++this.#slices % CHILD_TURN === 0) return this.#oldestChild() ?? this.#runnable() ?? null
    return this.#runnable() ?? this.#newestChild() ?? null
  }
  #runnable(): FiberState | undefined {
    let fiber = this.#ready.shift()
    while (fiber?.status === "done") fiber = this.#ready.shift() // interrupted before it began
    return fiber
  }
  #oldestChild(): FiberState | undefined {
    let child = this.#children.shift()
    while (isStale(child)) child = this.#children.shift()
    return child
  }
  #newestChild(): FiberState | undefined {
    let child = this.#children.pop()
    while (isStale(child)) child = this.#children.pop()
    return child
  }
}

function isStale(child: FiberState | undefined): boolean {
  return child !== undefined && child.status !== "unstarted"
}
