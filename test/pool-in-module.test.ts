/** A module that has fibers and starts a pool: every worker evaluates it, so it must not start workers without end. */
import { expect, test } from "vitest"
import { node, scratch } from "./support/scratch.ts"

test("a pool in a module that workers evaluate is refused there, with the module's name", {
  timeout: 60_000,
}, async () => {
  const folder = scratch({
    "package.json": '{"name":"app","type":"module"}',
    "app.ts": `"use fibers"
import { Pool, type Resumable, RoveError } from "rove"
export function* one(): Resumable<number> {
  return 1
}
const pool = await Pool.start({ workers: 2 })
const failed = (error: unknown) => (error instanceof RoveError ? error.code + ": " + error.message : String(error))
console.log(await pool.run(one()).catch(failed), pool.stats().deaths)
await pool.close()
`,
  })
  const { out, code } = await node(folder, ["--import", "rove/register", "app.ts"])
  expect(out).toMatch(/^ROVE_POOL_IN_MODULE: .*a pool is started while a worker evaluates file:.*app\.ts.* 0\n$/)
  expect(code).toBe(0)
})
