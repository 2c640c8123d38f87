/**
 * Owns the way from a computation, a function or a record to a fiber of the pool and its handle: admission, limits in
 * time, submission, and what can be asked of the fiber afterwards.
 */
import { type Computation, type FiberRecord, type OptionNames, RoveError, RUNNING, TimeoutError } from "@rove/core"
import {
  admit,
  alive,
  checkOptions,
  currentContext,
  type Delivery,
  ended,
  type FiberAddress,
  FiberHandle,
  type FiberOwner,
  type FiberReport,
  type FiberState,
  goesOn,
  type Homes,
  type Host,
  Lives,
  machine,
  type Outcome,
  opened,
  RESUME_OPTIONS,
  RealClock,
  type RecordMode,
  type ResumeOptions,
  RUN_OPTIONS,
  type RunOptions,
  restore,
  withoutFrames,
} from "@rove/fibers/scheduling"
import { type Carry, carrying } from "./carry.ts"
import type { Directory } from "./directory.ts"
import { COPIED } from "./mail.ts"
import { type Mesh, POOL } from "./mesh.ts"
import { noThread } from "./migrations.ts"
import { type FiberRequests, notAlive } from "./requests.ts"
import { Submission, type Submissions } from "./submissions.ts"

export interface LauncherParts {
  readonly mesh: Mesh
  readonly directory: Directory
  readonly submissions: Submissions
  readonly requests: FiberRequests
  readonly objects: Homes
  readonly carry: readonly Carry[]
  /** Throws if the pool takes no more work. */
  refuseIfClosed(): void
  /** Throws if the pool never had such a thread; one that is gone is no mistake. */
  refuseThread(id: number): void
}

interface Around {
  readonly outer: Computation
  readonly inner: Computation
}

type Resolve<R> = (value: R | PromiseLike<R>) => void
type Reject = (error: unknown) => void

/** Most fibers are started without: then there is nothing to check. */
export const NO_OPTIONS: RunOptions = {}

/** A fiber that was taken, and whoever waits for it. */
class Launched<R> extends Submission implements FiberOwner {
  readonly #launcher: Launcher
  readonly #resolve: Resolve<R>
  readonly #reject: Reject
  /** Why the caller ended it, if it did. */
  #forced: { readonly error: unknown } | null = null
  #release: (() => void) | null = null
  constructor(fiber: FiberState, prefer: number | undefined, launcher: Launcher, resolve: Resolve<R>, reject: Reject) {
    super(fiber, prefer)
    this.#launcher = launcher
    this.#resolve = resolve
    this.#reject = reject
  }
  get name(): string {
    return this.fiber.name
  }
  get home(): number {
    return POOL
  }
  /** Ends it when the signal aborts or its time is over. */
  limit(options: RunOptions): void {
    if (options.signal === undefined && options.timeout === undefined) return
    this.#release = this.#launcher.watch(options, this, error => {
      this.#forced ??= { error }
      void this.#launcher.interrupt(this, error)
    })
  }
  refused(): void {
    this.#release?.()
  }
  ended(outcome: Outcome): void {
    this.#release?.()
    this.#launcher.ended(this.fiber, outcome)
    if (outcome.kind === "returned") this.#resolve(outcome.value as R)
    else if (outcome.kind === "failed") this.#reject(outcome.error)
    else this.#reject(this.#forced === null ? outcome.reason : this.#forced.error)
  }
  interrupt(reason: unknown): Promise<Delivery> {
    return this.#launcher.interrupt(this, reason)
  }
  record(mode: RecordMode): Promise<FiberRecord> {
    return this.#launcher.record(this, mode)
  }
  look(): Promise<FiberReport> {
    return this.#launcher.look(this)
  }
  migrate(thread: number): Promise<void> {
    return this.#launcher.migrate(this, thread)
  }
}

export class Launcher {
  readonly #parts: LauncherParts
  readonly #clock = new RealClock()
  readonly #lives = new Lives()
  #ids = 0
  /** What `admit` needs to know. */
  readonly #place: Pick<Host, "nextId" | "birthplace">
  constructor(parts: LauncherParts) {
    this.#parts = parts
    this.#place = { nextId: () => ++this.#ids, birthplace: { thread: POOL, prefix: parts.mesh.prefix } }
    parts.mesh.on(COPIED, ({ id }) => this.#copied(id))
  }
  /** There is a record of a fiber that goes on: its id ends once, here or there. */
  #copied(id: string): void {
    if (this.#parts.submissions.has(id)) this.#lives.recorded(id)
  }

  run<R>(computation: unknown, options: RunOptions, where: string): FiberHandle<R> {
    return this.attempt(() => computation, options, where)
  }
  /** As `run` of what `make` makes, which may refuse. `name`: if the options give none. `patient`: who calls has waited for room. */
  attempt<R>(make: () => unknown, options: RunOptions, where: string, name?: string, patient = false): FiberHandle<R> {
    return this.#launch<R>(where, options, RUN_OPTIONS, () => this.#admit(make(), options, where, name), patient)
  }
  /** As `run` of a computation that stands for another one, which is used up by it. */
  around<R>(make: () => Around, options: RunOptions, where: string): FiberHandle<R> {
    return this.#launch<R>(where, options, RUN_OPTIONS, () => {
      const { outer, inner } = make()
      const fiber = this.#admit(outer, options, where, inner.of.code.name)
      inner.status = RUNNING
      return fiber
    })
  }
  #admit(computation: unknown, options: RunOptions, where: string, name: string | undefined): FiberState {
    const given = name === undefined ? options : { name, ...options }
    const admitted = (): FiberState =>
      admit(computation, where, currentContext(), this.#place, given === NO_OPTIONS ? undefined : given)
    return this.#parts.carry.length === 0 ? admitted() : carrying(this.#parts.carry, admitted)
  }
  /** `prepare`: throws if the fiber is none that can go on in that way, and nothing has happened. */
  resume<R>(
    record: FiberRecord<R>,
    options: ResumeOptions,
    where: string,
    prepare?: (fiber: FiberState) => void,
  ): FiberHandle<R> {
    const { mesh, submissions } = this.#parts
    let resumed: FiberState | null = null
    const handle = this.#launch<R>(where, options, RESUME_OPTIONS, () => {
      const stopped = opened(record, options.changed, where)
      const { id } = stopped
      // a child is stopped by nobody, so there is a record of it only as a copy of one that goes on
      if (mesh.homeIn(id) !== POOL)
        throw alive(id, "is another one's child in this runtime, and lives or has ended here")
      if (submissions.has(id)) throw alive(id, "runs in this pool")
      this.#lives.refuse(id, undefined)
      const fiber = restore(stopped, { home: POOL })
      prepare?.(fiber)
      this.#lives.recorded(id)
      resumed = fiber
      return fiber
    })
    if (resumed !== null) this.#isBack(resumed)
    return handle
  }
  /** Others may have the address of what was a record, so its end is kept for them. */
  #isBack(fiber: FiberState): void {
    const { submissions, directory, objects } = this.#parts
    if (submissions.has(fiber.id)) directory.share(fiber)
    goesOn(fiber, objects)
  }

  /** `address`: of a handle, so this and what follows is about the life of the fiber that the handle is of. */
  async interrupt(address: FiberAddress, reason: unknown): Promise<Delivery> {
    const { submissions, directory } = this.#parts
    const { id } = address
    if (!submissions.holds(address)) return id === "" ? "unknown" : "too late"
    if (submissions.interrupt(id, reason)) return "delivered"
    return await new Promise(tell => directory.interrupt(address, reason, tell))
  }

  #launch<R>(
    where: string,
    options: RunOptions,
    known: OptionNames,
    make: () => FiberState,
    patient = false,
  ): FiberHandle<R> {
    return FiberHandle.of<R>((resolve, reject) => {
      let launched: Launched<R> | null = null
      try {
        this.#parts.refuseIfClosed()
        if (options !== NO_OPTIONS) checkOptions(options, where, known)
        options.signal?.throwIfAborted()
        if (!patient) this.#parts.submissions.refuseIfFull(where)
        if (options.prefer !== undefined) this.#parts.refuseThread(options.prefer)
        const taken = this.#atHome(() => new Launched<R>(make(), options.prefer, this, resolve, reject))
        launched = taken
        taken.limit(options)
        this.#atHome(() => this.#parts.submissions.submit(taken))
        return taken
      } catch (error) {
        launched?.refused()
        // a refusal says where the user called, not where it was found: our frames would fill the stack
        if (error instanceof RoveError) Error.captureStackTrace(error, this.#launch)
        reject(error)
        return this.#nobody()
      }
    })
  }
  /** What is taken along that has no home yet (a channel that ordinary code made) has its home at the pool. */
  #atHome<T>(make: () => T): T {
    const outer = machine.homes
    machine.homes = this.#parts.objects
    try {
      return make()
    } finally {
      machine.homes = outer
    }
  }
  /** The owner of a fiber that was never taken. */
  #nobody(): FiberOwner {
    const address = { id: "", name: "", home: POOL }
    return {
      ...address,
      interrupt: async () => "unknown",
      record: mode => this.record(address, mode),
      look: () => this.look(address),
      migrate: thread => this.migrate(address, thread),
    }
  }
  ended(fiber: FiberState, outcome: Outcome): void {
    this.#parts.requests.ended(fiber.id)
    this.#lives.ended(fiber, outcome)
  }

  async record(address: FiberAddress, mode: RecordMode): Promise<FiberRecord> {
    const { submissions, requests } = this.#parts
    const { id } = address
    if (!submissions.holds(address)) throw notAlive(id, "record")
    const record = submissions.record(id, mode === "stop") ?? (await requests.record(id, this.#placeOf(id), mode))
    if (mode === "copy") this.#copied(id)
    return record
  }
  async look(address: FiberAddress): Promise<FiberReport> {
    const { submissions, requests } = this.#parts
    const { id, name } = address
    if (!submissions.holds(address)) return ended(id, name)
    if (submissions.waits(id))
      return { id, name, status: "unstarted", waitsFor: null, thread: null, pinned: null, frames: [] }
    try {
      const found = await requests.look(id, this.#placeOf(id))
      if (!("importing" in found)) return found
      const { importing: thread } = found
      const status = submissions.hasBegun(id) ? "moved" : "unstarted"
      const waitsFor = thread === null ? null : "its modules"
      return { id, name, status, waitsFor, thread, pinned: null, frames: [] }
    } catch (error) {
      if (error instanceof RoveError && error.code === "ROVE_NOT_ALIVE") return ended(id, name)
      throw error
    }
  }
  async migrate(address: FiberAddress, thread: number): Promise<void> {
    const { submissions, requests, mesh } = this.#parts
    if (!mesh.workers.some(worker => worker.id === thread)) throw noThread(thread)
    const { id } = address
    if (!submissions.holds(address)) throw notAlive(id, "migrate")
    await requests.migrate(id, this.#placeOf(id), thread)
  }
  #placeOf(id: string): number {
    return this.#parts.directory.placeOf(id) ?? POOL
  }

  /** Calls `force` with the error when the signal aborts or the time is over; the result withdraws both. */
  watch({ signal, timeout }: RunOptions, { id, name }: FiberAddress, force: (error: unknown) => void): () => void {
    const abort = (): void => force(signal?.reason)
    signal?.addEventListener("abort", abort, { once: true })
    const late = (): void =>
      force(withoutFrames(() => new TimeoutError(`fiber ${id} (${name}) ran longer than ${timeout} ms`)))
    const timer = timeout === undefined ? null : this.#clock.timer(this.#clock.now() + timeout, late)
    return () => {
      signal?.removeEventListener("abort", abort)
      timer?.cancel()
    }
  }
}
