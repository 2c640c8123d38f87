/**
 * Owns making records of fibers from outside: at once of those that are stopped where they can be recorded, of others as
 * soon as they get there. Hosts ask here, and say when a fiber becomes ready or ends.
 */
import { FiberRecord, RoveError } from "@rove/core"
import { type FiberState, type Outcome, settle } from "./fiber.ts"
import type { Host } from "./host.ts"
import { disarm } from "./lifetime.ts"
import { saveParked } from "./save.ts"
import { holdUntilArrival } from "./underway.ts"

/** Whether the fiber ends here with its record, or goes on. */
export type RecordMode = "stop" | "copy"

export type RecordAnswer =
  | { readonly record: FiberRecord; readonly error?: undefined }
  | { readonly record?: undefined; readonly error: unknown }

interface Request {
  readonly mode: RecordMode
  readonly answer: (answer: RecordAnswer) => void
}

export class Recorder {
  readonly #host: Host
  /** By id: fibers that run, or wait for what only this thread can wait for, and those that are about to arrive. */
  readonly #wanted = new Map<string, Request[]>()
  /** While several are recorded together: those that are records by now, and have yet to end here. They do not run. */
  #leaving: Set<FiberState> | null = null
  constructor(host: Host) {
    this.#host = host
  }

  /** Answers once; at once if the fiber can be recorded as it is. */
  ask(fiber: FiberState, mode: RecordMode, answer: (answer: RecordAnswer) => void): void {
    const isLate = fiber.status === "done" || this.holds(fiber)
    if (isLate || !this.#try(fiber, { mode, answer })) this.await(fiber, mode, answer)
  }
  /** Answers when the fiber becomes ready here. */
  await({ id, status }: Pick<FiberState, "id" | "status">, mode: RecordMode, answer: Request["answer"]): void {
    if (status === "done") return void answer({ error: over(id) })
    const requests = this.#wanted.get(id)
    if (requests === undefined) this.#wanted.set(id, [{ mode, answer }])
    else requests.push({ mode, answer })
  }

  /** A fiber is ready. True if it has no turn: it was recorded and goes on elsewhere, or will be when what it has sent has arrived. */
  ready(fiber: FiberState): boolean {
    if (this.holds(fiber)) return true
    if (this.#wanted.size === 0) return false
    const requests = this.#wanted.get(fiber.id)
    if (requests === undefined) return false
    if (requests.some(stops) && holdUntilArrival(fiber, this.#host)) return true
    this.#wanted.delete(fiber.id)
    for (const { mode, answer } of requests) this.ask(fiber, mode, answer)
    return (fiber.status as string) === "done" || this.holds(fiber)
  }
  /** What is recorded from now on ends here with `release`: a fiber that joins another one becomes a record that joins it, too. */
  hold(): void {
    this.#leaving ??= new Set()
  }
  release(): void {
    const leaving = this.#leaving ?? []
    this.#leaving = null
    for (const fiber of leaving) leave(fiber, this.#host)
  }
  /** Whether the fiber is a record that has yet to end here. */
  holds(fiber: FiberState): boolean {
    return this.#leaving?.has(fiber) === true
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

  /** What the fiber has sent has arrived: where it waits for something else, nothing else says so. */
  #arrived(fiber: FiberState): void {
    const requests = this.#wanted.get(fiber.id) ?? []
    this.#wanted.delete(fiber.id)
    for (const { mode, answer } of requests) this.ask(fiber, mode, answer)
  }
  /** False, and nothing changes, if it cannot be recorded now. */
  #try(fiber: FiberState, { mode, answer }: Request): boolean {
    if (fiber.status === "running" || fiber.status === "moved") return false
    if (mode === "stop" && fiber.underway !== null) {
      fiber.underway.whenArrived(() => this.#arrived(fiber))
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
  if (fiber.status === "done") return // interrupted meanwhile, and it had not begun
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
