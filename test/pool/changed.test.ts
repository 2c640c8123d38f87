/** A pool's threads have the same text of each module, whenever they load it. */
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

const jobs = (factor: number) => `"use fibers"
const factor = ${factor}
export function* times(n) { return n * factor }
export function* dies() { process.exit(1) }
`

test("a module that changes on disk while the pool runs is refused by a thread that would load it anew, by name", {
  timeout: 60_000,
}, async () => {
  const folder = scratch({
    "package.json": '{ "name": "app", "type": "module" }',
    "jobs.js": jobs(2),
    "other.js": '"use fibers"\nexport function* plain() { return "still here" }\n',
    "app.js": `
      import { writeFileSync } from "node:fs"
      import { Pool } from "rove"
      import { dies, times } from "./jobs.js"
      import { plain } from "./other.js"
      await using pool = await Pool.start({ workers: 1 })
      console.log(await pool.run(times(21)))
      writeFileSync("jobs.js", ${JSON.stringify(jobs(3))})
      console.log(await pool.run(times(21)))
      await pool.run(dies()).catch(error => console.log(error.code))
      await pool.run(times(21)).catch(error => console.log(error.code, error.message))
      console.log(await pool.run(plain()))
      writeFileSync("jobs.js", ${JSON.stringify(jobs(2))})
      await pool.resize(2)
      console.log(await pool.run(times(21), { prefer: 3 }))`,
  })
  const { out, err } = await node(folder, ["--import", "rove/register", "app.js"])
  expect(err).toBe("")
  const lines = out.trim().split("\n")
  expect(lines.slice(0, 3)).toEqual(["42", "42", "ROVE_WORKER_LOST"])
  expect(lines[3]).toMatch(/^ROVE_NOT_HANDED_OVER .*jobs\.js has changed on disk since the pool first loaded it/)
  expect(lines.slice(4)).toEqual(["still here", "42"])
})
