import { afterEach, expect, test } from "vitest"
import { clone, decode, encode } from "./index.ts"
import { limitStacks } from "./stack-limit.ts"

const own = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit") as PropertyDescriptor
afterEach(() => void Object.defineProperty(Error, "stackTraceLimit", own))

test("sets the limit, and what it was again", () => {
  const { stackTraceLimit } = Error
  limitStacks(0)
  expect(new Error("a").stack).toBe("Error: a")
  limitStacks(stackTraceLimit)
  expect(new Error("a").stack).toContain("\n    at ")
})

test("where a program has made the limit read-only, errors are saved, restored and copied with their stacks", () => {
  const error = new TypeError("a", { cause: new Error("b") })
  Object.defineProperty(Error, "stackTraceLimit", { value: 5, writable: false })
  for (const copy of [decode(encode(error).bytes) as TypeError, clone(error)]) {
    expect(copy).toEqual(error)
    expect(copy.stack).toBe(error.stack)
  }
  expect(Error.stackTraceLimit).toBe(5)
})
