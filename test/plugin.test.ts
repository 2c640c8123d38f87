/** The plugin in real bundlers and in Vitest: the same ids, hashes and runtime as the load hook gives. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { expect, test } from "vitest"
import type { VitestPluginContext } from "vitest/node"
import { compilerVersion } from "../packages/compiler/src/version.ts"
import { install, node, scratch } from "./support/scratch.ts"

const app = {
  "package.json": '{"name":"app","type":"module"}',
  "src/fib.ts": `"use fibers"
enum Limit { Low = 2 }
export function* fib(n: number): Generator<never, number, any> {
  if (n < Limit.Low) return n
  return (yield* fib(n - 1)) + (yield* fib(n - 2))
}
export function* fail(): Generator<never, void, any> {
  throw new Error("here")
}
`,
  "src/main.ts": `import { fib, fail } from "./fib.ts"
import { closureOf } from "rove/runtime"
const code = closureOf(fib)?.code
let stack = ""
try { [...fail()] } catch (error) { stack = /fib\\.ts:\\d+:\\d+/.exec((error as Error).stack ?? "")?.[0] ?? "" }
console.log(JSON.stringify([code?.id, code?.hash, fib(10).next().value, stack]))
`,
}

/** What the same program prints with the load hook. */
async function expected(folder: string): Promise<readonly unknown[]> {
  const { out, err } = await node(folder, ["--import", "rove/register", "src/main.ts"])
  expect(err).toBe("")
  const printed = JSON.parse(out) as readonly unknown[]
  expect(printed).toEqual(["src/fib.ts#fib", expect.stringMatching(/^[\w-]{16}$/), 55, "fib.ts:8:9"])
  return printed
}

const bundlers = {
  vite: `import { build } from "vite"
import vite from "rove/vite"
await build({ root: ".", logLevel: "error", plugins: [vite()], build: { ssr: "src/main.ts", outDir: "out", sourcemap: true, minify: false, rollupOptions: { external: /^rove/, output: { entryFileNames: "main.mjs" } } } })`,
  rolldown: `import { rolldown } from "rolldown"
import { rolldown as rove } from "rove/vite"
const bundle = await rolldown({ input: "src/main.ts", platform: "node", plugins: [rove()] })
await bundle.write({ file: "out/main.mjs", sourcemap: true })`,
  esbuild: `import { build } from "esbuild"
import { esbuild as rove } from "rove/vite"
await build({ entryPoints: ["src/main.ts"], bundle: true, platform: "node", format: "esm", outfile: "out/main.mjs", sourcemap: true, plugins: [rove()] })`,
}

for (const [name, script] of Object.entries(bundlers))
  test(`${name} builds the same code as the load hook`, async () => {
    const folder = scratch({ ...app, "build.mjs": script })
    install(folder, name)
    expect(await node(folder, ["build.mjs"])).toEqual({ code: 0, out: "", err: "" })
    const { out, err } = await node(folder, ["--enable-source-maps", "out/main.mjs"])
    expect(err).toBe("")
    expect(JSON.parse(out)).toEqual(await expected(folder))
  })

test.each(["esm", "cjs"])(
  "a pool whose code is inside of a bundle (%s) is refused at once, and says so",
  async format => {
    const folder = scratch({
      ...app,
      "src/pool.ts": `import { Pool } from "rove"
Pool.start({ workers: 1 }).catch((error: any) => console.log(error.code, error.message))
`,
      "build.mjs": `import { build } from "esbuild"
await build({ entryPoints: ["src/pool.ts"], bundle: true, platform: "node", format: "${format}", outfile: "out/pool.${format === "esm" ? "mjs" : "cjs"}", logLevel: "error" })`,
    })
    install(folder, "esbuild")
    expect(await node(folder, ["build.mjs"])).toEqual({ code: 0, out: "", err: "" })
    const file = join(folder, format === "esm" ? "out/pool.mjs" : "out/pool.cjs")
    const { out, err } = await node(folder, [file])
    expect(err).toBe("")
    const beside = format === "esm" ? `beside ${file}` : "beside this code"
    expect(out).toContain(`ROVE_WORKER_START the entry file of rove's workers does not lie ${beside}`)
    expect(out).toContain("make it external")
  },
)

test("fibers of a CommonJS module inside of an ES bundle of esbuild run on a host; a pool says what its threads miss", async () => {
  const folder = scratch({
    "package.json": '{"name":"app"}',
    "fibers.cjs": `"use fibers"
const { sleep, spawn } = require("rove")
function* child(n) { yield* sleep(1); return n + 1 }
exports.main = function* (n) { return yield* (yield* spawn(child(n))).join() }
`,
    "main.mjs": `import { LocalHost, Pool } from "rove"
import fibers from "./fibers.cjs"
const host = new LocalHost()
console.log(await host.run(fibers.main(3)))
const pool = await Pool.start({ workers: 1 })
await pool.run(fibers.main(3)).catch(error => console.log(error.code, error.message))
await pool.close()
`,
    "build.mjs": `import { build } from "esbuild"
import { esbuild as rove } from "rove/vite"
await build({ entryPoints: ["main.mjs"], bundle: true, platform: "node", format: "esm", outfile: "out/main.mjs", external: ["rove", "@rove/*"], plugins: [rove()] })`,
  })
  install(folder, "esbuild")
  expect(await node(folder, ["build.mjs"])).toEqual({ code: 0, out: "", err: "" })
  const { out, err } = await node(folder, ["out/main.mjs"])
  expect(err).toBe("")
  expect(out).toMatch(/^4\nROVE_NOT_HANDED_OVER .*no module of this thread has defined fibers\.cjs#anonymous/)
})

test("in Vitest, a test and a plain worker that it starts have the same code", async () => {
  const folder = scratch({
    ...app,
    "vitest.config.ts":
      'import rove from "rove/vite"\nexport default { plugins: [rove()], test: { fsModuleCache: true } }\n',
    "src/worker.mjs": 'await import("rove/register")\nawait import("./main.ts")\n',
    "src/fib.test.ts": `import { Worker } from "node:worker_threads"
import { closureOf } from "rove/runtime"
import * as rove from "rove"
import { expect, test } from "vitest"
import type { VitestPluginContext } from "vitest/node"
import { compilerVersion } from "../packages/compiler/src/version.ts"
import { fib } from "./fib.ts"
test("same", async () => {
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), { stdout: true })
  let out = ""
  for await (const text of worker.stdout) out += text
  const code = closureOf(fib)?.code
  expect(JSON.parse(out).slice(0, 2)).toEqual([code?.id, code?.hash])
  expect(code?.id).toBe("src/fib.ts#fib")
  expect(Object.keys(rove)).toContain("Pool")
})
test("runs on a pool", async () => {
  await using pool = await rove.Pool.start({ workers: 1 })
  expect(await pool.run(fib(10))).toBe(55)
})
`,
  })
  install(folder, "vitest")
  for (const round of ["cold", "warm"]) {
    const { code, out, err } = await node(folder, ["node_modules/vitest/vitest.mjs", "run", "--reporter=verbose"])
    expect({ round, code, out, err }).toMatchObject({ code: 0, out: expect.stringContaining("2 passed"), err: "" })
  }
}, 60_000)

test("Vitest's persistent cache is keyed by the compiler's version", async () => {
  const { rove } = (await import("@rove/compiler/vite")) as typeof import("@rove/compiler/vite")
  const keys: unknown[] = []
  // the name is Vitest's: its type says that it has such a method
  const context: Pick<VitestPluginContext, "defineCacheKeyGenerator"> = {
    defineCacheKeyGenerator: key => keys.push(key({} as never)),
  }
  const plugins = [rove.vite()].flat() as unknown as { configureVitest?: (given: typeof context) => void }[]
  for (const plugin of plugins) plugin.configureVitest?.(context)
  expect(keys).toEqual([`rove ${compilerVersion()}`])
})

test("the text on disk counts, unless the id means something else than the module", async () => {
  const folder = scratch({ ...app })
  const { rove } = (await import("@rove/compiler/vite")) as typeof import("@rove/compiler/vite")
  const plugin = rove.rollup() as unknown as {
    transform: { handler(this: unknown, code: string, id: string): { code: string } | null }
  }
  const transform = (code: string, id: string) => plugin.transform.handler.call({ warn() {} }, code, id)?.code
  const file = join(folder, "src/fib.ts")
  const text = readFileSync(file, "utf8")
  const usual = transform(text, file)
  expect(usual).toContain("src/fib.ts#fib")
  expect(transform(`${text}\n// somebody was here before`, file)).toBe(usual)
  expect(transform(`${text}\n// somebody was here before`, `${file}?v=12`)).toBe(usual)
  expect(transform(text, pathToFileURL(file).href)).toBe(usual)
  expect(transform(`export default ${JSON.stringify(text)}`, `${file}?raw`)).toBe(undefined)
  expect(transform(text, "\0virtual:fib.ts")).toBe(undefined)
})

test("a directive that is misspelt or out of place is told of", async () => {
  const folder = scratch({ ...app, "src/behind.ts": 'import "./fib.ts"\n"use fibers"\n' })
  const { rove } = (await import("@rove/compiler/vite")) as typeof import("@rove/compiler/vite")
  const plugin = rove.rollup() as unknown as {
    transform: { handler(this: unknown, code: string, id: string): unknown }
  }
  const warned = (name: string, code: string): readonly string[] => {
    const told: string[] = []
    const result = plugin.transform.handler.call({ warn: (text: string) => told.push(text) }, code, join(folder, name))
    expect(result).toBe(null)
    return told.map(text => /ROVE_DIRECTIVE: .*/.exec(text)?.[0] ?? text)
  }
  expect(warned("src/typo.js", "'use fibres'")).toEqual([
    "ROVE_DIRECTIVE: 'use fibres' is not the directive and does nothing: the module is not compiled",
  ])
  expect(warned("src/behind.ts", readFileSync(join(folder, "src/behind.ts"), "utf8"))).toEqual([
    'ROVE_DIRECTIVE: "use fibers" behind other statements does nothing: the module is not compiled',
  ])
  expect(warned("src/other.js", "export const fib = 1")).toEqual([])
})
