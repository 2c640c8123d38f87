/** Invariant 60, with the program of `bench -- sleepers`, which does the same with a million fibers. */
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

const program = new URL("../../bench/programs/sleepers.ts", import.meta.url).href
const MANY = 100_000

test("invariant 60: fibers that sleep are small, and when all were interrupted memory is as before, with a pool and without", {
  timeout: 120_000,
}, async () => {
  const folder = scratch({
    "package.json": '{ "name": "app", "type": "module" }',
    "main.ts": `import { LocalHost, Pool } from "rove"
import { sleepers } from ${JSON.stringify(program)}
const local = await new LocalHost().run(sleepers(${MANY}))
await using pool = await Pool.start({ workers: 1 })
console.log(JSON.stringify([local, await pool.run(sleepers(${MANY}))]))
`,
  })
  const { out } = await node(folder, ["--expose-gc", "--import", "rove/register", "main.ts"])
  const found = JSON.parse(out) as { bytes: number; left: number; ended: number }[]
  expect(found.length).toBe(2)
  for (const { bytes, left, ended } of found) {
    expect(ended).toBe(MANY)
    expect(bytes).toBeLessThan(700) // with timer and handle
    expect(left).toBeLessThan(20) // of each
  }
})
