/** How long a thread keeps the ends of its fibers for those that join them from elsewhere. */
import { Pool } from "@rove/scheduler"
import { expect, test } from "vitest"
import { rejoins } from "./ends.fibers.ts"

const sumTo = (count: number) => (count * (count - 1)) / 2

test("an end that was told is kept for a second join, until 10,000 others were told; those that nobody asked for stay", {
  timeout: 60_000,
}, async () => {
  await using pool = await Pool.start({ workers: 2 })
  expect(await pool.run(rejoins(2, 500), { prefer: 1 })).toEqual({ sum: sumTo(500), again: "0" })
  const many = 10_100
  expect(await pool.run(rejoins(2, many), { prefer: 1 })).toEqual({ sum: sumTo(many), again: "ROVE_UNKNOWN_FIBER" })
})
