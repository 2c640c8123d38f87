import { expect, test } from "vitest"
import { sleep } from "../operations/time.ts"
import { notCompiled } from "./not-compiled.ts"

test.each([
  [sleep(1), "not an operation, which a fiber performs with yield*"],
  [function work() {}, "not the function work itself: call it, f(…)"],
  [new Map(), "not an object of class Map"],
  [Object.create(null), "not an object of class without name"],
  [null, "not null"],
  ["work", 'not the text "work"'],
])("%s is no unstarted computation", (value, text) => {
  const { code, message } = notCompiled(value, "pool.run")
  expect([code, message]).toEqual([
    "ROVE_NOT_COMPILED",
    expect.stringContaining(`compiled generator function f, ${text}`),
  ])
})

test("a native generator is told by its function and the module of that", () => {
  function* native() {}
  const { message } = notCompiled(native(), "spawn")
  expect(message).toMatch(
    /^spawn was given a native generator of native in \S+not-compiled\.test\.ts\S*: that module must begin/,
  )
})
