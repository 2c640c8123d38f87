import { Context, EMPTY_VARIABLES } from "@rove/core"
import { expect, test } from "vitest"
import { outcomeOf, shortForm, shortOutcome } from "./short-form.ts"

test("what text cannot say is not put in short", () => {
  for (const value of [undefined, -0, Number.NaN, Number.POSITIVE_INFINITY, 1n, Symbol.iterator, {}, [], () => {}])
    expect(shortForm([1, value])).toBeNull()
  expect(shortForm(["x".repeat(1_001)])).toBeNull()
})

test("what is put in short comes back as it was", () => {
  const values = [0, -1.5e-300, Number.MAX_VALUE, "", "ä\ud800\n\u2028", true, false, null]
  expect(JSON.parse(shortForm(values) as string)).toEqual(values)
  expect(shortForm([])).toBe("[]")
})

test("a result comes back as it was, undefined included; an end that is none is not put in short", () => {
  for (const value of [undefined, null, 0, "text", false]) {
    const text = shortOutcome({ kind: "returned", value })
    expect(outcomeOf(text as string)).toEqual({ kind: "returned", value })
  }
  expect(shortOutcome({ kind: "returned", value: { x: 1 } })).toBeNull()
  expect(shortOutcome({ kind: "failed", error: 1 })).toBeNull()
  expect(shortOutcome({ kind: "interrupted", reason: 1 })).toBeNull()
})

test("a context that nobody wrote to is the one that the short form stands for", () => {
  expect(new Context().child().variables).toBe(EMPTY_VARIABLES)
})
