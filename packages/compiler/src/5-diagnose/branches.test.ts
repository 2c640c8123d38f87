import { expect, test } from "vitest"
import { compile } from "../compile.ts"
import { CompileError, type Diagnostic } from "../diagnostics.ts"

const head = `"use fibers"
import { all, allSettled, any, atomic, Coroutine, deadline, defer, detach, forEach, map, onExit, pinned, race, reduce, retry, scope, sleep, spawn, supervisor, timeout, uninterruptible, untraced } from "rove"; import * as rove from "@rove/fibers"
function* work(x) {}
`

function told(statements: string): readonly Diagnostic[] {
  try {
    const body = `${head}export function* f(c) { let n = 0; function* g() { n++ }; ${statements}; return n }`
    return compile(body, "src/a.js")?.diagnostics ?? []
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return [...error.diagnostics, ...error.warnings]
  }
}

/** Severity, code, and the operation that is named. */
const found = (statements: string): string[] =>
  told(statements).map(d => `${d.severity} ${d.code} ${/the `?(\w+)`? at/.exec(d.message)?.[1]}`)

test.each([
  ["all", "yield* all([g()])"],
  ["all", "yield* all({ a: work(1), b: g() })"],
  ["all", "yield* all([...[1].map(() => g())])"],
  ["all", "const list = [work(1), g()]; yield* all(list)"],
  ["all", "yield* rove.all([g()])"],
  ["all", "const op = all([g()]); yield* op"],
  ["all", "yield* timeout(100, all([g()]))"],
  ["all", "yield* all([timeout(100, g())])"],
  ["all", "yield* all([retry(g)])"],
  ["all", "yield* all([scope(function* () { n = 2 })])"],
  ["allSettled", "yield* allSettled([g()])"],
  ["race", "yield* race([g(), sleep(5)])"],
  ["any", "yield* any([g()])"],
  ["detach", "yield* detach(g())"],
  ["map", "yield* map([1], g)"],
  ["map", "yield* map([1], x => g(x))"],
  ["map", "const o = { *m(x) { n += x } }; yield* map([1], o.m)"],
  ["forEach", "yield* forEach([1, 2, 3], function* (x) { n += x })"],
  ["forEach", "const add = x => { n += x }; yield* forEach([1], function* (x) { add(x) })"],
  ["supervisor", "yield* supervisor({ children: [{ start: g }] })"],
  ["supervisor", "yield* supervisor({ children: [{ start: () => g() }] })"],
])("what a fiber of `%s` assigns is lost, an error: %s", (operation, statements) => {
  expect(found(statements)).toEqual([`error ROVE_COPIED_VARIABLE ${operation}`])
})

test.each([
  ["all", "yield* all(c.map(x => g(x)))"],
  ["all", "const o = { *m() { n = 1 } }; o.m = c; yield* all([o.m()])"],
  ["all", "yield* all([c(() => { n = 1 })])"],
  ["reduce", "yield* reduce([1, 2, 3], g)"],
  ["spawn", "yield* spawn(supervisor({ children: [{ start: () => { n = 1; return work(1) } }] }))"],
])("what a fiber of `%s` may assign, where that is not certain, is a warning: %s", (operation, statements) => {
  expect(found(statements)).toEqual([`warning ROVE_COPIED_VARIABLE ${operation}`])
})

test.each([
  "yield* scope(g)",
  "yield* timeout(100, g())",
  "yield* deadline(1e15, g)",
  "yield* retry(g)",
  "yield* uninterruptible(g)",
  "yield* atomic(g)",
  "yield* pinned('why', g)",
  "yield* untraced(g())",
  "yield* defer(g)",
  "yield* defer(g())",
  "yield* onExit(g)",
  "yield* new Coroutine(g).switchTo()",
  "yield* scope(function* () { n = 2; yield* timeout(5, (function* () { n = 3 })()) })",
  "yield* all([atomic(g)])",
])("what runs in the same fiber shares the variable: %s", statements => {
  expect(found(statements)).toEqual([])
})

test.each([
  ["a result is assigned", "n = (yield* all([work(n)]))[0]; [n] = yield* map([n], work)"],
  ["assigned when it is over", "function* r() { return n }; yield* all([r()]); n = 2; yield* map([1], r); n = 3"],
  ["assigned in the turns of a loop", "for (const x of [1, 2]) { n = x; yield* all([(function* () { return n })()]) }"],
  ["assigned before it is performed", "function* r() { return n }; const op = all([r()]); n = 1; yield* op"],
  [
    "the branch's own variable",
    "yield* all([(function* () { let m = 0; m++; yield* scope(function* () { m++ }) })()])",
  ],
  ["an own parameter", "yield* forEach([1], function* (x) { x++ })"],
  ["the items", "yield* map([1].map(x => { n++; return x }), work)"],
  ["what makes the computations", "yield* map([1], x => { n++; return work(x) })"],
  ["what makes a list of branches", "yield* all([1].map(x => { n++; return work(x) }))"],
  ["a child that a supervisor is given", "yield* supervisor({ children: [{ start: () => { n++; return work(1) } }] })"],
  ["lists of each other", "const l = () => all([...a]); const a = [...b], b = [...a]; yield* l()"],
  ["a property", "const o = { n: 0 }; yield* all([(function* () { o.n++ })()])"],
  ["a method of a list", "[1].forEach(x => { n += x }); [1].map(x => { n += x }); [1].reduce((a, b) => { n = b })"],
  ["another `all`", "{ const all = x => x; all([g()]) }"],
  ["operations as branches", "const ch = rove.channel(); yield* all([sleep(1), ch.send(n), spawn(work(n))]); n++"],
])("valid beside a branch that copies: %s", (_, statements) => {
  expect(found(statements)).toEqual([])
})

test("an assignment behind what is detached is told like one behind a spawn", () => {
  const late = "function* r() { return n }; const a = yield* detach(r());"
  expect(found(`${late} n = 2`)).toEqual(["error ROVE_COPIED_VARIABLE detach"])
  expect(found(`${late} yield* a.join(); n = 2`)).toEqual([])
})

test("the hint says how the value gets out of the branch", () => {
  const hint = (statements: string) => told(statements)[0]?.hint.split(";")[0]
  expect(hint("yield* all([g()])")).toBe("return the value: `all` gives it")
  expect(hint("yield* forEach([1], g)")).toBe("return the value, and use `map`, which gives the results")
  expect(hint("yield* detach(g())")).toBe("return the value and join the fiber")
})
