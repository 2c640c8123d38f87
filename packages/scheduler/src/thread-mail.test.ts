import { expect, test } from "vitest"
import { ThreadCells } from "./cells.ts"
import { codec } from "./codec.ts"
import { ANSWER, type Mail, mail } from "./mail.ts"
import { Mesh, type Peer, POOL } from "./mesh.ts"
import { ThreadQuestions } from "./thread-mail.ts"

/** The pool's, whose threads are played by the test. */
class Played extends Mesh {
  readonly sent: [to: number, id: string][] = []
  answers: (mail: Mail, from: Peer) => void = () => {}
  constructor() {
    super("00000000", POOL, POOL, new ThreadCells(), () => {})
  }
  override on(_: number, handler: (mail: Mail, from: Peer) => void): void {
    this.answers = handler
  }
  override send(to: number, { id }: Mail): void {
    this.sent.push([to, id])
  }
}

test("what a thread was asked that is gone came too late; what it had answered stays so, and others answer for themselves", async () => {
  const mesh = new Played()
  const questions = new ThreadQuestions(mesh, codec)
  const asked = [questions.raise(1, "a"), questions.raise(1, "b"), questions.call(2, parseInt, ["1"])]
  expect(mesh.sent.map(([to]) => to)).toEqual([1, 1, 2])
  const answer = (at: number, text: string): void => {
    const [to, id] = mesh.sent[at] as [number, string]
    mesh.answers(mail(ANSWER, id, 0, null, text), { id: to } as Peer)
  }
  answer(0, "delivered")
  questions.lost(1)
  answer(1, "delivered") // read from what it left behind
  answer(2, "accepted")
  expect(await Promise.all(asked)).toEqual(["delivered", "too late", "accepted"])
})
