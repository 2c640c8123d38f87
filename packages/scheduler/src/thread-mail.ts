/**
 * Owns errors and calls that are addressed to a thread of the pool: the pool's side, which asks and hears what became of
 * it, and the thread's side, which answers. A thread that is gone answers nothing: the pool says "too late" for it.
 */
import { RoveError } from "@rove/core"
import type { Acceptance, Delivery, ThreadState } from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import { ANSWER, CALL, type Mail, mail, type Payload, RAISE, type Refusal } from "./mail.ts"
import type { Mesh, Peer } from "./mesh.ts"
import type { Modules } from "./modules.ts"
import { describe } from "./outcome.ts"

interface Question {
  readonly thread: number
  readonly tell: (answer: string) => void
  readonly refuse: (error: RoveError) => void
}

/** The pool's side. */
export class ThreadQuestions {
  readonly #mesh: Mesh
  readonly #codec: Codec
  readonly #open = new Map<string, Question>()
  #ids = 0
  constructor(mesh: Mesh, codec: Codec) {
    this.#mesh = mesh
    this.#codec = codec
    mesh.on(ANSWER, m => this.#answered(m.id, m.object as string | Refusal))
  }
  raise(thread: number, error: unknown): Promise<Delivery> {
    return this.#ask(thread, RAISE, error) as Promise<Delivery>
  }
  call(thread: number, fn: (...args: never[]) => unknown, args: readonly unknown[]): Promise<Acceptance> {
    return this.#ask(thread, CALL, [fn, args]) as Promise<Acceptance>
  }
  /** The thread is gone. */
  lost(thread: number): void {
    for (const [id, question] of this.#open) if (question.thread === thread) this.#answered(id, "too late")
  }
  /** Rejects with what cannot go there, or be opened there. */
  #ask(thread: number, kind: number, value: unknown): Promise<string> {
    const id = String(++this.#ids)
    return new Promise((tell, refuse) => {
      this.#mesh.send(thread, mail(kind, id, 0, this.#codec.encode(value)), "loud")
      this.#open.set(id, { thread, tell, refuse })
    })
  }
  #answered(id: string, answer: string | Refusal): void {
    const question = this.#open.get(id)
    this.#open.delete(id)
    if (typeof answer === "string") question?.tell(answer)
    else question?.refuse(new RoveError(answer.code ?? "ROVE_NOT_HANDED_OVER", answer.text))
  }
}

/** The thread's side. `soon` runs what nobody's check has run by then. */
export function answerThreadMail(
  mesh: Mesh,
  codec: Codec,
  modules: Pick<Modules, "load">,
  own: ThreadState,
  soon: () => void,
): void {
  const answer = (to: number, id: string, text: string | Refusal): void =>
    mesh.send(to, mail(ANSWER, id, 0, null, text), "loud")
  const opened = (m: Mail, from: Peer, then: (value: unknown) => void): void => {
    const payload = m.payload as Payload
    const refuse = (error: unknown): void => {
      const code = error instanceof RoveError ? error.code : null
      const what = m.kind === CALL ? "the call cannot be made" : "the error cannot be thrown"
      answer(from.id, m.id, { code, text: `${what} on thread ${mesh.id}: ${describe(error)}` })
    }
    const decoded = (): void => {
      let value: unknown
      try {
        value = codec.decode(payload)
      } catch (error) {
        return void refuse(error)
      }
      then(value)
    }
    const loading = modules.load(payload.modules)
    if (loading === null) decoded()
    else void loading.then(decoded, refuse)
  }
  mesh.on(RAISE, (m, from) =>
    opened(m, from, error => void own.raise(error).then(delivery => answer(from.id, m.id, delivery))),
  )
  mesh.on(CALL, (m, from) =>
    opened(m, from, value => {
      const [fn, args] = value as [(...args: readonly unknown[]) => unknown, readonly unknown[]]
      const acceptance = own.request(() => void fn(...args))
      answer(from.id, m.id, acceptance)
      soon()
    }),
  )
}
