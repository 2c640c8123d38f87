/** What a fiber's context is worth on other threads, and in other runtimes. */
import { Pool } from "@rove/scheduler"
import { expect, test } from "vitest"
import { lends, lendsInline, wanders } from "./contexts.fibers.ts"

const lent = [true, "own", "ROVE_TOKEN", "own", "ROVE_TOKEN", "own", null, "none"]

test("a token is refused in a child, whether that is stolen or runs in the join, and so is the copy that the child gives back", async () => {
  await using pool = await Pool.start({ workers: 2 })
  expect(await pool.run(lends(2), { prefer: 1 })).toEqual(lent)
  expect(await pool.run(lendsInline(), { prefer: 1 })).toEqual(lent)
})

test("a trace hook hears of a move to another runtime's thread with the same number", async () => {
  await using one = await Pool.start({ workers: 1 })
  await using other = await Pool.start({ workers: 1 })
  const record = (await one.run(wanders())) as never
  expect(await other.resume(record)).toEqual([1, "1", 1])
})
