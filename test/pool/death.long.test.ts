import { Pool } from "@rove/scheduler"
import { test } from "vitest"
import { storm } from "./deaths.ts"

test("eight rounds of deaths among stealing threads; everything ends, and what returns is right", async () => {
  await using pool = await Pool.start({ workers: 4, grace: 2000 })
  await storm(pool, 8)
})
