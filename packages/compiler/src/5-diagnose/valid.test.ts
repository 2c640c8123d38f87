/** No error on valid code: programs beside each rule, this project's own sources, and packages that it depends on. */
import { readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { compile } from "../compile.ts"
import { CompileError, type Diagnostic } from "../diagnostics.ts"

const root = fileURLToPath(new URL("../../../..", import.meta.url))

const ERRORS = ["ROVE_COPIED_VARIABLE", "ROVE_FORGOTTEN_YIELD"]

/** What rules say of a text as errors. What the parser says is its own affair. */
function errors(source: string, id: string, sourceType?: "module" | "script"): string[] {
  return told(source, id, sourceType)
    .filter(d => d.severity === "error")
    .map(inWords)
}

function told(source: string, id: string, sourceType?: "module" | "script"): readonly Diagnostic[] {
  // what is certain is said of modules with the directive alone
  const text = source.startsWith("#!") ? source : `"use fibers";${source}`
  try {
    const { diagnostics } = compile(text, id, { always: true, ...(sourceType && { sourceType }) }) ?? {
      diagnostics: [],
    }
    return diagnostics.filter(d => ERRORS.includes(d.code))
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return [...error.diagnostics, ...error.warnings].filter(d => ERRORS.includes(d.code))
  }
}

const inWords = ({ file, line, message }: Diagnostic) => `${file}:${line}: ${message}`

/** Generators as others write them, which are no computations of fibers. */
const ordinary = [
  ["asked for their next value", "if (g().next().done) work(); return 1 + g().next().value"],
  ["as lists", "return [...g()].length + Array.from(g()).length + new Set(g()).size"],
  ["by the language's helpers", "return g().map(x => x + 1).filter(Boolean).take(2).toArray()[0]"],
  ["with own numbers", "g.prototype[Symbol.toPrimitive] = () => 1; return g() + 1 < g() * 2"],
  ["compared", "return g() === g() || g() != null || g() instanceof g"],
  ["shown", "return '' + g() + Object.prototype.toString.call(g())"],
  ["kept for later", "const a = g(); let b; b = g(); if (a) return [a, b]; return a ?? b"],
  ["perhaps made", "const a = c && g(); if (!a) return; return c ? g() : null"],
  ["handed on", "work(g(), { a: g() }, [g()]); new Map([[1, g()]]); return work.call(g())"],
  ["in classes", "class K { a = g(); *[Symbol.iterator]() { yield* this.a } }; return new K()"],
  ["disposed of", "{ using a = g(); work(a) }"],
] as const

test.each(ordinary)("generators: %s", (_, statements) => {
  expect(
    errors(`const work = x => x\nfunction* g() { yield 1 }\nexport function f(c) { ${statements} }`, "a.js"),
  ).toEqual([])
})

const valid = [
  ["its own variable", "function* g() { let n = 0; n++; return n }; yield* spawn(g())"],
  ["its own parameter", "function* g(n) { n++; return n }; yield* spawn(g(1))"],
  ["only read", "function* g() { return n }; yield* spawn(g())"],
  ["assigned before", "n = 1; function* g() { return n }; n = 2; yield* spawn(g())"],
  ["the body of a scope", "yield* scope(function* () { n++ })"],
  ["an ordinary callback", "[1].forEach(x => { n += x }); yield* spawn(work(n)); [1].forEach(x => { n += x })"],
  ["a call, not a spawn", "function* g() { n++ }; yield* g(); yield* g()"],
  ["the variable of each turn", "for (let i = 0; i < 3; i++) { function* g() { return i }; yield* spawn(g()) }"],
  ["a variable in each turn", "for (;;) { let m = 0; m++; function* g() { return m }; yield* spawn(g()); break }"],
  ["the other branch", "function* g() { return n }; if (c) yield* spawn(g()); else n = 1"],
  ["behind a return", "function* g() { return n }; if (c) { return yield* spawn(g()) } n = 1"],
  ["another case", "function* g() { return n }; switch (c) { case 1: n = 1; break; case 2: yield* spawn(g()) }"],
  ["an argument, evaluated at the call", "yield* spawn(work(n)); n++; yield* spawn(work(n))"],
  ["an argument that is assigned", "yield* spawn(work((n = 2)))"],
  ["another spawn", "function* g() { n++ }; const spawn = f => f; spawn(g())"],
  ["another module's spawn", "function* g() { n++ }; process.spawn(g())"],
  ["joined before", "function* g() { return n }; const a = yield* spawn(g()); n = yield* a.join()"],
  ["performed later", "function* g() { return n }; const op = spawn(g()); n = 1; yield* op"],
  ["a property", "const o = { n: 0 }; function* g() { o.n++ }; yield* spawn(g()); o.n = 1"],
  ["module state", "function* g() { m++ }; yield* spawn(g()); m = 2"],
  ["dead code", "function* g() { return n }; yield* spawn(g()); return 1; n = 2"],
  ["under the opposite condition", "function* g() { return n }; if (c) yield* spawn(g()); if (!c) n = 1"],
  ["left under the same condition", "function* g() { return n }; if (c) yield* spawn(g()); if (c) return; n = 1"],
  ["a method's own variable", "const o = { *m() { let n = 0; n++ } }; yield* spawn(o.m())"],
  ["another method", "const o = { *m() {}, inc() { n++ } }; yield* spawn(o.m()); o.inc()"],
  ["a method called, not spawned", "const o = { *m() { n++ } }; yield* o.m()"],
  ["replaced behind it", "const o = { *m() { n++ }, *m() {} }; yield* spawn(o.m())"],
  ["replaced by an assignment", "const o = { *m() { n++ } }; o.m = work; yield* spawn(o.m())"],
  ["an ordinary function of the parent", "const make = i => { n += i; return work(n) }; yield* spawn(make(1))"],
  ["its callback", "const make = fn => { fn(); return work(n) }; yield* spawn(make(() => { n++ }))"],
  ["a callback of map", "for (const g of [1].map(i => { n += i; return work(n) })) yield* spawn(g)"],
  ["shadowed", "function* g() { { let n = 1; n++ } return n }; yield* spawn(g())"],
] as const

test.each(valid)("%s", (_, statements) => {
  const body = `import { spawn, scope } from "rove"\nimport * as process from "node:child_process"\nlet m = 0\nfunction* work(x) {}\nexport function* f(c) { let n = 0; ${statements} }`
  expect(errors(body, "a.js")).toEqual([])
})

function* sources(folder: string, name: RegExp): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!/^(?:node_modules|dist|\..*)$/.test(entry.name)) yield* sources(path, name)
    } else if (name.test(entry.name)) yield path
  }
}

test("the project's own sources", { timeout: 120_000 }, () => {
  const all = ["packages", "examples", "test", "bench"].flatMap(f => [...sources(join(root, f), /(?<!\.d)\.ts$/)])
  expect(all.length).toBeGreaterThan(150)
  expect(all.flatMap(path => errors(readFileSync(path, "utf8"), path.slice(root.length)))).toEqual([])
})

test("packages of others, of which nothing is said at all", { timeout: 120_000 }, () => {
  const require = createRequire(join(root, "package.json"))
  const folders = ["vitest", "fast-check", "acorn", "rolldown"].map(name =>
    dirname(require.resolve(`${name}/package.json`)),
  )
  const found = folders.flatMap(folder =>
    [...sources(folder, /\.[cm]?js$/)]
      .slice(0, 60)
      .flatMap(path =>
        told(readFileSync(path, "utf8"), path, path.endsWith(".cjs") ? "script" : "module").map(inWords),
      ),
  )
  expect(found).toEqual([])
})

test("constants that are declared with themselves have an end", () => {
  for (const value of ["v", "([] = v)", "v || v", "c ? v : v", "v.then(f).catch(f)", "[v, { v }]", "(w = v)"])
    expect(
      compile(`function* f() { yield 1; const v = ${value}; yield v }`, "a.js", { always: true }),
      value,
    ).not.toBeNull()
})
