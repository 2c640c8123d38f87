import { encode } from "@rove/core"
import { expect, test } from "vitest"
import { moduleOf } from "./caller.ts"
import { contextSnapshot } from "./snapshot.ts"
import { ContextVar } from "./variables.ts"

test("a declaration is named by its module's URL, and by the id where a compiled module has said it", () => {
  expect(new ContextVar("early").key).toBe(`${import.meta.url}#early`)
  moduleOf("src/caller.test.ts", `${import.meta.url}?v=2`)
  expect(new ContextVar("late").key).toBe("src/caller.test.ts#late")
  moduleOf("src/unknown.ts", "")
  expect(new ContextVar("later").key).toBe("src/caller.test.ts#later")
})

test("a record brings the modules of its variables along, those that may be imported", () => {
  moduleOf("src/caller.test.ts", import.meta.url)
  const known = new ContextVar<number>("known")
  const modules = known.run(1, () => encode(contextSnapshot()).modules)
  expect(modules).toEqual([import.meta.url])
})

test("a declaration is named where nobody can change how stacks are written", () => {
  const { stackTraceLimit, prepareStackTrace } = Object.getOwnPropertyDescriptors(Error)
  Object.defineProperty(Error, "stackTraceLimit", { value: 10, writable: false, configurable: true })
  Object.defineProperty(Error, "prepareStackTrace", { value: undefined, writable: false, configurable: true })
  try {
    moduleOf("src/frozen.test.ts", import.meta.url)
    expect(new ContextVar("frozen").key).toBe("src/frozen.test.ts#frozen")
  } finally {
    Object.defineProperty(Error, "stackTraceLimit", stackTraceLimit)
    if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, "prepareStackTrace")
    else Object.defineProperty(Error, "prepareStackTrace", prepareStackTrace)
  }
})
