import { FiberInterrupted, WorkerLost } from "@rove/core"
import { expect, test } from "vitest"
import { codec } from "./codec.ts"
import { decodeOutcome, encodeOutcome, lost } from "./outcome.ts"

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

test("which thread is gone is told", () => {
  const there = decodeOutcome(codec, encodeOutcome(codec, lost(3, "3.1", "work", "exit"))) as { error: WorkerLost }
  expect([there.error.thread, there.error.message]).toEqual([3, "thread 3 is gone and fiber 3.1 (work) with it"])
  expect(lost(3, "3.1", "", "exit")).toMatchObject({ error: { message: "thread 3 is gone and fiber 3.1 with it" } })
  const unknown = { kind: "failed", error: new WorkerLost("somewhere") } as const
  expect(decodeOutcome(codec, encodeOutcome(codec, unknown))).toMatchObject({ error: { thread: undefined } })
})

test("that a thread is gone shows where a fiber heard of it, and no frames of who tells it", () => {
  const error = new WorkerLost("thread 2 is gone", { cause: "exit" })
  error.stack = "WorkerLost: thread 2 is gone\n    at walk (walk.ts:3:5) [suspended]"
  const there = decodeOutcome(codec, encodeOutcome(codec, { kind: "failed", error })) as { error: WorkerLost }
  expect([there.error.stack, there.error.cause]).toEqual([error.stack, "exit"])
})

test("why a thread is gone stays a chain of errors, with names and stacks, whatever their classes", () => {
  class Own extends RangeError {
    override name = "Own"
    socket = new WeakMap()
  }
  const own = new Own("in a callback")
  const cause = new Error("worker-1: it ended", { cause: own })
  const told = (error: WorkerLost): WorkerLost => {
    const there = decodeOutcome(codec, encodeOutcome(codec, { kind: "failed", error })) as { error: WorkerLost }
    return there.error
  }
  const there = told(new WorkerLost("thread 1 is gone", { cause })).cause as Error
  const inner = there.cause as Error
  expect([there.message, there.stack]).toEqual([cause.message, cause.stack])
  expect([inner.name, inner.message, inner.stack, inner.cause]).toEqual(["Own", own.message, own.stack, undefined])
  expect(told(new WorkerLost("thread 1 is gone")).cause).toBe(undefined)
  const circle = new Error("circle")
  circle.cause = circle
  expect(String(told(new WorkerLost("thread 1 is gone", { cause: circle })).cause)).toBe("Error: circle")
  const trap = (): never => {
    throw new Error("do not ask")
  }
  const hostile = new Proxy(new Error("hostile"), { get: trap })
  expect(told(new WorkerLost("thread 1 is gone", { cause: hostile })).cause).toBe("(without text)")
})
