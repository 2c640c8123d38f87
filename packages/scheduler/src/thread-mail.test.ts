import { expect, test } from "vitest"
import { PlayedMesh } from "../../../test/support/played-mesh.ts"
import { codec } from "./codec.ts"
import { ANSWER, mail } from "./mail.ts"
import { ThreadQuestions } from "./thread-mail.ts"

test("what a thread was asked that is gone came too late; what it had answered stays so, and others answer for themselves", async () => {
  const mesh = new PlayedMesh()
  const questions = new ThreadQuestions(mesh, codec)
  const asked = [questions.raise(1, "a"), questions.raise(1, "b"), questions.call(2, parseInt, ["1"])]
  expect(mesh.sent.map(({ to }) => to)).toEqual([1, 1, 2])
  const answer = (at: number, text: string): void => {
    const { to, mail: asked } = mesh.sent[at] as (typeof mesh.sent)[number]
    mesh.arrives(mail(ANSWER, asked.id, 0, null, text), to)
  }
  answer(0, "delivered")
  questions.lost(1)
  answer(1, "delivered") // read from what it left behind
  answer(2, "accepted")
  expect(await Promise.all(asked)).toEqual(["delivered", "too late", "accepted"])
})
