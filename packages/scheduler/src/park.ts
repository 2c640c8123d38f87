/**
 * Owns idling: a short spin in which the thread asks others for work, then sleep in the event loop, whose ports are the
 * doorbells.
 *
 * No wake-up is lost: the thread says "parked" and then looks at its attention word; a sender raises the attention and
 * then looks at "parked". Whichever comes second sees the other.
 */
import type { Clock } from "./clock.ts"
import { type Mesh, POOL } from "./mesh.ts"
import { Patience } from "./patience.ts"
import type { StatCells } from "./stats.ts"
import type { Thief } from "./steal.ts"

export class Parking {
  readonly #mesh: Pick<Mesh, "cells" | "workers" | "drain" | "bells">
  readonly #thief: Thief
  readonly #clock: Clock
  readonly #stats: StatCells
  readonly #patience = new Patience()
  #parked = false
  #parkedAt = 0
  /** Rung for the pool's thread, before the last look. */
  #bells = 0
  readonly #takesWork: () => boolean
  readonly #processors: number
  /** `processors`: with as many workers there is none left for the pool's thread while all of them look around. */
  constructor(
    mesh: Pick<Mesh, "cells" | "workers" | "drain" | "bells">,
    thief: Thief,
    clock: Clock,
    stats: StatCells,
    takesWork: () => boolean = () => true,
    processors: number = Number.POSITIVE_INFINITY,
  ) {
    this.#processors = processors
    this.#takesWork = takesWork
    this.#mesh = mesh
    this.#thief = thief
    this.#clock = clock
    this.#stats = stats
  }
  get parked(): boolean {
    return this.#parked
  }
  /** Looks for work for a moment; true if `hasWork` says so. `isAwaited`: an answer is to come, which is worth a longer look. */
  spin(hasWork: () => boolean, isAwaited: () => boolean): boolean {
    const { cells } = this.#mesh
    const begun = this.#clock.now()
    const isInTheWay = this.#hasRungForPool() && this.#mesh.workers.length + 1 >= this.#processors
    let awaited = isAwaited()
    for (;;) {
      if (cells.attentionHint()) this.#mesh.drain()
      if (!this.#takesWork()) return hasWork()
      if (awaited && !isAwaited()) {
        awaited = false
        this.#patience.answered()
      }
      if (hasWork()) {
        this.#patience.found()
        return true
      }
      if (this.#mesh.workers.every(peer => peer.cells.hungryHint())) return false
      for (let i = 0; i < 16; i++) {
        this.#thief.step()
        if (cells.attentionHint()) break
      }
      // whom it has just woken, to hear of the end of a submission, brings the next one
      if (isInTheWay && !awaited && !this.#thief.asks) return false
      const spent = this.#clock.now() - begun
      // who is asked and has something answers at its next check
      if (spent < this.#patience.length(awaited || this.#thief.asks)) continue
      this.#patience.lookedInVain(spent)
      return false
    }
  }
  #hasRungForPool(): boolean {
    const bells = this.#mesh.bells(POOL)
    const before = this.#bells
    this.#bells = bells
    return bells !== before
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
    this.#parkedAt = this.#clock.now()
    this.#stats.add("parks")
    return true
  }
  /** parked → awake. `rung`: not by a timer. */
  unpark(rung: boolean): void {
    const { cells } = this.#mesh
    this.#parked = false
    cells.unpark()
    // nothing to be read: it is being written (`Transit.give`)
    if (rung) this.#patience.woken(this.#clock.now() - this.#parkedAt, !cells.attentionHint())
  }
}
