/** The outside world, on one thread and on a pool. */
import { LocalHost, Pool } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./outside.fibers.ts"

/** A busy machine may take its time. */
const patiently = { timeout: 10_000, interval: 5 }

const pool = await Pool.start({ workers: 2 })
afterAll(() => pool.close())
const hosts = { "on one thread": new LocalHost(), "on a pool": pool }
const counter = () => new Int32Array(new SharedArrayBuffer(4))

describe.each(Object.entries(hosts))("callAsync %s", (_, host) => {
  test("waits for what a function promises, or gives what it returns; refuses what no other thread finds", async () => {
    expect(await host.run(fibers.calls())).toEqual([
      1,
      "now!",
      "RangeError: it failed",
      "ROVE_NOT_PORTABLE",
      "ROVE_INVALID_ARGUMENT",
      "ROVE_INVALID_ARGUMENT",
    ])
  })
  test("a record made in the middle of the call makes it again where it is resumed", async () => {
    const shared = counter()
    const fiber = host.run(fibers.callsCounted(shared))
    fiber.catch(() => {})
    await expect.poll(() => shared[0], patiently).toBe(1)
    const record = await fiber.record()
    expect(await new LocalHost().resume(record)).toBe(1)
    expect(shared[0]).toBe(2)
  })
  test("the wait is ended by an interrupt, and by a timeout", async () => {
    const fiber = host.run(fibers.callsCounted(counter()), { timeout: 30 })
    await expect(fiber).rejects.toThrow(expect.objectContaining({ code: "ROVE_TIMEOUT" }))
  })
})

test("a call waits on no thread that goes: it is made again elsewhere", async () => {
  await using two = await Pool.start({ workers: 2 })
  const shared = counter()
  const fiber = two.run(fibers.callsCounted(shared), { prefer: 2 })
  await expect.poll(() => shared[0], patiently).toBe(1)
  expect((await fiber.status()).waitsFor).toBe("call of counted()")
  await two.resize(1)
  expect(await fiber).toBe(1)
})
