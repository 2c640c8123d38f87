/**
 * Owns that a thread goes without anything that was sent to it being lost. The pool tells all others that it goes: from then on
 * they take the pool for the home of its fibers, and say goodbye to it, behind all that they ever sent. When it has heard that
 * from each, and has no fiber, it gives the pool what its fibers ended with, and ends. What follows is as for a thread that
 * died, but nothing is unaccounted for.
 */
import type { Directory } from "./directory.ts"
import { BYE, FINAL, LEFT, mail } from "./mail.ts"
import type { Mesh } from "./mesh.ts"

export class Departure {
  /** Threads whose goodbye is awaited; null while the pool has not said that this is the end. */
  #waiting: Set<number> | null = null
  readonly #heard = new Set<number>()
  readonly #isEmpty: () => boolean
  readonly #go: () => void
  constructor(mesh: Mesh, directory: Directory, isEmpty: () => boolean, go: () => void) {
    this.#isEmpty = isEmpty
    this.#go = go
    mesh.on(LEFT, m => {
      mesh.markGone(m.a)
      directory.orphan(m.a)
      mesh.send(m.a, mail(BYE, ""), "loud")
    })
    mesh.on(BYE, (_, from) => this.#goodbye(from.id))
    mesh.on(FINAL, m => {
      this.#waiting = new Set((m.object as number[]).filter(id => !this.#heard.has(id)))
      this.check()
    })
  }
  /** The thread has said goodbye. */
  #goodbye(thread: number): void {
    this.#heard.add(thread)
    this.lost(thread)
  }
  /** The thread is gone. If the pool has not named those who are to say goodbye yet, it will not be among them. */
  lost(thread: number): void {
    this.#waiting?.delete(thread)
    this.check()
  }
  /** Whether this was the last thing that was waited for. */
  check(): void {
    if (this.#waiting?.size !== 0 || !this.#isEmpty()) return
    this.#waiting = null
    this.#go()
  }
}
