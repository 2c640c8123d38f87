import { afterEach, expect, test } from "vitest"
import { sleep } from "../index.ts"
import { hintOfCopies } from "./copies.ts"

const KEY = Symbol.for("rove.copies")
const before: unknown = Reflect.get(globalThis, KEY)
afterEach(() => void Object.defineProperty(globalThis, KEY, { value: before, configurable: true }))

test("an operation that a fiber of another copy performs says where both copies are; elsewhere nothing is said of copies", () => {
  expect(hintOfCopies()).toBe("")
  let isRunning = false
  const other = { url: "file:///app/there.js", runs: () => isRunning }
  const value = [...(Reflect.get(globalThis, KEY) as object[]), other]
  Object.defineProperty(globalThis, KEY, { value, configurable: true })
  expect(() => [...sleep(1)]).toThrow(/stand between\?$/)
  isRunning = true
  expect(() => [...sleep(1)]).toThrow(
    /two copies of Rove: the fiber is of file:\/\/\/app\/there\.js, the operation of file:/,
  )
})
