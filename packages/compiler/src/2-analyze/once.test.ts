import { parseSync } from "oxc-parser"
import { expect, test } from "vitest"
import { children, isFunction, type Node } from "./nodes.ts"
import { functionsMadeOnce } from "./once.ts"

/** Names of the parameters of the functions that are made once: each function has one, as its name. */
function once(source: string): string[] {
  const root = parseSync("a.js", source).program as unknown as Node
  const found = functionsMadeOnce(root)
  const names: string[] = []
  const visit = (node: Node): void => {
    if (isFunction(node) && found.has(node)) names.push(node.params[0]?.name)
    for (const child of children(node)) visit(child)
  }
  visit(root)
  return names
}

test("the module's own functions are, wherever they stand in its statements", () => {
  expect(
    once("function* f(a) {} const g = function* (b) {}; if (x) { function h(c) {} } export default (d) => 1"),
  ).toEqual(["a", "b", "c", "d"])
})

test("methods and static fields of its classes are, fields of instances are not", () => {
  expect(once("class A { *m(a) {} static s = (b) => 1; f = (c) => 1; [(d) => 1] = (e) => 1 }")).toEqual(["a", "b", "d"])
})

test("what stands in a loop or in another function is not", () => {
  expect(once("for (;;) { function f(a) {} class A { m(b) {} } } function g(c) { function h(d) {} }")).toEqual(["c"])
})

test("what stands in a function that is called in its place is, unless others can call that or it only begins", () => {
  expect(once("(function (a) { function f(b) {} (c => { function g(d) {} })() })(1)")).toEqual(["a", "b", "c", "d"])
  expect(once("(function again(a) { function f(b) {} })()")).toEqual(["a"])
  expect(once("(function* (a) { function f(b) {} })(); (async a => { function f(b) {} })()")).toEqual(["a", "a"])
  expect(once("call(function (a) { function f(b) {} })")).toEqual(["a"])
})
