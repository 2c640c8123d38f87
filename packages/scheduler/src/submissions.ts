/**
 * Owns the fibers that the pool has sent to its threads and that have not ended. Until one is said to have started, its
 * bytes are kept: if the thread dies before, it is sent to another.
 */

import { RoveError } from "@rove/core"
import type { Outcome } from "@rove/fibers/scheduling"
import type { Directory } from "./directory.ts"
import { type Mail, mail, type Payload, REFUSE, STARTED, TRANSFER } from "./mail.ts"
import { type Mesh, type Peer, POOL } from "./mesh.ts"

/** A submission that kills the thread that is to start it (its module exits, say) is not tried for ever. */
const ATTEMPTS = 3

interface Submission {
  readonly id: string
  /** Null once it began, or if it cannot be sent twice. */
  payload: Payload | null
  attempts: number
}

export class Submissions {
  readonly #mesh: Mesh
  readonly #directory: Directory
  readonly #pending = new Map<string, Submission>()
  /** There is no thread for them at the moment. */
  readonly #waiting: Submission[] = []
  #turn = 0
  #idle: (() => void)[] = []
  constructor(mesh: Mesh, directory: Directory) {
    this.#mesh = mesh
    this.#directory = directory
    mesh.on(STARTED, m => this.#started(m.id))
    mesh.on(REFUSE, m => this.#refused(m))
  }
  get size(): number {
    return this.#pending.size
  }
  ids(): string[] {
    return [...this.#pending.keys()]
  }

  submit(id: string, payload: Payload, listener: (outcome: Outcome) => void): void {
    const submission: Submission = { id, payload, attempts: 0 }
    this.#pending.set(id, submission)
    this.#directory.submitted(id, POOL, 0, outcome => {
      this.#pending.delete(id)
      listener(outcome)
      if (this.#pending.size === 0) for (const resolve of this.#idle.splice(0)) resolve()
    })
    this.#send(submission)
  }
  /** Resolves when nothing is pending. */
  drained(): Promise<void> {
    return this.#pending.size === 0 ? Promise.resolve() : new Promise(resolve => this.#idle.push(resolve))
  }
  /** Whether the fiber, lost with its thread, is sent again. */
  again(id: string): boolean {
    const submission = this.#pending.get(id)
    if (submission === undefined || submission.payload === null || submission.attempts >= ATTEMPTS) return false
    this.#send(submission)
    return true
  }
  /** There is a thread again. */
  resume(): void {
    for (const submission of this.#waiting.splice(0)) if (this.#pending.has(submission.id)) this.#send(submission)
  }
  /** Ends everything that is pending. */
  abandon(outcome: (id: string) => Outcome): void {
    for (const id of this.ids()) this.#directory.abandon(id, outcome(id))
  }

  #send(submission: Submission): void {
    const peer = this.#choose()
    if (peer === null) return void this.#waiting.push(submission)
    const payload = submission.payload as Payload
    submission.attempts++
    const hops = this.#directory.replace(submission.id, peer.id)
    if (!payload.handles.every(handle => handle instanceof SharedArrayBuffer)) submission.payload = null
    try {
      peer.link.send(mail(TRANSFER, submission.id, hops, payload))
    } catch (error) {
      this.#directory.abandon(submission.id, { kind: "failed", error })
    }
  }
  /** A parked thread if there is one, else each in turn: they share among themselves. */
  #choose(): Peer | null {
    const { workers } = this.#mesh
    if (workers.length === 0) return null
    this.#turn = (this.#turn + 1) % workers.length
    for (let i = 0; i < workers.length; i++) {
      const peer = workers[(this.#turn + i) % workers.length] as Peer
      if (peer.cells.hungryHint()) return peer
    }
    return workers[this.#turn] as Peer
  }
  #started(id: string): void {
    const submission = this.#pending.get(id)
    if (submission !== undefined) submission.payload = null
  }
  #refused(m: Mail): void {
    const error = new RoveError(
      "ROVE_NOT_HANDED_OVER",
      `the computation could not be started on a worker: ${String(m.object)}`,
    )
    this.#directory.abandon(m.id, { kind: "failed", error })
  }
}
