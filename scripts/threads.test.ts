/** Threads of tests start from bundles; nothing else would say so if they did not any more. */
import { Pool } from "@rove/scheduler"
import { expect, test } from "vitest"
import { found } from "./threads.fibers.ts"

const { ROVE_TEST_ENTRY: entry = "none", VITEST_MODE: mode } = process.env

test.skipIf(mode === "WATCH")("a thread finds each part of Rove in the bundle from which it was started", async () => {
  await using pool = await Pool.start({ workers: 1 })
  const folder = entry.slice(0, entry.lastIndexOf("/") + 1)
  expect(folder).toMatch(/^file:.*\//)
  expect((await pool.call(found)).map(url => url.startsWith(folder))).toEqual([true, true, true, true, true, true])
})
