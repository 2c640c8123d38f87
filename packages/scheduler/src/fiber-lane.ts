/** Owns the order of fibers of one priority: which is next, and which one others may have. */
import { type FiberState, Queue } from "@rove/fibers/scheduling"
import { Deque } from "./deque.ts"
import { POOL } from "./mesh.ts"

/** Every so many slices the oldest child gets its turn before ready fibers, so that these cannot keep it waiting for ever. */
const CHILD_TURN = 16

export class FiberLane {
  /** Children that nobody began. */
  readonly #unstarted = new Deque()
  /** Unstarted ones that cannot move. */
  readonly #kept = new Deque()
  readonly #ready = new Queue<FiberState>()
  readonly #readyPinned = new Queue<FiberState>()
  #turn = 0

  push(fiber: FiberState): void {
    // what ordinary code started is nobody's child: it waits its turn with those that go on
    if (fiber.status === "unstarted" && fiber.home !== POOL)
      (fiber.pinned === null ? this.#unstarted : this.#kept).push(fiber)
    else if (isRunnable(fiber)) (fiber.pinned === null ? this.#ready : this.#readyPinned).push(fiber)
  }
  claim(fiber: FiberState): boolean {
    return fiber.pinned === null ? this.#unstarted.claim(fiber) : this.#kept.claim(fiber)
  }
  /** Ready ones first in, first out; then the newest child. */
  next(): FiberState | null {
    if (++this.#turn % CHILD_TURN === 0) {
      const child = this.#unstarted.takeOldest() ?? this.#kept.takeOldest()
      if (child !== null) return child
    }
    const [first, second] = this.#turn & 1 ? [this.#ready, this.#readyPinned] : [this.#readyPinned, this.#ready]
    return first.shift() ?? second.shift() ?? this.#unstarted.popNewest() ?? this.#kept.popNewest()
  }
  /** For others: the oldest child that nobody began, or the fiber that waits longest for its turn. */
  give(): FiberState | null {
    const child = this.#unstarted.takeOldest()
    if (child !== null) return child
    let fiber = this.#ready.shift()
    while (fiber !== undefined && !isRunnable(fiber)) fiber = this.#ready.shift() // interrupted before it began
    return fiber ?? null
  }
  get count(): number {
    return this.#unstarted.length + this.#ready.length
  }
  /** Those that go before children that nobody began. */
  get readyCount(): number {
    return this.#ready.length + this.#readyPinned.length
  }
  get isEmpty(): boolean {
    return this.count === 0 && this.#kept.length === 0 && this.#readyPinned.length === 0
  }
}

function isRunnable({ status }: FiberState): boolean {
  return status === "ready" || status === "unstarted"
}
