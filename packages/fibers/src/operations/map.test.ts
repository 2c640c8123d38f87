import type { FiberInterrupted } from "@rove/core"
import { expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import type { Fiber } from "./handle.ts"
import { forEach, map } from "./map.ts"
import { reduce } from "./reduce.ts"
import { type RetryPolicy, retry } from "./retry.ts"
import { scope } from "./scoped.ts"
import { spawn } from "./spawn.ts"
import { now, sleep } from "./time.ts"

const host = (seed = 1) => new LocalHost({ clock: new VirtualClock(), seed })
const seen = { now: 0, most: 0, order: [] as string[] }
const work = compiled("work", function* (n: number, index: number) {
  seen.now++
  seen.most = Math.max(seen.most, seen.now)
  try {
    yield sleep(100 - n)
    if (n < 0) throw new RangeError(`${n}`)
    return `${index}:${n}`
  } finally {
    seen.now--
    seen.order.push(`${n}`)
  }
})
const run = async (operation: unknown) => {
  Object.assign(seen, { now: 0, most: 0, order: [] })
  const main = compiled("main", function* () {
    return yield operation
  })
  return await host().run(main())
}

test("map gives results in the order of the items, so many at a time", async () => {
  expect(await run(map([5, 50, 7, 90], work, { concurrency: 2 }))).toEqual(["0:5", "1:50", "2:7", "3:90"])
  expect([seen.most, seen.now]).toEqual([2, 0])
  expect(await run(map(new Set([1, 2, 3]), work))).toEqual(["0:1", "1:2", "2:3"])
  expect(seen.most).toBe(3)
  expect(await run(map([], work))).toEqual([])
})

test("map of very many, few at a time, takes a time that grows with their number alone", async () => {
  const quick = compiled("quick", function* (n: number) {
    return n + 1
  })
  const items = Array.from({ length: 20_000 }, (_, i) => i)
  const result = (await run(map(items, quick, { concurrency: 3 }))) as number[]
  expect([result.length, result[19_999]]).toEqual([20_000, 20_000])
})

test("an error ends what runs, and no more begin", async () => {
  await expect(run(map([1, -1, 2, 3, 4, 5], work, { concurrency: 2 }))).rejects.toThrow("-1")
  expect(seen.order.length).toBeLessThan(5)
  expect(seen.now).toBe(0)
})

test("forEach gives nothing", async () => {
  expect(await run(forEach([1, 2], work, { concurrency: 1 }))).toBe(undefined)
  expect([seen.most, seen.order]).toEqual([1, ["1", "2"]])
})

test("what is no function, list or number is refused at the call", () => {
  const refused = expect.objectContaining({ code: "ROVE_INVALID_ARGUMENT" })
  const pages = (async function* () {})()
  expect(() => forEach(pages as never, work)).toThrow(/^forEach takes an array.*, read it with .*each/)
  expect(() => map(7 as never, work)).toThrow(refused)
  expect(() => map([], 7 as never)).toThrow(refused)
  expect(() => map([], work, { concurrency: 0 })).toThrow(refused)
  expect(() => forEach([], work, { concurency: 2 } as never)).toThrow(refused)
  expect(() => reduce([], work as never)).toThrow(refused)
  expect(() => reduce([1], work as never, { grain: 0 })).toThrow(refused)
  expect(() => retry(work as never, { jitter: 2 })).toThrow(refused)
})

const join = compiled("join", function* (a: string, b: string) {
  yield sleep(1)
  return `(${a}${b})`
})
test.each([
  [1, "((ab)(c(de)))"],
  [2, "((ab)(c(de)))"],
  [5, "((((ab)c)d)e)"],
])("reduce combines by halves, %i at a time, in order", async (grain, result) => {
  expect(await run(reduce([..."abcde"], join, { grain }))).toBe(result)
})
test.each([
  ["an operation", () => sleep(1), "an operation that was never performed"],
  ["a computation", () => join("x", "y"), "a computation of join that never ran"],
])("reduce tells of a function that returns %s, which nobody would perform any more", async (_, make, what) => {
  const lazy = compiled("lazy", function* () {
    return make()
  })
  for (const items of ["ab", "abc", "abcd", "abcde"])
    await expect(run(reduce([...items], lazy as never))).rejects.toMatchObject({
      code: "ROVE_FORGOTTEN_YIELD",
      message: expect.stringContaining(`returned ${what}: write return yield* in place of return`),
    })
})
test("reduce gives an operation that it was given alone, or whose function gives it to be performed", async () => {
  const item = sleep(1)
  const first = compiled("first", function* (a: unknown) {
    return a
  })
  const main = compiled("main", function* () {
    const alone: unknown = yield reduce([item], join as never)
    const folded: unknown = yield reduce([item, sleep(2)] as unknown[], first as never, { grain: 2 })
    return alone === item && folded === item
  })
  expect(await host().run(main())).toBe(true)
  const direct = (a: string, b: string) => join(a, b)
  expect(await run(reduce([..."abc"], direct as never))).toBe("(a(bc))")
})
test("reduce of one gives it, and of none what it is told to", async () => {
  expect(await run(reduce(["a"], join))).toBe("a")
  expect(await run(reduce([], join, { empty: "none" }))).toBe("none")
})
test("an error in one half ends the other", async () => {
  const fail = compiled("fail", function* (a: number, b: number) {
    yield sleep(a)
    if (a > 2) throw new RangeError(`${a}`)
    return a + b
  })
  await expect(run(reduce([1, 2, 3, 4], fail))).rejects.toThrow(RangeError)
})

async function tried(policy: RetryPolicy, times: number, seed = 1): Promise<[unknown, number[]]> {
  const at: number[] = []
  const flaky = compiled("flaky", function* (attempt: number) {
    at.push(now())
    if (attempt <= times) throw new RangeError(`attempt ${attempt}`)
    return `done at ${attempt}`
  })
  const main = compiled("main", function* () {
    try {
      return yield retry(flaky, policy)
    } catch (error) {
      return String(error)
    }
  })
  const result = await host(seed).run(main())
  return [result, at]
}
test("retry pauses longer each time, up to the longest", async () => {
  const policy = { attempts: 6, delay: 10, factor: 3, longest: 100, jitter: 0 }
  expect(await tried(policy, 5)).toEqual(["done at 6", [0, 10, 40, 130, 230, 330]])
  expect(await tried(policy, 6)).toEqual(["RangeError: attempt 6", [0, 10, 40, 130, 230, 330]])
})
test("jitter makes pauses shorter by chance, the same for the same seed", async () => {
  const policy = { attempts: 5, delay: 100, factor: 1, jitter: 0.5 }
  const [, at] = await tried(policy, 4)
  const pauses = at.slice(1).map((time, i) => time - (at[i] as number))
  expect(pauses.every(pause => pause > 50 && pause <= 100)).toBe(true)
  expect(new Set(pauses).size).toBeGreaterThan(1)
  expect((await tried(policy, 4))[1]).toEqual(at)
  expect((await tried(policy, 4, 2))[1]).not.toEqual(at)
})
test("retry asks whether an error is worth it", async () => {
  const asked: unknown[] = []
  const when = (error: unknown, attempt: number) => {
    asked.push([String(error), attempt])
    return attempt < 2
  }
  expect(await tried({ when, delay: 1 }, 9)).toEqual(["RangeError: attempt 2", expect.any(Array)])
  expect(asked).toEqual([
    ["RangeError: attempt 1", 1],
    ["RangeError: attempt 2", 2],
  ])
})
test("retry does not begin again what was interrupted, though something in it failed as well", async () => {
  let attempts = 0
  const stubborn = compiled("stubborn", function* () {
    try {
      yield sleep(1000)
    } catch {
      throw new RangeError("in its cleanup")
    }
  })
  const inside = compiled("inside", function* () {
    yield spawn(stubborn())
    yield sleep(1000)
  })
  const flaky = compiled("flaky", function* () {
    attempts++
    yield scope(inside as never)
  })
  const retries = compiled("retries", function* () {
    yield retry(flaky as never, { delay: 1 })
  })
  const main = compiled("main", function* () {
    const fiber: Fiber<void> = yield spawn(retries())
    yield sleep(10)
    yield fiber.interrupt("enough")
    try {
      return yield fiber.join()
    } catch (error) {
      return [(error as FiberInterrupted).reason, String((error as FiberInterrupted).cause)]
    }
  })
  expect(await host().run(main())).toEqual(["enough", "RangeError: in its cleanup"])
  expect(attempts).toBe(1)
})
