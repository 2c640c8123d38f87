/**
 * Owns running fibers on one thread without a pool: slices in bursts, turns of the event loop in between, and what is
 * known of fibers here.
 */
import {
  certain,
  depart,
  type FiberRecord,
  optionNames,
  RoveError,
  refuseUnknown,
  type StoppedFiber,
  THROW,
  ThreadIdentity,
} from "@rove/core"
import type { AnyComputation, Starred } from "../types.ts"
import { admit, limit } from "./admit.ts"
import { currentContext } from "./ambient.ts"
import { type Clock, RealClock } from "./clock.ts"
import { DeadlockFinder, deadlockOf, whoWaits } from "./deadlock.ts"
import { ExitList } from "./exit-list.ts"
import type { Birthplace, FiberState, Outcome } from "./fiber.ts"
import { FiberHandle, type FiberOwner } from "./fiber-handle.ts"
import { handedOver } from "./hand-over.ts"
import { goesOn } from "./held.ts"
import type { Homes } from "./homes.ts"
import type { Due, FiberAddress, Host, Timer } from "./host.ts"
import { Ignored, warnIgnored } from "./ignored.ts"
import { interruptFiber } from "./interruption.ts"
import { KEPT, KeptOutcomes } from "./kept-outcomes.ts"
import { Lanes } from "./lanes.ts"
import { Lives } from "./lives.ts"
import { Living } from "./living.ts"
import { LocalHomes } from "./local-homes.ts"
import { LocalQueues } from "./local-queues.ts"
import { look } from "./look.ts"
import type { Machine } from "./machine.ts"
import { isMainThread, nativeThreadId } from "./native-thread.ts"
import { checkOptions, RESUME_OPTIONS, type ResumeOptions, type SpawnOptions } from "./options.ts"
import { CountingPacer, type Pacer, RealPacer } from "./pacer.ts"
import { type Random, SeededRandom } from "./random.ts"
import { Recorder, type RecordMode } from "./recorder.ts"
import { opened, restore } from "./save.ts"
import { runSlice } from "./slice.ts"
import { enterStore, findStore } from "./store.ts"
import { machine } from "./thread.ts"
import type { Delivery } from "./thread-state.ts"
import { type Report, Unheard, warnUnheard } from "./unheard.ts"

export interface LocalHostOptions {
  /** A `VirtualClock` makes sleeps take no time and preemption repeatable. */
  readonly clock?: Clock
  readonly name?: string
  /** Of the thread, in its identity and in the ids of fibers that start here. Threads that exchange fibers need different ones. */
  readonly id?: number
  /** Told, once each, of fibers that failed and that nobody joined, or that go on after interrupts; by default a warning of the process. */
  readonly report?: Report
  /** Of what is left to chance, such as the pauses of `retry`; by default another one each time. */
  readonly seed?: number
}

const OPTIONS = optionNames<LocalHostOptions>({ clock: true, name: true, id: true, report: true, seed: true })

/** How a fiber's stay on a thread came to its end: it suspended itself and is data now, or it returned. */
export type Leg<R> = { readonly done: false; readonly fiber: StoppedFiber } | { readonly done: true; readonly value: R }

type Waiting = (error: RoveError) => void

export class LocalHost implements Host {
  readonly machine: Machine = machine
  readonly threadId: number
  readonly birthplace: Birthplace
  readonly thread: ThreadIdentity
  readonly homes: Homes
  readonly random: Random
  readonly #clock: Clock
  readonly #pacer: Pacer
  readonly #queues = new Lanes(() => new LocalQueues())
  /** All fibers that have not ended. */
  readonly #fibers = new Living()
  /** Fibers whose address was encoded: whoever decodes it may join them after their end. */
  readonly #shared = new Map<string, FiberState>()
  readonly #kept = new KeptOutcomes(KEPT, id => void this.#shared.delete(id))
  /** Of fibers that somebody takes when they suspend themselves. */
  readonly #takers = new Map<string, (record: StoppedFiber) => void>()
  /** Callers that wait for a result. */
  readonly #callers = new Set<Waiting>()
  readonly #finder = new DeadlockFinder()
  readonly #recorder = new Recorder(this)
  readonly #lives = new Lives()
  readonly #unheard: Unheard
  readonly #ignored: Ignored
  #ids = 0
  #state: "idle" | "scheduled" | "running" = "idle"
  #resting = false
  #closed = false
  readonly #exits = new ExitList()

  constructor(options: LocalHostOptions = {}) {
    refuseUnknown(options, OPTIONS, "LocalHost", "ROVE_CONFIG")
    this.#clock = options.clock ?? new RealClock()
    this.#pacer = this.#clock instanceof RealClock ? new RealPacer() : new CountingPacer()
    this.threadId = options.id ?? 0
    const runtimeId = runtimeName()
    const prefix = `${runtimeId}-${this.threadId}.`
    this.homes = new LocalHomes(this.threadId, prefix, this)
    this.random = new SeededRandom(options.seed ?? Math.random() * 0x7fffffff)
    this.birthplace = { thread: this.threadId, prefix }
    // if timers woke nobody, virtual time goes on, or what waited for them alone is a deadlock now
    this.#clock.afterwards(() => {
      if (this.#state === "idle") this.#rest()
    })
    this.#unheard = new Unheard(options.report ?? warnUnheard, this.#clock instanceof RealClock ? later : never)
    this.#ignored = new Ignored(options.report ?? warnIgnored)
    this.thread = new ThreadIdentity(
      this.threadId,
      nativeThreadId(),
      options.name ?? "local",
      isMainThread(),
      runtimeId,
    )
    machine.host ??= this
  }

  /**
   * Runs a computation as a fiber; the handle is a promise of a clone of its result. It rejects with the fiber's error,
   * with FiberInterrupted, or with the reason why `options` ended it (the signal's, or ROVE_TIMEOUT).
   */
  run<R, Y>(computation: AnyComputation<R, Y> & Starred<Y>, options?: SpawnOptions): FiberHandle<R> {
    return this.#launch<R>(options, () => admit(computation, "run", currentContext(), this, options))
  }

  /**
   * Goes on with the fiber of a record. The handle rejects with ROVE_INVALID_ARGUMENT for what is no FiberRecord, or with what
   * `FiberRecord.open` throws, before anything has happened; with ROVE_ALIVE if the fiber is alive here, or has ended here; then as that of `run`.
   */
  resume<R>(record: FiberRecord<R>, options: ResumeOptions = {}): FiberHandle<R> {
    let resumed: FiberState | null = null
    const handle = this.#launch<R>(options, () => {
      checkOptions(options, "resume", RESUME_OPTIONS)
      const fiber = restore(opened(record, options.changed, "resume"), { home: this.threadId })
      this.#lives.refuse(fiber.id, this.#fibers.get(fiber.id))
      this.#lives.recorded(fiber.id)
      resumed = fiber
      return fiber
    })
    if (resumed !== null) this.#isBack(resumed)
    return handle
  }
  /** Others may have the address of what was a record, so its end is kept for them. */
  #isBack(fiber: FiberState): void {
    this.#kept.forget(fiber.id)
    if (this.#fibers.get(fiber.id) === fiber) this.shared(fiber)
    goesOn(fiber, this.homes)
  }

  #launch<R>(options: SpawnOptions | undefined, make: () => FiberState): FiberHandle<R> {
    return FiberHandle.of<R>((resolve, reject) => {
      let fiber: FiberState
      try {
        this.#refuseIfClosed()
        fiber = this.#atHome(make)
      } catch (error) {
        reject(error)
        const refused = (): Promise<never> => Promise.reject(error)
        const interrupt = async () => "unknown" as const
        return { id: "", name: "", interrupt, record: refused, look: refused, migrate: refused }
      }
      this.#fibers.add(fiber)
      this.#callers.add(reject)
      let ended: { readonly reason: unknown } | null = null
      this.whenDone(fiber, outcome => {
        this.#callers.delete(reject)
        const { kind, value } = handedOver(outcome, fiber)
        if (kind !== THROW) resolve(value as R)
        else reject(ended !== null && outcome.kind === "interrupted" ? ended.reason : value)
      })
      const end = (reason: unknown) => {
        ended ??= { reason }
        this.interrupt(fiber, reason)
      }
      if (options !== undefined) limit(fiber, options, this, end)
      this.ready(fiber)
      return this.#owner(fiber)
    })
  }
  #owner(fiber: FiberState): FiberOwner {
    const { id, name } = fiber
    return {
      id,
      name,
      interrupt: reason => new Promise<Delivery>(tell => this.interrupt(fiber, reason, tell)),
      record: mode => this.#atHome(() => this.#record(fiber, mode)),
      look: async () => this.#atHome(() => look(fiber, this.threadId)),
      migrate: async () => {
        throw new RoveError("ROVE_NO_THREAD", "a LocalHost has one thread: fiber handles of a pool can be moved")
      },
    }
  }
  /** Ordinary code looks at fibers of this host: what they have is known here from then on, not to another host of the thread. */
  #atHome<T>(look: () => T): T {
    const outer = machine.host
    machine.host = this
    try {
      return look()
    } finally {
      machine.host = outer
    }
  }
  #record(fiber: FiberState, mode: RecordMode): Promise<FiberRecord> {
    return new Promise((resolve, reject) => {
      this.#recorder.ask(fiber, mode, ({ record, error }) => {
        if (record === undefined) return reject(error)
        if (mode === "copy") this.#lives.recorded(fiber.id)
        resolve(record)
      })
    })
  }

  /**
   * Starts a computation as a fiber, for who owns the threads: the promise gives the fiber's record when it suspends
   * itself (`yield* suspend()`), or a clone of its result. It rejects with the fiber's error.
   */
  async start<R, Y>(computation: AnyComputation<R, Y> & Starred<Y>, options?: SpawnOptions): Promise<Leg<R>> {
    const fiber = admit(computation, "start", currentContext(), this, options)
    if (options !== undefined) limit(fiber, options, this)
    return this.#leg(fiber)
  }

  /**
   * Goes on with a fiber that suspended itself, as `start`; it is used up. Rejects with ROVE_RECORD if it does not hold
   * together, with ROVE_COMPUTATION_USED if it was gone on with already, with ROVE_ALIVE if a fiber of its id is here.
   */
  async proceed<R>(stopped: StoppedFiber): Promise<Leg<R>> {
    const { id } = stopped
    this.#lives.refuse(id, this.#fibers.get(id))
    return this.#leg(restore(stopped))
  }

  #leg<R>(fiber: FiberState): Promise<Leg<R>> {
    this.#refuseIfClosed()
    const { promise, resolve, reject } = Promise.withResolvers<Leg<R>>()
    const over = (): void => {
      this.#takers.delete(fiber.id)
      this.#callers.delete(reject)
    }
    this.#fibers.add(fiber)
    this.#callers.add(reject)
    this.#takers.set(fiber.id, stopped => {
      over()
      certain(depart(fiber) !== null, "LocalHost.leg", fiber)
      this.#fibers.remove(fiber)
      resolve({ done: false, fiber: stopped })
    })
    this.whenDone(fiber, outcome => {
      over()
      const { kind, value } = handedOver(outcome, fiber)
      if (kind === THROW) reject(value)
      else resolve({ done: true, value: value as R })
    })
    this.ready(fiber)
    return promise
  }
  heard(fiber: FiberState): void {
    this.#unheard.heard(fiber)
  }
  recorded(fiber: FiberState): void {
    this.#lives.recorded(fiber.id)
  }
  /** Throws the error in the fiber that runs on this thread at its next check; says what became of that. */
  raise(error: unknown): Promise<Delivery> {
    return this.machine.own.raise(error)
  }
  /** Calls back at the end of `close`; last in, first out, each once, all of them although one throws. Refuses generator functions. */
  atExit(callback: () => unknown): void {
    this.#exits.add(callback)
  }
  /** Interrupts all fibers and waits until they have ended, `finally` blocks included; takes no more. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.#fibers.size > 0) {
      const fibers = [...this.#fibers]
      const ends = fibers.map(fiber => new Promise<void>(resolve => this.whenDone(fiber, () => resolve())))
      for (const fiber of fibers) interruptFiber(fiber, "the host is closing", this)
      await Promise.all(ends)
    }
    await this.#exits.run()
  }
  #refuseIfClosed(): void {
    if (this.#closed) throw new RoveError("ROVE_POOL_CLOSED", "this host is closed and takes no more fibers")
  }
  taker(fiber: FiberState): ((record: StoppedFiber) => void) | undefined {
    return this.#takers.get(fiber.id)
  }

  now(): number {
    return this.#clock.now()
  }
  nextId(): number {
    return ++this.#ids
  }
  timer(at: number, target: Due): Timer {
    return this.#clock.timer(at, target)
  }
  spawned(child: FiberState): void {
    this.#fibers.add(child)
    this.#queues.of(child.context.priority).pushChild(child)
  }
  begin(fiber: FiberState): void {
    this.#refuseIfClosed()
    this.#fibers.add(fiber)
    this.ready(fiber)
  }
  claim(child: FiberState): boolean {
    return this.#queues.of(child.context.priority).claim(child)
  }
  ready(fiber: FiberState): void {
    if (this.#recorder.ready(fiber)) return
    this.#push(fiber)
    this.#schedule()
  }
  shared(fiber: FiberState): void {
    this.#shared.set(fiber.id, fiber)
  }
  whenDone(address: FiberAddress | FiberState, listener: (outcome: Outcome) => void, quiet = false): void {
    const fiber = this.#find(address)
    if (fiber === undefined) {
      const what = `nothing is known here of fiber ${address.id} (${address.name}): one of another runtime is known where its record was resumed`
      listener({ kind: "failed", error: new RoveError("ROVE_UNKNOWN_FIBER", what) })
    } else if (fiber.outcome !== null) {
      if (!quiet) this.heard(fiber)
      this.#kept.tell(fiber.id)
      listener(fiber.outcome)
    } else if (quiet) fiber.watch(listener)
    else fiber.listen(listener)
  }
  unlisten(address: FiberAddress | FiberState, listener: (outcome: Outcome) => void): void {
    this.#find(address)?.unlisten(listener)
  }
  ignores(fiber: FiberState): void {
    this.#ignored.asked(fiber)
  }
  parked(fiber: FiberState): void {
    this.#recorder.parked(fiber)
  }
  ended(fiber: FiberState, heard: boolean): void {
    if (!heard) this.#unheard.ended(fiber)
    this.#fibers.remove(fiber)
    // few are, and to ask for an id makes its text
    if (fiber.hasText && this.#shared.has(fiber.id)) this.#kept.add(fiber.id, heard)
    this.#recorder.ended(fiber)
    this.#lives.ended(fiber, fiber.outcome)
  }
  poll(): boolean {
    return this.#pacer.look(this.machine, !this.#queues.isEmpty || this.#clock.armed > 0)
  }
  interrupt(address: FiberAddress | FiberState, reason: unknown, tell?: (delivery: Delivery) => void): void {
    const fiber = this.#find(address)
    const delivery = fiber === undefined ? "unknown" : interruptFiber(fiber, reason, this) ? "delivered" : "too late"
    tell?.(delivery)
  }
  #find(address: FiberAddress | FiberState): FiberState | undefined {
    if ("status" in address) return address
    return this.#fibers.get(address.id) ?? this.#shared.get(address.id)
  }

  #push(fiber: FiberState): void {
    this.#queues.of(fiber.context.priority).pushReady(fiber)
  }
  /**
   * What is woken runs at once, in a microtask, until bursts have had their time: then the event loop gets a turn, so
   * that fibers which wake each other through promises cannot keep timers and I/O waiting.
   */
  #schedule(): void {
    if (this.#state !== "idle") return
    this.#state = "scheduled"
    if (this.#pacer.needsTurn()) setImmediate(this.#turn)
    else queueMicrotask(this.#burst)
  }
  readonly #turn = (): void => {
    this.#pacer.turned()
    this.#burst()
  }

  readonly #burst = (): void => {
    const m = this.machine
    const outer = m.host
    m.host = this
    this.#state = "running"
    this.#pacer.beginBurst(m)
    findStore(m)
    try {
      for (let fiber = this.#queues.next(takeNext); fiber !== null; fiber = this.#queues.next(takeNext)) {
        this.#pacer.beginSlice(m)
        if (m.own.urgent) m.budget = 0
        enterStore(m, fiber.context.variables)
        const end = runSlice(m, fiber, this, undefined, this.#recorder.wants(fiber))
        if (end === "ready" && !this.#recorder.ready(fiber)) this.#push(fiber)
        if (this.#pacer.burstIsOver()) break
      }
    } finally {
      m.host = outer
      this.#state = "idle"
    }
    if (!this.#queues.isEmpty) this.#schedule()
    else this.#rest()
  }

  /** Nothing can run. Promises that are settled but not yet heard of come first, then virtual time, then deadlocks. */
  #rest(): void {
    if (this.#fibers.size === 0) this.#unheard.flush()
    if (this.#fibers.size === 0 || this.#resting) return
    this.#resting = true
    setImmediate(() => {
      this.#resting = false
      this.#pacer.turned()
      if (this.#state !== "idle" || this.#clock.skip()) return
      if (this.#clock.armed === 0 && this.#finder.find(this.#fibers)) this.#breakDeadlock()
    })
  }
  /** Callers hear who waits for whom; the fibers are interrupted, so that their `finally` blocks run. */
  #breakDeadlock(): void {
    const fibers = [...this.#fibers]
    const error = deadlockOf(whoWaits(fibers))
    for (const reject of this.#callers) reject(error)
    this.#callers.clear()
    for (const fiber of fibers) interruptFiber(fiber, error, this)
  }
}

/** Ids are unique beyond this process: a record of a fiber may come from any other one, with handles of further fibers. */
function runtimeName(): string {
  return Math.floor(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0")
}

/** Nothing waits for the callback: it keeps no process alive. */
function later(milliseconds: number, callback: () => void): void {
  const handle: NodeJS.Timeout | number = setTimeout(callback, milliseconds)
  if (typeof handle === "object") handle.unref()
}
/** Where time is virtual it passes only if a fiber waits for it. */
function never(): void {}

function takeNext(lane: LocalQueues): FiberState | null {
  return lane.next()
}
