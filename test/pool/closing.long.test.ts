/** What comes out of workers at their end. */
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

const LINES = 3000

const work = `"use fibers"
import { isMainThread } from "node:worker_threads"
import { type Resumable, sleep } from "rove"

// what a module that polls something has at its top; the test's main thread is to end by itself
if (!isMainThread) setInterval(() => {}, 1000)
process.on("exit", () => console.log(isMainThread ? "main is at its end" : "the worker is"))

export function* prints(): Resumable<void> {
  try {
    yield* sleep(60_000)
  } finally {
    for (let i = 0; i < ${LINES}; i++) console.log("line", i, "x".repeat(1000))
  }
}
`
const main = `import { Pool } from "rove"
import { prints } from "./work.ts"

const pool = await Pool.start({ workers: 1, grace: 60_000 })
const run = pool.run(prints())
run.catch(() => {})
while ((await run.status()).status !== "parked") await new Promise(resolve => setTimeout(resolve, 5))
const from = performance.now()
await pool.close()
console.log(performance.now() - from < 20_000 ? "promptly" : "late")
`

test("closing a pool whose module has an interval is prompt, and all that its workers printed comes out", async () => {
  const folder = scratch({ "package.json": '{ "name": "app", "type": "module" }', "work.ts": work, "main.ts": main })
  const { out, err } = await node(folder, ["--import", "rove/register", "main.ts"])
  expect(err).toBe("")
  const lines = out.trimEnd().split("\n")
  expect(lines.filter(line => line.startsWith("line"))).toEqual(
    Array.from({ length: LINES }, (_, i) => `line ${i} ${"x".repeat(1000)}`),
  )
  // what the main thread prints does not wait for what comes through it
  expect(lines.filter(line => !line.startsWith("line")).toSorted()).toEqual([
    "main is at its end",
    "promptly",
    "the worker is",
  ])
})
