/** The command `rove` in real processes: output, exit codes, and that what it writes is what the load hook gives. */
import { existsSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { type Ended, node, scratch, startNode } from "./support/scratch.ts"

const app = {
  "package.json": '{"name":"app","type":"module"}',
  "src/fib.ts": `"use fibers"
import { low } from "./limits.ts"
export function* fib(n: number): Generator<never, number, any> {
  if (n < low) return n
  return (yield* fib(n - 1)) + (yield* fib(n - 2))
}
export function* greet(name: string, times = 1): Generator<never, unknown, any> {
  return { text: \`hello \${name}\`.repeat(times) }
}
export function* fail(): Generator<never, void, any> {
  throw new RangeError("too far")
}
export const answer = 42
`,
  "src/limits.ts": "export const low: number = 2\n",
  "src/main.ts": `import { closureOf } from "rove/runtime"
import { fib } from "./fib.ts"
console.log(closureOf(fib)?.code.id, closureOf(fib)?.code.hash, fib(10).next().value)
`,
  "bad.ts": '"use fibers"\nexport function* f() {\n  const x = ;\n}\n',
}

const rove = (folder: string, ...args: string[]): Promise<Ended> =>
  node(folder, ["node_modules/rove/src/cli/main.ts", ...args])

test("run gives a function its arguments and prints its result", async () => {
  const folder = scratch(app)
  const run = (...args: string[]) => rove(folder, "run", "--workers", "1", ...args)
  expect(await run("src/fib.ts#fib", "15")).toEqual({ code: 0, out: "610\n", err: "" })
  expect(await run("src/fib.ts#greet", "you", "2", "--json")).toEqual({
    code: 0,
    out: '{"text":"hello youhello you"}\n',
    err: "",
  })
  expect(await run("src/fib.ts#fib", "--", "-3")).toEqual({ code: 0, out: "-3\n", err: "" })
})

test("run of a native generator function, and an error with details, are told without a frame of ours", async () => {
  const native = `export function* native(): Generator<number> { yield 1 }
`
  const bad = `"use fibers"
export function* bad() { throw Object.assign(new Error("bad"), { detail: 1 }) }
`
  const folder = scratch({ ...app, "src/native.ts": native, "src/bad.ts": bad })
  const run = async (name: string) => (await rove(folder, "run", "-w", "1", `src/${name}`)).err
  expect(await run("native.ts#native")).toMatch(
    /^RoveError: pool\.run was given a native generator .* \{\n {2}code: 'ROVE_NOT_COMPILED'\n\}\n$/,
  )
  expect(await run("bad.ts#bad")).toMatch(
    /^Error: bad\n {4}at bad \(.*bad\.ts:2:\d+\)(?:.|\n)* \{\n {2}detail: 1\n\}\n$/,
  )
})

test("run of an exported function that is no generator function is wrong usage, and does not call it; only those that are compiled are offered", async () => {
  const mixed = `"use fibers"
export function plain(): number { console.log("called"); return 3 }
export class Shop { *sell() {} }
export async function* streams() { yield 1 }
export async function later() { return 1 }
export function* one() { return 1 }
function* hidden() { return 2 }
export const two = function* () { return yield* hidden() }
`
  const folder = scratch({ ...app, "src/mixed.ts": mixed })
  const ends = await Promise.all(["plain", "Shop", "streams"].map(name => rove(folder, "run", `src/mixed.ts#${name}`)))
  for (const { code, out, err } of ends) {
    expect([code, out]).toEqual([2, ""])
    expect(err).toMatch(/src\/mixed\.ts#(plain|Shop|streams) is no generator function; there are: one, two$/m)
  }
  const { code, err } = await rove(folder, "run", "src/mixed.ts#later")
  expect([code, err]).toEqual([
    2,
    expect.stringMatching(/later is an async function, .*: write function\*, with yield\* wait/),
  ])
})

test("a command whose output nobody reads any more ends, and says nothing of that", async () => {
  const chatty = `"use fibers"
import { sleep } from "rove"
export function* main(): Generator<never, void, any> { for (;;) { console.log("more"); yield* sleep(1) } }
`
  const folder = scratch({ ...app, "chatty.ts": chatty })
  const { child, ended } = startNode(folder, ["node_modules/rove/src/cli/main.ts", "run", "-w", "1", "chatty.ts#main"])
  child.stdout?.once("data", () => child.stdout?.destroy())
  expect(await ended).toMatchObject({ code: 141, err: "" })
})

test("run --json prints a BigInt as its digits and n, and says what JSON has not", async () => {
  const results = `"use fibers"
export function* big(): Generator<never, unknown, any> {
  return { least: 12n, all: [1n] }
}
export function* circle(): Generator<never, unknown, any> {
  const ring: any = {}
  ring.ring = ring
  return ring
}
`
  const folder = scratch({ ...app, "src/results.ts": results })
  const run = (name: string) => rove(folder, "run", "-w", "1", "--json", `src/results.ts#${name}`)
  expect(await run("big")).toEqual({ code: 0, out: '{"least":"12n","all":["1n"]}\n', err: "" })
  const { code, out, err } = await run("circle")
  expect([code, out]).toEqual([1, ""])
  expect(err).toContain("rove: the result is not JSON (Converting circular structure to JSON); without --json")
})

test("the first signal of run interrupts the fibers, so that their finally blocks run; a second one ends it at once", async () => {
  const work = `"use fibers"
import { isMainThread } from "node:worker_threads"
import { sleep, spawn } from "rove"
if (isMainThread) setInterval(() => {}, 1000)
export function* busy() {
  try {
    yield* spawn(sleeping())
    for (;;) {}
  } finally {
    yield* sleep(1)
    console.log("busy cleaned up")
    throw "no room"
  }
}
function* sleeping() {
  try {
    console.log("ready")
    yield* sleep(60_000)
  } finally {
    console.log("sleeper cleaned up")
  }
}
export function* stubborn() {
  try {
    console.log("ready")
    yield* sleep(60_000)
  } finally {
    console.log("cleans up")
    yield* sleep(60_000)
  }
}
`
  const folder = scratch({ ...app, "src/work.js": work })
  const run = async (name: string, signal: NodeJS.Signals) => {
    const command = ["node_modules/rove/src/cli/main.ts", "run", "-w", "2", `src/work.js#${name}`]
    const { child, ended } = startNode(folder, command)
    child.stdout?.on("data", text => {
      if (`${text}`.includes("ready")) child.kill(signal)
      if (`${text}`.includes("cleans up")) setTimeout(() => child.kill(signal), 250)
    })
    const { code, out, err } = await ended
    return [code, out.split("\n").sort().slice(1), err]
  }
  expect(await Promise.all([run("busy", "SIGINT"), run("stubborn", "SIGTERM")])).toEqual([
    [130, ["busy cleaned up", "ready", "sleeper cleaned up"], "'no room'\n"],
    [143, ["cleans up", "ready"], ""],
  ])
})

test("run ends with 1 if the function fails, and shows where", async () => {
  const folder = scratch(app)
  const { code, out, err } = await rove(folder, "run", "-w", "1", "src/fib.ts#fail")
  expect([code, out]).toEqual([1, ""])
  expect(err).toContain("RangeError: too far")
  expect(err).toContain(`${join(folder, "src/fib.ts")}:11:9`)
  const bad = await rove(folder, "run", "bad.ts#f")
  expect(bad).toEqual({
    code: 1,
    out: "",
    err: `${join(folder, "bad.ts")}:3:13: error ROVE_SYNTAX: Unexpected token\n`,
  })
})

test("wrong usage is 2, says what is wrong, and where more is said", async () => {
  const folder = scratch(app)
  const wrong: [string[], RegExp][] = [
    [[], /which command\?/],
    [["constructor"], /there is no command constructor$/m],
    [["chekc"], /there is no command chekc: did you mean check\?$/m],
    [["run"], /which function\?/],
    [["run", "none.ts#f"], /there is no file .*none\.ts/],
    [["run", "src/fib.ts"], /which function of src\/fib\.ts\? write src\/fib\.ts#fail/],
    [["run", "src/fib.ts#answer"], /not an exported function; there are: fail, fib, greet/],
    [["run", "src/fib.ts#fib", "--workers", "0"], /--workers takes a whole number/],
    [["run", "src/fib.ts#fbi"], /src\/fib\.ts#fbi is not an exported function: did you mean fib\?$/m],
    [["run", "src/fib.ts#fib", "--jsn"], /there is no option --jsn: did you mean --json\?$/m],
    [["run", "src/fib.ts#fib", "-5"], /there is no option -5; there are --workers, .*, and behind -- all is arg/],
    [["check"], /which files\?/],
    [["compile", "src"], /where to\? --out/],
    [["compile", "src/limits.ts", "--out", "src", "--json=1"], /--json/],
  ]
  for (const [args, message] of wrong) {
    const { code, out, err } = await rove(folder, ...args)
    expect([args, code, out]).toEqual([args, 2, ""])
    expect(err).toMatch(message)
    expect(err).toContain("--help says more")
  }
}, 30_000)

test("--help says what each command does", async () => {
  const folder = scratch(app)
  for (const args of [["--help"], ["run", "-h"], ["check", "--help"], ["compile", "src", "--help"]]) {
    const { code, out, err } = await rove(folder, ...args)
    expect([code, err]).toEqual([0, ""])
    expect(out).toMatch(/^rove /)
  }
  expect(await rove(folder, "--version")).toEqual({ code: 0, err: "", out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})

test("check finds errors in files and folders, with their places", async () => {
  const mixed = `"use fibers"
import { spawn } from "rove"
let n = 0
export function* f() { let m = 0; n++; const g = function* () { m++ }; yield* spawn(g()); return m }
`
  const folder = scratch({ ...app, "mixed.ts": mixed })
  expect(await rove(folder, "check", "src")).toEqual({
    code: 0,
    out: "1 module with fibers: 0 errors, 0 warnings\n",
    err: "",
  })
  const warned = scratch({ "a.ts": '"use fibers"\nlet n = 0\nexport function* f() { n++ }\n' })
  expect((await rove(warned, "check", ".")).code).toBe(0)
  expect((await rove(warned, "check", ".", "--strict")).code).toBe(1)
  expect((await rove(folder, "check", "src", "--strict")).code).toBe(0)
  const { out: all, ...others } = await rove(folder, "check", ".")
  expect(others).toEqual({ code: 1, err: "" })
  expect(all.split("\n").filter(line => /^\w/.test(line))).toEqual([
    "bad.ts:3:13: error ROVE_SYNTAX: Unexpected token",
    expect.stringMatching(/^mixed\.ts:4:\d+: warning ROVE_MODULE_STATE: /),
    expect.stringMatching(/^mixed\.ts:4:\d+: error ROVE_COPIED_VARIABLE: /),
    "3 modules with fibers: 2 errors, 1 warning",
  ])
  const { code, out } = await rove(folder, "check", "--json", "bad.ts")
  const diagnostics = [
    expect.objectContaining({ file: "bad.ts", line: 3, column: 13, code: "ROVE_SYNTAX", severity: "error" }),
  ]
  expect([code, JSON.parse(out)]).toEqual([1, { modules: 1, diagnostics }])
})

test("compile writes what runs without the hook, with the ids and hashes that the hook gives", async () => {
  const folder = scratch(app)
  const hooked = await node(folder, ["--import", "rove/register", "src/main.ts"])
  const { code, out, err } = await rove(folder, "compile", "src", "--out", "dist", "--json")
  expect([code, err]).toEqual([0, ""])
  expect(JSON.parse(out).written[0]).toEqual({
    source: "src/fib.ts",
    file: "dist/fib.js",
    functions: ["src/fib.ts#fib", "src/fib.ts#greet", "src/fib.ts#fail"],
  })
  expect(await node(folder, ["dist/main.js"])).toEqual(hooked)
  expect(hooked.out).toMatch(/^src\/fib\.ts#fib [\w-]{16} 55\n$/)
  expect(await node(folder, ["--import", "rove/register", "dist/main.js"])).toEqual(hooked)
  const map = JSON.parse(readFileSync(join(folder, "dist/fib.js.map"), "utf8"))
  expect(map).toMatchObject({ file: "fib.js", sources: ["../src/fib.ts"], sourcesContent: [app["src/fib.ts"]] })
})

test("decorators and auto-accessors, which Node cannot run, are errors for compile, and warnings for check, which knows of no bundler", async () => {
  const decorated = `"use fibers"
const kept = (made: unknown, _: unknown) => made
@kept export class A {}
export class B { accessor q = 1 }
`
  const folder = scratch({ ...app, "src/decorated.ts": decorated })
  const [compiled, checked] = await Promise.all([
    rove(folder, "compile", "src/decorated.ts", "--out", "dist"),
    rove(folder, "check", "src/decorated.ts"),
  ])
  const said = (text: string) => text.match(/^src.*$/gm)?.map(line => line.replace(/:\d+: /, ": "))
  const found = (severity: string) => [
    `src/decorated.ts:3: ${severity} ROVE_UNSUPPORTED: Node cannot run decorators`,
    `src/decorated.ts:4: ${severity} ROVE_UNSUPPORTED: Node cannot run auto-accessors`,
  ]
  expect([compiled.code, compiled.out, said(compiled.err)]).toEqual([1, "", found("error")])
  expect([checked.code, said(checked.out)]).toEqual([0, found("warning")])
  expect(existsSync(join(folder, "dist"))).toBe(false)
})

test("compile leaves out what it wrote before", async () => {
  const folder = scratch({ "package.json": '{"name":"app","type":"module"}', "a.ts": app["src/limits.ts"] })
  const written = async (...args: string[]): Promise<string[]> => {
    const { out } = await rove(folder, "compile", ...args, "--json")
    return JSON.parse(out).written.map(({ file }: { file: string }) => file)
  }
  expect(await written(".", "--out", "dist")).toEqual(["dist/a.js"])
  expect(await written(".", "--out", "dist/")).toEqual(["dist/a.js"])
  // asked for by its name, it is a source like others
  expect(await written("dist", "--out", "dist/again")).toEqual(["dist/again/a.js"])
})

test("compile copies the JSON that modules import, and says what it has no place for", async () => {
  const folder = scratch({
    "package.json": '{"name":"app","type":"module"}',
    "top.json": "1",
    "src/data/a%20b.json": "{}",
    "src/data/a b.json": '{"n": 2}',
    "src/data/unused.json": "3",
    "src/deep/required.json": "4",
    "src/deep/main.ts": `"use fibers"
import { createRequire } from "node:module"
import data from "../data/a%20b.json" with { type: "json" }
const text: string = "./unused.json"
export function* f(): Generator<number> { yield data.n + createRequire(import.meta.url)("./required.json") }
if (process.argv[2] === "top") await import("../../top.json", { with: { type: "json" } })
const require = createRequire(import.meta.url)
console.log(f().next().value, require("./required.json"), text)
`,
  })
  const { code, out, err } = await rove(folder, "compile", "src", "--out", "dist", "--json")
  expect([code, err]).toEqual([0, "src/deep/main.ts imports top.json, which is not below src and is not copied\n"])
  expect(JSON.parse(out).copied).toEqual([
    { source: "src/data/a b.json", file: "dist/data/a b.json" },
    { source: "src/deep/required.json", file: "dist/deep/required.json" },
  ])
  rmSync(join(folder, "src"), { recursive: true })
  expect(await node(folder, ["dist/deep/main.js"])).toEqual({ code: 0, out: "6 4 ./unused.json\n", err: "" })
})

test("compile writes nothing if there is an error, and overwrites no source", async () => {
  const folder = scratch({ ...app, "plain.js": '"use fibers"\nexport function* f() {}\n' })
  const { code, err } = await rove(folder, "compile", "src", "bad.ts", "--out", "dist")
  expect([code, err]).toEqual([1, "bad.ts:3:13: error ROVE_SYNTAX: Unexpected token\n"])
  expect(existsSync(join(folder, "dist"))).toBe(false)
  expect(await rove(folder, "compile", "plain.js", "--out", ".")).toMatchObject({
    code: 2,
    err: expect.stringContaining("would overwrite itself"),
  })
})
