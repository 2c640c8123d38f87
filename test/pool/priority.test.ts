/** That priorities order what could run, on the threads of a pool and in front of them, and keep nobody waiting for ever. */
import { Pool } from "@rove/scheduler"
import { expect, test } from "vitest"
import { begins, hog, holds, stopper } from "./fair.ts"

const silent = { warn() {}, error() {} }

test("what waits for a thread begins in the order of priorities, first in first out within one", async () => {
  await using pool = await Pool.start({ workers: 1, logger: silent })
  const held = pool.run(holds(20))
  const order = new SharedArrayBuffer(4)
  const places = await Promise.all(
    (["low", "normal", "high", undefined, "low", "high"] as const).map(priority =>
      pool.run(begins(order), priority === undefined ? {} : { priority }),
    ),
  )
  await held
  expect(places).toEqual([4, 2, 0, 3, 5, 1])
})

test("more than a thread takes at once waits in the order of priorities too", async () => {
  await using pool = await Pool.start({ workers: 1, logger: silent })
  const order = new SharedArrayBuffer(4)
  const held = pool.run(holds(20))
  const many = Array.from({ length: 1000 }, () => pool.run(begins(order), { priority: "low" }))
  const urgent = pool.run(begins(order), { priority: "high" })
  expect(await urgent).toBeLessThan(300)
  await Promise.all([held, ...many])
})

test.for(["normal", "low"] as const)(
  "a fiber of priority %s has its turns although fibers of high priority always could run",
  async priority => {
    await using pool = await Pool.start({ workers: 1, logger: silent })
    const stop = new SharedArrayBuffer(4)
    const hogs = Array.from({ length: 3 }, () => pool.run(hog(stop), { priority: "high" }))
    expect(await pool.run(stopper(stop, 5), { priority })).toBe("had its turns")
    await Promise.all(hogs)
  },
)

test("another priority is refused, with those that there are", async () => {
  await using pool = await Pool.start({ workers: 1, logger: silent })
  const run = pool.run(begins(new SharedArrayBuffer(4)), { priority: "highest" as "high" })
  await expect(run).rejects.toThrow('pool.run takes "low", "normal" or "high" as priority, not "highest"')
})
