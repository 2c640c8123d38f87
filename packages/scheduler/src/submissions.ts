/**
 * Owns the fibers that the pool has taken and that have not ended. They wait here until a thread has room, and are sent
 * in batches, one ring of the bell each. Until one is said to have started, its bytes are kept: if the thread dies
 * before, it is sent to another.
 */

import { FiberInterrupted, FiberRecord, RoveError, WorkerLost } from "@rove/core"
import {
  type FiberAddress,
  type FiberState,
  Lanes,
  type Outcome,
  Queue,
  recordedOutcome,
  waitForEnds,
} from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import type { Directory } from "./directory.ts"
import type { Alarm } from "./loop.ts"
import { brief, GIVE_BACK, type Mail, mail, type Payload, REFUSE, type Refusal, STARTED, TRANSFER } from "./mail.ts"
import { Unposted } from "./mailbox.ts"
import { type Mesh, type Peer, POOL } from "./mesh.ts"
import { Functions, shortFiber } from "./short-form.ts"

/** A submission that kills the thread that is to start it (its module exits, say) is not tried for ever. */
const ATTEMPTS = 3

/**
 * Submissions that a thread has and has not begun, at most. More would wait there instead of here, where whichever
 * thread is first to have room takes them, and where an interrupt ends them at once.
 */
const WINDOW = 256

/** Milliseconds until it is looked whether threads that have so many have room again. */
const ROOM_PAUSE = 5

/** Of what was taken and has not begun. */
export interface SubmissionLimits {
  readonly queue: number
  readonly bytes: number
  readonly full: "reject" | "wait"
  /** On one thread; there are never more out than all threads may have. */
  readonly fibers: number
}

/** One of them. Who submits it waits for its end. */
export abstract class Submission implements FiberAddress {
  readonly fiber: FiberState
  readonly id: string
  abstract readonly name: string
  abstract readonly home: number
  /** The thread where it should begin. */
  readonly prefer: number | undefined
  /** What it begins with, in short; null if there is more to it. */
  short: string | null = null
  /** Its record, if one was made: threads that do not have its function need that. */
  payload: Payload | null = null
  /** It has not begun, as far as is known, and can be sent once more. */
  kept = true
  attempts = 0
  /** Of its text or its record, until it began. */
  bytes = 0
  /** The thread that has it and has not said that it began; and the number of its function there. */
  sentTo: number | null = null
  number = 0
  /** What it ends with if it comes back from there. */
  interrupted: Outcome | null = null
  constructor(fiber: FiberState, prefer: number | undefined) {
    this.fiber = fiber
    this.id = fiber.id
    this.prefer = prefer
  }
  abstract ended(outcome: Outcome): void
}

export class Submissions {
  readonly #mesh: Mesh
  readonly #directory: Directory
  readonly #codec: Codec
  readonly #functions = new Functions()
  /** Functions that some thread has: their fibers need no record. */
  readonly #known = new WeakSet<object>()
  readonly #pending = new Map<string, Submission>()
  /** Not sent yet. */
  readonly #waiting = new Lanes(() => new Queue<Submission>())
  /** How many each thread has and has not begun. */
  readonly #unbegun = new Map<number, number>()
  readonly #limits: SubmissionLimits
  /** Taken, and not begun: how many, and their bytes. */
  #queued = 0
  #bytes = 0
  readonly #avoided = new Set<number>()
  /** Since the pool makes records of all: those that stay here. */
  #staying: Set<Submission> | null = null
  #sent: (() => void) | null = null
  #cut: string[] | null = null
  #scheduled = false
  readonly #alarm: Alarm
  readonly #read: () => void
  /** It will read, and try again. */
  #reads = false
  #turn = 0
  #idle: (() => void)[] = []
  #wanting: (() => void)[] = []
  /** `read`: all mail that has come. */
  constructor(
    mesh: Mesh,
    codec: Codec,
    directory: Directory,
    limits: SubmissionLimits,
    alarm: Alarm,
    read: () => void,
  ) {
    this.#alarm = alarm
    this.#read = read
    this.#limits = limits
    this.#codec = codec
    this.#mesh = mesh
    this.#directory = directory
    mesh.on(STARTED, (m, from) => this.#started(m.id, from.id))
    mesh.on(REFUSE, (m, from) => this.#refused(m, from.id))
  }
  get size(): number {
    return this.#pending.size
  }
  has(id: string): boolean {
    return this.#pending.has(id)
  }
  /** Whether it has not ended. Its fiber may be back under its id, as another submission, after it was a record. */
  holds(submission: FiberAddress): boolean {
    const pending: FiberAddress | undefined = this.#pending.get(submission.id)
    return pending === submission
  }
  nameOf(id: string): string | undefined {
    return this.#pending.get(id)?.name
  }
  all(): Submission[] {
    return [...this.#pending.values()]
  }

  /** Whether it has not been sent to a thread. */
  waits(id: string): boolean {
    return this.#here(id) !== null
  }
  /** Whether a thread has said that it runs, or has. */
  hasBegun(id: string): boolean {
    return this.#pending.get(id)?.kept === false
  }
  #here(id: string): Submission | null {
    const submission = this.#pending.get(id)
    return submission !== undefined && submission.sentTo === null && submission.kept ? submission : null
  }
  get #isFull(): boolean {
    return this.#queued >= this.#limits.queue || this.#bytes >= this.#limits.bytes
  }
  /** Throws ROVE_QUEUE_FULL, unless those who submit are to wait. */
  refuseIfFull(where: string): void {
    if (!this.#isFull || this.#limits.full === "wait") return
    throw new RoveError(
      "ROVE_QUEUE_FULL",
      `${where}: ${this.#queued} fibers (${this.#bytes} bytes) wait to begin, and the pool's limits are ${this.#limits.queue} (${this.#limits.bytes} bytes): await pool.room() before, or start the pool with limits: { full: "wait" }`,
    )
  }
  /** Resolves when there is room again. */
  room(): Promise<void> {
    return this.#isFull ? new Promise(resolve => this.#wanting.push(resolve)) : Promise.resolve()
  }

  /** Throws, and nothing has happened, if the fiber is not portable. */
  submit(submission: Submission): void {
    const { id, fiber } = submission
    const short = shortFiber(fiber)
    submission.short = short
    if (short === null || !this.#known.has(fiber.root.of)) submission.payload = this.#codec.encodeFiber(fiber)
    submission.bytes = submission.payload?.bytes.length ?? (short as string).length
    this.#pending.set(id, submission)
    this.#queued++
    this.#bytes += submission.bytes
    this.#directory.submitted(id, outcome => this.#ended(submission, outcome))
    this.#wait(submission)
  }
  #wait(submission: Submission): void {
    if (this.#staying !== null && waitForEnds(submission.fiber) === null) return void this.#staying.add(submission)
    this.#waiting.of(submission.fiber.context.priority).push(submission)
    this.#schedule()
  }
  #ended(submission: Submission, outcome: Outcome): void {
    const { id } = submission
    this.#pending.delete(id)
    this.#staying?.delete(submission)
    if (outcome.kind === "interrupted" || (outcome.kind === "failed" && outcome.error instanceof WorkerLost))
      this.#cut?.push(id)
    this.#begun(submission)
    this.#arrivedAt(submission)
    this.#schedule() // there may be room within the limit of fibers
    submission.ended(outcome)
    if (this.#pending.size === 0 && this.#idle.length > 0) for (const resolve of this.#idle.splice(0)) resolve()
  }
  /** Resolves when nothing is pending. */
  drained(): Promise<void> {
    return this.#pending.size === 0 ? Promise.resolve() : new Promise(resolve => this.#idle.push(resolve))
  }
  /** Ends a fiber that is still here: it never runs. False if a thread has it; that may wait for its modules, and then gives it back. */
  interrupt(id: string, reason: unknown): boolean {
    const interrupted: Outcome = { kind: "interrupted", reason: new FiberInterrupted(reason) }
    const submission = this.#pending.get(id)
    if (this.#here(id) !== null) this.#directory.abandon(id, interrupted)
    else if (submission !== undefined && submission.sentTo !== null) this.#wantBack(submission, interrupted)
    return submission !== undefined && !this.#pending.has(id)
  }
  #wantBack(submission: Submission, interrupted: Outcome): void {
    const { id, fiber, sentTo } = submission
    if (fiber.status !== "unstarted" || submission.interrupted !== null) return
    submission.interrupted = interrupted
    this.#mesh.send(sentTo as number, mail(GIVE_BACK, id, this.#directory.knownHops(id)))
  }
  /**
   * The record of a fiber that is still here, which it has been all along; with `stop` it ends here. Null if a thread has it, or is to
   * have it before: what it waits for the end of may have ended here, and be known nowhere else.
   */
  record(id: string, stop: boolean): FiberRecord | null {
    const submission = this.#here(id)
    return submission === null || waitForEnds(submission.fiber) !== null ? null : this.#record(submission, stop)
  }
  #record(submission: Submission, stop: boolean): FiberRecord {
    const { id } = submission
    const { bytes, handles } = this.#payloadOf(submission)
    const record = new FiberRecord(bytes, handles)
    if (stop) {
      this.#directory.recorded(id)
      this.#directory.abandon(id, recordedOutcome(id))
    }
    return record
  }
  /** From now on, the ids of fibers that did not end by themselves. */
  cut(): readonly string[] {
    this.#cut = []
    return this.#cut
  }
  /**
   * From now on only those go to threads that wait for the end of others, and hear of that there; the rest stays, to be records in the
   * end: what ends here so is no end for who waits for it. Resolves when all that go have been sent.
   */
  stay(): Promise<void> {
    this.#staying ??= new Set()
    const waiting: Submission[] = []
    const take = (lane: Queue<Submission>): Submission | null => lane.shift() ?? null
    for (let next = this.#waiting.next(take); next !== null; next = this.#waiting.next(take)) waiting.push(next)
    for (const submission of waiting) if (this.holds(submission)) this.#wait(submission)
    return this.#waiting.isEmpty ? Promise.resolve() : new Promise(resolve => (this.#sent = resolve))
  }
  /** As `record` with `stop`, for all that are here, as they are. */
  recordAll(): FiberRecord[] {
    return this.all().flatMap(submission => (this.#here(submission.id) === null ? [] : this.#record(submission, true)))
  }
  /** The thread is about to go: nothing is sent there any more. */
  avoid(thread: number): void {
    this.#avoided.add(thread)
  }
  /** Whether the fiber, lost with its thread, is sent again. */
  again(id: string): boolean {
    const submission = this.#pending.get(id)
    if (submission?.interrupted != null && submission.sentTo !== null) {
      this.#directory.abandon(id, submission.interrupted)
      return true
    }
    if (submission === undefined || !submission.kept || submission.attempts >= ATTEMPTS) return false
    submission.sentTo = null
    this.#wait(submission)
    return true
  }
  /** The thread is gone, and what it had not begun with it. */
  forget(thread: number): void {
    this.#unbegun.delete(thread)
    this.#functions.forget(thread)
    this.#avoided.delete(thread)
  }
  /** There is a thread again. */
  resume(): void {
    this.#schedule()
  }
  /** Ends everything that is pending. */
  abandon(outcome: (id: string, name: string) => Outcome): void {
    for (const { id, name } of this.all()) this.#directory.abandon(id, outcome(id, name))
  }

  /** Once for all that is submitted in one go. */
  #schedule(): void {
    if (this.#scheduled || this.#waiting.isEmpty) return
    this.#scheduled = true
    queueMicrotask(this.#flush)
  }
  readonly #flush = (): void => {
    this.#scheduled = false
    const reached = new Set<Peer>()
    for (let more = this.#waiting.next(this.#sendOldest); more !== null; more = this.#waiting.next(this.#sendOldest))
      if (more !== "nobody") reached.add(more)
    for (const { link } of reached) link.ring()
    if (this.#waiting.isEmpty) this.#sent?.()
    else this.#lookForRoom()
  }
  /** That something has begun on a thread rings no bell: where all that it has only waits, nothing else would be read. */
  #lookForRoom(): void {
    if (this.#reads || !this.#mesh.workers.some(({ id }) => (this.#unbegun.get(id) ?? 0) >= WINDOW)) return
    this.#reads = true
    this.#alarm(ROOM_PAUSE, () => {
      this.#reads = false
      this.#schedule()
      this.#read()
    })
  }
  /** The peer that has it; null if no thread has room for it, or there is none. */
  readonly #sendOldest = (lane: Queue<Submission>): Peer | "nobody" | null => {
    const oldest = lane.oldest()
    const peer = oldest === undefined ? null : this.#choose(oldest.prefer)
    if (oldest === undefined || peer === null) return null
    lane.shift()
    return this.#pending.get(oldest.id) === oldest && this.#send(oldest, peer) ? peer : "nobody"
  }
  #send(submission: Submission, peer: Peer): boolean {
    const { id, short, fiber } = submission
    submission.attempts++
    submission.sentTo = peer.id
    submission.number = this.#functions.numberOf(peer.id, fiber.root.of)
    this.#unbegun.set(peer.id, (this.#unbegun.get(peer.id) ?? 0) + 1)
    const hops = this.#directory.replace(id, peer.id)
    let sent: Mail
    try {
      sent =
        short !== null && this.#functions.isConfirmed(peer.id, submission.number)
          ? brief(TRANSFER, id, hops, submission.number, short)
          : this.#inFull(submission, hops)
    } catch (error) {
      return this.#unsent(id, error)
    }
    try {
      peer.link.send(sent, "quiet")
    } catch (error) {
      // after any other error the thread may have it
      if (!(error instanceof Unposted)) throw error
      return this.#unsent(id, error.cause)
    }
    this.#directory.placed(id)
    return true
  }
  #inFull(submission: Submission, hops: number): Mail {
    const payload = this.#payloadOf(submission)
    submission.kept = payload.handles.every(handle => handle instanceof SharedArrayBuffer)
    return mail(TRANSFER, submission.id, hops, payload, undefined, submission.number)
  }
  #unsent(id: string, error: unknown): false {
    this.#directory.abandon(id, { kind: "failed", error })
    return false
  }
  #payloadOf(submission: Submission): Payload {
    submission.payload ??= this.#codec.encodeFiber(submission.fiber)
    return submission.payload
  }
  /** Each in turn, while they have room: they share among themselves. */
  #choose(prefer: number | undefined): Peer | null {
    const { workers } = this.#mesh
    // who is sent once the rest stays does not run: a thread hears for it what has ended
    if (
      this.#staying === null &&
      this.#pending.size - this.#waiting.count(lengthOf) >= this.#limits.fibers * workers.length
    )
      return null
    const preferred = prefer === undefined ? undefined : workers.find(({ id }) => id === prefer)
    if (preferred !== undefined && this.#hasRoom(preferred)) return preferred
    for (let i = 0; i < workers.length; i++) {
      this.#turn = (this.#turn + 1) % workers.length
      const peer = workers[this.#turn] as Peer
      if (this.#hasRoom(peer)) return peer
    }
    return null
  }
  #hasRoom(peer: Peer): boolean {
    return (this.#unbegun.get(peer.id) ?? 0) < WINDOW && !this.#avoided.has(peer.id)
  }
  #started(id: string, thread: number): void {
    const submission = this.#pending.get(id)
    if (submission === undefined) return
    submission.kept = false
    if (submission.payload !== null) {
      submission.payload = null
      if (submission.sentTo === thread) this.#hasFunction(submission, thread)
    }
    this.#begun(submission)
    this.#arrivedAt(submission)
  }
  #hasFunction({ number, fiber }: Submission, thread: number): void {
    this.#functions.confirm(thread, number)
    if (number > 0) this.#known.add(fiber.root.of)
  }
  /** It waits no longer, and there may be room for another one. */
  #begun(submission: Submission): void {
    if (submission.bytes < 0) return
    this.#queued--
    this.#bytes -= submission.bytes
    submission.bytes = -1
    if (this.#wanting.length > 0 && !this.#isFull) this.#wanting.shift()?.()
    if (this.#queued === 0) for (const resolve of this.#wanting.splice(0)) resolve()
  }
  /** The thread that it was sent to has room for another one. */
  #arrivedAt(submission: Submission): void {
    const { sentTo } = submission
    if (sentTo === null) return
    submission.sentTo = null
    const unbegun = this.#unbegun.get(sentTo)
    if (unbegun !== undefined) this.#unbegun.set(sentTo, unbegun - 1)
    this.#schedule()
  }
  #refused(m: Mail, thread: number): void {
    const { code, text, leaves } = m.object as Refusal
    if (leaves === true) return void this.#returned(m.id, thread)
    const error = new RoveError(
      code === "ROVE_POOL_IN_MODULE" ? code : "ROVE_NOT_HANDED_OVER",
      `the computation could not be started on a worker: ${text}`,
    )
    this.#directory.abandon(m.id, { kind: "failed", error })
  }
  /** The thread does not wait for its modules: another one begins it, unless it was interrupted. */
  #returned(id: string, thread: number): void {
    const submission = this.#pending.get(id)
    if (submission === undefined || submission.sentTo !== thread) return
    this.#directory.replace(id, POOL) // or it would be taken for lost with that thread
    submission.attempts--
    this.again(id)
  }
}

const lengthOf = (lane: Queue<Submission>): number => lane.length
