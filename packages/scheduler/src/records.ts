/**
 * Owns making records of fibers that run somewhere in a pool. The pool asks the thread where it believes the fiber to
 * be, and asks again whenever it learns of another place, until there is an answer; a thread answers what it can, and
 * forgets what is about fibers that it does not have.
 */
import { FiberRecord, RoveError } from "@rove/core"
import type { FiberState, RecordAnswer, Recorder, RecordMode } from "@rove/fibers/scheduling"
import { mail, type Payload, RECORD, RECORDED } from "./mail.ts"
import type { Mesh } from "./mesh.ts"
import { describe } from "./outcome.ts"

interface Request {
  readonly number: number
  readonly mode: RecordMode
  readonly resolve: (record: FiberRecord) => void
  readonly reject: (error: unknown) => void
}

/** What cannot be recorded, in mail: the code of the error and its text. */
interface Refusal {
  readonly code: RoveError["code"]
  readonly text: string
}

/** The pool's end. */
export class RecordRequests {
  readonly #mesh: Mesh
  readonly #pending = new Map<string, Request[]>()
  #count = 0
  constructor(mesh: Mesh) {
    this.#mesh = mesh
    mesh.on(RECORDED, m => this.#answered(m.id, m.a, m.payload, m.object as Refusal | undefined))
  }

  /** `place`: where the fiber is believed to be; the pool itself, while it has not been sent. */
  ask(id: string, place: number, mode: RecordMode): Promise<FiberRecord> {
    return new Promise((resolve, reject) => {
      const request: Request = { number: ++this.#count, mode, resolve, reject }
      const requests = this.#pending.get(id)
      if (requests === undefined) this.#pending.set(id, [request])
      else requests.push(request)
      this.#send(id, place, request)
    })
  }
  /** The fiber is there now. */
  placed(id: string, place: number): void {
    for (const request of this.#pending.get(id) ?? []) this.#send(id, place, request)
  }
  /** It ended without having been recorded. */
  ended(id: string): void {
    const requests = this.#pending.get(id) ?? []
    this.#pending.delete(id)
    for (const { reject } of requests)
      reject(new RoveError("ROVE_NOT_ALIVE", `fiber ${id} has ended, so there is nothing to record`))
  }

  #send(id: string, place: number, { number, mode }: Request): void {
    if (place !== this.#mesh.id) this.#mesh.send(place, mail(RECORD, id, number, null, mode))
  }
  #answered(id: string, number: number, payload: Payload | null, refusal: Refusal | undefined): void {
    const requests = this.#pending.get(id) ?? []
    const index = requests.findIndex(request => request.number === number)
    const request = requests[index]
    if (request === undefined) return // asked twice, and answered before
    requests.splice(index, 1)
    if (requests.length === 0) this.#pending.delete(id)
    if (payload !== null) request.resolve(new FiberRecord(payload.bytes, payload.handles))
    else request.reject(new RoveError(refusal?.code ?? "ROVE_NOT_PORTABLE", refusal?.text ?? "it was refused"))
  }
}

/** Where a thread has a fiber: here, about to come or to leave (then it may stay), or not at all. */
export type Whereabouts = FiberState | "coming" | "leaving" | undefined

/** A thread's end. */
export function answerRecords(mesh: Mesh, recorder: Recorder, find: (id: string) => Whereabouts): void {
  mesh.on(RECORD, (m, from) => {
    const { id, a: number } = m
    const mode = m.object as RecordMode
    const answer = ({ record, error }: RecordAnswer): void => {
      if (record !== undefined) mesh.send(from.id, mail(RECORDED, id, number, payloadOf(record)))
      else if (!(error instanceof RoveError && error.code === "ROVE_NOT_ALIVE"))
        mesh.send(from.id, mail(RECORDED, id, number, null, refusalOf(error)))
    }
    const fiber = find(id)
    if (fiber === "coming" || fiber === "leaving") recorder.await({ id, status: "moved" }, mode, answer)
    else if (fiber !== undefined) recorder.ask(fiber, mode, answer)
  })
}

function payloadOf({ bytes, handles }: FiberRecord): Payload {
  return { bytes: new Uint8Array(bytes), handles, modules: [] }
}

function refusalOf(error: unknown): Refusal {
  return { code: error instanceof RoveError ? error.code : "ROVE_NOT_PORTABLE", text: textOf(error) }
}

function textOf(error: unknown): string {
  return error instanceof RoveError ? error.message : describe(error)
}
