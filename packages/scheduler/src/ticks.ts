/**
 * Owns the ticks: while threads are busy, the pool's own thread says in the memory of each that its slice may be over. Compiled
 * code that calls something sees that by its next check, whatever its budget was sized by (`fibers/src/runtime/machine.ts`).
 *
 * A thread that has been busy for a moment asks for them; they end when all threads sleep. While none come (the pool's thread
 * is busy itself), a thread has its own looks at the clock, as a thread without a pool has.
 */
import type { OwnCells, PeerCells } from "./cells.ts"
import { type Alarm, idleAlarm } from "./loop.ts"

/** Milliseconds between ticks; so many without a thread that is awake are the last. */
const EVERY = 2
const LAST = 25

/** The pool's end. */
export class Ticker {
  readonly #threads: () => readonly { readonly cells: Pick<PeerCells, "tick" | "hungryHint"> }[]
  readonly #alarm: Alarm
  #cancel: (() => void) | null = null
  #asleep = 0
  constructor(
    threads: () => readonly { readonly cells: Pick<PeerCells, "tick" | "hungryHint"> }[],
    alarm: Alarm = idleAlarm,
  ) {
    this.#threads = threads
    this.#alarm = alarm
  }
  start(): void {
    this.#asleep = 0
    this.#cancel ??= this.#alarm(EVERY, this.#tick)
  }
  stop(): void {
    this.#cancel?.()
    this.#cancel = null
  }
  readonly #tick = (): void => {
    this.#asleep++
    for (const { cells } of this.#threads()) {
      if (cells.hungryHint()) continue
      this.#asleep = 0
      cells.tick()
    }
    this.#cancel = this.#asleep < LAST ? this.#alarm(EVERY, this.#tick) : null
  }
}

/** Milliseconds: of a burst before ticks are asked for; before they are asked for again; without one, after which none come. */
const BUSY = 1
const AGAIN = 100
const NONE = 3 * EVERY

/** A thread's end. */
export class Ticks {
  readonly #cells: Pick<OwnCells, "ticks">
  readonly #ask: () => void
  #count = 0
  #at = Number.NEGATIVE_INFINITY
  #askedAt = Number.NEGATIVE_INFINITY
  constructor(cells: Pick<OwnCells, "ticks">, ask: () => void) {
    this.#cells = cells
    this.#ask = ask
  }
  /** At a look in a burst that began then: asks for them if it lasts, and none come. */
  look(now: number, begun: number): void {
    const count = this.#cells.ticks()
    if (count !== this.#count) {
      this.#count = count
      this.#at = now
    }
    if (now - this.#at < NONE || now - begun < BUSY || now - this.#askedAt < AGAIN) return
    this.#askedAt = now
    this.#ask()
  }
}
