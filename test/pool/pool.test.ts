/** The pool with real workers: that fibers move, end once, and give the same result wherever they ran. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { FiberInterrupted, RoveError } from "@rove/core"
import { Pool } from "@rove/scheduler"
import { describe, expect, test } from "vitest"
import { lending } from "../support/pools.ts"
import {
  add,
  fail,
  fan,
  fib,
  file,
  forever,
  loop,
  nap,
  naps,
  plainFib,
  stuck,
  threadOf,
  unportable,
} from "./programs.ts"

const start = lending({ workers: 2, grace: 2000 })
const total = (pool: Pool, key: "fibersIn" | "fibersOut" | "started" | "ended" | "transfersRefused") =>
  pool.stats().threads.reduce((sum, thread) => sum + thread[key], 0)

describe("results", () => {
  test("values, errors with class and text, sleeps and reads come back", async () => {
    const pool = await start()
    expect(await pool.run(add(1, 2))).toBe(3)
    await expect(pool.run(fail("boom"))).rejects.toThrow(new TypeError("boom"))
    expect(await pool.run(nap(20))).toBe("slept 20")
    expect(await pool.run(file(import.meta.filename))).toBeGreaterThan(1000)
  })

  test("the result is the same for 1, 2, 3 and 4 workers", { timeout: 60_000 }, async () => {
    const results = []
    for (const workers of [1, 2, 3, 4]) {
      const pool = await start({ workers })
      results.push([await pool.run(fib(20, 5)), (await pool.run(fan(20, 20_000))).sum])
    }
    expect(new Set(results.map(r => JSON.stringify(r))).size).toBe(1)
    expect(results[0]?.[0]).toBe(plainFib(20))
  })

  test("an argument that cannot be handed over rejects and names what is in the way", async () => {
    const pool = await start({ workers: 1 })
    await expect(pool.run(add((() => {}) as never, 2))).rejects.toThrow(
      expect.objectContaining({ code: "ROVE_NOT_PORTABLE" }),
    )
    expect(await pool.run(add(1, 2))).toBe(3)
  })
})

describe("stealing", () => {
  test("fibers of one submission move to idle threads, as many out as in", { timeout: 30_000 }, async () => {
    const pool = await start()
    const before = total(pool, "fibersOut")
    const { threads } = await pool.run(fan(30, 200_000))
    expect(threads).toEqual([1, 2])
    expect(total(pool, "fibersOut")).toBeGreaterThan(before)
    expect(total(pool, "fibersIn")).toBe(total(pool, "fibersOut") - total(pool, "transfersRefused"))
  })

  test("a fiber that has begun moves too: long loops are preempted and seen on both threads", {
    timeout: 30_000,
  }, async () => {
    const alone = await start({ workers: 1 })
    const { sum } = await alone.run(loop(6_000_000))
    const pool = await start()
    // three on two threads: the one that has one of them takes another from the middle, unless it was given half the time
    for (let round = 0, moved = false; !moved; round++) {
      expect(round).toBeLessThan(10)
      const runs = await Promise.all([1, 2, 3].map(() => pool.run(loop(6_000_000))))
      expect(runs.map(run => run.sum)).toEqual([sum, sum, sum])
      moved = runs.some(run => run.threads.length > 1)
    }
  })

  test("a fiber that cannot be encoded stays where it is and ends there", { timeout: 30_000 }, async () => {
    const pool = await start()
    const runs = await Promise.all(Array.from({ length: 6 }, () => pool.run(unportable(500_000))))
    expect(runs).toEqual(Array(6).fill(500_001))
  })

  test("a storm: thousands of fibers on eight threads, each started and ended once", { timeout: 60_000 }, async () => {
    const pool = await start({ workers: 8 })
    const trees = await Promise.all(Array.from({ length: 20 }, () => pool.run(fib(15, 3))))
    expect(trees).toEqual(Array(20).fill(plainFib(15)))
    expect(total(pool, "started")).toBe(total(pool, "ended"))
    expect(total(pool, "fibersIn")).toBe(total(pool, "fibersOut"))
    expect(pool.stats().pending).toBe(0)
  })

  test("a thousand sleepers do not keep each other waiting", { timeout: 30_000 }, async () => {
    const pool = await start()
    const before = performance.now()
    expect(await pool.run(naps(1000, 100))).toBe(1000)
    expect(performance.now() - before).toBeLessThan(20_000) // of 100,000
  })
})

describe("idling", () => {
  test("no wake-up is lost: thousands of lone submissions, each to threads that are about to sleep", {
    timeout: 60_000,
  }, async () => {
    const pool = await start()
    for (let i = 0; i < 3000; i++) {
      expect(await pool.run(add(i, 1))).toBe(i + 1)
      if (i % 7 === 0) await new Promise(resolve => setTimeout(resolve, i % 3))
    }
  })
})

describe("interrupts", () => {
  test("a sleeping, a running, and an unstarted fiber are interrupted; asking twice and too late changes nothing", async () => {
    const pool = await start({ workers: 1 })
    const handles = [pool.run(stuck()), pool.run(forever()), pool.run(forever()), pool.run(add(1, 1))]
    const ends = Promise.allSettled(handles)
    await handles[3]
    for (const handle of handles) {
      void handle.interrupt("first")
      await handle.interrupt("second")
    }
    const [a, b, c, d] = await ends
    for (const end of [a, b, c]) expect(end).toMatchObject({ status: "rejected", reason: expect.any(FiberInterrupted) })
    expect((a as PromiseRejectedResult).reason.reason).toBe("first")
    expect(d).toEqual({ status: "fulfilled", value: 2 })
  })

  test("an aborted signal rejects with its own reason, before the start and during the run; so does a timeout with its code", async () => {
    const pool = await start()
    const reason = new Error("enough")
    await expect(pool.run(add(1, 1), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const run = pool.run(forever(), { signal: controller.signal })
    setTimeout(() => controller.abort(reason), 30)
    await expect(run).rejects.toBe(reason)
    await expect(pool.run(forever(), { timeout: 30 })).rejects.toThrow(
      expect.objectContaining({ code: "ROVE_TIMEOUT" }),
    )
    await expect(pool.run(stuck(), { timeout: 30 })).rejects.toThrow(expect.objectContaining({ code: "ROVE_TIMEOUT" }))
  })

  test("a fiber that no thread has room for yet ends at once, and the others run", async () => {
    const pool = await start({ workers: 1 })
    const runs = Array.from({ length: 1000 }, (_, i) => pool.run(add(i, 1)))
    await (runs[999] as (typeof runs)[0]).interrupt("not any more")
    await expect(runs[999]).rejects.toMatchObject({ reason: "not any more" })
    expect(pool.stats().pending).toBe(999)
    const ends = await Promise.all(runs.slice(0, 999))
    expect(ends.reduce((sum, end) => sum + end)).toBe(499_500)
  })

  test("an interrupt reaches a fiber wherever it has moved to", { timeout: 30_000 }, async () => {
    const pool = await start()
    const before = total(pool, "fibersOut")
    for (let round = 0; round < 10; round++) {
      const runs = Array.from({ length: 6 }, () => pool.run(forever()))
      const ends = Promise.allSettled(runs)
      await new Promise(resolve => setTimeout(resolve, 10 + round))
      await Promise.all(runs.map(run => run.interrupt("moved or not")))
      expect((await ends).every(end => end.status === "rejected" && end.reason instanceof FiberInterrupted)).toBe(true)
    }
    expect(total(pool, "fibersOut")).toBeGreaterThan(before)
  })

  test("leaving the scope of a handle interrupts its fiber and waits for the end", async () => {
    const pool = await start()
    {
      await using _run = pool.run(forever())
    }
    expect(pool.stats().pending).toBe(0)
  })
})

describe("configuration", () => {
  test.each([
    [{ workers: 0 }, 'option "workers": expected a whole number from 1 to 512, not 0'],
    [{ workers: 1.5 }, 'option "workers": expected a whole number from 1 to 512, not 1.5'],
    [{ quantum: -1 }, 'option "quantum": expected a number from 0.1 to 1000, not -1'],
    [{ seed: "x" }, "option \"seed\": expected a whole number, not 'x'"],
    [{ uncaught: "crash" }, 'option "uncaught": expected "report", "pool" or "process", not \'crash\''],
    [{ name: "" }, "option \"name\": expected a text that is not empty, not ''"],
    [{ limits: { queue: 0 } }, 'option "limits.queue": expected a number of 1 or more, not 0'],
    [{ limits: { ful: "wait" } }, 'no option "ful": did you mean "full"?'],
    [{ logger: {} }, 'option "logger": expected something with warn and error'],
    [{ worker: 2 }, 'no option "worker": did you mean "workers"?'],
  ])("%j is refused, with the option and what was given", async (options, name) => {
    const refusal = await Pool.start(options as never).then(
      () => undefined,
      error => error as RoveError,
    )
    expect(refusal).toBeInstanceOf(RoveError)
    expect(refusal?.code).toBe("ROVE_CONFIG")
    expect(refusal?.message).toContain(name)
  })

  test("an option that a run or a close does not have is refused, and the pool goes on", async () => {
    const pool = await start({ workers: 1 })
    await expect(pool.run(add(1, 2), { timeuot: 120 } as never)).rejects.toMatchObject({
      code: "ROVE_INVALID_ARGUMENT",
      message: expect.stringContaining('pool.run has no option "timeuot": did you mean "timeout"?'),
    })
    await expect(pool.run(add(1, 2), { pinned: "here" } as never)).rejects.toMatchObject({
      code: "ROVE_INVALID_ARGUMENT",
      message:
        'pool.run has no option "pinned"; it has name, signal, timeout, recursionLimit, priority, trackOrigin, prefer',
    })
    for (const none of [null, 5, "fast"]) {
      const refusal = {
        code: "ROVE_INVALID_ARGUMENT",
        message: expect.stringContaining("takes its options as an object"),
      }
      await expect(pool.run(add(1, 2), none as never)).rejects.toMatchObject(refusal)
      await expect(pool.resume({} as never, none as never)).rejects.toMatchObject(refusal)
    }
    await expect(pool.close({ mod: "drain" } as never)).rejects.toMatchObject({
      code: "ROVE_CONFIG",
      message: expect.stringContaining('pool.close has no option "mod": did you mean "mode"?'),
    })
    await expect(pool.close({ mode: "wait" } as never)).rejects.toMatchObject({ code: "ROVE_CONFIG" })
    for (const [grace, shown] of [
      ["100", "'100'"],
      [Number.NaN, "NaN"],
      [-1, "-1"],
      [null, "null"],
    ])
      await expect(pool.close({ grace } as never)).rejects.toMatchObject({
        code: "ROVE_CONFIG",
        message: `pool.close: option "grace": expected a number from 0 to 3600000, not ${shown}`,
      })
    expect(await pool.run(add(1, 2))).toBe(3)
  })

  test("a worker's identity is its own", async () => {
    const pool = await start({ workers: 2 })
    expect([1, 2]).toContain(await pool.run(threadOf()))
  })

  test("what a worker loads at its start has neither effect nor pino nor a parser", async () => {
    const entry = new URL("../../packages/scheduler/src/entry.ts", import.meta.url)
    const script = `
      import { registerHooks } from "node:module"
      registerHooks({ load(url, context, next) { console.log(url); return next(url, context) } })
      await import(${JSON.stringify(entry.href)}).catch(() => {})`
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script])
    const loaded = stdout.split("\n").filter(Boolean)
    expect(loaded.some(url => url.includes("/scheduler/src/worker.ts"))).toBe(true)
    expect(loaded.filter(url => /\/(effect|pino|oxc-[a-z]+|esrap|compiler)\//.test(url))).toEqual([])
  })
})
