/** Owns what a thread tells its pool about itself and about fibers that run on it. */
import { BUSY, COPIED, HELD, IGNORES, LEAVING, mail, REPORT, STARTED, UNHEARD } from "./mail.ts"
import { type Mesh, POOL } from "./mesh.ts"

export class ToPool {
  readonly #mesh: Mesh
  constructor(mesh: Mesh) {
    this.#mesh = mesh
  }
  /** It ended with an error that nobody has heard of. */
  unheard(id: string, text: string): void {
    this.#report(id, UNHEARD, text)
  }
  /** It had its interrupt, and goes on. */
  ignores(id: string, text: string): void {
    this.#report(id, IGNORES, text)
  }
  /** It held the thread for long. */
  held(id: string, text: string): void {
    this.#report(id, HELD, text)
  }
  /** A submission begins. */
  started(id: string): void {
    this.#mesh.send(POOL, mail(STARTED, id), "quiet")
  }
  /** There is a record of it, and it goes on: only for submissions is that the pool's to know. */
  copied(id: string): void {
    if (this.#mesh.homeIn(id) === POOL) this.#mesh.send(POOL, mail(COPIED, id))
  }
  /** The thread wants to go. */
  leaving(): void {
    this.#mesh.send(POOL, mail(LEAVING, ""), "loud")
  }
  /** The thread wants ticks. */
  busy(): void {
    this.#mesh.send(POOL, mail(BUSY, ""), "ring")
  }
  #report(id: string, kind: number, text: string): void {
    this.#mesh.send(POOL, mail(REPORT, id, kind, null, text))
  }
}
