/** Values that cannot be posted, as nobody can tell before: ports that somebody else has by now. Nothing dies of them. */
import { channel } from "@rove/fibers"
import { Pool } from "@rove/scheduler"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./moved-ports.fibers.ts"

describe("a port that was moved away", async () => {
  const pool = await Pool.start({ workers: 3 })
  const staying = [1, 2].map(at => pool.run(fibers.staysOn(at)))
  afterAll(async () => {
    for (const fiber of staying) fiber.interrupt("enough")
    const ends = await Promise.allSettled(staying)
    await pool.close()
    expect(ends.map(end => end.status === "rejected" && end.reason.code)).toEqual([
      "ROVE_INTERRUPTED",
      "ROVE_INTERRUPTED",
    ])
    expect(pool.stats().deaths).toBe(0)
  })
  const refused = { code: "ROVE_NOT_HANDED_OVER" }

  test.each([1, 2])("as a result of thread %i is an error for whoever waits", async at => {
    await expect(pool.run(fibers.returnsIt(at))).rejects.toMatchObject(refused)
    await expect(pool.run(fibers.throwsIt(at))).rejects.toMatchObject(refused)
  })
  test("as a value of a stream is an error where it is yielded", async () => {
    const stream = pool.stream(fibers.yieldsIt())
    const { value, done } = await stream.next()
    expect([value, done]).toEqual([refused.code, true])
  })
  test("as an argument is an error of that run", async () => {
    await expect(pool.run(fibers.takes(fibers.movedPort()))).rejects.toThrow("already detached")
  })
  test("in a channel is an error for the sender, or for who receives it elsewhere", async () => {
    expect(await pool.run(fibers.sendsIt(channel(), 1))).toBe(refused.code)
    expect(await pool.run(fibers.meets(1, 2))).toBe(refused.code)
  })
  test("as the reason of an interrupt does not keep that from its fiber", async () => {
    const handle = pool.run(fibers.isInterrupted(1))
    await expect.poll(() => handle.status()).toMatchObject({ status: "parked", thread: 1 })
    handle.interrupt(fibers.movedPort())
    expect(await handle).toBe(refused.code)
  })
  test("as an argument of a call to a thread rejects that call", async () => {
    const [thread] = pool.threads()
    await expect(thread?.call(fibers.closes, fibers.movedPort())).rejects.toMatchObject(refused)
    await expect(thread?.raise(fibers.movedPort())).rejects.toMatchObject(refused)
  })
  test("is one joiner's, and an error for the other", async () => {
    expect(await pool.run(fibers.joinedTwice(1, 2, 3))).toEqual([refused.code, "a port"])
  })
})
