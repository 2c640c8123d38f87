/**
 * Owns fibers on their way between threads. A transfer is not done until it is accepted: the sender keeps the fiber as
 * it was, and revives it if the other side refuses or dies first. `steal.md` has the protocol.
 */
import { certain, depart, RoveError, revive } from "@rove/core"
import { type FiberState, release } from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import type { Directory } from "./directory.ts"
import {
  ACCEPT,
  brief,
  GIVE_BACK,
  type Mail,
  mail,
  type Payload,
  PLACE,
  REFUSE,
  type Refusal,
  STARTED,
  TRANSFER,
} from "./mail.ts"
import { Unposted } from "./mailbox.ts"
import { type Mesh, type Peer, POOL } from "./mesh.ts"
import type { Modules } from "./modules.ts"
import { describe } from "./outcome.ts"
import { Functions, shortFiber } from "./short-form.ts"
import type { StatCells } from "./stats.ts"

interface Outgoing {
  readonly fiber: FiberState
  readonly was: "unstarted" | "ready"
  readonly to: number
  readonly hops: number
  readonly bytes: number
  /** Of its function, for that thread. */
  readonly number: number
}
/** Its modules are being imported. */
interface Incoming {
  /** Null once the sender is gone: then the fiber is ours, come what may. */
  from: number | null
  readonly hops: number
  /** What it holds is here alone (a port): it cannot begin elsewhere. */
  readonly only: boolean
}

/** What transit asks of its thread. */
export interface TransitHost {
  /** A fiber has come, and its sender is about to hear that. */
  comes(): void
  /** A fiber has come, or has come back, and can run here. */
  enqueue(fiber: FiberState): void
  /** Something whose modules were imported has come, or has been refused. */
  arrived(): void
  /** Another thread has taken the fiber. */
  left(fiber: FiberState): void
  /** A fiber that came and cannot go back cannot run here either. */
  fail(id: string, error: unknown): void
}

export class Transit {
  readonly #mesh: Mesh
  readonly #codec: Codec
  readonly #modules: Pick<Modules, "load">
  readonly #directory: Directory
  readonly #host: TransitHost
  readonly #stats: StatCells
  readonly #outgoing = new Map<string, Outgoing>()
  readonly #incoming = new Map<string, Incoming>()
  readonly #functions = new Functions()
  /** This thread goes, and waits for no modules. */
  #turnsAway = false
  /** Of all that are on their way out. */
  #bytes = 0

  constructor(
    mesh: Mesh,
    codec: Codec,
    modules: Pick<Modules, "load">,
    directory: Directory,
    host: TransitHost,
    stats: StatCells,
  ) {
    this.#mesh = mesh
    this.#codec = codec
    this.#modules = modules
    this.#directory = directory
    this.#host = host
    this.#stats = stats
    mesh.on(TRANSFER, (m, from) => this.#arriving(m, from))
    mesh.on(GIVE_BACK, (m, from) => this.#wantedBack(m.id, m.a, from.id))
    mesh.on(ACCEPT, m => this.#accepted(m.id, m.a))
    mesh.on(REFUSE, m => this.#refused(m.id, m.a, m.object as Refusal))
  }

  /** How many fibers are on their way out. */
  get pending(): number {
    return this.#outgoing.size
  }

  /** These, and those that have come and whose modules are being imported. */
  get underway(): number {
    return this.#outgoing.size + this.#incoming.size
  }

  /** Bytes of these. */
  get bytes(): number {
    return this.#bytes
  }

  /** Sends a fiber; false, and it stays for a while with the reason, if it is not portable. */
  give(fiber: FiberState, peer: Peer): boolean {
    // before anything is encoded: a thread that sleeps takes longer to wake than that
    peer.link.ringEarly()
    const number = this.#functions.numberOf(peer.id, fiber.root.of)
    const short = this.#functions.isConfirmed(peer.id, number) ? shortFiber(fiber) : null
    let payload: Payload | null = null
    try {
      if (short === null) payload = this.#codec.encodeFiber(fiber)
    } catch (error) {
      fiber.stays(describe(error))
      return false
    }
    const { id } = fiber
    const hops = this.#directory.hopsOf(fiber) + 1
    const was = depart(fiber)
    certain(was !== null, "Transit.give", fiber)
    const bytes = payload?.bytes.length ?? (short as string).length
    try {
      const b = this.#directory.isSharedAway(fiber) ? ~number : number
      if (short !== null) peer.link.send(brief(TRANSFER, id, hops, b, short))
      else peer.link.send(mail(TRANSFER, id, hops, payload, undefined, b))
    } catch (error) {
      // after any other error there may be two of it: the one that was sent is the fiber
      if (!(error instanceof Unposted)) throw error
      certain(revive(fiber, was), "Transit.give", fiber)
      fiber.stays(describe(error.cause))
      this.#stats.refusedTransfer()
      return false
    }
    // written down while the other thread reads already: its answer is not read before this is left
    this.#outgoing.set(id, { fiber, was, to: peer.id, hops, bytes, number })
    this.#bytes += bytes
    this.#directory.leaving(fiber, peer.id, hops)
    this.#stats.movedOut(bytes)
    return true
  }

  /** The thread is gone and all that it sent was read: what it had not accepted stays here, what it gave is ours. */
  lost(thread: number): void {
    this.#functions.forget(thread)
    for (const [id, out] of this.#outgoing)
      if (out.to === thread) {
        // the home may have heard that it had come there
        this.#directory.staysAfter(out.fiber, out.hops)
        this.#stay(id, out)
      }
    for (const [id, incoming] of this.#incoming) {
      if (incoming.from !== thread) continue
      incoming.from = null
      const home = this.#mesh.homeOf(this.#mesh.homeIn(id))
      if (home !== this.#mesh.id) this.#mesh.send(home, mail(PLACE, id, incoming.hops))
      else this.#directory.moved(id, this.#mesh.id, incoming.hops)
    }
    // A fiber that is between two living threads has a home that must not think it lost.
    for (const [id, out] of this.#outgoing)
      if (this.#mesh.homeIn(id) === thread && this.#mesh.id !== POOL)
        this.#mesh.send(POOL, mail(PLACE, id, out.hops - 1))
  }

  #accepted(id: string, hops: number): void {
    const out = this.#outgoing.get(id)
    if (out === undefined || out.hops !== hops) return
    this.#outgoing.delete(id)
    this.#bytes -= out.bytes
    const { fiber } = out
    this.#functions.confirm(out.to, out.number)
    release(fiber)
    this.#directory.left(fiber)
    this.#host.left(fiber)
    this.#directory.moved(id, out.to, hops)
  }
  #refused(id: string, hops: number, { text, leaves }: Refusal): void {
    const out = this.#outgoing.get(id)
    if (out === undefined || out.hops !== hops) return
    if (leaves !== true) {
      out.fiber.stays(text)
      this.#stats.refusedTransfer()
    }
    this.#stay(id, out)
  }
  #stay(id: string, out: Outgoing): void {
    this.#outgoing.delete(id)
    this.#bytes -= out.bytes
    certain(revive(out.fiber, out.was), "Transit.stay", out.fiber)
    this.#directory.stayed(out.fiber)
    if (out.fiber.status !== "moved") this.#host.enqueue(out.fiber)
  }

  #arriving(m: Mail, from: Peer): void {
    const { payload } = m
    // What comes back was taken, and the word of it may be behind: it comes from whoever took it, and this from another one. To be
    // read later it would let go of what is here now, and what was asked of the fiber that left would happen to this one.
    const out = this.#outgoing.get(m.id)
    if (out !== undefined) this.#accepted(m.id, out.hops)
    const only = payload?.handles.some(handle => !(handle instanceof SharedArrayBuffer)) === true
    if (this.#turnsAway && !only) return void this.#goesBack(m.id, m.a, from.id)
    if (payload === null) return void this.#arriveShort(m, from.id)
    const loading = this.#modules.load(payload.modules)
    if (loading === null) return void this.#arrive(m, payload, from.id)
    const incoming: Incoming = { from: from.id, hops: m.a, only }
    this.#incoming.set(m.id, incoming)
    this.#directory.expect(m.id, m.a)
    const then = (go: () => void): void => {
      if (this.#incoming.get(m.id) !== incoming) return // it was turned away
      this.#incoming.delete(m.id)
      go()
      this.#host.arrived()
    }
    loading.then(
      () => then(() => this.#arrive(m, payload, incoming.from)),
      error => then(() => this.#refuse(m.id, m.a, incoming.from, error)),
    )
  }
  /** Whether what comes from now on goes back, and what has come and waits for its modules here: nothing of it has run here. */
  turnsAway(goes: boolean): void {
    this.#turnsAway = goes
    if (goes) for (const [id, incoming] of this.#incoming) this.#turnAway(id, incoming)
  }
  #turnAway(id: string, { from, hops, only }: Incoming): void {
    if (from !== null && !only) this.#goesBack(id, hops, from)
  }
  /** Its sender ends it, if it has not begun: who waits for that does not wait for modules. */
  #wantedBack(id: string, hops: number, from: number): void {
    const incoming = this.#incoming.get(id)
    if (incoming?.from !== from || incoming.hops !== hops) return
    this.#goesBack(id, hops, from)
    this.#host.arrived()
  }
  #goesBack(id: string, hops: number, to: number): void {
    this.#incoming.delete(id)
    this.#directory.unexpect(id)
    const text = this.#turnsAway ? "the thread leaves" : "its modules are not here yet"
    const refusal: Refusal = { text, code: null, leaves: true }
    this.#mesh.send(to, mail(REFUSE, id, hops, null, refusal))
  }
  #arriveShort({ id, a: hops, b, text }: Mail, from: number): void {
    let fiber: FiberState
    try {
      fiber = this.#functions.begin(from, numberIn(b), id, this.#mesh.homeIn(id), text)
    } catch (error) {
      return void this.#refuse(id, hops, from, error)
    }
    this.#take(fiber, hops, text.length, from, b < 0)
  }
  #arrive({ id, a: hops, b }: Mail, payload: Payload, from: number | null): void {
    let fiber: FiberState
    try {
      fiber = this.#codec.decodeFiber(payload)
    } catch (error) {
      return void this.#refuse(id, hops, from, error)
    }
    if (from !== null) this.#functions.learn(from, numberIn(b), fiber.root.of)
    this.#take(fiber, hops, payload.bytes.length, from, b < 0)
  }
  #take(fiber: FiberState, hops: number, bytes: number, from: number | null, shared: boolean): void {
    const { id } = fiber
    this.#host.comes()
    // First the home, then the sender: if this thread dies in between, the sender corrects what the home believes.
    this.#directory.coming(fiber, hops, from ?? -1)
    // Accepted before it runs: who reads what this thread sent knows whether the fiber can have begun.
    if (from !== null && from !== POOL) this.#mesh.sendLate(from, mail(ACCEPT, id, hops))
    // what was a record goes on once, and waits no more for a thread
    if (from === POOL && fiber.status !== "unstarted") this.#mesh.send(POOL, mail(STARTED, id), "quiet")
    if (from !== POOL) this.#stats.movedIn(bytes)
    this.#directory.arrived(fiber, hops, shared)
    this.#host.enqueue(fiber)
  }
  #refuse(id: string, hops: number, from: number | null, error: unknown): void {
    this.#directory.unexpect(id)
    if (from === null) return void this.#host.fail(id, error)
    const refusal: Refusal = { text: describe(error), code: error instanceof RoveError ? error.code : null }
    this.#mesh.send(from, mail(REFUSE, id, hops, null, refusal))
  }
}

/** Of its function, whether or not its address is known elsewhere. */
function numberIn(b: number): number {
  return b < 0 ? ~b : b
}
