/**
 * Owns what is asked about a fiber that runs somewhere in a pool: to record it, to look at it, to move it. The pool asks
 * the thread where it believes the fiber to be, and asks again whenever it learns of another place, until there is an
 * answer; a thread answers what it can, and forgets what is about fibers that it does not have. A fiber that was stopped can be
 * back under its id before all questions about it were read: each says of how many hops, which go on in the next life.
 */
import { FiberRecord, RoveError } from "@rove/core"
import { type FiberReport, type FiberState, look, type Recorder, type RecordMode } from "@rove/fibers/scheduling"
import type { Directory } from "./directory.ts"
import { type Alarm, idleAlarm } from "./loop.ts"
import { ASK, ASKED, mail, type Payload } from "./mail.ts"
import type { Mesh } from "./mesh.ts"
import { describe } from "./outcome.ts"

/** Plain data. */
export type FiberQuestion =
  | { readonly what: "record"; readonly mode: RecordMode }
  | { readonly what: "look" }
  | { readonly what: "migrate"; readonly thread: number }

/** `later`: the fiber is on its way to or from that thread. */
type Answer =
  | { readonly report: FiberReport }
  | { readonly done: true }
  | { readonly later: true }
  | Elsewhere
  | Refusal

/** Milliseconds until a fiber on its way is asked for again where it was. */
const LATER = 5
/** So often, by who only looks: then it is on its way for long, since the thread where it goes is held, or imports its modules. */
const TRIES = 10

/** What cannot be, in mail: the code of the error and its text. */
interface Refusal {
  readonly code: RoveError["code"]
  readonly text: string
}

interface Request {
  readonly number: number
  readonly question: FiberQuestion
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
  /** What a fiber was stopped for: told when its end is known, for it cannot be resumed here before. */
  record: FiberRecord | null
  /** How often it was on its way. */
  tries: number
}

/** What is known of a fiber that is still in bytes: the thread that imports its modules, or null if it is on the way to one. */
export interface Elsewhere {
  readonly importing: number | null
}

/** The pool's end. */
export class FiberRequests {
  readonly #mesh: Mesh
  readonly #directory: Pick<Directory, "knownHops" | "recorded">
  readonly #pending = new Map<string, Request[]>()
  readonly #follows: (begins: boolean) => void
  readonly #alarm: Alarm
  #count = 0
  /** `follows`: each fiber that is asked is followed until it has answered. */
  constructor(
    mesh: Mesh,
    directory: Pick<Directory, "knownHops" | "recorded">,
    follows: (begins: boolean) => void,
    alarm: Alarm = idleAlarm,
  ) {
    this.#mesh = mesh
    this.#follows = follows
    this.#alarm = alarm
    this.#directory = directory
    mesh.on(ASKED, (m, from) => {
      const answer = m.object as Answer | undefined
      if (answer !== undefined && "later" in answer) this.#again(m.id, m.a, from.id)
      else this.#answered(m.id, m.a, m.payload, answer)
    })
  }

  record(id: string, place: number, mode: RecordMode): Promise<FiberRecord> {
    return this.#ask(id, place, { what: "record", mode }) as Promise<FiberRecord>
  }
  /** To import its modules can take for ever: who looks does not wait for that. */
  look(id: string, place: number): Promise<FiberReport | Elsewhere> {
    return this.#ask(id, place, { what: "look" }) as Promise<FiberReport | Elsewhere>
  }
  migrate(id: string, place: number, thread: number): Promise<void> {
    return this.#ask(id, place, { what: "migrate", thread }) as Promise<void>
  }

  /** `place`: where the fiber is believed to be; the pool itself, while it has not been sent. */
  #ask(id: string, place: number, question: FiberQuestion): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request: Request = { number: ++this.#count, question, resolve, reject, record: null, tries: 0 }
      const requests = this.#pending.get(id)
      if (requests === undefined) this.#pending.set(id, [request])
      else requests.push(request)
      this.#follows(true)
      this.#send(id, place, request)
    })
  }
  /** The fiber is there now. */
  placed(id: string, place: number): void {
    for (const request of [...(this.#pending.get(id) ?? [])])
      if (request.question.what === "migrate" && request.question.thread === place)
        this.#answered(id, request.number, null, { done: true })
      else this.#send(id, place, request)
  }
  /** Whether it was stopped, and its record is here: the end that its thread has yet to tell is known. */
  isRecorded(id: string): boolean {
    return this.#pending.get(id)?.some(({ record }) => record !== null) === true
  }
  /** It ended before there was an answer. */
  ended(id: string): void {
    const requests = this.#pending.get(id) ?? []
    this.#pending.delete(id)
    for (const { question, resolve, reject, record } of requests) {
      this.#follows(false)
      if (record === null) reject(notAlive(id, question.what))
      else resolve(record)
    }
  }

  #send(id: string, place: number, { number, question }: Request): void {
    if (place === this.#mesh.id) return
    this.#mesh.send(place, mail(ASK, id, number, null, question, this.#directory.knownHops(id)))
  }
  #again(id: string, number: number, place: number): void {
    this.#alarm(LATER, () => {
      const request = this.#pending.get(id)?.find(other => other.number === number)
      if (request === undefined) return
      if (request.question.what === "look" && ++request.tries > TRIES)
        this.#answered(id, number, null, { importing: null })
      else this.#send(id, place, request)
    })
  }
  #answered(id: string, number: number, payload: Payload | null, answer: Answer | undefined): void {
    const requests = this.#pending.get(id) ?? []
    const index = requests.findIndex(request => request.number === number)
    const request = requests[index]
    if (request === undefined) return // asked twice, and answered before
    const { question } = request
    if (payload !== null && question.what === "record" && question.mode === "stop") {
      request.record = new FiberRecord(payload.bytes, payload.handles)
      return void this.#directory.recorded(id)
    }
    requests.splice(index, 1)
    this.#follows(false)
    if (requests.length === 0) this.#pending.delete(id)
    if (payload !== null) request.resolve(new FiberRecord(payload.bytes, payload.handles))
    else if (answer !== undefined && "report" in answer) request.resolve(answer.report)
    else if (answer !== undefined && "importing" in answer) request.resolve(answer)
    else if (answer !== undefined && "code" in answer) request.reject(new RoveError(answer.code, answer.text))
    else request.resolve(undefined)
  }
}

export function notAlive(id: string, what: FiberQuestion["what"]): RoveError {
  const which = id === "" ? "the fiber was not taken and never began" : `fiber ${id} has ended`
  return new RoveError("ROVE_NOT_ALIVE", `${which}, so there is nothing to ${what}`)
}

/** Where a thread has a fiber: here, about to come or to leave (then it may stay), or not at all. */
export type Whereabouts = FiberState | "coming" | "leaving" | undefined

/** What a thread that is asked needs. */
export interface AskedThread {
  readonly threadId: number
  readonly recorder: Recorder
  /** If that is the fiber that is meant, which has so many hops. */
  find(id: string, hops: number): Whereabouts
  /** `told` hears null once it is gone, or why it cannot go. Throws if there is no such thread. */
  migrate(fiber: FiberState, thread: number, told: (error: unknown) => void): void
}

/** A thread's end. No fiber runs while it reads its mail. */
export function answerRequests(mesh: Mesh, thread: AskedThread): void {
  mesh.on(ASK, (m, from) => {
    const { id, a: number, b: hops } = m
    const question = m.object as FiberQuestion
    const fiber = thread.find(id, hops)
    if (fiber === undefined) return
    const answer = (given: Answer): void => mesh.send(from.id, mail(ASKED, id, number, null, given))
    const refuse = (error: unknown): void => {
      if (!(error instanceof RoveError && error.code === "ROVE_NOT_ALIVE")) answer(refusalOf(error))
    }
    if (question.what === "record") {
      const recorded = ({ record, error }: { record?: FiberRecord | undefined; error?: unknown }): void => {
        if (record === undefined) refuse(error)
        else
          mesh.send(from.id, mail(ASKED, id, number, payloadOf(record)), undefined, why =>
            mail(ASKED, id, number, null, refusalOf(why)),
          )
      }
      if (typeof fiber === "string") thread.recorder.await({ id, status: "moved" }, question.mode, recorded)
      else thread.recorder.ask(fiber, question.mode, recorded)
    } else if (fiber === "coming" && question.what === "look") {
      answer({ importing: thread.threadId })
    } else if (typeof fiber === "string") {
      answer({ later: true })
    } else if (question.what === "look") {
      try {
        answer({ report: look(fiber, thread.threadId) })
      } catch (error) {
        answer(refusalOf(error))
      }
    } else {
      try {
        thread.migrate(fiber, question.thread, error => (error === null ? answer({ done: true }) : refuse(error)))
      } catch (error) {
        refuse(error)
      }
    }
  })
}

/** A record as it travels. */
export function payloadOf({ bytes, handles }: FiberRecord): Payload {
  return { bytes: new Uint8Array(bytes), handles, modules: [] }
}

function refusalOf(error: unknown): Refusal {
  return error instanceof RoveError
    ? { code: error.code, text: error.message }
    : { code: "ROVE_NOT_PORTABLE", text: describe(error) }
}
