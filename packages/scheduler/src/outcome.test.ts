import { FiberInterrupted, WorkerLost } from "@rove/core"
import { expect, test } from "vitest"
import { codec } from "./codec.ts"
import { decodeOutcome, encodeOutcome } from "./outcome.ts"

test("the path to what cannot be handed over begins at the value that the program gave", () => {
  const value = { deep: new WeakMap() }
  expect(decodeOutcome(codec, encodeOutcome(codec, { kind: "returned", value }))).toMatchObject({
    kind: "failed",
    error: {
      code: "ROVE_NOT_HANDED_OVER",
      message: expect.stringMatching(/^the result cannot be handed over: [^[]*: \.deep: [^[]+$/),
    },
  })
  const error = Object.assign(new Error("lost"), value)
  expect(decodeOutcome(codec, encodeOutcome(codec, { kind: "failed", error }))).toMatchObject({
    error: { message: expect.stringMatching(/"Error: lost".*: \.deep: [^[]+$/) },
  })
})

test("an interrupt takes what failed beside it along as its cause", () => {
  const cause = new RangeError("on its way out")
  const there = decodeOutcome(
    codec,
    encodeOutcome(codec, { kind: "interrupted", reason: new FiberInterrupted("enough", { cause }) }),
  )
  expect(there).toMatchObject({ kind: "interrupted", reason: { reason: "enough", cause: { name: "RangeError" } } })
  const alone = decodeOutcome(codec, encodeOutcome(codec, { kind: "interrupted", reason: new FiberInterrupted("x") }))
  expect("cause" in (alone as { reason: object }).reason).toBe(false)
})

test("that a thread is gone shows where a fiber heard of it, and no frames of who tells it", () => {
  const error = new WorkerLost("thread 2 is gone", { cause: "exit" })
  error.stack = "WorkerLost: thread 2 is gone\n    at walk (walk.ts:3:5) [suspended]"
  const there = decodeOutcome(codec, encodeOutcome(codec, { kind: "failed", error })) as { error: WorkerLost }
  expect([there.error.stack, there.error.cause]).toEqual([error.stack, "exit"])
})
