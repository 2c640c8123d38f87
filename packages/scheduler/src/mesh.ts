/**
 * Owns the connections of this thread to all others: who they are, how mail to them goes, and which of them are gone.
 */
import { invariant, RoveError } from "@rove/core"
import { type OwnCells, type PeerCells, ThreadCells } from "./cells.ts"
import { IdRanges } from "./id-ranges.ts"
import { LateBells } from "./late-bells.ts"
import type { Mail } from "./mail.ts"
import { type Bell, Link, type LinkParts, realWiring, Unposted, type Wiring } from "./mailbox.ts"

/** The pool's own thread: it runs no fibers, keeps its submissions, and adopts fibers whose home died. */
export const POOL = 0

/** So much of the runtime's id makes the ids of its fibers unique among runtimes that exchange records. */
const TAG = 8

/** What a thread is told of another one. `port` is moved. */
export interface PeerStart extends LinkParts {
  readonly id: number
  readonly slot: number
  readonly cells: SharedArrayBuffer
}

export interface Peer {
  readonly id: number
  /** Place in tables and request words; used again after the death of its thread. */
  readonly slot: number
  readonly cells: PeerCells
  readonly link: Link
}

/** How much mail went to a peer, and how much from it was read. */
export interface LinkCount {
  readonly peer: number
  readonly sent: number
  readonly read: number
}

type Handler = (mail: Mail, from: Peer) => void

interface Outgoing {
  readonly mail: Mail
  readonly bell: Bell | undefined
  readonly instead: Instead | undefined
}
/** What is sent in place of a mail that cannot be posted. */
export type Instead = (why: RoveError) => Mail

export class Mesh {
  readonly id: number
  readonly slot: number
  readonly cells: OwnCells
  readonly #onBell: () => void
  readonly #wiring: Wiring
  readonly #peers = new Map<number, Peer>()
  readonly #gone = new IdRanges()
  /** Mail to threads of which this one has not been told yet. */
  readonly #early = new Map<number, Outgoing[]>()
  readonly lateBells: LateBells = new LateBells()
  #closed = false
  readonly #handlers: (Handler | undefined)[] = []
  /** Workers other than this thread: those that may be asked for work, or take it. */
  workers: readonly Peer[] = []

  /** What ids of this runtime's fibers begin with: those of others may come in records. */
  readonly #tag: string
  /** What the ids of fibers begin with that are spawned here: `1f2e3d4c-2.`. */
  readonly prefix: string
  constructor(
    runtimeId: string,
    id: number,
    slot: number,
    cells: OwnCells,
    onBell: () => void,
    wiring: Wiring = realWiring,
  ) {
    this.#tag = `${runtimeId.slice(0, TAG)}-`
    this.prefix = `${this.#tag}${id}.`
    this.id = id
    this.slot = slot
    this.cells = cells
    this.#onBell = onBell
    this.#wiring = wiring
  }

  on(kind: number, handler: Handler): void {
    invariant(this.#handlers[kind] === undefined, "Mesh.on", `mail of kind ${kind} has one handler`)
    this.#handlers[kind] = handler
  }
  /** Connects all of them before it reads what any of them wrote so far: mail of one may be about another. */
  connect(...starts: readonly PeerStart[]): void {
    const made = starts.map(start => {
      const cells = new ThreadCells(start.cells, this.#wiring.words(start.cells))
      return { id: start.id, slot: start.slot, cells, link: new Link(start, cells, this.#wiring, this.#onBell) }
    })
    for (const peer of made) this.#peers.set(peer.id, peer)
    this.#list()
    for (const { id, link } of made) {
      for (const outgoing of this.#early.get(id) ?? []) post(link, outgoing)
      this.#early.delete(id)
    }
    for (const peer of made) this.#receive(peer)
  }
  /** Threads before this one, except for these, were gone when it started. */
  missedAllBut(living: readonly number[]): void {
    const ids = living.filter(id => id < this.id).sort((a, b) => a - b)
    let first = POOL + 1
    for (const id of [...ids, this.id]) {
      this.#gone.addAll(first, id - 1)
      first = id + 1
    }
  }
  /** The thread is about to go: it takes no work, and is no home any more. What it still sends is read. */
  markGone(id: number): void {
    this.#gone.add(id)
    this.#list()
  }
  /** Reads all that the thread ever sent, and lets it go. */
  disconnect(id: number): void {
    const peer = this.#peers.get(id)
    if (peer !== undefined) this.#receive(peer)
    this.#gone.add(id)
    this.#early.delete(id)
    if (peer === undefined) return
    this.#peers.delete(id)
    this.#list()
    peer.link.close()
  }
  /** Calls back once when the pool has let this thread go, or its thread is gone. */
  whenPoolIsGone(listener: () => void): void {
    const pool = this.#peers.get(POOL)
    if (pool === undefined) listener()
    else pool.link.whenClosed(listener)
  }
  peer(id: number): Peer | undefined {
    return this.#peers.get(id)
  }
  peers(): readonly Peer[] {
    return [...this.#peers.values()]
  }
  /** Of all peers. */
  counts(): LinkCount[] {
    return this.peers().map(({ id, link }) => ({ peer: id, sent: link.sent, read: link.read }))
  }
  /** How often that thread was woken from here. */
  bells(id: number): number {
    return this.#peers.get(id)?.link.bells ?? 0
  }
  isGone(id: number): boolean {
    return this.#gone.has(id)
  }
  /** Where completions of fibers with that home are kept: there, or at the pool if that thread is gone. */
  homeOf(home: number): number {
    return this.#gone.has(home) ? POOL : home
  }
  /** The home in an id; that of fibers of other runtimes is the pool. */
  homeIn(id: string): number {
    if (id.startsWith(this.prefix)) return this.id
    return id.startsWith(this.#tag) ? Number(id.slice(this.#tag.length, id.indexOf(".", this.#tag.length))) : POOL
  }
  /** Whether it is the id of a fiber that was spawned in another runtime. */
  isForeign(id: string): boolean {
    return !id.startsWith(this.#tag)
  }
  /** Where completions of that fiber are kept. One of another runtime, if it is known here at all, was resumed by the pool. */
  homeOfFiber({ id, home }: { readonly id: string; readonly home: number }): number {
    return id.startsWith(this.#tag) ? this.homeOf(home) : POOL
  }
  /**
   * Sends to a thread; to one that is gone, nothing happens: whoever needs to know hears of its death. To one that is not
   * connected yet (a fiber that it spawned has been faster than the pool's word of it), it is sent when it is. What cannot be
   * posted throws ROVE_NOT_HANDED_OVER, unless something goes `instead`.
   */
  send(to: number, mail: Mail, bell?: Bell, instead?: Instead): void {
    invariant(to !== this.id, "Mesh.send", "mail goes to another thread")
    const peer = this.#peers.get(to)
    if (peer !== undefined) post(peer.link, { mail, bell, instead })
    else if (!this.#closed && !this.#gone.has(to)) {
      const early = this.#early.get(to)
      if (early === undefined) this.#early.set(to, [{ mail, bell, instead }])
      else early.push({ mail, bell, instead })
    }
  }
  /** Sends what the receiver, if it sleeps, is woken for by `lateBells`; with `ifFollowing`, only if it follows fibers. */
  sendLate(to: number, mail: Mail, ifFollowing = false): void {
    const peer = this.#peers.get(to)
    if (peer === undefined) return void this.send(to, mail)
    peer.link.send(mail, "quiet")
    if (!ifFollowing || peer.cells.follows()) this.lateBells.owe(peer)
  }
  /** Delivers everything that has arrived. */
  drain(): void {
    while (this.cells.takeAttention()) for (const peer of this.#peers.values()) this.#receive(peer)
  }
  close(): void {
    this.#closed = true
    for (const peer of this.#peers.values()) peer.link.close()
    this.#peers.clear()
    this.#list()
  }
  #receive(peer: Peer): void {
    peer.link.receive(mail => {
      const handler = this.#handlers[mail.kind]
      if (handler === undefined) invariant(false, "Mesh.drain", `mail of kind ${mail.kind} has a handler`)
      handler(mail, peer)
    })
  }
  #list(): void {
    this.workers = [...this.#peers.values()].filter(peer => peer.id !== POOL && !this.#gone.has(peer.id))
  }
}

function post(link: Link, { mail, bell, instead }: Outgoing): void {
  try {
    link.send(mail, bell)
  } catch (error) {
    if (!(error instanceof Unposted)) throw error
    const why = new RoveError("ROVE_NOT_HANDED_OVER", error.message)
    if (instead === undefined) throw why
    link.send(instead(why), bell)
  }
}
