/** Regions on one thread and on a pool: invariant 29. */
import { type FiberRecord, LocalHost, Pool } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./regions.fibers.ts"

/** A busy machine may take its time. */
const patiently = { timeout: 10_000, interval: 5 }

const pool = await Pool.start({ workers: 2 })
afterAll(() => pool.close())
const hosts = { "on one thread": new LocalHost(), "on a pool": pool }

describe.each(Object.entries(hosts))("%s", (_, host) => {
  const refused = "ROVE_NO_SWITCH"
  test("noSwitch: every wait throws and changes nothing; a child that has ended can be joined", async () => {
    expect(await host.run(fibers.everyWait("noSwitch"))).toEqual([...Array(5).fill(refused), "done", "done"])
  })
  test("noBlock: waits for others throw, what goes on by itself does not", async () => {
    const no = "ROVE_NO_BLOCK"
    expect(await host.run(fibers.everyWait("noBlock"))).toEqual([no, "done", no, "done", no, "done", "done"])
  })
  test.each(["noSwitch", "noBlock"] as const)(
    "%s: a message that is there is received, and none is waited for",
    async inside => {
      const none = inside === "noSwitch" ? refused : "ROVE_NO_BLOCK"
      expect(await host.run(fibers.receivesInside(inside))).toEqual(["there already", "unwanted", none])
    },
  )
  test.each([
    ["none", false, true],
    ["noSwitch", false, false],
    ["atomic", false, false],
    ["atomic", true, true],
    ["noBlock", false, true],
  ] as const)("inside %s (waits: %s) others run: %s", async (inside, waits, ran) => {
    expect(await host.run(fibers.othersRan(inside, waits, ran ? 10_000 : 60))).toBe(ran)
  })
  test("a function that gives nothing which could run inside is refused, by the region's name", async () => {
    const said = "ROVE_INVALID_ARGUMENT"
    expect(await host.run(fibers.givenNothing())).toEqual([
      expect.stringMatching(`^${said} noSwitch takes a compiled generator function, and .* gave number 5: write `),
      expect.stringMatching(`^${said} atomic takes a compiled generator function, and .* gave undefined: write `),
      expect.stringMatching(
        `^${said} noBlock takes a compiled generator function, and .* gave symbol Symbol.none.: write `,
      ),
    ])
  })
  test("regions nest, and are left by a throw", async () => {
    expect(await host.run(fibers.nested())).toEqual([refused, refused, "RangeError: out", "done", refused, "done"])
  })
  test("a recursion that unwinds into frames is no switch", async () => {
    expect(await host.run(fibers.deepInside(5_000))).toBe(`5000 ${refused}`)
  })
  test("a record made inside a region goes on inside it", async () => {
    const record = (await host.run(fibers.recordedInside())) as FiberRecord
    await using elsewhere = await Pool.start({ workers: 1 })
    expect(await elsewhere.resume(record)).toBe("ROVE_NO_BLOCK, done")
  })
  test("restorable says why not: pinned, no switch, a local, native code on the stack", async () => {
    expect(await host.run(fibers.asks())).toEqual([
      { restorable: true, bytes: expect.any(Number) },
      { restorable: false, reason: expect.stringContaining("it is pinned: it draws") },
      { restorable: false, reason: expect.stringContaining("inside noSwitch no other fiber may run") },
      {
        restorable: false,
        reason: expect.stringMatching(/asks\(\) .*regions\.fibers\.ts:\d+ › local local › \.socket/),
      },
      { restorable: false, reason: expect.stringContaining("native code stands on its stack") },
    ])
  })
})

test("an interrupt of a fiber that computes in an atomic region comes behind it", async () => {
  const seen = new Int32Array(new SharedArrayBuffer(4))
  const fiber = pool.run(fibers.interruptedInside(seen))
  await expect.poll(() => seen[0], patiently).toBe(1)
  void fiber.interrupt("enough")
  await expect(fiber).rejects.toThrow(expect.objectContaining({ code: "ROVE_INTERRUPTED" }))
  expect(seen[0]).toBe(2)
})
