/** Async iterables in fibers, on one thread and on a pool. */
import { each, LocalHost, Pool } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./each.fibers.ts"

const patiently = { timeout: 10_000, interval: 5 }
const pool = await Pool.start({ workers: 2, grace: 100 })
afterAll(() => pool.close())
const hosts = { "on one thread": new LocalHost(), "on a pool": pool }
const coded = (code: string) => expect.objectContaining({ code })

describe.each(Object.entries(hosts))("each %s", (_, host) => {
  test("asks for an item when the loop wants it, and others run while it comes", async () => {
    const log = ["asked for 0", 0, "asked for 1", 1, "asked for 2", 2, "closed", "left", true]
    expect(await host.run(fibers.takes())).toEqual(log)
  })
  test("closes its source, and waits for that, however the loop is left", async () => {
    expect(await host.run(fibers.waysOut())).toEqual([
      ["closed", "broke"],
      ["closed", "returned"],
      ["closed", "thrown"],
      [0, "closed", "no 1"],
      ["closed", "did not close"],
      ["closed", "thrown first"],
      [1, 2, "ended"],
    ])
  })
  test("treats iterators as for await does, and refuses what is none", async () => {
    expect(await host.run(fibers.odd())).toEqual([
      "bare: 1",
      "number: Iterator result 5 is not an object",
      "throwing: at once",
      "badReturn: 1",
      "badReturn: Iterator result 5 is not an object",
      ...Array.from({ length: 5 }, () => "ROVE_INVALID_ARGUMENT"),
    ])
  })
  test("an interrupt while an item is on its way tells the source, and waits for it, but not for ever", async () => {
    expect(await host.run(fibers.interrupted())).toEqual([
      ["AbortError", "closed", "ROVE_TIMEOUT", true],
      ["closed", "ROVE_TIMEOUT", true],
      ["ROVE_TIMEOUT", true],
    ])
  })
  test("is refused where nothing may wait, before the source has begun", async () => {
    expect(await host.run(fibers.inRegion())).toEqual(["ROVE_NO_BLOCK", false])
  })
})

test("what waits for an item says so, and has no record then; in the loop's body the source is what cannot be saved", async () => {
  const waiting = pool.run(fibers.holds(false))
  waiting.catch(() => {})
  const reason = async () => (await waiting.status()).waitsFor
  await expect.poll(reason, patiently).toBe("next item of an AsyncGenerator")
  const inside = pool.run(fibers.holds(true))
  inside.catch(() => {})
  await expect.poll(async () => (await inside.status()).waitsFor, patiently).toMatch("sleep")
  await expect(inside.record()).rejects.toThrow(/holds\(\).*what each iterates \(an AsyncGenerator\) is not portable/)
  await Promise.all([inside.interrupt(), waiting.interrupt()])
})

test("in ordinary code there is no fiber that could wait", () => {
  expect(() => [...each((async function* () {})())]).toThrow(coded("ROVE_NO_FIBER"))
})
