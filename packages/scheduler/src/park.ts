/**
 * Owns idling: a short spin in which the thread asks others for work, then sleep in the event loop, whose ports are the
 * doorbells.
 *
 * No wake-up is lost: the thread says "parked" and then looks at its attention word; a sender raises the attention and
 * then looks at "parked". Whichever comes second sees the other.
 */
import type { Clock } from "./clock.ts"
import type { Mesh } from "./mesh.ts"
import type { StatCells } from "./stats.ts"
import type { Thief } from "./steal.ts"

/** Milliseconds of spinning; less after spins that found nothing. */
const LONGEST_SPIN = 0.05
const SHORTEST_SPIN = 0.005

export class Parking {
  readonly #mesh: Pick<Mesh, "cells" | "workers" | "drain">
  readonly #thief: Thief
  readonly #clock: Clock
  readonly #stats: StatCells
  #spin = LONGEST_SPIN
  #parked = false
  readonly #takesWork: () => boolean
  constructor(
    mesh: Pick<Mesh, "cells" | "workers" | "drain">,
    thief: Thief,
    clock: Clock,
    stats: StatCells,
    takesWork: () => boolean = () => true,
  ) {
    this.#takesWork = takesWork
    this.#mesh = mesh
    this.#thief = thief
    this.#clock = clock
    this.#stats = stats
  }
  get parked(): boolean {
    return this.#parked
  }
  /** Looks for work for a moment; true if `hasWork` says so. */
  spin(hasWork: () => boolean): boolean {
    const { cells } = this.#mesh
    const until = this.#clock.now() + this.#spin
    for (;;) {
      if (cells.attentionHint()) this.#mesh.drain()
      if (!this.#takesWork()) return hasWork()
      if (hasWork()) {
        this.#spin = LONGEST_SPIN
        return true
      }
      if (this.#mesh.workers.every(peer => peer.cells.hungryHint())) return false
      for (let i = 0; i < 16; i++) {
        this.#thief.step()
        if (cells.attentionHint()) break
      }
      if (this.#clock.now() >= until) break
    }
    this.#spin = Math.max(SHORTEST_SPIN, this.#spin / 2)
    return false
  }
  /** awake → parked; false, and still awake, if something came meanwhile. */
  park(hasWork: () => boolean): boolean {
    const { cells } = this.#mesh
    this.#thief.withdraw()
    cells.announceLoad(0)
    cells.park()
    this.#mesh.drain()
    if (hasWork()) {
      cells.unpark()
      return false
    }
    this.#parked = true
    this.#stats.add("parks")
    return true
  }
  /** parked → awake. */
  unpark(): void {
    this.#parked = false
    this.#mesh.cells.unpark()
  }
}
