import { expect, test } from "vitest"
import { compile } from "../compile.ts"
import { CompileError } from "../diagnostics.ts"
import { mistypedDirective } from "../directive.ts"
import { misplacedDirectives } from "./directive.ts"

const head = `"use fibers"
import { spawn, sleep, wait, scope, all, ContextVar } from "rove"; import * as rove from "@rove/fibers"; import { spawn as start } from "rove"; import net, { connect } from "node:net"; import { open } from "node:fs/promises"
`
/** What is found in a text below the imports: severity, the code without its prefix, line (from 1) and the names in the message. */
function found(body: string, id = "src/a.ts"): string[] {
  const short = (d: { severity: string; code: string; line: number; message: string }) =>
    `${d.severity} ${d.code.slice(5)} ${d.line - 2} ${/`(.*?)`/.exec(d.message)?.[1]}`
  try {
    return (compile(head + body, id)?.diagnostics ?? []).map(short)
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return error.diagnostics.map(short)
  }
}

test.each([
  "const x = new Promise(() => {})",
  "const x = fetch('a')",
  "const x = globalThis.fetch('a')",
  "const x = new WeakMap()",
  "const x = setTimeout(() => {}, 1)",
  "const x = net.connect(1)",
  "const x = connect(1)",
  "const x = net.createServer()",
  "const x = open('a')",
  "const x = yield* wait(open('a'))",
  "const x = yield* wait(() => fetch('a'))",
  "const x = new Headers().entries()",
  "const x = Promise.all([])",
  "const x = later()",
  "const x = later().then(y => y).finally(() => {})",
  "const w = new WeakMap(), x = w; w.get(x)",
  "const x = weak",
  "const x = { list: [1, { socket: connect(1) }] }",
  "const x = [[new WeakRef({})]]",
  "const x = Promise.withResolvers()",
  "const { promise: x } = Promise.withResolvers()",
  "const { resolve: x } = Promise.withResolvers<any>()",
  "const { port1: x } = new MessageChannel()",
  "const { s: x } = { s: connect(1) }",
  "const whole = { n: 1, s: connect(1) }; const { s: x } = whole",
  "const x = new Intl.NumberFormat()",
  "const x = Intl.Collator('en')",
  "const x = new Function('return 1')",
  "let x; x = true && new WeakRef({})",
  "let x = new WeakSet() ?? 1; for (const y of [1]) yield y",
])("held across a suspension: %s", definition => {
  const body = `const weak = new WeakMap(); async function later() {}\nexport function* f(): any { ${definition}; yield* sleep(1); return x }`
  expect(found(body)).toEqual(["warning HELD 2 x"])
})

test.each([
  ["used up before the suspension", "const x = fetch('a'); const y = yield* wait(x); return y"],
  ["made behind it", "yield 1; const x = new WeakMap(); return x"],
  [
    "of another block that has a variable of the same name",
    "for (let i = 0; i < 2; i++) { const x = new WeakMap(); x.get({}) } for (const x of [1]) { yield x; x }",
  ],
  ["replaced before it", "let x: any = new WeakMap(); x.get({}); x = null; yield 1; return x"],
  ["used in one turn of a loop", "for (;;) { yield 1; const x = fetch('a'); yield* wait(x) }"],
  ["in a helper that does not suspend", "const go = () => { const x = fetch('a'); return x }; yield 1; return go"],
  ["one's own fetch", "const fetch = (a: number) => a; const x = fetch(1); yield 1; return x"],
  [
    "a part that is data",
    "const { length: x } = [fetch('a')], { port: y } = new MessageChannel() as any; yield 1; return [x, y]",
  ],
  ["another part of a literal", "const { n: x } = { s: fetch('a'), n: 1 }; yield 1; return x"],
  ["a part that may be another", "const more = {}, { s: x } = { s: fetch('a'), ...more } as any; yield 1; return x"],
  ["what Intl gives", "const x = Intl.getCanonicalLocales('en'); yield 1; return x"],
  ["in a circle", "const a: any = { b: () => c, d: [c] }, c: any = { a }; yield 1; return [a, c]"],
  ["its result", "const x = { data: yield* wait(fetch('a').then(r => r.json())) }; yield 1; return x"],
  ["what the codec knows", "const x = new Map(), y = new Date(), z = [1].entries(); yield 1; return [x, y, z]"],
])("not held: %s", (_, statements) => {
  expect(found(`export function* f(): any { ${statements} }`)).toEqual([])
})

test("what `using` declares is held until its scope ends, also if nobody uses it any more", () => {
  const body = (statements: string) => `export function* f(): any { ${statements} }`
  expect(found(body("using x = net.createServer(); yield 1"))).toEqual(["warning HELD 1 x"])
  expect(found(body("yield 1; { using x = net.createServer(); x.ref() } yield 2"))).toEqual([])
  expect(found(body("{ yield 1; using x = net.createServer(); x.ref() } yield 2"))).toEqual([])
  expect(found(body("for (const i of [1]) { yield i; using x = net.createServer() }"))).toEqual([])
})

test("a function holds what it captures", () => {
  const body =
    "export function* f(): any { const w = new WeakMap(); const has = (x: any) => w.has(x); yield 1; return has }"
  expect(found(body)).toEqual(["warning HELD 1 has"])
  expect(found(body.replace("return has", "return 1"))).toEqual([])
})

test.each([
  "let x = (0) ? (x) : (0)",
  "let x: any = x || x",
  "let x: any = x.then().then()",
  "const a: any = [b, b], b: any = [c, c], c: any = [a, a], x = (a, b) ? { a } : { b }",
])("values that are declared by themselves end: %s", definition => {
  expect(found(`export function* f(): any { ${definition}; yield 1; return x }`)).toEqual([])
})

test("a value is held in the next turn of a loop around its variable", () => {
  const body = "export function* f(): any { let x: any; for (;;) { yield 1; x?.ref(); x = setTimeout(() => {}) } }"
  expect(found(body)).toEqual(["warning HELD 1 x"])
})

test("changes of module-level state in fiber code", () => {
  expect(found("let n = 0\nexport function* f() { n++ }")).toEqual(["warning MODULE_STATE 2 n"])
  for (const kind of ["barrier", "channel", "latch", "mutex", "readWriteLock", "semaphore"]) {
    const made = `export const one: any = rove.${kind}(1)`
    expect(found(`${made}\nexport function* f() { yield* one.use() }`), kind).toEqual(["warning MODULE_STATE 2 one"])
    expect(found(`${made}\nexport function* f() { const one: any = rove.${kind}(1); yield* one.use() }`)).toEqual([])
    expect(found(`${made}\nexport const main = (p: any, f: any) => p.run(f(one))`)).toEqual([])
  }
  expect(found("var n = 0\nexport function* f() { [n] = [1] }")).toEqual(["warning MODULE_STATE 2 n"])
  for (const change of [
    "m.set(1, 2)",
    "l.push(1)",
    "l[0] = 1",
    "l.length = 0",
    "o.a = 1",
    "o.a++",
    "delete o.a",
    "o.list.push(1)",
    "o['m'].clear()",
    "Object.assign(o, {})",
    "({ b: o.a } = { b: 1 })",
    "for (o.a of [1]);",
    "[1].forEach(x => l.push(x))",
    "help()",
    "C.n = 1",
    "D.n++",
    "E.list = []",
    "const c = m; c.set(1, 2)",
    "const c = o, d = c.list; d.push(1)",
    "const c = l; [1].forEach(x => c.push(x))",
    "p.set(1, 2)",
    "new S().add(1)",
    "S.put(1)",
    "const one = new S(); one.deep()",
    "new Counted()",
    "new Fielded()",
    "o2.put()",
  ]) {
    const body = `class S { add(x: any) { s.add(x) } static put(x: any) { s.add(x) } deep() { this.add(1) } } class Counted { constructor() { s.add(1) } other() { s.add(2) } } class Fielded { x = s.add(1) } const o2 = { put() { s.add(1) } }; const m = new Map(), l: any[] = [], o: any = { a: 1, list: [], m: new Map() }; function help() { s.add(1) }; const s = new Set(), C = class {}, p = m; class D { static n = 1 } class E {}\n`
    expect(found(`${body}export function* f() { ${change} }`), change).toHaveLength(1)
    expect(found(`${body}export function f() { ${change} }`), change).toEqual([])
  }
})

test.each([
  "const v = new ContextVar('v'); export function* f() { v.set(1) }",
  "const m = new Map(); export function* f() { return m.get(1) }",
  "const l = [1]; export function* f() { return [...l].sort().concat(l.map(x => x)) }",
  "const m = new Map(); export function* f() { const m = new Map(); m.set(1, 2) }",
  "let n = 0; n++; export function* f() { let n = 0; n++ }",
  "const cells = new Int32Array(new SharedArrayBuffer(8)); export function* f() { cells[0] = 1 }",
  "const o = { set a(v) {} }; export function* f() { o.a = 1 }",
  "const o = { a: new ContextVar('v') }; export function* f() { o.a.set(1) }",
  "const o = Object.freeze({ a: 1 }); export function* f() { return { ...o, a: 2 } }",
  "class C { static set n(v) {} }; export function* f() { C.n = 1 }",
  "const C = class { static set n(v) {} }; export function* f() { C.n = 1 }",
  "class C extends f { }; export function* f() { C.n = 1 }",
  "class C { n = 0 }; export function* f() { const c = new C(); c.n = 1 }",
  "const m = new Map(); export function* f() { const c = new Map(m); c.set(1, 2) }",
  "const m = new Map(); export function* f() { let c = m; c = new Map(); c.set(1, 2) }",
  "const o = { a: 1 }; export function* f() { const c = { ...o }; c.a = 2 }",
  "const o = { a: [1] }; export function* f() { const c = o; return c.a.map(x => x) }",
  "const o = { m: new ContextVar('v') }; export function* f() { const c = o.m; c.set(1) }",
  "class Map { set() {} }; const m = new Map(); export function* f() { m.set() }",
])("no change of module-level state: %s", body => {
  expect(found(body)).toEqual([])
})

const error = (line: number, name: string) => [`error COPIED_VARIABLE ${line} ${name}`]

test.each([
  ["a nested generator", "function* g() { n++ }\nyield* spawn(g())"],
  ["by another name", "function* g() { n++ }\nyield* start(g())"],
  ["through the namespace", "function* g() { n++ }\nyield* rove.spawn(g())"],
  ["a generator expression", "yield* spawn((function* () { n += 1 })())"],
  ["in a constant", "const g = function* () { [n] = [1] }\nconst c = g(); yield* spawn(c)"],
  ["a closure among the arguments", "yield* spawn(work(() => { n = 1 }))"],
  ["in an object among the arguments", "yield* spawn(work({ done: () => { n = 1 } }))"],
  ["a function that it calls", "const add = () => { n++ }; function* g() { add() }; yield* spawn(g())"],
  ["deeper inside", "function* g() { return () => { for (n of [1]); } }; yield* spawn(g())"],
  ["a method of an object", "const o = { *m() { n = 1 } }; yield* spawn(o.m())"],
  ["a function in an object", "const o = { m: function* () { n = 1 } }; yield* spawn(o.m())"],
  ["a method of a literal", "yield* spawn({ *m() { n = 1 } }.m())"],
  ["a method of a class", "class K { *m() { n = 1 } }; yield* spawn(new K().m())"],
  ["a method of a constant instance", "class K { *m() { n = 1 } }; const k = new K(); yield* spawn(k.m())"],
  ["a static method", "class K { static *m() { n = 1 } }; yield* spawn(K.m())"],
  ["a field", "class K { m = function* () { n = 1 } }; yield* spawn(new K().m())"],
  ["a private method", "class K { *#m() { n = 1 } *r() { yield* spawn(this.#m()) } }; yield* new K().r()"],
  ["a method that it calls", "const o = { add() { n++ } }; function* g() { o.add() }; yield* spawn(g())"],
  ["what an ordinary function gives", "const g = (i: number) => (function* () { n += i })(); yield* spawn(g(1))"],
  ["what a list was mapped to", "for (const c of [1].map(i => (function* () { n += i })())) yield* spawn(c)"],
  ["of a list that is named", "function* g() { n++ }; const l = [g(), g()]; for (const c of l) yield* spawn(c)"],
  ["spawned within a scope", "function* g() { n++ }; yield* scope(function* () { yield* spawn(g()) })"],
])("assigned in a spawned function, %s: an error", (_, statements) => {
  const body = `function* work(x: any): any {}\nexport function* f(): any { let n = 0; ${statements.replaceAll("\n", "; ")}; return n }`
  expect(found(body)).toEqual(error(2, "n"))
})

test.each([
  ["at once", "yield* spawn(g()); n = 2"],
  ["further out", "if (c) { yield* spawn(g()) } n = 2"],
  ["behind what may leave before it", "if (c) return; yield* spawn(g()); n = 2"],
  ["in a finally", "try { yield* spawn(g()) } finally { n = 2 }"],
  ["with the handle itself", "n = yield* spawn(g())"],
  ["in the same turn of a loop", "for (;;) { let m = 1; yield* spawn((function* () { return m })()); m++ }"],
])("assigned after the spawn, %s: an error", (_, statements) => {
  const body = `export function* f(c: any): any { let n: any = 0; function* g(): any { return n }; ${statements} }`
  expect(found(body)).toHaveLength(1)
  expect(found(body)[0]).toMatch(/^error COPIED_VARIABLE 1 [nm]$/)
})

test.each([
  ["by its handle", "const a = yield* spawn(g()); yield* a.join(); n = 2"],
  ["at once", "yield* (yield* spawn(g())).join(); n = 2"],
  ["for its result", "const a = yield* (yield* spawn(g())).join(); n = a"],
  ["into the variable itself", "n = yield* (yield* spawn(g())).join()"],
])("assigned when the fiber was joined, %s: nothing is missed", (_, statements) => {
  expect(found(`export function* f(): any { let n: any = 0; function* g(): any { return n }; ${statements} }`)).toEqual(
    [],
  )
})

test.each([
  ["something else may have been done with the handle", "yield* c(yield* spawn(g())); n = 2"],
  ["under a condition", "yield* spawn(g()); if (c) n = 2"],
  ["if it is not set", "yield* spawn(g()); n ??= 2"],
  ["a loop may turn once", "for (const x of [1]) { n = x; yield* spawn(g()) }"],
  ["it may have left", "if (c) { yield* spawn(g()); if (c.d) return } n = 2"],
  ["a catch may run", "try { yield* spawn(g()) } catch { n = 2 }"],
  ["the operation may be performed later", "const op = spawn(g()); n = 2; yield* op"],
  ["a function may be called", "yield* spawn(g()); [1].forEach(x => { n = x })"],
  ["somebody else may have joined", "const a = yield* spawn(g()); yield* all([a]); n = 2"],
])("a doubt is a warning: %s", (_, statements) => {
  const body = `export function* f(c: any): any { let n: any = 0; function* g(): any { return n }; ${statements} }`
  expect(found(body)).toEqual(["warning COPIED_VARIABLE 1 n"])
})

test.each([
  ["a method of the object may have been set", "const o: any = { *m() { n = 1 } }; o.m = c; yield* spawn(o.m())"],
  ["someone else has the object", "const o = { *m() { n = 1 } }; c(o); yield* spawn(o.m())"],
  ["something is spread behind it", "const o = { *m() { n = 1 }, ...c }; yield* spawn(o.m())"],
  ["a subclass may have another", "class K { *m() { n = 1 } *r() { yield* spawn(this.m()) } }; yield* new K().r()"],
  ["a base class may set it", "class K extends c { *m() { n = 1 } }; yield* spawn(new K().m())"],
  [
    "a constructor may give another",
    "class K { *m() { n = 1 } constructor() { return c } }; yield* spawn(new K().m())",
  ],
  ["a field may be in its place", "class K { *m() { n = 1 } [c] = 1 }; yield* spawn(new K().m())"],
  ["the prototype is at hand", "class K { *m() { n = 1 } }; c(K.prototype); yield* spawn(new K().m())"],
  ["nobody knows what map is", "for (const g of c.map((i: any) => (function* () { n += i })())) yield* spawn(g)"],
  ["who knows whom a callback is for", "yield* spawn(c(() => { n = 1 }))"],
])("a doubt about what is spawned is a warning: %s", (_, statements) => {
  const body = `export function* f(c: any): any { let n: any = 0; ${statements}; return n }`
  expect(found(body)).toEqual(["warning COPIED_VARIABLE 1 n"])
})

test("what an async generator cannot perform", () => {
  const rest = "function* nap(): any { yield* deep() }; function* deep(): any { yield* sleep(1); yield* nap() }"
  const body = (s: string) =>
    `${rest}; function* count(): any { yield 1; yield* [2] }\nexport async function* f(p: any): any { ${s} }`
  for (const [wrong, name] of [
    ["yield* sleep(1)", "sleep"],
    ["const x = (yield* spawn(nap()), await p)", "spawn"],
    ["yield* nap()", "nap"],
  ] as const)
    expect(found(body(wrong)), wrong).toEqual([`warning NO_FIBER 2 ${name}`])
  for (const fine of [
    "yield* count()",
    "yield* p",
    "yield* p.sleep(1)",
    "yield sleep",
    "function* g(): any { yield* sleep(1) }; p(g)",
  ])
    expect(found(body(fine)), fine).toEqual([])
  expect(found("export async function* f(): any { yield* sleep(1) }")).toEqual(["warning NO_FIBER 1 sleep"])
})

test("what spawn cannot start", () => {
  const body = (s: string) =>
    `async function* a() {}; async function p() {}; function* g(): any {}\nexport function* f() { ${s} }`
  for (const wrong of ["a()", "p()", "g"])
    expect(found(body(`yield* spawn(${wrong} as any)`))).toEqual(["warning NOT_COMPILED 2 spawn"])
  expect(found(body("yield* spawn(g())"))).toEqual([])
})

test("a directive that is only nearly one", () => {
  const lines = (source: string) =>
    mistypedDirective(source, "a.ts").map(d => `${d.line}:${d.column} ${d.message.split(" is ")[0]}`)
  expect(lines('"use fiber"\nimport "x"')).toEqual(['1:1 "use fiber"'])
  expect(lines("#!/usr/bin/env node\n/* fib */ // x\n'use strict'; 'use Fibres'")).toEqual(["3:15 'use Fibres'"])
  for (const fine of [
    '"use fibers"',
    '"use strict"; "use fibers"; "use fiber"',
    'const a = "use fiber"',
    'f()\n"use fiber"',
    '"fibonacci"',
    "",
  ])
    expect(lines(fine), fine).toEqual([])
})

test("a directive that is not at the top", () => {
  const lines = (source: string) => misplacedDirectives(source, "a.ts").map(d => `${d.code} ${d.line}:${d.column}`)
  expect(lines('import "x"\n"use fibers"\nfunction* f() {}')).toEqual(["ROVE_DIRECTIVE 2:1"])
  expect(lines('function* f(): any {\n  "use fibers"\n}')).toEqual(["ROVE_DIRECTIVE 2:3"])
  expect(lines('const directive: string = "use fibers"; f("use fibers")')).toEqual([])
  expect(lines("not even JavaScript 'use fibers'")).toEqual([])
  expect(lines("const s = `use fibers`; `use fibers $` + s")).toEqual([])
})

test.each([
  ['("use fibers")\nfunction* f() {}', "in parentheses"],
  ["`use fibers`\nfunction* f() {}", "as a template"],
  ['import "x"\n"use fibers"', "behind other statements"],
  ['function* f() { ("use fibers") }', "in a function"],
])("it says what is the matter with %j: it stands %s", (source, where) => {
  expect(misplacedDirectives(source, "a.ts").map(d => d.message)).toEqual([
    `"use fibers" ${where} does nothing: the module is not compiled`,
  ])
})
