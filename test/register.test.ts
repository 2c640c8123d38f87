/** The load hook in real processes: every way to install it, every kind of module, before and after tsx, in workers. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { type Ended, install, node, scratch, write } from "./support/scratch.ts"

/** A module whose generator says how it was compiled: `compiled` is its code id, or null for a native generator. */
const fib = `"use fibers"
enum Limit { Low = 2 }
class Counter { constructor(readonly count: number) {} }
export interface Unused { a: 1 }
export function* fib(n: number): Generator<never, number, any> {
  if (n < Limit.Low) return new Counter(n).count
  return (yield* fib(n - 1)) + (yield* fib(n - 2))
}
`
const main = `import { fib } from "./fib.ts"
import { closureOf } from "rove/runtime"
const id: string | undefined = closureOf(fib)?.code.id
console.log(id, fib(10).next().value)
`
const app = { "package.json": '{"name":"app","type":"module"}', "src/fib.ts": fib, "src/main.ts": main }
const prints = (text: string) => expect.objectContaining<Partial<Ended>>({ code: 0, out: `${text}\n`, err: "" })

test("--import and --require install it; modules keep their own way of import and export", async () => {
  const folder = scratch(app)
  expect(await node(folder, ["--import", "rove/register", "src/main.ts"])).toEqual(prints("src/fib.ts#fib 55"))
  expect(await node(folder, ["--require", "rove/register", "src/main.ts"])).toEqual(prints("src/fib.ts#fib 55"))
  expect(await node(folder, ["--import", "rove/register", "--import", "rove/register", "src/main.ts"])).toEqual(
    prints("src/fib.ts#fib 55"),
  )
})

test("without the hook the generator is native, if its types can be taken away at all", async () => {
  const folder = scratch({
    ...app,
    "src/fib.ts": fib
      .replace(/enum.*|class.*/g, "")
      .replace("Limit.Low", "2")
      .replace(/new Counter\(n\).count/, "n"),
  })
  expect(await node(folder, ["src/main.ts"])).toEqual(prints("undefined 55"))
})

test("a directive that is misspelt or out of place is told of, once", async () => {
  const folder = scratch({
    ...app,
    "src/fib.ts": 'export { low } from "./low.ts"\n"use fibers"\n',
    "src/low.ts": '"use fiber"\nexport const low: number = 2\n',
    "src/main.ts":
      'import { Worker } from "node:worker_threads"\nimport { low } from "./fib.ts"\nnew Worker(new URL("./fib.ts", import.meta.url))\nconsole.log(low)\n',
  })
  for (const run of ["cold", "warm"]) {
    const { code, out, err } = await node(folder, ["--import", "rove/register", "src/main.ts"])
    expect({ run, code, out }).toEqual({ run, code: 0, out: "2\n" })
    const told = [...err.matchAll(/RoveWarning: .*?src\/(.*? ROVE_DIRECTIVE: \S+ \S+) /g)].map(([, what]) => what)
    expect(told.sort()).toEqual([
      'fib.ts:2:1: warning ROVE_DIRECTIVE: "use fibers"',
      'low.ts:1:1: warning ROVE_DIRECTIVE: "use fiber"',
    ])
  }
})

test("works before and after tsx, with the same id, in modules and in CommonJS", async () => {
  const folder = scratch({
    ...app,
    "classic/package.json": '{"name":"classic"}',
    "classic/fib.ts": fib,
    "classic/main.ts": main,
    "required/package.json": '{"name":"required","type":"commonjs"}',
    "required/fib.cts": `${fib.replace("export interface", "interface").replace("export function", "function")}module.exports = { fib }\n`,
    "required/main.cts":
      'const { fib } = require("./fib.cts")\nconst { closureOf } = require("rove/runtime")\nconst id: string = closureOf(fib)?.code.id\nconsole.log(id, fib(10).next().value, require.main === module)\n',
  })
  install(folder, "tsx")
  const orders = [["rove/register"], ["tsx", "rove/register"], ["rove/register", "tsx"]]
  for (const order of orders) {
    const flags = order.flatMap(name => ["--import", name])
    expect(await node(folder, [...flags, "src/main.ts"])).toEqual(prints("src/fib.ts#fib 55"))
    expect(await node(folder, [...flags, "required/main.cts"])).toEqual(prints("fib.cts#fib 55 true"))
    const classic = await node(folder, [...flags, "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "classic/main.ts"])
    expect(classic).toEqual(prints("fib.ts#fib 55"))
  }
}, 60_000)

test("there is one runtime, whether it is imported or required, under tsx too", async () => {
  const folder = scratch({
    "package.json": '{"name":"app"}',
    "a.cts": '"use fibers"\nexports.runtime = require("rove/runtime")\nexports.f = function* f() {}\n',
    "main.mts":
      'import a from "./a.cts"\nimport * as runtime from "rove/runtime"\nconsole.log(a.runtime === runtime, runtime.closureOf(a.f)?.code.id)\n',
  })
  install(folder, "tsx")
  for (const flags of [["rove/register"], ["tsx", "rove/register"], ["rove/register", "tsx"]].map(order =>
    order.flatMap(name => ["--import", name]),
  ))
    expect(await node(folder, [...flags, "main.mts"])).toEqual(prints("true a.cts#f"))
}, 60_000)

test("a package that cannot see rove gets the same runtime, under its own name and version", async () => {
  const folder = scratch({
    "package.json": '{"name":"app","type":"module"}',
    "main.js":
      'import { inside } from "dep"\nimport { closureOf } from "rove/runtime"\nconsole.log(closureOf(inside)?.code.id)\n',
    "node_modules/dep/package.json": '{"name":"dep","version":"1.2.3","type":"module","exports":"./lib/x.js"}',
    "node_modules/dep/lib/x.js": '"use fibers"\nexport function* inside() { yield 1 }\n',
  })
  expect(await node(folder, ["--import", "rove/register", "main.js"])).toEqual(prints("dep@1.2.3/lib/x.js#inside"))
})

test("workers have it through execArgv, and can install it themselves", async () => {
  const folder = scratch({
    ...app,
    "src/workers.mts": `import { Worker } from "node:worker_threads"
import { once } from "node:events"
await once(new Worker(new URL("./main.ts", import.meta.url)), "exit")
const workerData = globalThis[Symbol.for("rove.register")]
await once(new Worker(new URL("./bare.mjs", import.meta.url), { execArgv: [], workerData }), "exit")
`,
    "src/bare.mjs":
      'import { workerData } from "node:worker_threads"\nawait import(workerData)\nawait import("./main.ts")\n',
  })
  expect(await node(folder, ["--import", "rove/register", "src/workers.mts"])).toEqual(
    prints("src/fib.ts#fib 55\nsrc/fib.ts#fib 55"),
  )
})

test("modules without fibers are left to Node, with enums, parameter properties and JSX taken away", async () => {
  const folder = scratch({
    "package.json": '{"name":"app","type":"module"}',
    "main.ts":
      'import { E, C } from "./types.ts"\nimport { view } from "./view.tsx"\nconsole.log(E.B, new C(7).n, view((tag: string) => tag))\n',
    "types.ts": "export enum E { A, B }\nexport class C { constructor(readonly n: number) {} }\n",
    "view.tsx": "/** @jsxRuntime classic @jsx h */\nexport const view = (h: (tag: string) => string): string => <p/>\n",
  })
  expect(await node(folder, ["--import", "rove/register", "main.ts"])).toEqual(prints("1 7 p"))
})

test("stacks name the lines of the source", async () => {
  const source = `"use fibers"\ninterface Long {\n  a: 1\n}\nexport function* boom(n: number): Generator<number> {\n  yield n\n  throw new Error("here")\n}\n[...boom(1)]\n`
  const folder = scratch({
    "package.json": '{"name":"app","type":"module"}',
    "boom.ts": source,
    "boom.cts": source.replace("export ", ""),
  })
  for (const file of ["boom.ts", "boom.cts"]) {
    const { code, err } = await node(folder, ["--import", "rove/register", file])
    expect(code).toBe(1)
    expect(err).toContain(`${join(folder, file)}:7:9`)
    expect(err).toContain(`${join(folder, file)}:9:5`)
  }
})

test("a syntax error is the parser's own, with file, line and column", async () => {
  const folder = scratch({
    "package.json": '{"name":"app","type":"module"}',
    "bad.ts": '"use fibers"\nexport function* f() {\n  const x = ;\n}\n',
  })
  const { code, err } = await node(folder, ["--import", "rove/register", "bad.ts"])
  expect(code).toBe(1)
  expect(err).toContain(`CompileError: ${join(folder, "bad.ts")}:3:13: error ROVE_SYNTAX: Unexpected token`)
})

test("a second run takes everything from the cache without loading the parser, and a damaged entry is mended", async () => {
  const folder = scratch(app)
  const cache = join(folder, ".cache")
  const run = (env = {}) => node(folder, ["--import", "rove/register", "src/main.ts"], env)
  write(folder, {
    "src/main.ts": `${main}console.log(process.report.getReport().sharedObjects.some((path: string) => /oxc/.test(path)))\n`,
  })
  expect(await run()).toEqual(prints("src/fib.ts#fib 55\ntrue"))
  expect(await run()).toEqual(prints("src/fib.ts#fib 55\nfalse"))
  expect(await run({ ROVE_CACHE: "off" })).toEqual(prints("src/fib.ts#fib 55\ntrue"))
  const file = join(cache, readdirSync(cache)[0] as string)
  const whole = readFileSync(file, "utf8")
  writeFileSync(file, whole.slice(0, -20))
  expect(await run()).toEqual(prints("src/fib.ts#fib 55\ntrue"))
  expect(readFileSync(file, "utf8")).toBe(whole)
})

test("of Rove's own modules, which speak of the directive, none is compiled or kept", async () => {
  const folder = scratch({ ...app, "src/main.ts": `import "rove"\n${main}` })
  expect(await node(folder, ["--import", "rove/register", "src/main.ts"])).toEqual(prints("src/fib.ts#fib 55"))
  const [kept, ...others] = readdirSync(join(folder, ".cache"))
  expect(others).toEqual([])
  expect(readFileSync(join(folder, ".cache", kept as string), "utf8")).toContain("src/fib.ts#fib")
})

test("two files with one id are refused with both names", async () => {
  const folder = scratch({
    "a/package.json": '{"name":"a","type":"module"}',
    "a/x.ts": '"use fibers"\nimport "../b/x.ts"\nexport function* f() {}\n',
    "b/package.json": '{"name":"b","type":"module"}',
    "b/x.ts": '"use fibers"\nexport function* g() {}\n',
  })
  const { code, err } = await node(folder, ["--import", "rove/register", "a/x.ts"])
  expect(code).toBe(1)
  expect(err).toContain(`two files have the module id x.ts: ${join(folder, "a/x.ts")} and ${join(folder, "b/x.ts")}`)
  expect(err).toContain("ROVE_DUPLICATE_ID")
})
