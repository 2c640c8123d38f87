/**
 * Owns errors and calls that are addressed to a thread of the pool: the pool's side, which asks and hears what became of
 * it, and the thread's side, which answers. A thread that is gone answers nothing: the pool says "too late" for it.
 */
import type { Acceptance, Delivery, ThreadState } from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import { ANSWER, CALL, mail, type Payload, RAISE } from "./mail.ts"
import type { Mesh } from "./mesh.ts"
import type { Modules } from "./modules.ts"

interface Question {
  readonly thread: number
  readonly tell: (answer: string) => void
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
    mesh.on(ANSWER, m => this.#answered(m.id, String(m.object)))
  }
  raise(thread: number, error: unknown): Promise<Delivery> {
    return this.#ask(thread, RAISE, this.#codec.encode(error)) as Promise<Delivery>
  }
  call(thread: number, fn: (...args: never[]) => unknown, args: readonly unknown[]): Promise<Acceptance> {
    return this.#ask(thread, CALL, this.#codec.encode([fn, args])) as Promise<Acceptance>
  }
  /** The thread is gone. */
  lost(thread: number): void {
    for (const [id, question] of this.#open) if (question.thread === thread) this.#answered(id, "too late")
  }
  #ask(thread: number, kind: number, payload: Payload): Promise<string> {
    const id = String(++this.#ids)
    return new Promise(tell => {
      this.#open.set(id, { thread, tell })
      this.#mesh.send(thread, mail(kind, id, 0, payload), "loud")
    })
  }
  #answered(id: string, answer: string): void {
    const question = this.#open.get(id)
    this.#open.delete(id)
    question?.tell(answer)
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
  const opened = (payload: Payload, then: (value: unknown) => void): void => {
    const loading = modules.load(payload.modules)
    if (loading === null) then(codec.decode(payload))
    else void loading.then(() => then(codec.decode(payload)))
  }
  const answer = (to: number, id: string, text: string): void => mesh.send(to, mail(ANSWER, id, 0, null, text), "loud")
  mesh.on(RAISE, (m, from) =>
    opened(m.payload as Payload, error => void own.raise(error).then(delivery => answer(from.id, m.id, delivery))),
  )
  mesh.on(CALL, (m, from) =>
    opened(m.payload as Payload, value => {
      const [fn, args] = value as [(...args: readonly unknown[]) => unknown, readonly unknown[]]
      const acceptance = own.request(() => void fn(...args))
      answer(from.id, m.id, acceptance)
      soon()
    }),
  )
}
