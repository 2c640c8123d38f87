/**
 * Owns where fibers are and how they ended. A fiber's home (the thread where it was spawned) keeps its completion, its
 * joiners and its present place, once others than its own thread may know of it; joins and interrupts go to the home and
 * are passed on. A fiber that ran here but has its home elsewhere is a resident.
 */
import {
  type Delivery,
  type FiberAddress,
  type FiberState,
  type Homes,
  type Host,
  interruptFiber,
  KEPT,
  type Outcome,
  settle,
  withListener,
  withoutListener,
} from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import { ADOPTED, type End, Ends, endIn, endOf, failed, open, outcomeIn, sendEnd } from "./ends.ts"
import { added, Entries, type Entry, follow, type Listener, type Resident, type Tell, tellAskers } from "./entries.ts"
import { IdRanges } from "./id-ranges.ts"
import { answer, deliveryOf, Interrupts, pass, reasonFor, reasonIn } from "./interrupts.ts"
import { Joins } from "./joins.ts"
import {
  DONE,
  END_ONLY,
  ENDED,
  HANDED_OVER,
  INTERRUPT,
  INTERRUPTED,
  JOIN,
  JOINED,
  type Mail,
  mail,
  type Payload,
  PLACE,
  SHARED,
  WAS_INTERRUPTED,
} from "./mail.ts"
import { type Mesh, POOL } from "./mesh.ts"
import type { Modules } from "./modules.ts"
import { Orphans } from "./orphans.ts"
import { unknownOutcome } from "./outcome.ts"
import type { Whereabouts } from "./requests.ts"
import { Returns } from "./returns.ts"

/** What the directory asks of its thread. */
export interface DirectoryHost extends Pick<Host, "ready" | "ended" | "heard" | "ignores" | "isRecord"> {
  /** A fiber of this home ended elsewhere, and nobody waited for it. */
  unheard(fiber: FiberState): void
  /** The objects of its thread, if fibers run there. */
  readonly homes?: Homes
  /** A fiber of this home is at another place than before. */
  placed?(id: string, place: number): void
  /** A fiber is to be followed wherever it goes, or not any more. */
  readonly follows?: (begins: boolean) => void
}

export class Directory {
  readonly #mesh: Mesh
  readonly #codec: Codec
  readonly #modules: Pick<Modules, "load">
  readonly #host: DirectoryHost
  readonly #entries: Entries
  readonly #kept = new Ends(KEPT)
  readonly #adopted = new Ends(ADOPTED)
  readonly #residents = new Map<string, Resident>()
  /** Fibers that are about to arrive, and the interrupts that were faster. */
  readonly #expected = new Map<string, { readonly hops: number; interrupt: Payload | null }>()
  readonly #joins: Joins
  readonly #interrupts: Interrupts
  readonly #returns = new Returns()
  /** Threads that are gone and of which all has been read by everyone: what was there is lost. */
  readonly #buried = new IdRanges()
  readonly #orphans: Orphans

  constructor(mesh: Mesh, codec: Codec, modules: Pick<Modules, "load">, host: DirectoryHost) {
    this.#mesh = mesh
    this.#codec = codec
    this.#modules = modules
    this.#host = host
    this.#entries = new Entries(mesh.id)
    this.#joins = new Joins(mesh)
    this.#interrupts = new Interrupts(mesh, codec)
    this.#orphans = new Orphans(mesh, () => host.homes)
    mesh.on(JOIN, (m, from) => this.#joined(m.id, from.id, m.a === END_ONLY))
    mesh.on(JOINED, m => this.#answered(m))
    mesh.on(DONE, m => this.#done(m))
    mesh.on(PLACE, (m, from) => this.moved(m.id, from.id, m.a))
    mesh.on(INTERRUPT, (m, from) => this.#interrupted(m, from.id))
    mesh.on(INTERRUPTED, m => this.#delivered(m.id, deliveryOf(m.a), m.b))
  }

  /** The fiber becomes known elsewhere: its home keeps its end then, and hears of that with the end if this is another thread. */
  share(fiber: FiberState): void {
    const { id, outcome } = fiber
    if (fiber.home !== this.#mesh.id) {
      const resident = this.#residents.get(id)
      if (resident !== undefined) resident.shared = true
    } else if (outcome === null) this.#entries.ensure(fiber).shared = true
    else if (!this.#kept.has(id)) this.#kept.keep(id, endOf(this.#codec, outcome, fiber), false, failed(fiber))
  }
  hopsOf(fiber: FiberState): number {
    return (fiber.home === this.#mesh.id ? this.#entries.get(fiber.id) : this.#residents.get(fiber.id))?.hops ?? 0
  }
  isSharedAway({ id, home }: FiberState): boolean {
    return home !== this.#mesh.id && this.#residents.get(id)?.shared === true
  }
  /** The fiber is on its way to that thread. What is sent there behind it is about the one that has so many hops. */
  leaving(fiber: FiberState, to: number, hops: number): void {
    if (fiber.home !== this.#mesh.id) return
    const entry = this.#entries.ensure(fiber)
    entry.local = null
    entry.place = to
    entry.hops = hops
  }
  /** It did not go. */
  stayed(fiber: FiberState): void {
    this.#orphans.look(fiber)
    const pending = this.#residents.get(fiber.id)?.interrupt
    if (pending != null) this.#deliverHere(fiber, pending, this.#mesh.homeOf(fiber.home))
    const entry = this.#entries.get(fiber.id)
    if (fiber.home !== this.#mesh.id || entry === undefined) return
    entry.local = fiber
    entry.place = this.#mesh.id
    this.#deliverTo(entry, fiber)
  }
  /** A resident has been taken by another thread. */
  left(fiber: FiberState): void {
    this.#residents.delete(fiber.id)
  }
  /** A fiber will come, as soon as its modules are here. */
  expect(id: string, hops: number): void {
    this.#expected.set(id, { hops, interrupt: null })
  }
  /** It will not. */
  unexpect(id: string): void {
    this.#expected.delete(id)
  }
  /** A fiber is about to be of this thread. Its home is told, unless it is here or sent it. */
  coming({ id, home: born }: FiberState, hops: number, from: number): void {
    const home = this.#mesh.homeOf(born)
    // An interrupt that missed the fiber waits at its home for this: the pool says when one does. It comes to nothing before the next check here.
    if (home !== this.#mesh.id && home !== from) this.#mesh.sendLate(home, mail(PLACE, id, hops), home === POOL)
  }
  /** It is of this thread. `shared`: it became known elsewhere while it was away from home. */
  arrived(fiber: FiberState, hops: number, shared: boolean): void {
    const { id } = fiber
    const pending = this.#expected.get(id)?.interrupt
    this.#expected.delete(id)
    if (fiber.home === this.#mesh.id) {
      const entry = this.#entries.ensure(fiber)
      entry.local = fiber
      entry.place = this.#mesh.id
      entry.hops = hops
      entry.shared ||= shared
      this.#deliverTo(entry, fiber)
      return
    }
    this.#residents.set(id, { fiber, hops, interrupt: null, shared })
    this.#orphans.look(fiber)
    if (pending != null) this.#deliverHere(fiber, pending, this.#mesh.homeOf(fiber.home))
  }
  /** The thread to which it was sent with so many hops is gone and had not accepted it: whoever has heard that it was there hears more. */
  staysAfter(fiber: FiberState, hops: number): void {
    const resident = this.#residents.get(fiber.id)
    if (resident === undefined) return
    resident.hops = hops + 1
    this.coming(fiber, hops + 1, -1)
  }
  /** Its home learns where it is; what it knows later than that stays. */
  moved(id: string, place: number, hops: number): void {
    if (!this.#isHome(id) || this.#hasEnded(id)) return
    const entry = this.#mesh.homeIn(id) === this.#mesh.id ? this.#entries.get(id) : this.#entries.entry(id, place)
    if (entry === undefined || hops < entry.hops) return
    entry.hops = hops
    entry.place = place
    // one that comes home while its modules are imported gets it when it is here
    if (place !== this.#mesh.id) this.#passOn(entry)
    this.#host.placed?.(id, place)
  }

  /** True if somebody who waits is told, or a home that will see to it. */
  ended(fiber: FiberState): boolean {
    if (fiber.home === this.#mesh.id) {
      // most fibers of a home were never heard of elsewhere, and have no text as id yet: to make it costs as much as a small child
      const entry = fiber.hasText ? this.#entries.get(fiber.id) : undefined
      if (entry === undefined) return false
      // what it left as is told, if it came back as another one: who listens has that one's handle
      const told = entry.heard || (entry.fiber !== null && entry.fiber !== fiber)
      if (fiber.interrupted !== null) tellAskers(entry, "delivered")
      this.#finish(entry, fiber.outcome as Outcome, null)
      return told
    }
    const { id } = fiber
    const how = (fiber.interrupted === null ? ENDED : WAS_INTERRUPTED) | (this.isSharedAway(fiber) ? SHARED : 0)
    this.#residents.delete(id)
    this.#sendEnd(this.#mesh.homeOf(fiber.home), DONE, id, how, endOf(this.#codec, fiber.outcome as Outcome, fiber))
    return true
  }

  whenDone(address: FiberAddress | FiberState, listener: Listener, quiet = false): void {
    if ("status" in address && address.outcome !== null) {
      if (!quiet) this.#host.heard(address)
      return void listener(address.outcome)
    }
    const { id } = address
    if (this.#mesh.homeOfFiber(address) !== this.#mesh.id)
      return void this.#joins.ask(id, address.home, listener, quiet)
    const known = this.#entries.get(id)
    const end = known === undefined ? this.#tell(id, quiet) : undefined
    const entry = known ?? (end === undefined ? this.#orphaned(id) : undefined)
    if (entry !== undefined) {
      entry.listeners = withListener(entry.listeners, listener)
      entry.heard ||= !quiet
    } else if (end !== undefined) this.#open(end, listener)
    else if (!("status" in address)) listener(unknownOutcome(this.#mesh, id, address.home, address.name))
    else if (quiet) address.watch(listener)
    else address.listen(listener)
  }

  unlisten(address: FiberAddress | FiberState, listener: Listener): void {
    if ("status" in address) address.unlisten(listener)
    this.#joins.unlisten(address.id, listener)
    const entry = this.#entries.get(address.id)
    if (entry !== undefined) entry.listeners = withoutListener(entry.listeners, listener)
  }

  /** Threads that were asked for the end of a fiber and have not told it. */
  asked(): Set<number> {
    return this.#joins.homes()
  }

  /** `tell` hears once what became of it; at once if that is known here. */
  interrupt(address: FiberAddress | FiberState, reason: unknown, tell: Tell = () => {}): void {
    if ("status" in address && address.status !== "moved")
      return void tell(interruptFiber(address, reason, this.#host) ? "delivered" : "too late")
    const { id } = address
    const home = this.#mesh.homeOfFiber(address)
    const payload = reasonFor(this.#codec, reason)
    if (home === this.#mesh.id) this.#interruptEntry(id, payload, tell)
    else this.#interrupts.ask(id, home, payload, tell)
  }

  /** That thread has died, and the inboxes of its home with it: what its fibers here knew of others is the pool's to know. */
  died(thread: number): void {
    this.#orphans.died(thread)
    for (const { fiber } of this.#residents.values()) this.#orphans.look(fiber)
  }
  /** Thread is gone, all that it sent was read: residents whose home it was tell the pool, and joins go there. */
  orphan(thread: number): void {
    if (this.#mesh.id === POOL) return void this.#inherit(thread)
    for (const { fiber, hops } of this.#residents.values())
      if (fiber.home === thread) this.#mesh.send(POOL, mail(PLACE, fiber.id, hops))
    this.#joins.orphan(thread)
    this.#interrupts.orphan(thread)
  }
  /** The pool is the home of its fibers now: what it asked there it asks itself. */
  #inherit(thread: number): void {
    for (const { id, home, listeners, quiet } of this.#joins.inherited(thread))
      for (const listener of listeners) this.whenDone({ id, home, name: "" }, listener, quiet)
  }
  /** Everyone has said what they know of the gone thread: what is still placed there ends as `fate` says, unless that is null. */
  bury(thread: number, fate: (id: string, name: string) => Outcome | null): void {
    this.#buried.add(thread)
    const there = [...this.#entries.values()].filter(({ place }) => place === thread)
    const gone = there
      .map(entry => ({ entry, end: fate(entry.id, entry.fiber?.name ?? "") }))
      .filter(({ end }) => end !== null)
    // whether others know of them was for that thread to say
    for (const { entry } of gone.slice(-ADOPTED.untold)) entry.shared = true
    for (const { entry, end } of gone) this.#finish(entry, end, null)
  }
  /** The pool keeps the outcomes of this home, which is about to be gone. */
  handOver(): void {
    for (const [id, end] of this.#kept.all()) this.#sendEnd(POOL, DONE, id, HANDED_OVER, end)
  }
  /** The pool keeps an entry for a submission; it is placed with the thread that it was sent to. */
  submitted(id: string, listener: Listener): void {
    const entry = this.#entries.entry(id, POOL)
    entry.hops = this.#returns.resumed(id)
    entry.place = POOL
    entry.listeners = withListener(entry.listeners, listener)
    entry.heard = true
    // nobody else knows of it before it runs; the end of a former life, that of a record, is not its end any more
    entry.shared = false
    this.#kept.forget(id)
  }
  replace(id: string, place: number): number {
    const entry = this.#entries.entry(id, place)
    entry.place = place
    entry.hops++
    return entry.hops
  }
  /** It has been sent there: an interrupt that came before follows it. */
  placed(id: string): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    this.#passOn(entry)
    this.#host.placed?.(id, entry.place)
  }
  /** Ends a fiber that will not come to run. */
  abandon(id: string, outcome: Outcome): void {
    const entry = this.#entries.get(id)
    if (entry !== undefined) this.#finish(entry, outcome, null)
  }
  /** Where a fiber is, as seen from this thread: only what it has, had or expects. */
  find(id: string): Whereabouts {
    const fiber = this.#residents.get(id)?.fiber ?? this.#entries.get(id)?.local
    if (fiber != null) return fiber.status === "moved" ? "leaving" : fiber
    return this.#expected.has(id) ? "coming" : undefined
  }
  /** The same, for somebody who knows of so many hops: if there are more, or it has another life, its home hears of it, and asks again. */
  findAt(id: string, hops: number): Whereabouts {
    const here = this.#residents.get(id) ?? this.#entries.get(id) ?? this.#expected.get(id)
    return here?.hops === hops ? this.find(id) : undefined
  }
  placeOf(id: string): number | undefined {
    return this.#entries.get(id)?.place
  }
  /** How often the fiber of this home has gone to another thread, as far as is known here. */
  knownHops(id: string): number {
    return this.#entries.get(id)?.hops ?? 0
  }
  /** It is a record now, and may come back. */
  recorded(id: string): void {
    this.#returns.recorded(id, this.knownHops(id))
  }

  /** Whether completions of that fiber are kept here, since it was spawned here or its home is gone. */
  #isHome(id: string): boolean {
    return this.#mesh.homeOf(this.#mesh.homeIn(id)) === this.#mesh.id
  }
  #joined(id: string, from: number, quiet: boolean): void {
    const known = this.#entries.get(id)
    const end = known === undefined ? this.#tell(id, quiet) : undefined
    if (end !== undefined) return void this.#sendEnd(from, JOINED, id, 0, end)
    const entry = known ?? this.#orphaned(id)
    if (entry !== undefined) {
      if (!entry.watchers.includes(from)) entry.watchers = added(entry.watchers, from)
      entry.shared = true
      entry.heard ||= !quiet
      return
    }
    this.#sendEnd(from, JOINED, id, 0, endOf(this.#codec, unknownOutcome(this.#mesh, id, this.#mesh.homeIn(id))))
  }
  #sendEnd(to: number, kind: number, id: string, a: number, end: End): void {
    sendEnd(this.#mesh, this.#codec, to, kind, id, a, end)
  }
  #hasEnded(id: string): boolean {
    return this.#kept.has(id) || this.#adopted.has(id)
  }
  /** An end that is kept, for somebody who asks. */
  #tell(id: string, quiet: boolean): End | undefined {
    const fiber = quiet ? undefined : this.#kept.fiber(id)
    if (fiber !== undefined) this.#host.heard(fiber)
    return this.#kept.tell(id) ?? this.#adopted.tell(id)
  }
  #answered(m: Mail): void {
    for (const listener of this.#joins.answered(m.id)) this.#open(endIn(m), listener)
  }
  #done(m: Mail): void {
    if (this.#hasEnded(m.id)) return
    const entry = this.#entries.entry(m.id, POOL)
    if (entry.fiber?.status === "done") return
    if ((m.a & WAS_INTERRUPTED) !== 0) tellAskers(entry, "delivered")
    entry.shared ||= (m.a & SHARED) !== 0
    const end = endIn(m)
    const handedOver = (m.a & HANDED_OVER) !== 0
    if (typeof end === "string") this.#finish(entry, outcomeIn(this.#codec, end), end, handedOver)
    else if (entry.shared) this.#finish(entry, null, end, handedOver)
    else this.#open(end, outcome => this.#finish(entry, outcome, end))
  }
  /** The fiber's one end, as its home sees it. One of outcome and end is given, or both. `handedOver`: by its home, which leaves. */
  #finish(entry: Entry, outcome: Outcome | null, given: End | null, handedOver = false): void {
    const { id, fiber, listeners, watchers, heard } = entry
    if (this.#entries.get(id) !== entry) return // it has ended
    this.#entries.delete(id)
    follow(entry, false, this.#host.follows)
    entry.local = entry.interrupt = entry.listeners = null
    tellAskers(entry, given === null && outcome?.kind === "interrupted" ? "delivered" : "too late")
    if (entry.shared) {
      const end = given ?? endOf(this.#codec, outcome as Outcome, fiber)
      for (const watcher of watchers) this.#sendEnd(watcher, JOINED, id, 0, end)
      const kept = handedOver || this.#mesh.homeIn(id) === this.#mesh.id ? this.#kept : this.#adopted
      const mayBeHeard = fiber !== null && outcome?.kind !== "returned" ? fiber : null
      kept.keep(id, end, watchers.length > 0 || listeners !== null, mayBeHeard)
    }
    const tell = (end: Outcome): void => {
      if (fiber !== null && fiber.status !== "done" && !settle(fiber, end) && !heard) this.#host.unheard(fiber)
      for (const listener of listeners ?? []) listener(end)
    }
    if (outcome !== null) tell(outcome)
    else if (fiber !== null || listeners !== null) this.#open(given as End, tell)
  }
  #open(end: End, listener: Listener): void {
    open(this.#codec, this.#modules, end, listener)
  }

  #interrupted(m: Mail, from: number): void {
    const { id, a: hops } = m
    const payload = m.payload as Payload
    if (this.#isHome(id))
      return void this.#interruptEntry(id, payload, delivery => answer(this.#mesh, from, id, delivery))
    const resident = this.#residents.get(id)
    const here = resident ?? this.#expected.get(id)
    // the fiber that was meant has gone, or has ended as a record: if this is the same one, its home hears of it here and asks again
    if (here?.hops !== hops) return
    if (resident === undefined || resident.fiber.status === "moved")
      here.interrupt = payload // its home sends it to the new place too
    else this.#deliverHere(resident.fiber, payload, from)
  }
  /** Asked at the home. What is on its way gets the interrupt when its place is known. */
  #interruptEntry(id: string, payload: Payload, tell: Tell): void {
    const ended = this.#hasEnded(id)
    const entry = this.#entries.get(id) ?? (ended ? undefined : this.#orphaned(id))
    if (entry === undefined) return void tell(ended ? "too late" : "unknown")
    entry.askers = added(entry.askers, tell)
    entry.interrupt ??= { payload, since: entry.hops, follows: false }
    follow(entry, true, this.#host.follows)
    if (entry.local !== null && entry.local.status !== "moved") this.#deliverTo(entry, entry.local)
    else if (entry.place !== this.#mesh.id) this.#passOn(entry)
  }
  /** The interrupt, if there is one, to where the fiber is. */
  #passOn({ id, place, hops, interrupt }: Entry): void {
    if (interrupt !== null) pass(this.#mesh, this.#codec, place, mail(INTERRUPT, id, hops, interrupt.payload))
  }
  /** The entry of a fiber whose home is gone, until it is known what there is of it. */
  #orphaned(id: string): Entry | undefined {
    const home = this.#mesh.homeIn(id)
    return this.#mesh.isGone(home) && !this.#buried.has(home) ? this.#entries.make(id, null, home) : undefined
  }
  /** Of this home: gives it the interrupt that waits for it, if there is one. */
  #deliverTo(entry: Entry, fiber: FiberState): void {
    if (entry.interrupt !== null && this.#deliver(fiber, entry.interrupt.payload)) tellAskers(entry, "delivered")
  }
  /** Of another home, which hears of it, or hears that the fiber has ended. */
  #deliverHere(fiber: FiberState, payload: Payload, to: number): void {
    const hops = this.hopsOf(fiber)
    if (this.#deliver(fiber, payload)) answer(this.#mesh, to, fiber.id, "delivered", hops)
  }
  #delivered(id: string, delivery: Delivery, hops: number): void {
    const entry = this.#entries.get(id)
    if (!this.#isHome(id)) this.#interrupts.answered(id, delivery)
    // a former life of the fiber ended with fewer hops: its interrupt was another one
    else if (entry?.interrupt != null && hops >= entry.interrupt.since) {
      follow(entry, false, this.#host.follows)
      tellAskers(entry, delivery)
    }
  }
  #deliver(fiber: FiberState, payload: Payload): boolean {
    return interruptFiber(fiber, reasonIn(this.#codec, payload), this.#host)
  }
}
