/** Messages, links and monitors between threads, more of them than `process.test.ts` has time for. */
import { LocalHost, Pool } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./process.fibers.ts"

const pool = await Pool.start({ workers: 3 })
afterAll(() => pool.close())

describe.each(Object.entries({ "on one thread": new LocalHost(), "on a pool": pool }))("%s", (_, host) => {
  test("what one fiber tells another comes in that order", async () => {
    expect((await host.run(fibers.inOrder(20_000)))[0]).toBe(true)
  })
  test.each(["monitor", "link", "register", "ask"] as const)(
    "a %s that is over, 50,000 times, leaves nothing at a fiber that lives on, but what is kept of the last ones",
    async what => {
      expect(await host.run(fibers.growth(what, 50_000))).toBeLessThan(20 * 50_000)
    },
  )
})

test("what fibers send comes in order although they move about", async () => {
  const threads = pool.threads().map(({ id }) => id)
  for (let round = 0; round < 30; round++) {
    expect(await pool.run(fibers.toldOnTheWay(threads, 60))).toEqual([])
    expect(await pool.run(fibers.onTheWay("sent", threads, 30))).toEqual([])
    expect(await pool.run(fibers.onTheWay("untied", threads, 25))).toEqual([])
  }
})
