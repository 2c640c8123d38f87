/** Every operation that waits, interrupted, timed out and saved while it does, on one thread: nothing is lost, and nothing is left. */
import { FiberInterrupted, LocalHost, VirtualClock } from "rove"
import { describe, expect, test } from "vitest"
import { goOn, impatient, makes, partner, type Things, type What, waiter, waits } from "./waits.fibers.ts"

const operations = Object.keys(waits) as What[]
/** They end by the outside, for which virtual time does not wait, or only this thread can wait for them. */
const real: readonly What[] = ["wait for a promise", "callAsync"]

async function start(what: What): Promise<{ host: LocalHost; things: Things; partner: Promise<number> }> {
  const host = real.includes(what) ? new LocalHost() : new LocalHost({ clock: new VirtualClock() })
  const things = await host.run(makes(null, what))
  return { host, things, partner: host.run(partner(what, things, null)) }
}

describe.each(operations)("%s", what => {
  test("ends at once when it is interrupted, and the next one gets what that did not", async () => {
    const { host, things, partner: keeps } = await start(what)
    const first = host.run(waiter(what, things, null))
    await expect.poll(async () => (await first.status()).status).toBe("parked")
    expect(await first.interrupt("enough")).toBe("delivered")
    const error = await first.catch(error => error)
    expect([error instanceof FiberInterrupted, error.reason]).toEqual([true, "enough"])
    const second = host.run(waiter(what, things, null))
    await expect.poll(async () => (await second.status()).status).toBe("parked")
    await host.run(goOn(things))
    expect(await second).toEqual([42, 0])
    await keeps
  })
  test("ends with a timeout, and goes on when it is begun anew", async () => {
    const { host, things, partner: keeps } = await start(what)
    expect(await host.run(impatient(what, things, null))).toEqual(["ROVE_TIMEOUT", 42])
    await keeps
  })
  test("goes on from a record that was made while it waited", async () => {
    const { host, things, partner: keeps } = await start(what)
    const first = host.run(waiter(what, things, null))
    await expect.poll(async () => (await first.status()).status).toBe("parked")
    const recorded = first.record()
    if (what === "wait for a promise") return void expect(await first.catch(error => error.code)).toBe("ROVE_RECORDED")
    const resumed = host.resume(await recorded)
    await host.run(goOn(things))
    expect(await resumed).toEqual([42, 0])
    await keeps
  })
})
