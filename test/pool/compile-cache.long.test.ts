/** The cache of V8's code in the threads of a pool: their own, the program's, or none. */
import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

const files = {
  "package.json": '{ "name": "app", "type": "module" }',
  "fibers.ts": `"use fibers"
import { getCompileCacheDir } from "node:module"
export function cache() {
  return [getCompileCacheDir() ?? "none", process.env.NODE_COMPILE_CACHE ?? "unset"]
}
`,
  "own.ts": `import { getCompileCacheDir } from "node:module"
import { Pool } from "rove"
import { cache } from "./fibers.ts"
await using pool = await Pool.start({ workers: 1 })
const [folder, told] = await pool.call(cache)
console.log(folder.includes("v8"), told, getCompileCacheDir() ?? "none")
`,
  "given.ts": `import { enableCompileCache, getCompileCacheDir } from "node:module"
import { Pool } from "rove"
import { cache } from "./fibers.ts"
enableCompileCache("given")
await using pool = await Pool.start({ workers: 1 })
console.log((await pool.call(cache))[0] === getCompileCacheDir())
`,
}
const slow = { timeout: 60_000 }
const run = (folder: string, program: string, env: Readonly<Record<string, string>> = {}) =>
  node(folder, ["--import", "rove/register", program], env)

test(
  "threads keep a cache of their own beside what the compiler keeps, of which the program sees nothing",
  slow,
  async () => {
    const folder = scratch(files)
    expect(await run(folder, "own.ts")).toEqual({ code: 0, out: "true unset none\n", err: "" })
    expect(readdirSync(join(folder, ".cache", "v8"))).toHaveLength(1)
  },
)

test("threads share the cache that the program has enabled", slow, async () => {
  const folder = scratch(files)
  expect(await run(folder, "given.ts")).toEqual({ code: 0, out: "true\n", err: "" })
  expect(readdirSync(join(folder, "given"))).toHaveLength(1)
  expect(existsSync(join(folder, ".cache", "v8"))).toBe(false)
})

test.each([
  ["Node is to keep none", { NODE_DISABLE_COMPILE_CACHE: "1" }],
  ["coverage is measured", { NODE_V8_COVERAGE: "coverage" }],
  ["nothing is kept", { ROVE_CACHE: "off" }],
])("threads keep none where %s", slow, async (_, env) => {
  const folder = scratch(files)
  expect(await run(folder, "own.ts", env)).toEqual({ code: 0, out: "false unset none\n", err: "" })
  expect(existsSync(join(folder, ".cache", "v8"))).toBe(false)
})
