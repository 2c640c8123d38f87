/** Every operation that waits, interrupted, timed out and saved while it does, on one thread: nothing is lost, and nothing is left. */
import { FiberInterrupted, LocalHost, VirtualClock } from "rove"
import { describe, expect, test } from "vitest"
import { goOn, impatient, makes, partner, sleeps, type Things, type What, waiter, waits } from "./waits.fibers.ts"

const operations = Object.keys(waits) as What[]
/** They end by the outside, for which virtual time does not wait, or only this thread can wait for them. */
const real: readonly What[] = ["wait for a promise", "callAsync", "supervisor"]

async function start(what: What): Promise<{ host: LocalHost; things: Things; partner: Promise<number> }> {
  const host = real.includes(what) ? new LocalHost() : new LocalHost({ clock: new VirtualClock() })
  // its children have their turns before there is something to see, and meanwhile nothing is to be found that waits for ever
  if (what === "supervisor") host.run(sleeps(60_000)).catch(() => {})
  const things = await host.run(makes(null, what))
  return { host, things, partner: host.run(partner(what, things, null)) }
}

/** What a fiber says that waits so. Those that wait for the ends of others say whose, and those that limit a wait say nothing of their own. */
const reasons: { readonly [K in What]: RegExp } = {
  sleep: /^sleep of 150 ms$/,
  join: /^join of fiber \S+ \(partner\)$/,
  "channel receive": /^receive from channel/,
  "channel next": /^iterate channel/,
  "channel send": /^send to channel/,
  select: /^the first of value, message, guard$/,
  receive: /^receive from inbox of fiber \S+$/,
  ask: /^answer from fiber \S+ \(partner\)$/,
  "mutex lock": /^lock mutex/,
  "read lock": /^read lock/,
  "write lock": /^write lock/,
  acquire: /^acquire semaphore/,
  latch: /^wait for latch/,
  barrier: /^wait at barrier/,
  suspend: /^wait for resumption/,
  "wait for a promise": /^wait for a promise$/,
  callAsync: /^call of later\(\)$/,
  all: /^end of fiber \S+ \(perform\)/,
  race: /^end of fiber \S+ \(perform\) and 1 more$/,
  scope: /^join of fiber \S+ \(receives\)$/,
  "end of a child": /^end of its child \S+ \(answers\)$/,
  allSettled: /^end of fiber \S+ \(perform\)$/,
  any: /^end of fiber \S+ \(perform\)$/,
  map: /^end of fiber \S+ \(receives\)$/,
  forEach: /^end of fiber/,
  reduce: /^receive from channel/,
  retry: /^receive from channel/,
  "pause of a retry": /^sleep of 150 ms$/,
  timeout: /^receive from channel/,
  deadline: /^receive from channel/,
  sleepUntil: /^sleep that ends in 150 ms$/,
  interval: /^sleep that ends in 150 ms$/,
  "a loop over a generator": /^receive from channel/,
  "a coroutine": /^receive from channel/,
  supervisor: /^receive from inbox/,
}

describe.each(operations)("%s", what => {
  test("says what it waits for", async () => {
    const { host, things, partner: keeps } = await start(what)
    const first = host.run(waiter(what, things, null))
    await expect.poll(async () => (await first.status()).waitsFor).toMatch(reasons[what])
    await host.run(goOn(things))
    await Promise.all([first, keeps])
  })
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
