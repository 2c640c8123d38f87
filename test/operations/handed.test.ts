/** Computations that `all` and its like get as they are: nobody sees a difference, wherever the list goes and whoever looks at it. */
import { LocalHost } from "@rove/fibers"
import { Pool } from "@rove/scheduler"
import { afterAll, beforeAll, expect, test } from "vitest"
import * as fibers from "./handed.fibers.ts"

const run = <R>(computation: Generator<never, R>): Promise<R> => new LocalHost().run(computation as never)

let pool: Pool
beforeAll(async () => {
  pool = await Pool.start({ workers: 2 })
})
afterAll(() => pool.close())

test("a list that is half made moves with its fiber", async () => {
  const [a, b] = pool.threads().map(({ id }) => id) as [number, number]
  expect(await pool.run(fibers.halves([a, b, a, b]))).toEqual(["0", "1", "2", "3"])
})

test("a list that nobody has taken is part of the record", async () => {
  const waiting = pool.run(fibers.waiting())
  waiting.catch(() => {})
  await expect.poll(async () => (await waiting.status()).waitsFor, { interval: 5 }).toBe("sleep of 300 ms")
  expect(await pool.resume(await waiting.record())).toEqual([1, 2])
})

test("fibers share no arguments", async () => {
  expect(await run(fibers.shares())).toEqual([[7], [7, 1], [7, 1]])
})

test("what was taken is not taken again", async () => {
  expect(await run(fibers.twice())).toBe(
    "all takes a computation that has not begun, but the one of give that it was given has ended",
  )
})

test("they come by key, and to the other operations", async () => {
  expect(await run(fibers.byKey())).toEqual([1, "two", [{ status: "fulfilled", value: 3 }], 4])
})

test("methods and setters of the program's see generator objects", async () => {
  expect(await run(fibers.changedPush())).toEqual(["[object Generator]", "1,2"])
  expect(await run(fibers.setter())).toEqual(["[object Generator]", "1,2"])
  expect(await run(fibers.lateSetter("setter"))).toEqual(["[object Generator]", "1,2"])
  expect(await run(fibers.lateSetter("proxy"))).toEqual(["[object Generator]", "1,2"])
})

test("an iterator of the program's sees generator objects", async () => {
  expect(await run(fibers.changedIteration())).toContain("[object Generator]")
})

test("a step of the program's sees nothing but generator objects", async () => {
  expect(await run(fibers.changedStep())).toEqual(["[object Generator]"])
})

test("what is no function fails as it does natively", async () => {
  expect(await run(fibers.noFunction())).toBe("missing is not a function")
})
