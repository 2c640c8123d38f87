/** The cache of V8's code that a program enables, in the threads of its pool. */
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

const files = {
  "package.json": '{ "name": "app", "type": "module" }',
  "fibers.ts": `"use fibers"
import { getCompileCacheDir } from "node:module"
export function cache() {
  return getCompileCacheDir() ?? "none"
}
`,
  "main.ts": `import { enableCompileCache, getCompileCacheDir } from "node:module"
import { Pool } from "rove"
import { cache } from "./fibers.ts"
await using without = await Pool.start({ workers: 1 })
const before = await without.call(cache)
enableCompileCache("v8")
await using pool = await Pool.start({ workers: 1 })
console.log(before, (await pool.call(cache)) === getCompileCacheDir())
`,
}

test("threads share the compile cache that the program has enabled, and make none of their own", {
  timeout: 60_000,
}, async () => {
  const folder = scratch(files)
  expect(await node(folder, ["--import", "rove/register", "main.ts"])).toEqual({ code: 0, out: "none true\n", err: "" })
  expect(readdirSync(join(folder, "v8"))).toHaveLength(1)
})
