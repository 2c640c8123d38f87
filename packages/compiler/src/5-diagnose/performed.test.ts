/** What `yield*` is given, and cannot perform. */
import { expect, test } from "vitest"
import { compile } from "../compile.ts"

const head = `"use fibers"
import { spawn, mutex, readWriteLock, semaphore, latch, barrier, channel, wait, each, type Fiber, type Mutex } from "rove"
`
const body = (s: string) =>
  `async function load(): Promise<number> { return 1 }\nasync function* feed() {}\nfunction* fib(n = 1): any { return n }\nexport function* f(c: any): any { ${s} }`
const told = (source: string) =>
  (compile(head + source, "src/a.ts")?.diagnostics ?? []).map(d => `${d.severity} ${d.code} ${d.message}`)

test.each([
  ["yield* load()", "a promise"],
  ["const p = load(); yield* p", "a promise"],
  ["return yield* fetch(c)", "a promise"],
  ["yield* new Promise(c)", "a promise"],
  ["yield* Promise.all([c])", "a promise"],
  ["yield* feed()", "what an async generator gives"],
  ["yield* fib", "a generator function"],
  ["yield* load", "a function"],
  ["const h = yield* spawn(fib()); yield* h", "the handle of a fiber"],
  ["function* g(h: Fiber<number>): any { yield* h }; yield* g(c)", "the handle of a fiber"],
  ["using g = yield* mutex()", "a mutex"],
  ["yield* readWriteLock()", "a read-write lock"],
  ["const s = semaphore(1); yield* s", "a semaphore"],
  ["const l = latch(1); yield* l", "a latch"],
  ["const b = barrier(1); yield* b", "a barrier"],
])("%s", (wrong, is) => {
  const expected = `warning ROVE_NOT_COMPILED \`yield*\` is given ${is}: this throws`
  expect(told(body(wrong)).filter(d => d.includes("NOT_COMPILED"))).toEqual([expected])
})

test("nothing is said of what can be performed or iterated, or of what nothing is known", () => {
  for (const fine of [
    "yield* wait(load())",
    "yield* fib()",
    "yield* c",
    "yield* c.load()",
    "const h = yield* spawn(fib()); yield* h.join()",
    "using g = yield* mutex().lock()",
    "yield* channel()",
    "for (const x of each(feed())) c(x)",
    "yield* [load()]",
    "yield* 'text'",
    "yield* c ?? load()",
    "const load = c; yield* load()",
    "(fib as any)[Symbol.iterator] = c; yield* fib as any",
    "let p = load(); p = c; yield* p",
    "return async function* () { yield* feed() }",
  ])
    expect(
      told(body(fine)).filter(d => d.includes("NOT_COMPILED")),
      fine,
    ).toEqual([])
})
