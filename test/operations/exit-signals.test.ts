/** Exit signals as the Erlang manual has them, row by row: on one thread, and between two. */
import { LocalHost, Pool, VirtualClock } from "rove"
import { afterAll, expect, test } from "vitest"
import { type Expected, table } from "./exit-signals.fibers.ts"

const pool = await Pool.start({ workers: 2 })
afterAll(() => pool.close())

/** What comes of it if the receiver does not trap exits, and if it does. */
const expected: readonly Expected[] = [
  ["link: normal", "nothing", "message normal"],
  ["link: error", "ends with RangeError: failed", "message RangeError: failed"],
  ["link: exit signal", "ends with other", "message other"],
  ["link: kill", "ends with killed", "message killed"],
  ["link: interrupt", "ends with enough", "message enough"],
  ["link: reason kill of another", "ends with kill", "message kill"],
  ["link: inactive", "nothing", "nothing"],
  ["link: to one that has failed", "ends with RangeError: failed", "message RangeError: failed"],
  ["signal: normal", "nothing", "message normal"],
  ["signal: other", "ends with other", "message other"],
  ["signal: kill", "ends with killed", "ends with killed"],
  ["signal to itself: normal", "ends with normal", "message normal"],
  ["signal to itself: other", "ends with other", "message other"],
  ["signal to itself: kill", "ends with killed", "ends with killed"],
]

test("on one thread", async () => {
  expect(await new LocalHost({ clock: new VirtualClock() }).run(table(null, null, expected))).toEqual(expected)
})
test.each([
  [1, 1],
  [1, 2],
  [2, 1],
])("the receiver on thread %i, the sender on thread %i", async (here, there) => {
  expect(await pool.run(table(here, there, expected))).toEqual(expected)
})
