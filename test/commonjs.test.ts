/** CommonJS, and the ways in which TypeScript writes it: compiled, on pools, with the load hook and ahead of time. */
import { renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { node, scratch } from "./support/scratch.ts"

const hook = ["--import", "rove/register"]
const prints = (out: string) => ({ code: 0, out, err: "" })
const cli = fileURLToPath(new URL("../packages/rove/src/cli/main.ts", import.meta.url))

const fibers = `"use fibers"
const { ContextVar, sleep, spawn } = require("rove")
const tenant = new ContextVar("tenant", { default: "none" })
class Point { #secret = 1; constructor(x) { this.x = x } *move(by) { yield* sleep(1); return this.x + by + this.#secret } }
function double(point) { return point.x * 2 }
function* child(i, point) {
  const kept = [double, Point]
  for (let j = 0; j < 3; j++) yield* sleep(1)
  return [i, kept[0](point), tenant.get(), point instanceof kept[1]].join(":")
}
exports.tenant = tenant
exports.main = function* (n) {
  const point = new Point(n)
  const children = []
  for (let i = 0; i < 4; i++) children.push(yield* spawn(child(i, point)))
  const out = [yield* point.move(1)]
  for (const one of children) out.push(yield* one.join())
  return out.join()
}
`
const main = `const { Pool } = require("rove")
const { main, tenant } = require("./fibers.js")
async function run() {
  const pool = await Pool.start({ workers: 2 })
  console.log(await tenant.run("acme", () => pool.run(main(5))))
  await pool.close()
}
run()
`

test("fibers of a CommonJS module run on the threads of a pool, wherever its folder is", async () => {
  const folder = scratch({
    "package.json": '{"name":"app"}',
    "#1 50% é?/fibers.js": fibers,
    "#1 50% é?/main.js": main,
  })
  const expected = prints("7,0:10:acme:true,1:10:acme:true,2:10:acme:true,3:10:acme:true\n")
  expect(await node(folder, [...hook, "#1 50% é?/main.js"])).toEqual(expected)
  expect(await node(folder, ["--require", "rove/register", "#1 50% é?/main.js"])).toEqual(expected)
  expect(await node(folder, [cli, "compile", "#1 50% é?", "--out", "dist"])).toMatchObject({ code: 0 })
  rmSync(join(folder, "#1 50% é?"), { recursive: true })
  renameSync(join(folder, "dist"), join(folder, "elsewhere"))
  expect(await node(folder, ["elsewhere/main.js"])).toEqual(expected)
}, 60_000)

test("types that a CommonJS file imports and exports do not make a module of it", async () => {
  const typed = `"use fibers"
import type { Resumable } from "rove"
import type { Shape } from "./plain.cts"
export type Name = string
export interface Named { name: Name }
function* f(n: number): Resumable<number> { return n + 1 }
module.exports = { f, kind: typeof require }
`
  const folder = scratch({
    "package.json": '{"name":"app"}',
    "typed.cts": typed,
    "typed.ts": typed,
    "plain.cts": "export interface Shape { a: 1 }\nenum E { A }\n",
    "main.cjs": `for (const name of ["./typed.cts", "./typed.ts"]) {
  const { f, kind } = require(name)
  console.log(require("rove/runtime").closureOf(f)?.code.id, kind, f(1).next().value)
}
console.log(Object.keys(require("./plain.cts")).length)
`,
  })
  expect(await node(folder, [...hook, "main.cjs"])).toEqual(
    prints("typed.cts#f function 2\ntyped.ts#f function 2\n0\n"),
  )
})

test("`import x = require()` works in modules and in CommonJS, hooked and ahead of time, with fibers and without", async () => {
  const module = `import old = require("./old.cts")
import path = require("node:path")
import type unused = require("./old.cts")
export import again = require("./old.cts")
`
  const folder = scratch({
    "package.json": '{"name":"app","type":"module"}',
    "src/old.cts": `"use fibers"
import path = require("node:path")
import other = require("./other.cts")
function* f(n: number): Generator<string> { yield path.posix.join("a", String(n + other)) }
export = { f }
`,
    "src/other.cts": "const other: number = 40\nexport = other\n",
    "src/fibers.ts": `"use fibers"\n${module}export function* g($require: number): Generator<unknown> {
  yield* old.f($require)
  yield again === old
  yield path.basename("x/y")
}
`,
    "src/main.mts": `${module}import { g } from "./fibers.ts"
import { closureOf } from "rove/runtime"
console.log([...g(2)].join(), path.sep, again === old, closureOf(g)?.code.id, closureOf(old.f)?.code.id)
`,
  })
  const expected = prints("a/42,true,y / true src/fibers.ts#g src/old.cts#f\n")
  expect(await node(folder, [...hook, "src/main.mts"])).toEqual(expected)
  expect(await node(folder, [cli, "compile", "src", "--out", "dist"])).toMatchObject({ code: 0 })
  rmSync(join(folder, "src"), { recursive: true })
  expect(await node(folder, ["dist/main.mjs"])).toEqual(expected)
}, 30_000)
