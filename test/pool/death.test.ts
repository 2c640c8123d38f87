/** Death of threads and the end of pools: every fiber ends once, everyone who waits hears of it, and nothing hangs. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { WorkerLost } from "@rove/core"
import { Pool } from "@rove/scheduler"
import { afterEach, describe, expect, test } from "vitest"
import { type OsThread, realPlatform } from "../../packages/scheduler/src/platform.ts"
import type { WorkerStart } from "../../packages/scheduler/src/start.ts"
import { ends, storm } from "./deaths.ts"
import {
  add,
  exhaust,
  exit,
  fib,
  forever,
  hog,
  loop,
  nap,
  orphan,
  plainFib,
  reject,
  stuck,
  throwOutside,
} from "./programs.ts"

const pools: Pool[] = []
async function start(options: Parameters<typeof Pool.start>[0] = {}): Promise<Pool> {
  const pool = await Pool.start({ workers: 2, grace: 2000, ...options })
  pools.push(pool)
  return pool
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map(pool => pool.close()))
})
describe("a thread that dies", () => {
  test("by process.exit in a fiber: that fiber is lost with the cause, the thread replaced, the pool goes on", async () => {
    const pool = await start({ workers: 1 })
    const error = await pool.run(exit(7)).catch(e => e)
    expect(error).toBeInstanceOf(WorkerLost)
    expect(error.code).toBe("ROVE_WORKER_LOST")
    expect(error.message).toMatch(/^thread 1 is gone and fiber \S+-0\.1 \(exit\) with it$/)
    expect(String(error.cause)).toContain("exited with code 7")
    expect(await pool.run(add(1, 2))).toBe(3)
    expect(pool.stats().threads.map(thread => thread.alive)).toEqual([false, true])
    expect(pool.stats().deaths).toBe(1)
  })

  test("by a throw outside of any fiber: the cause is that error", async () => {
    const pool = await start()
    const error = await pool.run(throwOutside()).catch(e => e)
    expect(error).toBeInstanceOf(WorkerLost)
    expect(String(error.cause)).toContain("outside of any fiber")
    expect(await pool.run(add(1, 2))).toBe(3)
  })

  test("by being terminated from outside, while a fiber computes there", async () => {
    const threads: OsThread[] = []
    const thread = (start: WorkerStart): OsThread => {
      const made = realPlatform.thread(start)
      threads.push(made)
      return made
    }
    const pool = await Pool.start({ workers: 1, grace: 2000 }, { ...realPlatform, thread })
    pools.push(pool)
    const running = pool.run(forever())
    await expect.poll(() => pool.stats().threads[0]?.started, { timeout: 10_000 }).toBe(1)
    threads[0]?.terminate()
    const error = await running.catch(e => e)
    expect(error).toBeInstanceOf(WorkerLost)
    expect(String(error.cause)).toContain("rove-1: it exited with code 1")
    expect(await pool.run(add(1, 2))).toBe(3)
    expect([threads.length, pool.stats().deaths]).toEqual([2, 1])
  })

  test("by running out of memory", { timeout: 60_000 }, async () => {
    const script = `
      import { Pool } from "@rove/scheduler"
      import { exhaust, add } from ${JSON.stringify(new URL("./programs.ts", import.meta.url).href)}
      await using pool = await Pool.start({ workers: 2 })
      const error = await pool.run(exhaust()).catch(e => e)
      console.log(error.code, String(error.cause).includes("memory"), await pool.run(add(20, 3)))`
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--max-old-space-size=64", "--input-type=module", "-e", script],
      { cwd: import.meta.dirname },
    )
    expect(stdout.trim()).toBe("ROVE_WORKER_LOST true 23")
    void exhaust
  })

  test("submissions that it had not begun are run by others: only the one that killed it is lost", {
    timeout: 30_000,
  }, async () => {
    const pool = await start({ workers: 1 })
    const killer = ends([pool.run(exit(1))])
    const others = Array.from({ length: 50 }, (_, i) => pool.run(add(i, i)))
    expect(await killer).toEqual(["lost"])
    expect(await Promise.all(others)).toEqual(Array.from({ length: 50 }, (_, i) => 2 * i))
  })

  test("a fiber that waits for a child on the dead thread hears of it, from wherever it waits", {
    timeout: 30_000,
  }, async () => {
    const pool = await start()
    const heard = await ends(Array.from({ length: 4 }, () => pool.run(orphan())))
    for (const end of heard) expect(["returned", "lost"]).toContain(end)
    expect(await pool.run(add(1, 2))).toBe(3)
  })

  test("storms: random deaths among stealing threads; everything ends, and what returns is right", {
    timeout: 120_000,
  }, async () => {
    await storm(await start({ workers: 4 }), 3)
  })

  test("a module that ends every thread that imports it is not tried for ever", { timeout: 60_000 }, async () => {
    const pool = await start({ workers: 1 })
    const { deadly } = await import("./deadly.ts")
    expect(await ends([pool.run(deadly())])).toEqual(["lost"])
    expect(pool.stats().deaths).toBe(3)
    expect(await pool.run(add(1, 2))).toBe(3)
  })

  test("threads that never come up are an error of Pool.start and not a loop", { timeout: 30_000 }, async () => {
    const script = `
      import { Pool } from "@rove/scheduler"
      const error = await Pool.start({ workers: 2 }).catch(e => e)
      console.log(error.code, error.message.includes("code 9"))`
    const preload =
      "data:text/javascript,import{isMainThread}from'node:worker_threads';if(!isMainThread)process.exit(9)"
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", preload, "--input-type=module", "-e", script],
      { cwd: import.meta.dirname, timeout: 20_000 },
    )
    expect(stdout.trim()).toBe("ROVE_WORKER_START true")
  })

  test("an unhandled rejection is no death: it is reported with its fiber and the fiber goes on", async () => {
    const reports: { details: object; message: string }[] = []
    const log = (details: object, message: string) => reports.push({ details, message })
    const pool = await start({ workers: 1, logger: { warn: log, error: log } })
    const run = pool.run(reject())
    expect(await run).toBe("went on")
    expect(reports).toHaveLength(1)
    expect(reports[0]).toMatchObject({
      details: { fiber: run.id, thread: 1, error: expect.stringContaining("nobody handles this") },
    })
    expect(pool.stats().deaths).toBe(0)
  })
})

describe("the end of a pool", () => {
  test("what runs, sleeps or waits in a queue is interrupted; each hears of it; no more work is taken", async () => {
    const pool = await start()
    const runs = [pool.run(forever()), pool.run(stuck()), ...Array.from({ length: 20 }, () => pool.run(loop(1e9)))]
    const all = ends(runs)
    await new Promise(resolve => setTimeout(resolve, 50))
    const closing = pool.close()
    await expect(pool.run(add(1, 2))).rejects.toThrow(expect.objectContaining({ code: "ROVE_POOL_CLOSED" }))
    await closing
    expect(new Set(await all)).toEqual(new Set(["interrupted"]))
    expect(pool.close()).toBe(pool.close())
  })

  test("draining waits for what runs", async () => {
    const pool = await start()
    const runs = [pool.run(nap(100)), pool.run(fib(16, 4))]
    await pool.close({ mode: "drain" })
    expect(await Promise.all(runs)).toEqual(["slept 100", plainFib(16)])
  })

  test("a fiber that never stops does not hold up the end for longer than the grace", async () => {
    const pool = await start({ workers: 2, grace: 300 })
    const all = ends([pool.run(hog())])
    // one that has not begun would be interrupted in time
    while (pool.stats().threads.every(({ started }) => started === 0))
      await new Promise(resolve => setTimeout(resolve, 10))
    await new Promise(resolve => setTimeout(resolve, 100))
    const before = performance.now()
    await pool.close()
    expect(performance.now() - before).toBeLessThan(10_000) // the fiber would hold it up for ever
    expect(await all).toEqual(["lost"])
  })

  test("a pool that is closed at once after its start, or while threads die, ends too", {
    timeout: 30_000,
  }, async () => {
    for (let i = 0; i < 3; i++) {
      const pool = await start({ workers: 3 })
      const all = ends([pool.run(exit(1)), pool.run(exit(1)), pool.run(forever())])
      if (i > 0) await new Promise(resolve => setTimeout(resolve, i * 10))
      await pool.close()
      for (const end of await all) expect(["lost", "interrupted"]).toContain(end)
    }
  })

  test("the process ends by itself after the pool, and what fibers printed has come through", {
    timeout: 30_000,
  }, async () => {
    const script = `
      import { Pool } from "@rove/scheduler"
      import { print, exit } from ${JSON.stringify(new URL("./programs.ts", import.meta.url).href)}
      {
        await using pool = await Pool.start({ workers: 2 })
        await Promise.all(Array.from({ length: 500 }, (_, i) => pool.run(print("line " + i))))
      }
      console.log("end")`
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      cwd: import.meta.dirname,
      timeout: 20_000,
    })
    const lines = stdout.trim().split("\n")
    expect(lines.filter(line => line.startsWith("line "))).toHaveLength(500)
    expect(lines).toContain("end")
  })
})
