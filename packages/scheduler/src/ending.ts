/**
 * Owns the end of a thread's fibers: which ones have stopped here, and, once the pool closes or the thread leaves, that each of
 * them ends with its `finally` blocks, goes to another thread, or becomes a record. The pool's side is shutdown.ts.
 */
import {
  type FiberState,
  giveUpArrival,
  type Host,
  holdUntilArrival,
  interruptFiber,
  type Recorder,
  settleArrival,
  waitAgainElsewhere,
} from "@rove/fibers/scheduling"
import { DRAIN, EVICT, HEAR_ENDS, INTERRUPT_ALL, LEAVE, RECORD_ALL, RECORD_JOINS, RECORDED_ALL } from "./mail.ts"
import type { Queues } from "./queues.ts"

const REASON = "the pool is closing"
const EVICTED = "its thread leaves the pool"

export class Ending {
  readonly #host: Host
  readonly #queues: Queues
  /** Fibers that parked here, and have neither ended nor left. Those in the queues are found there. */
  readonly #stopped = new Set<FiberState>()
  readonly #recorder: Recorder
  readonly #record: (fiber: FiberState, answered: () => void) => void
  readonly #shed: (fiber: FiberState) => boolean
  readonly #transit: { readonly underway: number }
  /** They go in their turn, or are interrupted. */
  readonly #evicted = new WeakSet<FiberState>()
  /** What becomes of the fibers that are here; of those that come or begin to wait too. */
  #mode: number = DRAIN
  /** The time of those too that were interrupted: one that has ended waits no longer for others to have what it has sent. */
  #over = false
  #tell: ((empty: boolean) => void) | null = null
  /** Those that are to be records, and are not yet: they wait for what only this thread can wait for. */
  readonly #awaited = new Set<FiberState>()
  #tellRecorded: (() => void) | null = null
  #told = false
  /** `record`: makes a record of the fiber, as soon as that is possible; `answered` if it has, or cannot. `shed`: gives it to another thread; false if that cannot be. `transit`: how many are on their way to others and may come back, or are about to come. */
  constructor(
    host: Host,
    queues: Queues,
    recorder: Recorder,
    record: (fiber: FiberState, answered: () => void) => void,
    shed: (fiber: FiberState) => boolean,
    transit: { readonly underway: number },
  ) {
    this.#shed = shed
    this.#transit = transit
    this.#recorder = recorder
    this.#record = record
    this.#host = host
    this.#queues = queues
  }

  /** Whether this thread is to have no more fibers: it asks for none, and gives none to those who ask. */
  get begun(): boolean {
    return this.#tell !== null
  }
  /** For looking at them while they change. */
  get stopped(): Iterable<FiberState> {
    return this.#stopped
  }
  /** Whether nothing is left here, as was told. */
  get isEmpty(): boolean {
    return this.#told
  }
  /** Whether what is ready goes to other threads. */
  get leaving(): boolean {
    return this.#mode === LEAVE || this.#mode === EVICT
  }
  /** The fiber's turn has come: true if it is on its way to another thread instead, or will be when what it has sent has arrived. */
  gives(fiber: FiberState): boolean {
    if (!this.leaving) return false
    // in the end, who cannot go at once ends here
    if ((this.#mode === LEAVE && holdUntilArrival(fiber, this.#host)) || this.#shed(fiber)) return true
    if (this.#evicted.delete(fiber)) interruptFiber(fiber, EVICTED, this.#host)
    return false
  }
  parked(fiber: FiberState): void {
    this.#stopped.add(fiber)
    if (this.#over) queueMicrotask(() => giveUpArrival(fiber))
    if (this.leaving || this.#mode === RECORD_ALL) queueMicrotask(() => this.#treat(fiber))
  }
  /** It has ended, or is another thread's. */
  gone(fiber: FiberState): void {
    this.#stopped.delete(fiber)
    this.#recorded()
  }
  /** A fiber has come from another thread, which is about to hear that: then that one may be the last to say it is empty. */
  comes(): void {
    if (this.begun) this.#say(false)
  }
  came(fiber: FiberState): void {
    if (this.#mode === EVICT) this.#evicted.add(fiber)
    else if (this.#mode === INTERRUPT_ALL || this.#mode === RECORD_ALL) this.#treat(fiber)
  }

  /**
   * `tell` hears when nothing is left, and if something comes after all. An interrupt is the last word. What RECORD_ALL has made
   * records of ends with the next mode, which is for when `recorded` was called; that the thread was to go anyway is none. What has
   * interrupted them comes again when the time for that is over.
   */
  begin(mode: number, tell: (empty: boolean) => void, recorded: () => void = () => {}): void {
    this.#tell = tell
    this.#told = false
    if (mode === HEAR_ENDS || mode === RECORD_JOINS) return void this.#hearEnds(mode, recorded)
    const goes = mode === LEAVE || mode === EVICT
    if (goes && this.#mode === RECORD_ALL) return
    if (mode === this.#mode && (mode === EVICT || mode === INTERRUPT_ALL)) return void this.#giveUp()
    if (mode === RECORD_ALL) this.#recorder.hold()
    else this.#release()
    if (this.#mode === INTERRUPT_ALL || mode === DRAIN || mode === RECORDED_ALL) return
    this.#mode = mode
    const queued: FiberState[] = []
    for (let fiber = this.#queues.next(); fiber !== null; fiber = this.#queues.next()) queued.push(fiber)
    if (mode === EVICT) for (const fiber of queued) this.#evicted.add(fiber)
    else if (mode !== LEAVE) for (const fiber of queued) this.#treat(fiber)
    for (const fiber of [...this.#stopped]) if (fiber.status === "parked") this.#treat(fiber, mode === EVICT)
    for (const fiber of queued) if (fiber.status !== "done" && !this.#recorder.holds(fiber)) this.#queues.push(fiber)
    if (mode === RECORD_ALL) this.#tellRecorded = recorded
    this.#recorded()
  }
  /** The thread has heard of all ends that had been told, for the second time: in between, the homes heard of the last. */
  #hearEnds(mode: number, recorded: () => void): void {
    if (mode === HEAR_ENDS) return void recorded()
    this.#tellRecorded = recorded
    this.#recorder.endsHaveCome()
    this.#askAgain()
    this.#recorded()
  }
  #askAgain(): void {
    for (const fiber of [...this.#awaited]) this.#recorder.again(fiber)
  }
  #release(): void {
    if (this.#mode === RECORD_ALL) {
      this.#recorder.takeAsIs()
      this.#askAgain()
    }
    this.#recorder.release()
  }
  #giveUp(): void {
    this.#over = true
    for (const fiber of [...this.#stopped]) giveUpArrival(fiber)
  }
  /** Who waits for one that has ended, as it becomes a record, takes that for its end: so none ends before all are records. */
  #recorded(): void {
    if (this.#tellRecorded === null || this.#transit.underway > 0) return
    for (const fiber of this.#awaited) if (this.#isToBeRecorded(fiber)) return
    this.#tellRecorded()
    this.#tellRecorded = null
  }
  #isToBeRecorded(fiber: FiberState): boolean {
    return fiber.status !== "done" && !this.#recorder.holds(fiber) && !this.#recorder.defers(fiber)
  }
  #await(fiber: FiberState): void {
    if (this.#awaited.has(fiber)) return
    this.#awaited.add(fiber)
    this.#record(fiber, () => {
      this.#awaited.delete(fiber)
      this.#recorded()
    })
  }
  /** `evicts`: the time of those that wait for what is here alone is over. */
  #treat(fiber: FiberState, evicts = false): void {
    if (fiber.status === "done" || fiber.status === "moved" || this.#recorder.holds(fiber)) return
    if (this.#mode === INTERRUPT_ALL) {
      settleArrival(fiber) // whoever is to have it may never read it, and this one has perhaps ended but for that
      interruptFiber(fiber, REASON, this.#host)
    } else if (this.#mode === RECORD_ALL) this.#await(fiber)
    else if (fiber.underway !== null && !evicts) fiber.underway.whenArrived(() => this.#treat(fiber))
    else if (this.leaving && waitAgainElsewhere(fiber)) {
      if (evicts) this.#evicted.add(fiber)
      this.#host.ready(fiber)
    } else if (evicts) {
      giveUpArrival(fiber)
      interruptFiber(fiber, EVICTED, this.#host)
    }
  }

  /** There is nothing to run. */
  idle(): void {
    this.#recorded()
    // what is a record is here until all are: were the thread gone before, who waits for its fibers would hear of that as their end
    const isEmpty = this.#stopped.size === 0 && this.#queues.isEmpty && !this.#recorder.holdsAny
    if (this.begun && isEmpty && this.#transit.underway === 0) this.#say(true)
  }
  #say(empty: boolean): void {
    if (this.#told === empty) return
    this.#told = empty
    this.#tell?.(empty)
  }
}
