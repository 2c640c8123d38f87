/**
 * Owns a pool: threads that run fibers, and the fibers that ordinary code starts on them. The pool's own thread runs
 * none; it keeps what it submitted, replaces threads that die, and adopts fibers whose home died.
 */
import { threadId } from "node:worker_threads"
import { type FiberRecord, RoveError } from "@rove/core"
import type { AnyComputation, ResultOf, Starred } from "@rove/fibers"
import {
  called,
  ExitList,
  type FiberHandle,
  type Outcome,
  type ResumeOptions,
  type RunOptions,
  recordedOutcome,
  streamed,
} from "@rove/fibers/scheduling"
import { type Items, type MapOptions, mapItems } from "./batch.ts"
import { answerCatchUp } from "./catching-up.ts"
import { ThreadCells } from "./cells.ts"
import { forwardProbes } from "./circles.ts"
import { codec } from "./codec.ts"
import { checkResize, configure, type Logger, type PoolConfig, type PoolOptions, type ResizeOptions } from "./config.ts"
import { Crew } from "./crew.ts"
import { Deadlocks } from "./deadlocks.ts"
import { Deaths } from "./deaths.ts"
import { Directory } from "./directory.ts"
import { Following } from "./following.ts"
import { LastRecords } from "./last-records.ts"
import { Launcher, NO_OPTIONS } from "./launch.ts"
import { BUSY, EMPTY, LEAVING, LOST, mail, READY, REPORT } from "./mail.ts"
import { Mesh, POOL } from "./mesh.ts"
import { evaluatedModule, Modules } from "./modules.ts"
import { Objects } from "./objects.ts"
import { describe, lost } from "./outcome.ts"
import { type Platform, realPlatform, refuseBundled, refuseInModule } from "./platform.ts"
import { report, reportHeld } from "./reports.ts"
import { FiberRequests } from "./requests.ts"
import { RuntimeCells } from "./runtime-cells.ts"
import { closeDoor, openDoor, type RuntimeView } from "./runtimes.ts"
import { checkShutdown, retire, type ShutdownOptions, type ShutdownReport, shutDown } from "./shutdown.ts"
import type { WorkerStart } from "./start.ts"
import type { EarlierStats, ThreadStats } from "./stats.ts"
import {
  type FiberStream,
  type ResumeStreamOptions,
  type StreamOptions,
  Streams,
  splitStreamOptions,
} from "./streams.ts"
import { Submissions } from "./submissions.ts"
import { handlesOf, type ThreadHandle } from "./thread-handle.ts"
import { ThreadQuestions } from "./thread-mail.ts"
import { causeOf, type Thread, Threads } from "./threads.ts"
import { Ticker } from "./ticks.ts"
import { Watchdog } from "./watchdog.ts"

export interface PoolStats {
  /** Of the threads that live and of the last 64 that ended, in the order in which they started. */
  readonly threads: readonly ThreadStats[]
  /** Of all threads that ended before these, together. */
  readonly earlier: EarlierStats
  /** Fibers started with `run` that have not ended. */
  readonly pending: number
  /** Threads that died. */
  readonly deaths: number
}

/** Makes the pool's parts; `Pool.start` waits until its threads run. */
export class Pool implements AsyncDisposable {
  readonly #config: PoolConfig
  readonly #logger: Logger | undefined
  readonly #mesh: Mesh
  readonly #cells: ThreadCells
  readonly #directory: Directory
  readonly #submissions: Submissions
  readonly #objects: Objects
  readonly #requests: FiberRequests
  readonly #launcher: Launcher
  readonly #streams: Streams
  readonly #deaths: Deaths
  readonly #threads: Threads
  readonly #crew: Crew
  readonly #deadlocks: Deadlocks
  readonly #watchdog: Watchdog
  readonly #ticker: Ticker
  readonly #questions: ThreadQuestions
  readonly #exits = new ExitList()
  #state: "open" | "closing" | "closed" | "broken" = "open"
  #failure: RoveError | null = null
  #closing: Promise<ShutdownReport> | null = null
  readonly #runtime: { readonly runtimeId: string; readonly cells: RuntimeCells }
  readonly #records: LastRecords
  #scheduled = false

  private constructor(options: PoolOptions, platform: Platform) {
    const config = configure(options)
    this.#config = config
    this.#logger = options.logger
    const runtimeId = platform.id()
    this.#runtime = { runtimeId, cells: new RuntimeCells() }
    const memory = new ThreadCells()
    this.#cells = new ThreadCells(memory.buffer, platform.wiring.words(memory.buffer))
    const mesh = new Mesh(runtimeId, POOL, 0, this.#cells, () => this.#wake(), platform.wiring)
    this.#mesh = mesh
    this.#records = new LastRecords(mesh)
    const modules = new Modules(null, false)
    const { change: follows } = new Following(this.#cells, this.#wake)
    this.#directory = new Directory(mesh, codec, modules, {
      ready() {},
      ended() {},
      heard() {},
      unheard() {},
      placed: (id, place) => this.#requests.placed(id, place),
      follows,
    })
    this.#objects = new Objects(mesh, codec, modules, {
      whereabouts: (fiber, ended) => this.#directory.whenDone(fiber, ended),
      quiet() {},
      fibers: this.#directory,
    })
    this.#requests = new FiberRequests(mesh, this.#directory, follows, platform.alarm)
    this.#submissions = new Submissions(mesh, codec, this.#directory, config.limits, platform.alarm, () => {
      this.#read()
    })
    this.#streams = new Streams(mesh, codec, modules)
    this.#launcher = new Launcher({
      mesh,
      directory: this.#directory,
      submissions: this.#submissions,
      requests: this.#requests,
      objects: this.#objects,
      carry: options.carry ?? [],
      refuseIfClosed: () => this.#refuseIfClosed(),
      refuseThread: id => this.#threads.refuse(id),
    })
    forwardProbes(mesh, this.#directory)
    answerCatchUp(mesh)
    this.#deaths = new Deaths(mesh, this.#directory, {
      lost: thread => {
        this.#submissions.forget(thread)
        this.#objects.lost(thread)
      },
      buried: thread => this.#objects.bury(thread),
      fate: id => {
        if (this.#records.has(id)) return "again" // until all are records: `endAll`
        if (this.#requests.isRecorded(id)) return recordedOutcome(id)
        return this.#submissions.again(id) ? "again" : undefined
      },
      nameOf: id => this.#submissions.nameOf(id),
    })
    this.#threads = new Threads(mesh, this.#cells, config, runtimeId, platform, options.logger !== undefined, {
      left: ({ id }) => this.#directory.orphan(id),
      exited: (thread, code) => this.#exited(thread, code),
    })
    this.#crew = new Crew(config.name, this.#threads, options.logger, error => this.#giveUp(error))
    this.#deadlocks = new Deadlocks(
      mesh,
      () => this.#threads.living,
      options.onDeadlock ?? (error => this.#warn({ pool: config.name }, error.message, "RoveDeadlock")),
      platform.alarm,
    )
    this.#ticker = new Ticker(() => this.#threads.living, platform.alarm)
    this.#watchdog = new Watchdog(
      () => this.#threads.living,
      (thread, beat, ms) => reportHeld(this.#logger, thread, beat, ms),
    )
    if (options.logger !== undefined) this.#watchdog.start()
    this.#questions = new ThreadQuestions(mesh, codec)
    mesh.on(READY, ({ text }, from) => this.#crew.ready(from.id, text))
    mesh.on(BUSY, () => this.#ticker.start())
    mesh.on(EMPTY, (m, from) => this.#threads.emptied(from.id, m.a))
    mesh.on(LEAVING, (_, from) => {
      const thread = this.#threads.known(from.id)
      if (thread !== undefined && !thread.leaving) void this.#retire(thread)
    })
    mesh.on(REPORT, (m, from) => this.#uncaught(report(this.#logger, m, from)))
    this.#cells.park()
  }

  /**
   * Starts the threads; rejects with ROVE_CONFIG, with ROVE_WORKER_START if they do not come up, and with
   * ROVE_POOL_IN_MODULE in a module that a worker evaluates. `platform`: another one in a simulation.
   */
  static async start(options: PoolOptions = {}, platform: Platform = realPlatform): Promise<Pool> {
    refuseInModule(evaluatedModule())
    refuseBundled()
    const pool = new Pool(options, platform)
    await pool.#crew.start(pool.#config.workers)
    openDoor(pool.#runtime.runtimeId, name => pool.#takeIn(name))
    return pool
  }

  /**
   * Runs a computation that has not begun, `f(args)`, as a fiber on one of the threads. Arguments are copied. The handle
   * is a promise of the result; it rejects with the fiber's error, with FiberInterrupted, with the signal's reason, with
   * ROVE_TIMEOUT, or with WorkerLost if the thread died under the fiber. A timeout counts from this call on: the wait for
   * a free thread and the import of the fiber's modules there are part of it.
   */
  run<R, Y>(computation: AnyComputation<R, Y> & Starred<Y>, options: RunOptions = NO_OPTIONS): FiberHandle<R> {
    return this.#launcher.run<R>(computation, options, "pool.run")
  }

  /**
   * Goes on with the fiber of a record on one of the threads. Its modules must have been imported here. The handle
   * rejects with ROVE_INVALID_ARGUMENT for what is no FiberRecord, or with what `FiberRecord.open` throws, before anything has
   * happened; with ROVE_ALIVE if the fiber runs in this pool, or has ended here; then as that of `run`.
   */
  resume<R>(record: FiberRecord<R>, options: ResumeOptions = {}): FiberHandle<R> {
    return this.#launcher.resume(record, options, "pool.resume")
  }
  /**
   * Goes on with the record of a fiber that was started by `stream`, and gives what it yields from there on. What it had yielded before was
   * the former reader's. Rejects, at the first `next`, as `resume` does, and with ROVE_INVALID_ARGUMENT for fibers that `run` started.
   */
  resumeStream<Y = unknown, R = unknown>(record: FiberRecord<R>, options: ResumeStreamOptions = {}): FiberStream<Y, R> {
    return this.#streams.resume<Y, R>(record, options, this.#launcher)
  }

  /**
   * Calls a function on one of the threads, as a fiber: an ordinary or asynchronous one of a module that says "use fibers", or
   * a generator function of it. The handle is as that of `run`; it rejects with ROVE_NOT_PORTABLE for functions of other modules.
   */
  call<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): FiberHandle<ResultOf<R>> {
    return this.callWith(NO_OPTIONS, fn, ...args)
  }
  /** As `call`, with options of `run`. */
  callWith<A extends unknown[], R>(options: RunOptions, fn: (...args: A) => R, ...args: A): FiberHandle<ResultOf<R>> {
    return this.#call(options, fn, args, "pool.call") as FiberHandle<ResultOf<R>>
  }
  #call(
    options: RunOptions,
    fn: unknown,
    args: readonly unknown[],
    where: string,
    patient = false,
  ): FiberHandle<unknown> {
    const name = typeof fn === "function" ? fn.name : ""
    return this.#launcher.attempt(() => called(fn, args, where), options, where, name, patient)
  }

  /**
   * Calls a function for each item, `concurrency` fibers at a time, and gives the results in the order of the items. The items are
   * asked for as there is room. The first error, of a fiber or of the items, ends the other fibers and is what this rejects
   * with; so do `signal`, with its reason, and `timeout`, with ROVE_TIMEOUT.
   */
  map<T, R>(items: Items<T>, fn: (item: T, index: number) => R, options: MapOptions = {}): Promise<ResultOf<R>[]> {
    return mapItems(items, options, {
      concurrency: 16 * this.#config.workers,
      start: (item, index, each) => this.#call(each, fn, [item, index], "pool.map", true),
      room: () => this.room(),
    }) as Promise<ResultOf<R>[]>
  }

  /**
   * Runs a computation as `run` does, and gives what it yields, as it comes: for `for await`. The fiber is at most `buffer` values
   * ahead (64 by default), then it waits. Leaving the loop interrupts it and waits for its end.
   */
  stream<R, Y>(computation: AnyComputation<R, Y> & Starred<Y>, options: StreamOptions = {}): FiberStream<Y, R> {
    const { buffer, ...run } = splitStreamOptions(options, "pool.stream")
    const handle = this.#launcher.around<R>(() => streamed(computation, buffer, "pool.stream"), run, "pool.stream")
    return this.#streams.open<Y, R>(handle, buffer)
  }

  /** Resolves when the pool takes more, within its limits; at once if it does now. */
  room(): Promise<void> {
    return this.#submissions.room()
  }
  /** Resolves when everything that was started from outside has ended. The pool stays open. */
  drain(): Promise<void> {
    return this.#submissions.drained()
  }

  /** The threads that run at present. */
  threads(): ThreadHandle[] {
    return handlesOf(() => this.#threads.living, this.#questions)
  }

  /** Calls back when the pool has closed; last in, first out, each once, all of them although one throws. `close` waits for them, but not in one of them. Refuses generator functions. */
  atExit(callback: () => unknown): void {
    this.#exits.add(callback)
  }

  /** What the threads did so far; read from shared memory, at any time. */
  stats(): PoolStats {
    return { ...this.#threads.stats(), pending: this.#submissions.size, deaths: this.#crew.died }
  }

  /** Plain data that leads to this pool from any thread of the process: `attach(view)` there. Safe to have for ever. */
  get view(): RuntimeView {
    const { runtimeId, cells } = this.#runtime
    return { runtimeId, name: this.#config.name, thread: threadId, cells: cells.buffer }
  }

  /**
   * Starts threads, or lets some go, so that there are so many; resolves when that is so. Fibers of those that go move to others;
   * those that cannot (pinned, or waiting for a promise) have `grace` milliseconds (the pool's) to end, and are interrupted then.
   */
  async resize(workers: number, options: ResizeOptions = {}): Promise<void> {
    checkResize(workers, options)
    this.#refuseIfClosed()
    const { grace } = options
    const { staying } = this.#threads
    this.#crew.add(workers - staying.length)
    const going = staying.slice(workers)
    await Promise.all(going.map(thread => this.#retire(thread, grace)))
    await this.#crew.complete(() => this.#state === "open")
  }
  #retire(thread: Thread, grace = this.#config.grace): Promise<void> {
    this.#submissions.avoid(thread.id)
    return retire(thread, grace, { threads: this.#threads, mesh: this.#mesh, read: this.#read })
  }
  /** Somebody knocks: a thread that wants to be one of this pool. */
  #takeIn(name: string | null): WorkerStart {
    this.#refuseIfClosed()
    return this.#threads.invite(name)
  }

  /**
   * Ends the pool, within bounds: see ShutdownOptions. Fibers that do not end in time end with WorkerLost. Asking again gives
   * the same promise.
   */
  close(options: ShutdownOptions = {}): Promise<ShutdownReport> {
    try {
      checkShutdown(options)
    } catch (error) {
      return Promise.reject(error)
    }
    this.#closing ??= this.#close(options)
    return this.#closing
  }
  /** As `close()`: what still runs is interrupted. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(options: ShutdownOptions): Promise<ShutdownReport> {
    const { mode, grace = this.#config.grace } = options
    const { cells, runtimeId } = this.#runtime
    if (this.#state === "open") this.#state = "closing"
    cells.close()
    if (cells.holders > 0) await cells.whenLeft(grace)
    const leaked = [
      ...cells.names(),
      ...this.#threads.living.filter(({ guest, leaving }) => guest && !leaving).map(({ name }) => name),
    ]
    if (leaked.length > 0) this.#warn({ leaked }, "the pool closes, and these have not left it", "RoveLeaked")
    const ended = this.#submissions.cut()
    await shutDown(this.#config, options, {
      submissions: this.#submissions,
      threads: this.#threads,
      mesh: this.#mesh,
      read: this.#read,
      interrupt: submission => void this.#launcher.interrupt(submission, this.#failure ?? "the pool is closing"),
    })
    this.#records.endAll(id => this.#directory.abandon(id, recordedOutcome(id)))
    if (mode === "record") this.#records.all.push(...this.#submissions.recordAll())
    this.#watchdog.stop()
    this.#ticker.stop()
    this.#state = "closed"
    this.#submissions.abandon((...who) => lost(POOL, ...who, new Error("the pool was closed before it ended")))
    this.#mesh.close()
    closeDoor(runtimeId)
    const report = { records: this.#records.all, ended, leaked }
    const closing = this.#closing
    this.#closing = Promise.resolve(report) // a callback that closes the pool does not wait for itself
    try {
      await this.#exits.run()
    } finally {
      this.#closing = closing
    }
    return report
  }
  /** An error that nobody caught was reported; null: nothing of that kind. */
  #uncaught(error: RoveError | null): void {
    const { uncaught } = this.#config
    if (error === null || uncaught === "report" || this.#state === "closed") return
    // outside of whatever reads mail here
    if (uncaught === "process") return void setImmediate(() => throwIt(error))
    if (this.#state !== "open") return
    this.#failure = error
    this.close().catch(() => {}) // whoever closes it hears of that
  }
  #warn(details: object, message: string, type: string): void {
    if (this.#logger !== undefined) this.#logger.warn(details, message)
    else process.emitWarning(`${message}: ${JSON.stringify(details)}`, { type })
  }

  #refuseIfClosed(): void {
    if (this.#state === "open") return
    throw (
      this.#failure ??
      new RoveError("ROVE_POOL_CLOSED", `pool ${this.#config.name} is ${this.#state} and takes no more work`)
    )
  }

  readonly #wake = (): void => {
    if (this.#scheduled || this.#state === "closed") return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#read()
    })
  }
  /**
   * Mail: everything that has arrived, until there is nothing and the pool is parked again. Whoever reads parks: the bell that was rung
   * for this may be read with the mail, and nobody rings for a pool that is awake.
   */
  readonly #read = (): void => {
    this.#cells.unpark()
    this.#mesh.drain()
    this.#cells.park()
    this.#mesh.drain() // what came in between found the pool awake, and did not ring
  }
  #exited(thread: Thread, code: number): void {
    const cause = causeOf(thread, code)
    const running = this.#state === "open"
    this.#crew.stir()
    this.#mesh.drain() // it may have said that it was ready
    this.#questions.lost(thread.id)
    this.#deadlocks.lost(thread.id)
    for (const told of this.#threads.onEmpty) told()
    this.#wake() // it may have woken this thread in words, and taken the bell along
    for (const { id } of this.#threads.living)
      this.#mesh.send(id, mail(LOST, "", thread.id, null, describe(cause)), "loud")
    this.#deaths.announce(thread.id, cause) // before there is a new thread: that one has nothing to say about it
    if (!running) return
    this.#submissions.resume()
    if (thread.leaving) return
    this.#crew.replace(thread, cause)
    this.#submissions.resume()
  }

  /** Threads do not come up. Those that have go on. */
  #giveUp(error: RoveError): void {
    this.#failure = error
    if (this.#threads.living.some(({ ready }) => ready)) return
    this.#state = "broken"
    this.#submissions.abandon((): Outcome => ({ kind: "failed", error }))
    for (const { worker } of this.#threads.living) void worker.terminate()
  }
}

function throwIt(error: RoveError): never {
  throw error
}
