/** What is told of whatever fibers are started of, by which operation ever. */
import { expect, test } from "vitest"
import { compile } from "../compile.ts"
import { CompileError, type Diagnostic } from "../diagnostics.ts"

const head = `"use fibers"
import { all, allSettled, any, detach, forEach, map, Pool, race, reduce, scope, sleep, spawn, supervisor, timeout, wait, type Pool as Threads } from "rove"; import * as rove from "@rove/fibers"; import { readFile } from "node:fs/promises"
function* work(x) { return x }
function* forgets(x) { return sleep(x) }
async function later(x) {}
async function* stream(x) {}
`

function told(statements: string, fn = "function*"): readonly Diagnostic[] {
  try {
    return compile(`${head}export ${fn} f(c, threads: Threads) { ${statements} }`, "src/a.ts")?.diagnostics ?? []
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return [...error.diagnostics, ...error.warnings]
  }
}

const found = (statements: string, fn?: string): string[] =>
  told(statements, fn).map(d => `${d.severity} ${d.code.slice(5)} ${d.message}`)

test.each([
  ["all", "later(1)", "the promise of an async function"],
  ["all", "fetch(c)", "a promise"],
  ["race", "stream(1)", "an async generator, which stays native"],
  ["any", "work", "a function"],
  ["allSettled", "new Promise(c)", "a promise"],
])("a branch of `%s` that is no computation is a warning: %s", (name, branch, is) => {
  for (const call of [`${name}([work(1), ${branch}])`, `rove.${name}([...c, ${branch}])`])
    expect(found(`yield* ${call}`), call).toEqual([`warning NOT_COMPILED \`${name}\` is given ${is}`])
  expect(found(`const list = { a: work(1), b: ${branch} }; yield* all(list)`)).toEqual([
    `warning NOT_COMPILED \`all\` is given ${is}`,
  ])
})

test.each([
  ["detach(later(1))", "`detach` is given the promise of an async function"],
  ["spawn(readFile('a'))", "`spawn` is given a promise"],
  ["map([1], later)", "`map` is given an async function, which gives a promise"],
  ["map([1], async x => x)", "`map` is given an async function, which gives a promise"],
  ["map([1], x => later(x))", "`map` is given the promise of an async function"],
  ["forEach([1], stream)", "`forEach` is given an async generator function, which stays native"],
  ["forEach([1], x => { if (c) return fetch(x); return work(x) })", "`forEach` is given a promise"],
  ["reduce([1, 2], later)", "`reduce` is given an async function, which gives a promise"],
  ["supervisor({ children: [{ start: later }] })", "`supervisor` is given an async function, which gives a promise"],
])("what gives no computation is a warning: %s", (call, message) => {
  expect(found(`yield* ${call}`)).toEqual([`warning NOT_COMPILED ${message}`])
})

test.each([
  "const pool = await Pool.start()",
  "await using pool = await Pool.start({ workers: 2 })",
  "const pool = threads",
])("what a pool is given is looked at where the module shows that it is one: %s", pool => {
  const given = (call: string) => found(`${pool}; await ${call}`, "async function")
  expect(given("pool.run(work)")).toEqual(["warning NOT_COMPILED `pool.run` is given a function"])
  expect(given("pool.run(later(1))")).toEqual([
    "warning NOT_COMPILED `pool.run` is given the promise of an async function",
  ])
  expect(given("pool.stream(stream(1))")).toEqual([
    "warning NOT_COMPILED `pool.stream` is given an async generator, which stays native",
  ])
  expect(given("pool.run(work(1)); await pool.map([1], later); await pool.call(later, 1)")).toEqual([])
})

test.each([
  "yield* all([forgets(1)])",
  "yield* all([1].map(x => forgets(x)))",
  "yield* allSettled({ a: forgets(1) })",
  "yield* race([forgets(1), sleep(1)])",
  "yield* any([work(1), c ? forgets(1) : work(2)])",
  "yield* map([1], forgets)",
  "yield* forEach([1], x => forgets(x))",
  "yield* reduce([1], forgets)",
  "yield* detach(forgets(1))",
  "yield* supervisor({ children: [{ start: forgets }] })",
  "const pool = c ?? (yield* wait(Pool.start())); yield* spawn(forgets(1))",
])("the result of a fiber that is not performed is a warning, whatever starts the fiber: %s", statements => {
  expect(found(statements)).toEqual([
    "warning FORGOTTEN_YIELD the operation `sleep` is the result of a fiber, and not performed",
  ])
})

test("so is the result of a fiber of a pool", () => {
  expect(found("const pool = await Pool.start(); await pool.run(forgets(1))", "async function")).toEqual([
    "warning FORGOTTEN_YIELD the operation `sleep` is the result of a fiber, and not performed",
  ])
})

test.each([
  "yield* all([work(1), sleep(1), wait(fetch(c)), c, scope(work)])",
  "yield* all(c.map(later))",
  "yield* map([1], work); yield* map([1], x => sleep(x)); yield* map([1], c); yield* map([1], x => c[x])",
  "yield* race([timeout(5, work(1)), spawn(work(1))])",
  "yield* work(forgets(1)); yield* spawn(work(forgets(1)))",
  "c.run(work); c.stream(later(1)); c.all([later(1)]); c.map([1], later)",
  "yield* all([function () { return work(1) }(), (() => work(1))()])",
  "yield* wait(Promise.all([later(1), fetch(c)])); yield* wait(later(1))",
  "const pool = { run: c }; pool.run(work)",
  "yield* supervisor({ children: [{ get start() { return work } }, { *start() {} }, { start() { return work(1) } }] })",
])("valid beside them: %s", statements => {
  expect(found(statements)).toEqual([])
})
