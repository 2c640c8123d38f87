import { afterEach, expect, test } from "vitest"
import { originLines, withoutFrames } from "./stacks.ts"

const own = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit") as PropertyDescriptor
afterEach(() => void Object.defineProperty(Error, "stackTraceLimit", own))

test("an error is made without frames, and the limit is the program's again", () => {
  const { stackTraceLimit } = Error
  expect(withoutFrames(() => new Error("a")).stack).toBe("Error: a")
  expect(Error.stackTraceLimit).toBe(stackTraceLimit)
})

test("where a program has made the limit read-only, errors are made and origins found all the same", () => {
  Object.defineProperty(Error, "stackTraceLimit", { value: 7, writable: false })
  expect(withoutFrames(() => new Error("a")).message).toBe("a")
  expect(originLines(2).length).toBeLessThanOrEqual(2)
  expect(Error.stackTraceLimit).toBe(7)
})
