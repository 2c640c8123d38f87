/**
 * Owns how often a thread that runs fibers looks whether others need work. Who asks is answered at each check. Who sleeps is
 * woken at once, if that has not happened for a while: a program that has just begun to split its work needs all threads, and
 * one that makes small children all the time would spend its time on ringing bells.
 */
import type { OwnCells } from "./cells.ts"
import type { Victim } from "./steal.ts"

/** Milliseconds between two looks who sleeps: at first, and at most. */
const SHORTEST = 0.02
const LONGEST = 0.2
/** A thread that was given work and sleeps again so soon had little of it. */
const SOON = 0.5

export class Sharing {
  readonly #cells: OwnCells
  readonly #victim: Victim
  readonly #count: () => number
  #load = 0
  #fedAt = 0
  #nextLook = 0
  #pause = SHORTEST
  /** `count`: how many fibers could be given. */
  constructor(cells: OwnCells, victim: Victim, count: () => number) {
    this.#cells = cells
    this.#victim = victim
    this.#count = count
  }
  /** `busy`: a fiber runs here, so even the last one that waits can go. */
  look(now: number, busy: boolean): void {
    this.#victim.answer(now, busy)
    if (now >= this.#nextLook) this.#feed(now, busy)
    const load = this.#count()
    if (load === this.#load) return
    this.#load = load
    this.#cells.announceLoad(load)
  }
  /** The thread is about to sleep, and has said that there is nothing. */
  slept(): void {
    this.#load = 0
  }
  #feed(now: number, busy: boolean): void {
    this.#nextLook = now + SHORTEST
    if (!this.#victim.feed(now, busy)) return
    this.#pause = now - this.#fedAt > SOON ? SHORTEST : Math.min(2 * this.#pause, LONGEST)
    this.#fedAt = now
    this.#nextLook = now + this.#pause
  }
}
