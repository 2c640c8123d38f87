import { expect, test } from "vitest"
import { Context } from "./context.ts"
import { Binding, declareVariable, SHARED } from "./variables.ts"

const bound = (value: number) => new Binding(declareVariable("context.test"), value, SHARED)

test("children share one context until one of them writes, and what it writes stays its own", () => {
  const parent = new Context(undefined, 50)
  const first = parent.child()
  expect([parent.child(), first.child(), first.recursionLimit]).toEqual([first, first, 50])
  const own = first.owned()
  expect(own).not.toBe(first)
  expect([own.owned(), own.child() === first]).toEqual([own, false])
  own.variables = own.variables.with(bound(1))
  own.more().scope = 1
  expect([first.variables.size, first.extra, parent.child().variables.size]).toEqual([0, null, 0])
  expect(() => first.more()).toThrow("Context.more")
})

test("what the parent sets reaches the children that it spawns afterwards, and no others", () => {
  const parent = new Context()
  const before = parent.child()
  parent.variables = parent.variables.with(bound(2))
  const after = parent.child()
  parent.recursionLimit = 7
  expect([before.variables.size, after.variables.size, after.recursionLimit]).toEqual([0, 1, before.recursionLimit])
  expect([parent.child().recursionLimit, parent.child().variables]).toEqual([7, parent.variables])
})
