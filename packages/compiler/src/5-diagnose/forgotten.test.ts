/** What is told of a forgotten `yield*`, as an error or a warning, and what is not. */
import { expect, test } from "vitest"
import { compile } from "../compile.ts"
import { CompileError, type Diagnostic } from "../diagnostics.ts"

const head = `"use fibers"
import { spawn, sleep, wait, all, select, suspend, whereis, receive, Question, channel, mutex, readWriteLock, semaphore, latch, barrier, Coroutine, type Channel, type Mutex as Lock } from "rove"; import * as rove from "@rove/fibers"; import type { Fiber } from "rove"
`
/** What is found in a text below the imports: severity, the code without its prefix, line (from 1) and the names in the message. */
function found(body: string, id = "src/a.ts", first = head): string[] {
  const short = (d: Diagnostic) => `${d.severity} ${d.code.slice(5)} ${d.line - 2} ${/`(.*?)`/.exec(d.message)?.[1]}`
  const told = (all: readonly Diagnostic[]) => all.filter(d => d.code !== "ROVE_DYNAMIC").map(short)
  try {
    return told(compile(first + body, id, { always: true })?.diagnostics ?? [])
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return told(error.diagnostics)
  }
}

test("operations and computations that nobody performs", () => {
  const body = (s: string) => `function* fib(n: number): any { return n }\nexport function* f(c: any): any { ${s} }`
  for (const [statement, name] of [
    ["sleep(1)", "sleep"],
    ["rove.sleep(1)", "sleep"],
    ["c && sleep(1)", "sleep"],
    ["fib(3)", "fib"],
    ["spawn(fib(3))", "spawn"],
    ["const a = yield* spawn(fib(3)); a.join()", "join"],
    ["yield sleep(1)", "sleep"],
    ["yield c ? sleep(1) : null", "sleep"],
    ["for (;; fib(1)) yield", "fib"],
    ["function* g() {}; g()", "g"],
    ["return function* g(): any { g() }", "g"],
    ["return fib(1) === 1", "fib"],
    ["return fib(1) || c", "fib"],
    ["let n = 0; n += fib(1)", "fib"],
    [`return \`n is \${fib(1)}\``, "fib"],
    ["return sleep(1) == null", "sleep"],
    ["const a = spawn(fib(3)); return yield* a.join()", "a"],
    ["yield* spawn(fib(3)).interrupt()", "spawn(fib(3))"],
    ["const o = { *m(): any {} }; o.m()", "o.m"],
    ["function* g(): any { return sleep(1) }; yield* spawn(g())", "sleep"],
    ["function* g(): any { return c ? fib(1) : 1 }; yield* spawn(g())", "fib"],
  ] as const)
    expect(found(body(statement)), statement).toEqual([`warning FORGOTTEN_YIELD 2 ${name}`])
  for (const fine of [
    "yield* sleep(1)",
    "void fib(3)",
    "const a = fib(3); return a",
    "return sleep(1)",
    "yield fib(3)",
    "const sleep = (n: number) => n; sleep(1)",
    "c.join()",
    "[...fib(3)]",
    "return fib(3) instanceof Object",
    "return 'next' in fib(3)",
    "return typeof fib(3)",
    "return c ? fib(1) : fib(2)",
    "return c && fib(1)",
    "let n: any = null; n ??= fib(1); return n",
    `return c\`n is \${fib(1)}\``,
    "return (yield* fib(1)) + 1",
    "const a: any = { join: () => 1 }; return a.join()",
    "function* g(): any { return fib(1) }; return yield* (yield* g())",
    "function* g(): any { return () => fib(1) }; yield* spawn(g())",
    "yield* all([fib(1), fib(2)])",
    "let g: any = function* () {}; g = c; g()",
  ])
    expect(found(body(fine)), fine).toEqual([])
  const methods = (s: string) =>
    found(`class A { *m(): any { ${s} } n() {} static *s(): any {} *#p(): any {} static n() {} *p(): any {} }`)
  for (const forgotten of ["this.m", "this.#p", "A.s", "new A().m"])
    expect(methods(`${forgotten}()`), forgotten).toEqual([`warning FORGOTTEN_YIELD 1 ${forgotten}`])
  expect(methods("const a = new A(); a.m()")).toEqual(["warning FORGOTTEN_YIELD 1 a.m"])
  for (const fine of ["this.n()", "A.m()", "this.s()", "A.n()", "new A().s()", "let a: any = new A(); a = 1; a.m()"])
    expect(methods(fine), fine).toEqual([])
})

test("what is awaited instead of performed", () => {
  const body = (s: string) => `function* step(): any {}\nexport async function f(p: any): Promise<any> { ${s} }`
  for (const wrong of [
    "await sleep(1)",
    "await step()",
    "return await (p ?? sleep(1))",
    "const g = async () => await step()",
  ])
    expect(found(body(wrong)), wrong).toEqual([expect.stringMatching(/^warning FORGOTTEN_YIELD 2 (sleep|step)$/)])
  for (const fine of [
    "await p.run(step())",
    "await p",
    "const c = step(); return [c]",
    "for await (const x of step()) p(x)",
  ])
    expect(found(body(fine)), fine).toEqual([])
})

test("a generator function that is given to what drops its computation", () => {
  const body = (s: string) => `function* g(): any {}\nexport function* f(xs: any, o: any): any { ${s} }`
  for (const [wrong, name] of [
    ["xs.forEach(function* () { yield* sleep(1) })", "forEach"],
    ["o.all.forEach(g)", "forEach"],
    ["new Map().forEach(g)", "forEach"],
    ["const ys = [1]; return ys.filter(g)", "filter"],
    ["[2, 1].sort(function* () {})", "sort"],
    ["setTimeout(g, 1)", "setTimeout"],
    ["globalThis.queueMicrotask(g)", "queueMicrotask"],
    ["process.nextTick(function* () {})", "process.nextTick"],
  ] as const)
    expect(found(body(wrong)), wrong).toContain(`warning FORGOTTEN_YIELD 2 ${name}`)
  for (const fine of [
    "xs.forEach(() => {})",
    "xs.forEach(async function* () {})",
    "xs.map(g)",
    "xs.filter(g)",
    "const tree = { forEach(_: any) {} }; tree.forEach(g)",
    "class Tree { forEach(_: any) {} }; new Tree().forEach(g)",
    "const setTimeout = (_: any) => {}; setTimeout(g)",
    "xs.forEach(...xs)",
  ])
    expect(found(body(fine)), fine).toEqual([])
})

test("an operation as a truth or a number, which cannot be meant, is an error, in a module that has the directive", () => {
  const body = (s: string) =>
    `function* fib(n: number): any { return n }\nexport function* f(c: any): any { const jobs = channel<number>({ capacity: 2 }); ${s} }`
  const unmarked = head.slice(head.indexOf("\n"))
  for (const [wrong, name] of [
    ["return sleep(1) + 1", "sleep"],
    ["return 1 < all([c])", "all"],
    ["return -all([c])", "all"],
    ["if (sleep(1)) yield", "sleep"],
    ["if (c && sleep(1)) yield", "sleep"],
    ["return sleep(1) ? 1 : 2", "sleep"],
    ["return c & wait(c)", "wait"],
    ["c -= wait(c)", "wait"],
    ["return (0, wait(c)) * 2", "wait"],
    ["return Boolean(() => !wait(c))", "wait"],
    ["const a = yield* spawn(fib(3)); return 1 + a.join()", "join"],
    ["if (jobs.trySend(1)) yield", "trySend"],
    ["while (!jobs.tryReceive()) yield", "tryReceive"],
    ["do yield; while (jobs.trySend(1))", "trySend"],
    ["for (; jobs.trySend(1); ) yield", "trySend"],
    ["return jobs.balance() > 1", "balance"],
    ["const m = mutex(); if (!m.tryLock()) return", "tryLock"],
    ["using held = mutex().lock(); yield held", "lock"],
    ["for (using held of [mutex().lock()]) yield held", "lock"],
  ] as const) {
    expect(found(body(wrong)), wrong).toEqual([`error FORGOTTEN_YIELD 2 ${name}`])
    expect(found(body(wrong), "src/a.ts", unmarked), wrong).toEqual([`warning FORGOTTEN_YIELD 2 ${name}`])
  }
  expect(found(body("return wait(c) + wait(c)"))).toEqual(Array(2).fill("error FORGOTTEN_YIELD 2 wait"))
})

test("a generator of the program's own is a value, as natively: as a truth or a number it is warned of, and compiled", () => {
  const body = (s: string) => `function* fib(n: number): any { return n }\nexport function* f(c: any): any { ${s} }`
  for (const [doubt, name] of [
    ["return fib(1) + 1", "fib"],
    ["return 1 < fib(1)", "fib"],
    ["return -fib(1)", "fib"],
    ["if (fib(1)) yield", "fib"],
    ["if (c && fib(1)) yield", "fib"],
    ["while (!fib(1)) yield", "fib"],
    ["return fib(1) ? 1 : 2", "fib"],
    ["for (; fib(1); ) yield", "fib"],
    ["return c - fib(1)", "fib"],
    ["return c & fib(1)", "fib"],
    ["c -= fib(1)", "fib"],
    ["return (0, fib(1)) * 2", "fib"],
    ["return Boolean(() => !fib(1))", "fib"],
    ["const o = { *m(): any {} }; if (o.m()) yield", "o.m"],
  ] as const)
    expect(found(body(doubt)), doubt).toEqual([`warning FORGOTTEN_YIELD 2 ${name}`])
  expect(found(body("return fib(1) + fib(2)"))).toEqual(Array(2).fill("warning FORGOTTEN_YIELD 2 fib"))
})

test("what may be meant is a warning: texts, equality, precautions, objects that may be others", () => {
  const body = (s: string) =>
    `function* fib(n: number): any { return n }\nexport function* f(c: any, x: Channel<number>): any { ${s} }`
  for (const [doubt, name] of [
    [`return "n is " + fib(1)`, "fib"],
    ["return c + fib(1)", "fib"],
    ["c += fib(1)", "fib"],
    [`c(\`\${fib(1)}\`)`, "fib"],
    ["return c[fib(1)]", "fib"],
    ["return fib(1) in c", "fib"],
    ["switch (fib(1)) {}", "fib"],
    ["switch (c) { case fib(1): }", "fib"],
    ["return fib(1) ?? c", "fib"],
    ["if (fib(1) && c) yield", "fib"],
    ["if (x.trySend(1)) yield", "trySend"],
    ["const o = { *m(): any {} }; o.m = c; if (o.m()) yield", "o.m"],
    ["fib.prototype.valueOf = () => 1; return fib(1) * 2", "fib"],
    ["if (fib(1)) eval(c)", "fib"],
    ["const a = fib(1); return a * 2", "fib"],
    [`const a = fib(1); return \`n is \${a}\``, "fib"],
    ["const a = fib(1); c(async () => await a)", "fib"],
    ["throw Math.max(fib(1), 2)", "fib"],
    ["return JSON.stringify(all([fib(1)]))", "all"],
    ["return parseInt(fib(1))", "fib"],
    ["console.log(x.balance())", "balance"],
  ] as const)
    expect(found(body(doubt)), doubt).toEqual([`warning FORGOTTEN_YIELD 2 ${name}`])
})

test("operations of a channel, a lock, a handle and their like, whose making can be seen", () => {
  const body = (s: string) => `export function* f(c: any): any { ${s} }`
  for (const [wrong, name] of [
    ["const x = channel(); x.send(1)", "send"],
    ["const x = channel(); c(() => x.close())", ""],
    ["channel().receive()", "receive"],
    ["const x = mutex(); x.lock()", "lock"],
    ["const x = readWriteLock(); x.write()", "write"],
    ["const x = semaphore(1); x.acquire()", "acquire"],
    ["const x = latch(1); x.countDown()", "countDown"],
    ["const x = barrier(1); x.arrive()", "arrive"],
    ["const x = new Coroutine(c); x.switchTo()", "switchTo"],
    ["Coroutine.current().switchTo()", "switchTo"],
    ["const x = yield* whereis('a'); x?.interrupt()", "interrupt"],
    ["const x = yield* receive(Question); x.reply(1)", "reply"],
    ["yield* suspend<number>(resume => c(() => { resume.with(1) }))", "with"],
    ["function* g(x: any): any { x.send(1) }; const y = channel(); yield* g(y)", "send"],
    ["function* g(x: any = c): any { x.send(1); yield* g(x) }; const y = channel(); yield* g(y)", ""],
    ["function* g(x: Channel<number>): any { x.send(1) }; yield* g(c)", "send"],
    ["function* g(x?: Channel<number> | null): any { x?.send(1) }; yield* g()", "send"],
    ["function* g(n: number, x: Lock): any { x.lock() }; yield* g(1, c)", "lock"],
    ["function* g(x: rove.Semaphore): any { x.acquire() }; yield* g(c)", "acquire"],
    ["function* g(x: Fiber<number>): any { x.join() }; yield* g(c)", "join"],
    ["class Q { jobs = channel<number>(); *m(): any { this.jobs.send(1) } }; c(Q)", "send"],
    ["class Q { #jobs = channel<number>(); *m(): any { c(() => { this.#jobs.send(1) }) } }; c(Q)", "send"],
    ["class Q { readonly jobs: Channel<number> = c; *m(): any { this.jobs.send(1) } }; c(Q)", "send"],
    ["class Q { constructor(readonly jobs: Channel<number>) {} *m(): any { this.jobs.send(1) } }; c(Q)", "send"],
  ] as const)
    expect(found(body(wrong)), wrong).toEqual(name === "" ? [] : [`warning FORGOTTEN_YIELD 1 ${name}`])
  for (const fine of [
    "c.send(1)",
    "const x = channel(); x.toString()",
    "const x = channel(); yield* x.send(1)",
    "const x = channel(); for (const y of x) c(y)",
    "const x = channel(); return x.receive()",
    "const x = channel(); yield* select({ a: x.receive(), b: x.send(1) })",
    "const x = channel(); yield* all([x.receive()])",
    "let x: any = channel(); x = c; x.send(1)",
    "const channel = () => c; channel().send(1)",
    "function* g(x: any): any { x.send(1) }; yield* g(channel()); yield* g({ send: c })",
    "function* g(x: any): any { x = c; x.send(1) }; yield* g(channel())",
    "function* g(x: any): any { x.send(1) }; yield* g(...[channel()]); c(g)",
    "function* g(...x: any): any { x.send(1) }; yield* g(channel()); c(g)",
    "function* g(x: { send(n: number): void }): any { x.send(1) }; yield* g(c)",
    "class Q { jobs = channel<number>(); m(): any { return { jobs: c, n() { this.jobs.send(1) } } } }; c(Q)",
    "class Q { jobs() {} m(): any { (this.jobs as any).send(1) } }; c(Q)",
    "yield* suspend<number>(resume => c(resume.resolve))",
    "yield* suspend<number>(resume => { resume.resolve(1) })",
  ])
    expect(found(body(fine)), fine).toEqual([])
})

test("what is kept in a variable that nobody reads", () => {
  const body = (s: string) => `function* fib(n: number): any { return n }\nexport function* f(c: any): any { ${s} }`
  for (const [wrong, name] of [
    ["const p = all([fib(1), fib(2)])", "all"],
    ["const h = spawn(fib(1))", "spawn"],
    ["let p = fib(1)", "fib"],
    ["let p; p = fib(1)", "fib"],
    ["let p: any = fib(1); p = c", "fib"],
    ["var p = sleep(1)", "sleep"],
  ] as const)
    expect(found(body(wrong)), wrong).toEqual([`warning FORGOTTEN_YIELD 2 ${name}`])
  for (const fine of [
    "const _p = fib(1)",
    "const p = fib(1); yield* p",
    "const p = fib(1); c(() => p)",
    "const p = fib(1); eval(c)",
    "const p = fib(1); return { p }",
    "const p = fib(1); if (p) yield* p",
    "const p = fib(1), q = fib(1); return p === q",
    "const p = spawn(fib(1)); const h = yield* p; return h",
    "let p: any; return (p = fib(1))",
    "using p = fib(1); yield 1",
    "for (using p of [fib(1), null, yield* mutex().lock()]) yield p",
    "const list = [mutex().lock()]; list[0] = yield* list[0]; for (using p of list) yield p",
    "const m = mutex(); for (const op of [m.lock(), sleep(1)]) yield* op",
    "const p = c(fib(1))",
    "const p = [fib(1)]",
    "const [p] = fib(1); return p",
  ])
    expect(found(body(fine)), fine).toEqual([])
  expect(found("export const p = sleep(1); export const q = function* (): any {}")).toEqual([])
  expect(found("const p = sleep(1); export { p as r }; export const q = function* (): any {}")).toEqual([])
  expect(found("const p = sleep(1); export const q = function* (): any {}")).toEqual([
    "warning FORGOTTEN_YIELD 1 sleep",
  ])
})

test("what is kept in a variable, and only asked: as a truth, a number, a text or another value's equal", () => {
  const body = (s: string) => `function* fib(n: number): any { return n }\nexport function* f(c: any): any { ${s} }`
  for (const [wrong, severity, name] of [
    ["const ok = fib(1); if (ok) yield", "warning", "fib"],
    ["const ok = fib(1); if (!ok) yield", "warning", "fib"],
    ["const ok = fib(1); return ok && c", "warning", "fib"],
    ["let ok = fib(1); return ok ? 1 : 2", "warning", "fib"],
    ["const ok = fib(1); return () => { while (ok) c() }", "warning", "fib"],
    ["const n = fib(1); return n === 1", "warning", "fib"],
    ["const n = fib(1); switch (n) { case 1: c() }", "warning", "fib"],
    ["const ok = channel<number>().trySend(1); if (ok) yield", "error", "trySend"],
    ["const m = mutex(); const g = m.tryLock(); if (!g) return", "error", "tryLock"],
    ["const n = wait(c); return n * 2", "error", "wait"],
    [`const n = wait(c); return \`n is \${n}\``, "warning", "wait"],
  ] as const)
    expect(found(body(wrong)), wrong).toEqual([`${severity} FORGOTTEN_YIELD 2 ${name}`])
  for (const fine of [
    "const ok = fib(1); if (ok) yield* ok",
    "const ok = sleep(1); if (ok) c(ok)",
    "const ok = sleep(1); if (ok) c(() => ok)",
    "const ok = fib(1); return ok || c",
    "const ok = fib(1); return ok === c",
    "const ok = fib(1); return ok instanceof c",
    "let ok = c; if (c) ok = fib(1); if (ok) yield",
    "const ok = c && sleep(1); if (ok) yield",
    `const ok = fib(1); return c\`\${ok}\``,
    "const _ok = sleep(1); if (_ok) yield",
  ])
    expect(found(body(fine)), fine).toEqual([])
})

test("what is part of a result that a literal shows, of a fiber", () => {
  const body = (s: string) =>
    `function* fib(n: number): any { return n }\nexport function* f(c: any): any { function* g(): any { ${s} }; return yield* (yield* spawn(g())).join() }`
  for (const wrong of [
    "return { a: fib(1) }",
    "return { a: { b: [c, fib(1)] } }",
    "return [fib(1)]",
    "return c ? [c ?? fib(1)] : null",
    "return new Map([['a', fib(1)]])",
    "return new Set([fib(1)])",
  ])
    expect(found(body(wrong)), wrong).toEqual(["warning FORGOTTEN_YIELD 2 fib"])
  for (const fine of [
    "const a = fib(1); return { a }",
    "return { a: yield* fib(1), get b() { return fib(1) }, c: () => fib(1) }",
    "return [...fib(1)]",
    "return c([fib(1)])",
    "return new c.Map([fib(1)])",
    "return { a: all([fib(1)]) } instanceof c",
  ])
    expect(found(body(fine)), fine).toEqual([])
  expect(found("function* fib(): any {}; export function* f(): any { return { a: fib() } }")).toEqual([])
})

test("what is read of a result that is not there yet", () => {
  const body = (s: string) => `function* fib(n: number): any { return n }\nexport function* f(c: any): any { ${s} }`
  for (const [wrong, name] of [
    ["return fib(1).length", "fib(1)"],
    ["return fib(1)[0]", "fib(1)"],
    ["return fib(1).x.y()", "fib(1)"],
    ["c(wait(c).then(c))", "wait(c)"],
    ["const { a } = fib(1); return a", "fib(1)"],
    ["const { value } = channel().tryReceive(); return value", "channel().tryReceive()"],
    ["const p = fib(1); return p.length", "p"],
    ["const p = all([c]); c(p[0])", "p"],
    ["const [a] = all([c]); return a", "all"],
    ["for (const x of all([c])) c(x)", "all"],
    ["c(...all([c]))", "all"],
    ["return { ...fib(1) }", "fib"],
    ["return fib(1)()", "fib"],
  ] as const)
    expect(found(body(wrong)), wrong).toEqual([`warning FORGOTTEN_YIELD 2 ${name}`])
  for (const fine of [
    "return fib(1).next().value",
    "return fib(1).map(c).toArray()",
    "return fib(1).constructor",
    "return fib(1)[Symbol.iterator]()",
    "return fib(1)[c]",
    "const p: any = fib(1); p.x = 1; return p.x",
    "fib.prototype.x = 1; return fib(1).x",
    "Object.assign(fib.prototype, { x: 1 }); return fib(1).x",
    "const { next, ...rest } = fib(1); return [next, rest]",
    "for (const x of fib(1)) c(x)",
    "c(...fib(1), ...[1])",
    "return { ...c(fib(1)) }",
    "return c(fib(1))()",
  ])
    expect(found(body(fine)), fine).toEqual([])
})

test("a function whose computation or operation is dropped by who calls it", () => {
  const body = (s: string) => `function* g(x?: any): any {}\nexport function* f(xs: any): any { ${s} }`
  for (const [wrong, name] of [
    ["xs.forEach((x: any) => g(x))", "g"],
    ["xs.forEach((x: any) => { if (x) return g(x) })", "g"],
    ["setTimeout(() => sleep(1), 1)", "sleep"],
    ["const ys = [1]; return ys.filter(y => g(y))", "g"],
  ] as const)
    expect(found(body(wrong)), wrong).toEqual([`warning FORGOTTEN_YIELD 2 ${name}`])
  for (const fine of [
    "return xs.map((x: any) => g(x))",
    "xs.forEach((x: any) => xs.push(g(x)))",
    "xs.forEach(async (x: any) => g(x))",
    "return xs.filter((x: any) => g(x))",
    "yield* rove.forEach(xs, x => g(x))",
    "class Tree { forEach(_: any) {} }; new Tree().forEach((x: any) => g(x))",
    "queueMicrotask(() => void g())",
  ])
    expect(found(body(fine)), fine).toEqual([])
})

test("the hint says what to write where the code stands", () => {
  const hints = (source: string) => compile(head + source, "src/a.ts")?.diagnostics.map(d => d.hint)
  const gen = (s: string) => hints(`export function* f(c: any): any { ${s} }`)
  expect(gen("sleep(1)")).toEqual(["write `yield* sleep(1)`; `void` before it says that nothing is wanted"])
  expect(gen("return c + sleep(1)")).toEqual(["write `yield* sleep(1)`"])
  expect(hints("export async function f(): Promise<any> { await sleep(1) }")).toEqual([
    "only a generator can perform it, with `yield*`; ordinary code gives a computation to `pool.run`",
  ])
  expect(gen("yield* suspend<number>(resume => c(() => { resume.with(1) }))")).toEqual([
    "only a generator can perform it, with `yield*`; ordinary code calls the resumer's `resolve` or `reject`",
  ])
})
