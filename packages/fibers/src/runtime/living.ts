/** Owns which fibers live on a thread without a pool: a list through the fibers themselves, the oldest first. */
import type { FiberState } from "./fiber.ts"

export class Living implements Iterable<FiberState> {
  #oldest: FiberState | null = null
  #newest: FiberState | null = null
  #size = 0
  /** Made when somebody first asks for a fiber by its id, and kept from then on: most programs never do. */
  #byId: Map<string, FiberState> | null = null

  get size(): number {
    return this.#size
  }
  /** Each fiber once, until it is removed. */
  add(fiber: FiberState): void {
    const newest = this.#newest
    if (newest === null) this.#oldest = fiber
    else {
      newest.newer = fiber
      fiber.older = newest
    }
    this.#newest = fiber
    this.#size++
    if (this.#byId !== null) this.#byId.set(fiber.id, fiber)
  }
  remove(fiber: FiberState): void {
    const { older, newer } = fiber
    if (older === null && this.#oldest !== fiber) return // removed before
    if (older === null) this.#oldest = newer
    else older.newer = newer
    if (newer === null) this.#newest = older
    else newer.older = older
    fiber.older = fiber.newer = null
    this.#size--
    if (this.#byId !== null && this.#byId.get(fiber.id) === fiber) this.#byId.delete(fiber.id)
  }
  get(id: string): FiberState | undefined {
    if (this.#byId === null) {
      this.#byId = new Map()
      for (const fiber of this) this.#byId.set(fiber.id, fiber)
    }
    return this.#byId.get(id)
  }
  *[Symbol.iterator](): Generator<FiberState, void> {
    for (let fiber = this.#oldest; fiber !== null; fiber = fiber.newer) yield fiber
  }
}
