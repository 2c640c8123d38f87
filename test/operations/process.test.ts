/** Messages, links, monitors and names, on one thread and on a pool: invariants 49 to 54. */
import { LocalHost, Pool } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./process.fibers.ts"

/** A busy machine may take its time. */
const patiently = { timeout: 10_000, interval: 5 }

const pool = await Pool.start({ workers: 2 })
afterAll(() => pool.close())
const hosts = { "on one thread": new LocalHost(), "on a pool": pool }

describe.each(Object.entries(hosts))("%s", (_, host) => {
  test("what one fiber tells another comes in that order", async () => {
    expect((await host.run(fibers.inOrder(1_000)))[0]).toBe(true)
  })
  test("a selective receive leaves the others in their order", async () => {
    const late = "ROVE_TIMEOUT"
    expect(await host.run(fibers.selective())).toEqual(["tea", 1, "a", late, 1, "b", 2, late])
  })
  test("answers come to who asked; late ones are dropped; whoever ends without one is told of", async () => {
    const gone = "ROVE_NO_PROCESS"
    const late = "ROVE_TIMEOUT"
    expect(await host.run(fibers.asks())).toEqual(["A", "RangeError: no such thing", late, "B", "ONCE", gone, gone])
  })
  test("a name leads to its fiber as long as that lives, and no longer", async () => {
    expect(await host.run(fibers.namesWithParent("server"))).toEqual(
      [null, "ROVE_NO_PROCESS", true, "hello yourself", "ROVE_NAME_TAKEN", null].concat(true, true, false, null),
    )
  })
  const failed = "RangeError: failed"
  const told = "RangeError: told to"
  test.each([
    ["returns", false, ["went on"]],
    ["returns", true, [[true, "normal"], "trapped"]],
    ["fails", false, [`interrupted: ${failed}`]],
    ["fails", true, [[true, failed], "trapped"]],
    ["exits", false, [`interrupted: ${told}`]],
    ["exits", true, [[true, told], "trapped"]],
    ["killed", false, ["interrupted: killed"]],
    ["killed", true, [[true, "killed"], "trapped"]],
    ["unlinked", false, ["went on"]],
    ["unlinked", true, ["went on"]],
    ["was gone", false, ["interrupted: killed"]],
    ["was gone", true, [[true, "killed"], "trapped"]],
  ] as const)("the partner %s, trapping: %s", async (how, traps, seen) => {
    expect(await host.run(fibers.linked(how, traps))).toEqual(seen)
  })
  test("signals that are sent end a fiber, or are messages, or nothing", async () => {
    expect(await host.run(fibers.signalsWithParent())).toEqual([
      "not trapping, normal: normal",
      "not trapping, kill: killed",
      "not trapping, other: other",
      "trapping, normal: TypeError: message normal",
      "trapping, kill: killed",
      "trapping, other: TypeError: message other",
    ])
  })
  test.each([
    ["monitor", 5000],
    ["link", 5000],
    ["register", 4000],
    ["ask", 8000],
  ] as const)("a %s that is over, %i times, leaves nothing at a fiber that lives on", async (what, times) => {
    expect(await host.run(fibers.growth(what, times))).toBeLessThan(100 * times)
  })
  test("a monitor says once how its fiber ended, at once of one that has", async () => {
    const first = [true, true]
    expect(await host.run(fibers.monitors())).toEqual(
      [...first, "normal", "normal"].concat(
        first as never,
        failed,
        failed,
        first as never,
        "enough",
        "enough",
        "ROVE_TIMEOUT",
      ),
    )
  })
  test("a chain of links falls together", async () => {
    expect(await host.run(fibers.chain(20))).toEqual([true, "RangeError: the last one"])
  })
})

test("messages find a fiber that moves, and what it has not wanted yet moves with it", async () => {
  const [one, two] = pool.threads().map(({ id }) => id) as [number, number]
  const seen = await pool.run(fibers.moving([two, one, two]))
  expect(seen).toEqual([0, "from 0", 1, "from 1", 2, "from 2", 0, 1, 2])
})
test("the end of a thread is the end of its fibers for those who are linked to them, or monitor them", async () => {
  await using mortal = await Pool.start({ workers: 2 })
  const [one, two] = mortal.threads().map(({ id }) => id) as [number, number]
  expect(await mortal.run(fibers.hearsOfDeath(one, two))).toEqual(["ROVE_WORKER_LOST", "ROVE_WORKER_LOST"])
})
test("a fiber whose home dies has another inbox, and is found", async () => {
  await using mortal = await Pool.start({ workers: 2 })
  const [one, two] = mortal.threads().map(({ id }) => id) as [number, number]
  expect(await mortal.run(fibers.losesHome(one, two))).toEqual(["yes", "stopped"])
})
test.each(["dies", "leaves"])(
  "the end of a fiber whose home %s is heard of by those whose home is the pool",
  async how => {
    await using mortal = await Pool.start({ workers: 2, grace: 2000 })
    const [one, two] = mortal.threads().map(({ id }) => id) as [number, number]
    const watcher = mortal.run(fibers.hearsOfHomeless(one, two, how === "dies"))
    if (how === "leaves") {
      await mortal.run(fibers.untilNamed("watcher"))
      await mortal.resize(1)
      await mortal.run(fibers.tellsWatcher())
    }
    expect(await watcher).toEqual(["RangeError: told to", "RangeError: told to"])
  },
)
const mortals = await Pool.start({ workers: 2 })
afterAll(() => mortals.close())
test.each([
  ["monitor", "Down RangeError: told to ROVE_TIMEOUT"],
  ["trap", "Exit RangeError: told to ROVE_TIMEOUT"],
  ["signalled", "Exit RangeError: told to ROVE_TIMEOUT"],
  ["link", "ROVE_INTERRUPTED"],
  ["linked", "ROVE_INTERRUPTED"],
] as const)("a fiber whose home has died hears of others as before (%s)", async (how, heard) => {
  await expect.poll(() => mortals.threads().length, patiently).toBe(2)
  const [one, two] = mortals.threads().map(({ id }) => id) as [number, number]
  expect(await mortals.run(fibers.hearsWithoutHome(how, one, two))).toBe(heard)
})
test("a fiber that is resumed in another runtime has an inbox there", async () => {
  const host = new LocalHost()
  const fiber = host.run(fibers.answersItself())
  fiber.catch(() => {})
  await expect.poll(async () => (await fiber.status()).status, patiently).toBe("parked")
  const record = await fiber.record()
  expect(await new LocalHost({ id: 1 }).resume(record)).toBe("from itself, it wants this later")
  const other = host.run(fibers.answersItself())
  other.catch(() => {})
  await expect.poll(async () => (await other.status()).status, patiently).toBe("parked")
  expect(await pool.resume(await other.record())).toBe("from itself, it wants this later")
})
test.each([
  ["answers", true, "an answer"],
  ["ends", false, "ROVE_NO_PROCESS"],
])(
  "who waits for an answer says of whom, and gets it, or hears that there is none, where its thread has gone and who was asked %s",
  async (_, well, heard) => {
    await using two = await Pool.start({ workers: 2, grace: 2000 })
    const [one, other] = two.threads().map(({ id }) => id) as [number, number]
    const asked = two.run(fibers.hesitates("silent"), { prefer: one })
    const asking = two.run(fibers.asksFrom(other, "silent"))
    const waitsFor = async () => (await asking.status()).waitsFor
    await expect.poll(waitsFor, patiently).toMatch(/^answer from fiber \S+ \(hesitates\)$/)
    await two.resize(1)
    await two.run(fibers.tellsToAnswer("silent", well))
    expect(await asking).toBe(heard)
    await asked
  },
)
test("who is stopped has ended for those who are linked to it or monitor it; its own monitors go on where it is resumed", async () => {
  const codes = "ROVE_RECORDED,ROVE_RECORDED"
  for (const [name, host] of Object.entries({ local: new LocalHost(), pool })) {
    const watched = host.run(fibers.isWatched(name))
    watched.catch(() => {})
    const watcher = host.run(fibers.keepsWatch(name))
    watcher.catch(() => {})
    await expect.poll(async () => (await watcher.status()).waitsFor, patiently).toMatch(/^sleep of 1000/)
    const copy = await watcher.snapshot()
    const resumed = host.resume(await watcher.record())
    expect(await new LocalHost({ id: 1 }).resume(copy)).toEqual(["Down noproc", "Exit note"])
    await host.run(fibers.tellsNamed(name, "fail"))
    await expect(watched).rejects.toThrow(codes)
    expect(await resumed).toEqual([`Down RangeError: ${codes}`, "Exit note"])
  }
  await using other = await Pool.start({ workers: 2 })
  const watched = pool.run(fibers.isWatched("watched"))
  watched.catch(() => {})
  const watcher = pool.run(fibers.keepsWatch("watched"))
  watcher.catch(() => {})
  await expect.poll(async () => (await watcher.status()).waitsFor, patiently).toMatch(/^sleep of 1000/)
  expect(await other.resume(await watcher.record())).toEqual(["Down noproc", "Exit note"])
  await watched.interrupt()
})
test("what a fiber sends comes in order, signals and questions that were given up too, although it moves about", async () => {
  await using three = await Pool.start({ workers: 3 })
  const threads = three.threads().map(({ id }) => id)
  expect(await three.run(fibers.onTheWay("sent", threads, 30))).toEqual([])
  expect(await three.run(fibers.onTheWay("untied", threads, 25))).toEqual([])
})
test("what a fiber tells another comes in order although the teller moves about", async () => {
  await using three = await Pool.start({ workers: 3 })
  const threads = three.threads().map(({ id }) => id)
  for (let round = 0; round < 4; round++) expect(await three.run(fibers.toldOnTheWay(threads, 60))).toEqual([])
})
