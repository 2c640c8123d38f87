/**
 * Owns that a thread has heard what others had to say to it. It asks them; their answer lies behind all that they sent before, and
 * what came with that has been opened when the thread is told.
 */
import { CATCH_UP, CAUGHT_UP, HEAR_ENDS, mail, RECORD_JOINS } from "./mail.ts"
import type { Mesh } from "./mesh.ts"

interface Round {
  /** Whose answer is awaited. */
  readonly waiting: Set<number>
  readonly then: () => void
}

/** Every thread answers, the pool's own too. */
export function answerCatchUp(mesh: Mesh): void {
  mesh.on(CATCH_UP, (m, from) => mesh.send(from.id, mail(CAUGHT_UP, "", m.a)))
}

export class CatchingUp {
  readonly #mesh: Mesh
  readonly #rounds = new Map<number, Round>()
  readonly #opened: () => Promise<unknown>
  #count = 0
  /** `opened`: resolves when what has come, and whose modules are being imported, has been opened. */
  constructor(mesh: Mesh, opened: () => Promise<unknown>) {
    this.#mesh = mesh
    this.#opened = opened
    answerCatchUp(mesh)
    mesh.on(CAUGHT_UP, (m, from) => this.#heard(m.a, from.id))
  }
  /** With those threads; calls back once, not at once. */
  with(threads: Iterable<number>, then: () => void): void {
    const number = ++this.#count
    const waiting = new Set([...threads].filter(id => id !== this.#mesh.id && this.#mesh.peer(id) !== undefined))
    const round = { waiting, then }
    this.#rounds.set(number, round)
    for (const id of waiting) this.#mesh.send(id, mail(CATCH_UP, "", number))
    this.#conclude(number, round)
  }
  /** With all, before a word of the pool that is for who has heard of all ends; at once before others. */
  before(word: number, then: () => void): void {
    if (word !== HEAR_ENDS && word !== RECORD_JOINS) return void then()
    this.with(
      this.#mesh.peers().map(({ id }) => id),
      then,
    )
  }
  /** The thread is gone, and all that it sent was read. */
  lost(thread: number): void {
    for (const number of [...this.#rounds.keys()]) this.#heard(number, thread)
  }

  #heard(number: number, thread: number): void {
    const round = this.#rounds.get(number)
    if (round?.waiting.delete(thread) === true) this.#conclude(number, round)
  }
  #conclude(number: number, { waiting, then }: Round): void {
    if (waiting.size > 0) return
    this.#rounds.delete(number)
    void this.#opened().then(then)
  }
}
