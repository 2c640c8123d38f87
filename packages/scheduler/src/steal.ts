/**
 * Owns asking for work and answering: the thief's side and the victim's side of the protocol in `steal.md`.
 */
import type { FiberState, Random } from "@rove/fibers/scheduling"
import type { Asked as Request } from "./cells.ts"
import type { Mesh, Peer } from "./mesh.ts"
import { Portions } from "./portions.ts"
import type { StatCells } from "./stats.ts"
import type { Transit } from "./transit.ts"

/** Fibers that are tried for one answer, at most: those that cannot go count too. */
const TRIED = 64

/** The thief's side. At most one request is out at a time. */
export class Thief {
  readonly #mesh: Mesh
  readonly #random: Random
  readonly #stats: StatCells
  #asking: { readonly victim: Peer; readonly asked: Request } | null = null
  constructor(mesh: Mesh, random: Random, stats: StatCells) {
    this.#mesh = mesh
    this.#random = random
    this.#stats = stats
  }

  /** A request is out, to a thread that seemed to have work. */
  get asks(): boolean {
    return this.#asking !== null
  }
  /** One step: looks for the answer, or asks a victim that seems to have work, starting from a random one. */
  step(): void {
    if (this.#asking !== null && !this.#settled(this.#asking)) return
    const { workers } = this.#mesh
    const start = workers.length === 0 ? 0 : this.#random.below(workers.length)
    for (let i = 0; i < workers.length; i++) {
      const victim = workers[(start + i) % workers.length] as Peer
      if (victim.cells.loadHint() === 0) continue
      const asked = victim.cells.ask(this.#mesh.slot)
      if (asked === null) continue
      victim.cells.raise()
      this.#stats.add("stealsAsked")
      this.#asking = { victim, asked }
      return
    }
  }

  /** Takes the request back before going to sleep. One that is being answered stays out: its fibers come as mail. */
  withdraw(): void {
    const asking = this.#asking
    if (asking === null || this.#settled(asking)) return
    if (!asking.victim.cells.withdraw(this.#mesh.slot, asking.asked)) return
    this.#stats.add("stealsWithdrawn")
    this.#asking = null
  }

  /** The victim is gone: no answer comes. */
  forget(thread: number): void {
    if (this.#asking?.victim.id !== thread) return
    this.#mesh.cells.answer(this.#asking.asked)
    this.#asking = null
  }

  #settled(asking: { readonly asked: Request }): boolean {
    const answer = this.#mesh.cells.answer(asking.asked)
    if (answer === "none") return false
    this.#stats.add(answer === "granted" ? "stealsGranted" : "stealsRefused")
    this.#asking = null
    return true
  }
}

/** What the victim can give. */
export interface Givable {
  /** Takes one: of the highest priority there is, unstarted fibers first, then ready ones that are not pinned, oldest first. */
  give(): FiberState | null
  /** How many could be given, about. */
  readonly count: number
  /** Has become pinned in the attempt. */
  keep(fiber: FiberState): void
}

export type Asked = "free" | "stays" | "gone"

/** Who knows which fibers are wanted on a certain thread. */
export interface Wishes {
  /** There are none: asked for each answer. */
  readonly none: boolean
  /** Whether that thread may have it; "gone": it was given to another one. */
  asked(fiber: FiberState, thief: Peer, now: number, give: (fiber: FiberState, peer: Peer) => boolean): Asked
}

/** The victim's side: answers whoever asks, and feeds those who sleep. */
export class Victim {
  readonly #mesh: Mesh
  readonly #transit: Pick<Transit, "give" | "bytes">
  readonly #givable: Givable
  readonly #stats: StatCells
  readonly #mostBytes: number
  readonly #wishes: Wishes
  readonly #portions = new Portions()
  #turn = 0
  /** `mostBytes`: on their way to others, at most. */
  constructor(
    mesh: Mesh,
    transit: Pick<Transit, "give" | "bytes">,
    givable: Givable,
    stats: StatCells,
    mostBytes: number,
    wishes: Wishes,
  ) {
    this.#wishes = wishes
    this.#mostBytes = mostBytes
    this.#mesh = mesh
    this.#transit = transit
    this.#givable = givable
    this.#stats = stats
  }

  /** Answers a request if there is one: a portion, half of what there is at most. `busy`: a fiber runs here, so even the last one can go. */
  answer(now: number, busy: boolean): void {
    const request = this.#mesh.cells.accept()
    if (request === null) return
    const thief = this.#mesh.workers.find(peer => peer.slot === request.slot)
    const given = thief === undefined ? 0 : this.#give(thief, now, busy)
    // After the mail of the fibers: the thief that sees the answer finds them.
    thief?.cells.reply(request, given > 0)
    this.#mesh.cells.finish(request)
    this.#stats.add(given > 0 ? "requestsAnswered" : "requestsRefused")
  }

  /** A parked thread has a standing request at everyone. Gives to those that sleep while there is something to give; true if somebody got some. */
  feed(now: number, busy: boolean): boolean {
    let fed = false
    for (const peer of this.#mesh.workers) {
      if (this.#givable.count === 0) return fed
      if (!peer.cells.hungryHint() || peer.cells.closedHint() || this.#give(peer, now, busy) === 0) continue
      this.#stats.add("fed")
      fed = true
    }
    return fed
  }

  /** This thread is to have no more fibers: gives one to the next that takes some. False if there is none, or the fiber cannot go. */
  shed(fiber: FiberState): boolean {
    if (fiber.pinned !== null) return false
    const { workers } = this.#mesh
    for (let i = 0; i < workers.length; i++) {
      const peer = workers[++this.#turn % workers.length] as Peer
      if (!peer.cells.closedHint()) return this.#transit.give(fiber, peer)
    }
    return false
  }

  readonly #send = (fiber: FiberState, peer: Peer): boolean => this.#transit.give(fiber, peer)
  #give(thief: Peer, now: number, busy: boolean): number {
    const half = this.#givable.count / 2
    const most = Math.min(this.#portions.next(thief.slot, now), busy ? Math.ceil(half) : Math.floor(half))
    const kept: FiberState[] = []
    let given = 0
    for (let tried = 0; given < most && tried < TRIED && this.#transit.bytes < this.#mostBytes; tried++) {
      const fiber = this.#givable.give()
      if (fiber === null) break
      const asked = this.#wishes.none ? "free" : this.#wishes.asked(fiber, thief, now, this.#send)
      if (asked === "gone") continue
      if (asked === "stays") kept.push(fiber)
      else if (fiber.pinned === null && this.#transit.give(fiber, thief)) given++
      else if (fiber.status !== "moved") this.#givable.keep(fiber)
    }
    for (const fiber of kept) this.#givable.keep(fiber)
    if (given > 0) this.#portions.given(thief.slot, now, given)
    return given
  }
}
