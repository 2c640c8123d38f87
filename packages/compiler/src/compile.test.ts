import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping"
import { parseSync } from "oxc-parser"
import { expect, test } from "vitest"
import { type Compiled, compile } from "./compile.ts"
import { CompileError } from "./diagnostics.ts"

const directive = '"use fibers"\n'

function compiled(source: string, id = "src/a.ts", options = {}): Compiled {
  const result = compile(source, id, options)
  if (result === null) throw new Error("not compiled")
  return result
}

function errorsOf(source: string, id = "src/a.ts"): readonly string[] {
  try {
    compile(source, id)
  } catch (error) {
    expect(error).toBeInstanceOf(CompileError)
    return (error as CompileError).diagnostics.map(
      ({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`,
    )
  }
  return []
}

/** Where the map leads from the place of a text in the output. */
function origin({ code, map }: Compiled, text: string): string {
  const lines = code.split("\n")
  const line = lines.findIndex(one => one.includes(text))
  expect(line).toBeGreaterThanOrEqual(0)
  const found = originalPositionFor(new TraceMap(map as never), {
    line: line + 1,
    column: (lines[line] as string).indexOf(text),
  })
  return `${found.source}:${found.line}:${(found.column ?? -1) + 1}`
}

test("a module that does not begin with the directive is none of ours", () => {
  expect(compile("function* f() { yield 1 }", "a.ts")).toBe(null)
  expect(compile('// "use fibers"\nfunction* f() { yield "use fibers" }', "a.ts")).toBe(null)
  expect(compile('const x = 1; "use fibers"; function* f() {}', "a.ts")).toBe(null)
  expect(compile('("use fibers"); function* f() {}', "a.js")).toBe(null)
  expect(compile("not even JavaScript", "a.js")).toBe(null)
})

test("the directive may stand behind comments and other directives", () => {
  expect(compile("#!/usr/bin/env node\n// c\n/* d */ \"use strict\"; 'use fibers'\nfunction* f() {}", "a.ts")).not.toBe(
    null,
  )
  expect(compile('\ufeff"use fibers"\nfunction* f() {}', "a.js")).not.toBe(null)
  expect(compile("function* f() {}", "a.js", { always: true })).not.toBe(null)
})

test("compiled text is not compiled again", () => {
  for (const id of ["a.ts", "a.js"])
    expect(compile(compiled(`${directive}export function* f() { yield 1 }`, id).code, id)).toBe(null)
})

test("the directive becomes a comment, and those beside it keep their force", () => {
  const beside = "'use fibers' ; 'use strict'\nfunction* f() { yield this }"
  const { code } = compiled(beside, "a.cjs")
  expect(code).toMatch(/^\/\* fibers {3}\*\/ 'use strict'/)
})

test("functions have ids and hashes, in TypeScript and JavaScript the same", () => {
  const js = compiled(`${directive}export function* f(a) { yield a }`, "src/a.js")
  const ts = compiled(`${directive}export function* f(a: number): Generator<number> { yield a as number }`)
  expect(js.functions.map(({ id }) => id)).toEqual(["src/a.js#f"])
  expect(ts.functions.map(({ id, hash }) => [id, hash])).toEqual([["src/a.ts#f", js.functions[0]?.hash]])
  expect(ts.functions[0]?.points.map(({ line, column }) => `${line}:${column}`)).toEqual(["2:8", "2:52"])
})

test("each form of a generator function is compiled, wherever it stands; async functions and async generators stay as they are", () => {
  const asynchronous = `export async function  a ( ) { await 1 }; export const b = async  ( ) => { for await (const x of c( )) x }
async function *  c ( ) { yield  1 } class N { async  m ( ) {} static async * n ( ) { yield  2 } }`
  const { code, functions } = compiled(
    `${directive}${asynchronous}
    export function* declared() { function* nested() { const deep = { *inside() { yield 1 } }; yield* deep.inside() } yield* nested() }
    export const expressed = function* () { yield 1 }, named = function* own() { yield 1 }
    class A { *m() { yield 1 } static *s() { yield 1 } *#p() { yield 1 } static *#q() { yield 1 } *["k"]() { yield 1 } static *[Symbol.iterator]() { yield 1 }
      field = function* () { yield 1 }; static fixed = function* () { yield 1 }; static { (function* () { yield 1 })() } ordinary() { return function* late() { yield 1 } } }
    export const o = { *m() { yield 1 }, f: function* () { yield 1 }, *[1 + 1]() { yield 1 } }
    export default function* () { yield 1 }
    label: { function* block() { yield 1 } }
    export const handed = [x => function* () { yield x }]`,
    "src/a.js",
  )
  for (const line of asynchronous.split("\n")) expect(code).toContain(line)
  const places =
    "declared declared.nested declared.nested.inside expressed own A.m A.s A.#p A.#q A.k A.[Symbol.iterator] A.field A.fixed A.anonymous A.late m f computed default block anonymous"
  expect(functions.map(({ id }) => id.slice("src/a.js#".length)).sort()).toEqual(places.split(" ").sort())
  expect(functions.every(({ points }) => points.some(({ id }) => id.startsWith("yield")))).toBe(true)
})

test("a function is called what it is called natively: private names, and computed keys as far as the source shows them", () => {
  const { functions } = compiled(`${directive}const key = "k"
    class A { *#p() {} *p() {} *[Symbol.iterator]() {} static *[key]() {} [key + 1] = function* () {}; *["lit" ]() {} }
    export const o = { *[Symbol.iterator]() {}, [Symbol.asyncIterator]: function* () {}, *[\`t\`]() {} }`)
  const names = [
    "#p",
    "p",
    "[Symbol.iterator]",
    "computed",
    "computed",
    "lit",
    "[Symbol.iterator]",
    "[Symbol.asyncIterator]",
  ]
  expect(functions.map(f => f.name).sort()).toEqual([...names, "computed"].sort())
  expect(new Set(functions.map(f => f.id)).size).toBe(9)
  expect(functions.map(f => f.id)).toEqual(expect.arrayContaining(["src/a.ts#A.#p", "src/a.ts#A.p"]))
})

test("syntax errors are the parser's own, all of them, with their places in the source", () => {
  expect(errorsOf(`${directive}// 😀\nfunction* f() {\n  const s = "😀", x: number = ;\n}`)).toEqual([
    "src/a.ts:4:31 ROVE_SYNTAX Unexpected token",
  ])
  expect(errorsOf(`${directive}// 😀\nlet a = "😀"; let a; break`, "a.js")).toEqual([
    "a.js:3:5 ROVE_SYNTAX Identifier `a` has already been declared",
    expect.stringMatching(/^a\.js:3:\d+ ROVE_SYNTAX Illegal break statement$/),
  ])
  expect(errorsOf(`${directive}\r\n\r\nlet a; let a`)).toEqual([
    expect.stringMatching(/^src\/a\.ts:4:5 ROVE_SYNTAX Identifier `a`/),
  ])
})

test("a field that multiplies the generator method below it is told to end with a semicolon", () => {
  const hintOf = (body: string, id: string) => {
    try {
      compile(`${directive}${body}`, id)
    } catch (error) {
      return (error as CompileError).diagnostics.map(({ hint }) => hint)[0]
    }
    return "nothing is wrong"
  }
  const told = expect.stringContaining("ends with `;`")
  expect(hintOf("class A {\n  n = 0\n  *run(): any {}\n}", "src/a.ts")).toEqual(told)
  expect(hintOf("class A {\n  n = 0\n  *run(x) {}\n}", "a.js")).toEqual(told)
  expect(hintOf("class A {\n  n = []\n  *[Symbol.iterator]() {}\n}", "a.js")).toEqual(told)
  expect(hintOf("class A {\n  n = 0;\n  *run(): any {}\n}", "src/a.ts")).toBe("nothing is wrong")
  expect(hintOf("const a = 2\n  *b(3) 4", "a.js")).not.toEqual(told)
})

test("who waits by `await`, or yields in no generator function, is told how fibers do that", () => {
  const hintOf = (body: string, id = "src/a.ts") => {
    try {
      compile(`${directive}${body}`, id)
    } catch (error) {
      return (error as CompileError).diagnostics.map(({ hint }) => hint).join()
    }
    return "nothing is wrong"
  }
  expect(hintOf("export function* f(p: Promise<void>) { await p }")).toContain("`yield* wait(promise)`")
  for (const waits of ["await h.join()", "await (yield* h)", "await (h)"])
    expect(hintOf(`export function* f(h: any) { const x = ${waits} }`)).toContain("`yield*` alone before an operation")
  expect(hintOf("export function f() { yield* g() }")).toContain("`function*`")
  expect(hintOf("export const f = () => { const x = yield* g() }")).toContain("`function*`")
  for (const id of ["src/a.ts", "src/a.cjs"])
    expect(hintOf("function* f(o) { return yield in o }", id)).toContain("write `(yield) in`")
})

test("the message of the error names each place and what to do", () => {
  expect(() => compile(`${directive}const = 1`, "src/a.ts", { file: "x/src/a.ts" })).toThrow(
    /^x\/src\/a\.ts:2:7: error ROVE_SYNTAX: /,
  )
})

test("enums, parameter properties and JSX are taken away", () => {
  const { code } = compiled(
    `${directive}enum E { A = 1 }\nclass C { constructor(readonly a: number) {} }\nexport function* f() { yield <p>{E.A}</p>; yield new C(1) }`,
    "a.tsx",
  )
  expect(code).not.toMatch(/enum|readonly|<p>/)
  expect(code).toContain("react/jsx-runtime")
})

test("the map leads to the source, with its content", () => {
  const source = `${directive}interface I {\n  a: 1\n}\nexport function* f(n: number): Generator<number> {\n  yield n\n  throw new Error("here")\n}\nexport const after: I = { a: 1 }\n`
  const ts = compiled(source)
  expect(ts.map.sourcesContent).toEqual([source])
  expect(origin(ts, "new Error")).toBe("src/a.ts:7:9")
  const plain = source.replace(/interface[^}]*}\n|: number|: Generator<number>|: I/g, "")
  const js = compiled(plain, "a.js", { file: "file:///a.js" })
  expect(origin(js, "new Error")).toBe("file:///a.js:4:9")
})

test("plain JavaScript is left byte for byte outside of generators", () => {
  const calls = "const y = new (f( )) ( ), z = new  y [f( )]"
  const rest = `const  x = 1 ;  // kept\r\nexport class  C { m( ) { ${calls}; return  x } }\n`
  expect(compiled(`${directive}${rest}export function* f() { yield x }`, "a.js").code).toContain(rest)
})

test("the line that says what runs a file stays its first, with a directive and without", () => {
  const first = "#!/usr/bin/env node"
  for (const rest of [`\n${directive}`, "\r\n", "\n/* a comment */\n"])
    for (const name of ["a.mjs", "a.cjs", "a.ts"]) {
      const { code } = compiled(`${first}${rest}function* f() { yield 1 }`, name, { always: true })
      expect(code.split(/\r?\n/)[0]).toBe(first)
      expect(parseSync(name.replace("ts", "mjs"), code).errors).toEqual([])
    }
  expect(compiled(first, "a.cjs", { always: true }).code.split("\n")[0]).toBe(first)
})

test("a CommonJS module requires the runtime, a script takes it from a global", () => {
  const source = `${directive}function* f() { yield 1 }`
  expect(compiled(source, "a.cjs", { runtime: { import: "x/runtime" } }).code).toContain('require("x/runtime")')
  const script = compiled(source, "a.js", { sourceType: "script", runtime: { global: "rove" } }).code
  expect(script).not.toMatch(/require|import/)
  expect(errorsOf(`${directive}return 1`, "a.cjs")).toEqual([])
  expect(errorsOf(`${directive}return 1`, "a.mjs")).toHaveLength(1)
})

test("long chains of operands and of else-ifs are compiled, however deep their trees are", () => {
  const sum = Array.from({ length: 5000 }, () => "n").join(" + ")
  const ifs = Array.from({ length: 3000 }, (_, i) => `if (n === ${i}) yield n`).join("\nelse ")
  expect(compiled(`${directive}function* f(n: number) { yield ${sum}\n${ifs} }`).functions).toHaveLength(1)
  const blocks = `${"{".repeat(600)} yield 1 ${"}".repeat(600)}`
  expect(compiled(`${directive}function* f() { ${blocks} }`).functions).toHaveLength(1)
})

test("a source that nests deeper than the compiler reaches is an error at the deepest place", () => {
  const deep = `${directive}function* f() {\n  yield ${"[".repeat(9000)}1${"]".repeat(9000)}\n}`
  expect(errorsOf(deep, "src/a.js")).toEqual([
    expect.stringMatching(/^src\/a\.js:3:90\d\d ROVE_UNSUPPORTED the source is nested 9\d{3} levels deep here/),
  ])
})

const listed = (before: string, after: string) => (stops: readonly string[]) => `${before}${stops}${after}`

test.each<[string, (stops: readonly string[]) => string]>([
  ["an array", listed("[", "]")],
  ["a call", listed("c(", ")")],
  ["a method's call", listed("c.d(", ")")],
  ["new", listed("new c(", ")")],
  ["an object literal", stops => `{ ${stops.map((stop, i) => `k${i}: ${stop}`)} }`],
  ["an object literal with computed keys", stops => `{ ${stops.map(stop => `[${stop}]() {}`)} }`],
  ["a template", stops => `\`${stops.map(stop => `\${${stop}}`).join(" ")}\``],
  ["a tagged template", stops => `c\`${stops.map(stop => `\${${stop}}`).join(" ")}\``],
  ["a class", stops => `class { ${stops.map(stop => `[${stop}]() {}`).join(" ")} }`],
])("the text of %s grows with the number of its stops, not with its square", (_, expression) => {
  const textOf = (stops: number) => {
    const body = `return ${expression(Array.from({ length: stops }, (_, i) => `yield* g(${i})`))}`
    return compile(`"use fibers"\nfunction* g(x) { return x }\nexport function* f(c) { ${body} }`, "a.js")
  }
  const [some = 0, many = 0] = [100, 400].map(stops => textOf(stops)?.code.length)
  expect(many / some).toBeLessThan(4.5)
})
