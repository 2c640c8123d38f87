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
