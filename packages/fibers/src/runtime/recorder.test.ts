import { expect, test } from "vitest"
import { add } from "../../../../test/pool/programs.ts"
import { admit, currentContext, type Host, Recorder } from "../scheduling.ts"

test("while all are recorded together, a fiber whose record two ask for is one record", () => {
  const ended: string[] = []
  const host = {
    birthplace: { thread: 1, prefix: "test-1." },
    nextId: () => 1,
    ended: ({ id }: { readonly id: string }) => void ended.push(id),
  } as unknown as Host
  const recorder = new Recorder(host)
  const fiber = admit(add(1, 1), "test", currentContext(), host, undefined)
  const answers: string[] = []
  recorder.hold()
  for (const name of ["one", "two"])
    recorder.await(fiber, "stop", ({ record }) => void answers.push(`${name}: ${record ? "a record" : "none"}`))
  expect(recorder.ready(fiber)).toBe(true)
  expect(answers).toEqual(["one: a record"])
  recorder.release()
  recorder.ended(fiber)
  expect([answers, ended]).toEqual([["one: a record", "two: none"], [fiber.id]])
})
