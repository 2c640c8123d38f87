/** The event loop of a pool's thread: while nothing runs there, and while fibers compute. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { Pool } from "@rove/scheduler"
import { expect, test } from "vitest"
import { scratch } from "../support/scratch.ts"
import * as fibers from "./idle.fibers.ts"
import { fan } from "./programs.ts"

const here = fileURLToPath(import.meta.url)

test("an idle pool uses no processor time", { timeout: 20_000 }, async () => {
  await using pool = await Pool.start({ workers: 4 })
  await pool.run(fan(8, 10_000))
  await new Promise(resolve => setTimeout(resolve, 200))
  const slices = () => pool.stats().threads.reduce((sum, thread) => sum + thread.slices, 0)
  const [then, before] = [slices(), process.cpuUsage()]
  await new Promise(resolve => setTimeout(resolve, 5000))
  const used = process.cpuUsage(before)
  expect((used.user + used.system) / 1000).toBeLessThan(100) // of 5000 ms, vitest's own included
  expect(slices()).toBe(then)
})

test("sockets of an idle thread are served, and wake nothing else", { timeout: 30_000 }, async () => {
  await using pool = await Pool.start({ workers: 1 })
  const port = await pool.call(fibers.serves)
  await new Promise(resolve => setTimeout(resolve, 100))
  const slices = pool.stats().threads[0]?.slices
  expect(await fibers.reaches(port, here, 20)).toBeLessThan(1000)
  expect(pool.stats().threads[0]?.slices).toBe(slices)
  await pool.call(fibers.closes)
})

test("what an idle thread prints comes through while it is idle", { timeout: 60_000 }, async () => {
  const folder = scratch({
    "package.json": '{ "name": "app", "type": "module" }',
    "main.ts": `import { Pool } from "rove"
import { chatters } from ${JSON.stringify(new URL("./idle.fibers.ts", import.meta.url).href)}
const pool = await Pool.start({ workers: 1 })
await pool.call(chatters, 3, 50)
process.stdin.once("data", () => pool.close())
`,
  })
  const child = spawn(process.execPath, ["--import", "rove/register", "main.ts"], {
    cwd: folder,
    stdio: ["pipe", "pipe", "inherit"],
  })
  let out = ""
  child.stdout.on("data", chunk => {
    out += chunk
  })
  // the pool is open, and its thread has nothing to do: it is told to close only when all has come
  await expect.poll(() => out, { timeout: 30_000 }).toBe("tick 3\ntick 2\ntick 1\n")
  const exit = once(child, "exit")
  child.stdin.end("close")
  expect((await exit)[0]).toBe(0)
})

test("sockets and file reads of a thread go on while its fibers compute without a stop", {
  timeout: 60_000,
}, async () => {
  await using pool = await Pool.start({ workers: 1 })
  const port = await pool.call(fibers.serves)
  const stop = new SharedArrayBuffer(4)
  const computing = [pool.run(fibers.computes(stop)), pool.run(fibers.computes(stop))]
  const longest = await pool.call(fibers.reaches, port, here, 30)
  Atomics.store(new Int32Array(stop), 0, 1)
  for (const turns of await Promise.all(computing)) expect(turns).toBeGreaterThan(1000)
  expect(longest).toBeLessThan(2000) // each a few turns of the event loop, on a machine that may have others to serve
  await pool.call(fibers.closes)
})
