/**
 * Owns making records of fibers from outside: at once of those that are stopped where they can be recorded, of others as
 * soon as they get there. Hosts ask here, and say when a fiber becomes ready or ends.
 */
import { FiberRecord, RoveError } from "@rove/core"
import { type FiberState, type Outcome, settle } from "./fiber.ts"
import type { Host } from "./host.ts"
import { disarm } from "./lifetime.ts"
import { saveParked, waitForEnds } from "./save.ts"
import { holdUntilArrival } from "./underway.ts"

/** Whether the fiber ends here with its record, or goes on. */
export type RecordMode = "stop" | "copy"

export type RecordAnswer =
  | { readonly record: FiberRecord; readonly error?: undefined }
  | { readonly record?: undefined; readonly error: unknown }

interface Request {
  readonly mode: RecordMode
  readonly answer: (answer: RecordAnswer) => void
  /** The fiber waits for ends, and has been told of those that were known when the record was asked for. */
  heard: boolean
}

export class Recorder {
  readonly #host: Host
  /** By id: fibers that run, or wait for what only this thread can wait for, and those that are about to arrive. */
  readonly #wanted = new Map<string, Request[]>()
  /** While several are recorded together: those that are records by now, and have yet to end here. They do not run. */
  #leaving: Set<FiberState> | null = null
  /** What is to be told when these end. */
  #later: (() => void)[] = []
  /** Ends are still to come, for those who wait for them: these are not recorded before. */
  #endsMayCome = false
  /** It is too late for that: who has yet to ask for ends is recorded as it is. */
  #asIs = false
  constructor(host: Host) {
    this.#host = host
  }

  /**
   * Answers once; at once if the fiber can be recorded as it is. One that is to wait for the end of others, since it was a record,
   * asks for that first: what they have ended with meanwhile is known here alone, and belongs into its record.
   */
  ask(fiber: FiberState, mode: RecordMode, answer: (answer: RecordAnswer) => void): void {
    this.#ask(fiber, { mode, answer, heard: false })
  }
  #ask(fiber: FiberState, request: Request): void {
    const isLate = fiber.status === "done" || this.holds(fiber)
    if (isLate || !this.#try(fiber, request)) this.#await(fiber, request)
  }
  /** Answers when the fiber becomes ready here. */
  await(fiber: Pick<FiberState, "id" | "status">, mode: RecordMode, answer: Request["answer"]): void {
    this.#await(fiber, { mode, answer, heard: false })
  }
  #await({ id, status }: Pick<FiberState, "id" | "status">, request: Request): void {
    if (status === "done") return void request.answer({ error: over(id) })
    const requests = this.#wanted.get(id)
    if (requests === undefined) this.#wanted.set(id, [request])
    else requests.push(request)
  }

  /** A fiber is ready. True if it has no turn: it was recorded and goes on elsewhere, or will be when what it has sent has arrived. */
  ready(fiber: FiberState): boolean {
    if (this.holds(fiber)) return true
    if (this.#wanted.size === 0) return false
    const requests = this.#wanted.get(fiber.id)
    if (requests === undefined) return false
    if (requests.some(stops) && holdUntilArrival(fiber, this.#host)) return true
    this.#wanted.delete(fiber.id)
    for (const request of requests) this.#ask(fiber, request)
    return (fiber.status as string) === "done" || this.holds(fiber)
  }
  /** A fiber waits, from now on: one whose record is wanted may have asked for ends first. */
  parked(fiber: FiberState): void {
    if (this.#endsMayCome || !this.wants(fiber) || waitForEnds(fiber) === null) return
    queueMicrotask(() => this.again(fiber))
  }
  /** Whether it is to be a record as soon as that is possible. */
  wants(fiber: FiberState): boolean {
    return this.#wanted.size > 0 && this.#wanted.has(fiber.id)
  }
  /** Whether that is not possible before `endsHaveCome`. */
  defers(fiber: FiberState): boolean {
    return this.#endsMayCome && waitForEnds(fiber) === "begun"
  }
  /** Who waits for ends can be recorded, when it was asked for `again`. */
  endsHaveCome(): void {
    this.#endsMayCome = false
  }
  /** There is no more time for ends that have not come. */
  takeAsIs(): void {
    this.#endsMayCome = false
    this.#asIs = true
  }
  /** What is recorded from now on ends here with `release`: a fiber that joins another one becomes a record that joins it, too. Before that, it hears of those that end. */
  hold(): void {
    this.#leaving ??= new Set()
    this.#endsMayCome = true
  }
  release(): void {
    const leaving = this.#leaving ?? []
    this.#leaving = null
    for (const fiber of leaving) leave(fiber, this.#host)
    for (const then of this.#later.splice(0)) then()
  }
  /** Calls back with `release`, if that is to come; false if it is not. */
  later(then: () => void): boolean {
    if (this.#leaving !== null) this.#later.push(then)
    return this.#leaving !== null
  }
  /** Whether the fiber is a record that has yet to end here. */
  holds(fiber: FiberState): boolean {
    return this.#leaving?.has(fiber) === true
  }
  /** Whether there are such. */
  get holdsAny(): boolean {
    return this.#leaving !== null && this.#leaving.size > 0
  }
  /** Nobody wants records any more. */
  clear(): void {
    for (const id of [...this.#wanted.keys()]) this.ended({ id })
  }
  /** A fiber has ended, or is not of this thread any more: who waits for its record hears. */
  ended(fiber: Pick<FiberState, "id">): void {
    if (this.#wanted.size === 0) return
    const { id } = fiber
    const requests = this.#wanted.get(id) ?? []
    this.#wanted.delete(id)
    for (const { answer } of requests) answer({ error: over(id) })
  }

  /** There may be a record now, although the fiber has not become ready: who waits for one asks again. */
  again(fiber: FiberState): void {
    // it left meanwhile, and those who ask under its id mean the one that is back
    if (fiber.status === "done" || fiber.status === "moved") return
    const requests = this.#wanted.get(fiber.id) ?? []
    this.#wanted.delete(fiber.id)
    for (const request of requests) this.#ask(fiber, request)
  }
  /** Whether it is to hear of ends before it is a record: what the homes of others know may be on its way. */
  #hearsFirst(fiber: FiberState, request: Request): boolean {
    const ends = this.#asIs ? null : waitForEnds(fiber)
    if (ends === "to come") request.heard = false
    if (ends !== "begun") return ends !== null
    if (this.#endsMayCome) return true
    const { caughtUp } = this.#host
    // where all become records together, all have heard
    if (request.heard || caughtUp === undefined || this.#leaving !== null) return false
    request.heard = true
    caughtUp.call(this.#host, () => this.again(fiber))
    return true
  }
  /** False, and nothing changes, if it cannot be recorded now. */
  #try(fiber: FiberState, request: Request): boolean {
    const { mode, answer } = request
    if (fiber.status === "running" || fiber.status === "moved") return false
    if (this.#hearsFirst(fiber, request)) return false
    if (mode === "stop" && fiber.underway !== null) {
      fiber.underway.whenArrived(() => this.again(fiber))
      return false
    }
    let record: FiberRecord
    try {
      const stopped = saveParked(fiber)
      if (stopped === null) return false
      record = FiberRecord.of(stopped)
    } catch (error) {
      answer({ error })
      return true
    }
    // what it waits for may have the last word: then it is recorded with that, or when it is out of the wait
    if (mode === "stop" && fiber.park?.withdraw() === false) return false
    answer({ record }) // before the fiber's end is told, which would be the answer otherwise
    if (mode === "copy") return true
    if (this.#leaving === null) leave(fiber, this.#host)
    else this.#leaving.add(fiber)
    return true
  }
}

const stops = ({ mode }: Request): boolean => mode === "stop"

/** The fiber is its record now: what waits for it here hears that. */
function leave(fiber: FiberState, host: Host): void {
  disarm(fiber)
  if (fiber.status === "done") return
  settle(fiber, recordedOutcome(fiber.id))
  host.ended(fiber, true)
}

/** How a fiber ends where it became its record. */
export function recordedOutcome(id: string): Outcome {
  return { kind: "failed", error: new RoveError("ROVE_RECORDED", textOfRecorded(id)) }
}

/** Whether a fiber ended so: as its own record, and not because it joined one that did. */
export function becameRecord(id: string, outcome: Outcome): boolean {
  const error = outcome.kind === "failed" ? outcome.error : null
  try {
    return error instanceof RoveError && error.code === "ROVE_RECORDED" && error.message === textOfRecorded(id)
  } catch {
    return false // a proxy was thrown that refuses to be looked at
  }
}

function textOfRecorded(id: string): string {
  return `fiber ${id} was stopped and is a record now: resume that, and wait for what it gives`
}

function over(id: string): RoveError {
  return new RoveError("ROVE_NOT_ALIVE", `fiber ${id} has ended, so there is nothing to record`)
}
