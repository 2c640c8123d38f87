/**
 * Owns hearing of the death of a thread: everyone reads all that it ever sent, says what it knows of the fibers
 * concerned, and then says "flushed"; who has heard that from all knows everything, and what is still unaccounted for
 * is lost. `steal.md` says why this counts every fiber once.
 */
import { type Outcome, recordedOutcome } from "@rove/fibers/scheduling"
import type { Directory } from "./directory.ts"
import { FLUSHED, IS_RECORD, LOST, mail } from "./mail.ts"
import type { Mesh } from "./mesh.ts"
import { lost } from "./outcome.ts"

interface Funeral {
  /** Threads whose "flushed" is awaited. */
  readonly waiting: Set<number>
  readonly cause: unknown
}

/** What a thread does besides. */
export interface DeathHost {
  /** All that the thread sent was read; it is no longer among the peers. */
  lost(thread: number): void
  /** Everything is known. */
  buried(thread: number): void
  /** How a fiber of this home ends that is unaccounted for, if it is not simply lost; "again": it does not, it is run once more. */
  fate?(id: string): Outcome | "again" | undefined
  /** Calls back when all that are to be records are; false if that is so now. */
  later?(then: () => void): boolean
  /** Of a fiber that this home has never had itself, if that is known. */
  nameOf?(id: string): string | undefined
}

export class Deaths {
  readonly #mesh: Mesh
  readonly #directory: Directory
  readonly #host: DeathHost
  readonly #funerals = new Map<number, Funeral>()
  /** Who has said "flushed" of a thread whose death this one has not heard of yet. */
  readonly #early = new Map<number, number[]>()
  /** Fibers of this home whose records the pool has: all that the dead one sent is read before the pool says "flushed". */
  readonly #records = new Set<string>()
  constructor(mesh: Mesh, directory: Directory, host: DeathHost) {
    this.#mesh = mesh
    this.#directory = directory
    this.#host = host
    mesh.on(LOST, m => this.announce(m.a, m.object))
    mesh.on(IS_RECORD, m => void this.#records.add(m.id))
    mesh.on(FLUSHED, (m, from) => this.#flushed(m.a, from.id))
  }
  /** The thread is gone. */
  announce(thread: number, cause: unknown): void {
    const slot = this.#mesh.peer(thread)?.slot
    this.#mesh.disconnect(thread)
    if (slot !== undefined) this.#mesh.cells.forgetAsker(slot)
    for (const [other, funeral] of this.#funerals) if (funeral.waiting.delete(thread)) this.#conclude(other, funeral)
    this.#host.lost(thread)
    this.#directory.orphan(thread)
    this.#directory.died(thread)
    const peers = this.#mesh.peers()
    const funeral: Funeral = { waiting: new Set(peers.map(peer => peer.id)), cause }
    for (const early of this.#early.get(thread) ?? []) funeral.waiting.delete(early)
    this.#early.delete(thread)
    this.#funerals.set(thread, funeral)
    for (const peer of peers) peer.link.send(mail(FLUSHED, "", thread))
    this.#conclude(thread, funeral)
  }
  #flushed(thread: number, by: number): void {
    const funeral = this.#funerals.get(thread)
    if (funeral === undefined) {
      const early = this.#early.get(thread)
      if (early === undefined) this.#early.set(thread, [by])
      else early.push(by)
      return
    }
    funeral.waiting.delete(by)
    this.#conclude(thread, funeral)
  }
  #conclude(thread: number, funeral: Funeral): void {
    if (funeral.waiting.size > 0) return
    this.#funerals.delete(thread)
    this.#directory.bury(thread, (id, known) => {
      const name = known === "" ? (this.#host.nameOf?.(id) ?? "") : known
      const decided = this.#records.has(id) ? this.#asRecord(id) : this.#host.fate?.(id)
      const fate = decided ?? lost(thread, id, name, funeral.cause)
      return fate === "again" ? null : fate
    })
    this.#host.buried(thread)
  }
  /** Who waits for it becomes a record that does, as if its thread lived: it has not ended before. */
  #asRecord(id: string): Outcome | "again" {
    const end = recordedOutcome(id)
    return this.#host.later?.(() => this.#directory.abandon(id, end)) === true ? "again" : end
  }
}
