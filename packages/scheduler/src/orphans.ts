/** Owns fibers that live on although their home has died: what the inbox there knew of others is told to the one that the pool has for them. */
import { type FiberState, type Homes, restoreTies } from "@rove/fibers/scheduling"
import { IdRanges } from "./id-ranges.ts"
import type { Mesh } from "./mesh.ts"

export class Orphans {
  readonly #mesh: Mesh
  readonly #homes: () => Homes | undefined
  /** Threads that have died; one that leaves hands its inboxes over. */
  readonly #dead = new IdRanges()
  /** `homes`: the objects of this thread, if fibers run here. */
  constructor(mesh: Mesh, homes: () => Homes | undefined) {
    this.#mesh = mesh
    this.#homes = homes
  }
  died(thread: number): void {
    this.#dead.add(thread)
  }
  /** The fiber is here, or its home may have died. */
  look(fiber: FiberState): void {
    const homes = this.#homes()
    // to find the home in an id takes longer than all else that is done for a fiber that comes
    if (this.#dead.size === 0 || homes === undefined || fiber.status === "moved") return
    if (this.#dead.has(this.#mesh.homeIn(fiber.id))) restoreTies(fiber, homes)
  }
}
