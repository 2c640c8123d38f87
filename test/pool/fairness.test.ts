import { type Logger, Pool } from "@rove/scheduler"
import { expect, test } from "vitest"
import { becomesDear, onlooker as looksOn } from "./dearer.fibers.ts"
import { blocks } from "./face.fibers.ts"
import { bodies, holds, onlooker, spins } from "./fair.ts"
import { nap } from "./programs.ts"

const silent = { warn() {}, error() {} }

test.for([0.1, 0.5, 0.9])(
  "compiled code whose body takes %d ms is preempted within 10 ms while another fiber wants to go on",
  async ms => {
    await using pool = await Pool.start({ workers: 1, logger: silent })
    const count = Math.round(60 / ms)
    const buffer = new SharedArrayBuffer(4)
    const watching = pool.run(onlooker(buffer, count))
    await pool.run(bodies(buffer, count, ms))
    expect((await watching) * ms).toBeLessThan(10)
  },
)

test("a loop whose rounds take nanoseconds, and then 0.9 ms each, is preempted within 10 ms too", async () => {
  await using pool = await Pool.start({ workers: 1, logger: silent })
  const waits: number[] = []
  for (let i = 0; i < 3; i++) {
    const buffer = new SharedArrayBuffer(8)
    const watching = pool.run(looksOn(buffer))
    await pool.run(becomesDear("calling", 100_000, 40, 0.9, buffer))
    waits.push((await watching) * 0.9)
  }
  // a tick may come late on a busy machine, and of one that does not come at all these 40 rounds are one
  expect(Math.min(...waits)).toBeLessThan(10)
})

test("timers fire while a fiber computes; how long they had to wait is measured", async () => {
  await using pool = await Pool.start({ workers: 1, logger: silent })
  const order: string[] = []
  const computing = pool.run(bodies(new SharedArrayBuffer(4), 1000, 0.2)).then(() => order.push("computed"))
  await pool.run(nap(5)).then(() => order.push("slept"))
  await computing
  expect(order).toEqual(["slept", "computed"])
  const [thread] = pool.stats().threads
  expect(thread?.longestBurst).toBeGreaterThan(1)
  expect(thread?.longestBurst).toBeLessThan(thread?.busy as number)
})

test("an ordinary function that holds a thread is reported once, by the name of who called it and of its fiber", async () => {
  const warnings: string[] = []
  await using pool = await Pool.start({
    workers: 1,
    logger: { warn: (_, message) => void warnings.push(message), error() {} },
  })
  expect(await Promise.all([pool.run(holds(40)), pool.run(holds(40)), pool.run(nap(1))])).toEqual([
    "held",
    "held",
    "slept 1",
  ])
  await pool.close()
  const returned = warnings.filter(message => !message.includes("has not returned"))
  expect(returned).toHaveLength(1)
  expect(returned[0]).toMatch(/holds .* held the thread for \d+ ms without a check, on thread 1, in fiber /)
})

test("one that has not returned is reported while it holds its thread, as is one that never does, and an ordinary one that the pool calls", async () => {
  const warnings: { text: string; fiber: string; thread: number }[] = []
  const warn = (about: { fiber: string; thread: number }, text: string): void => void warnings.push({ text, ...about })
  const pool = await Pool.start({ workers: 2, grace: 100, logger: { warn, error() {} } as Logger })
  const spinning = pool.run(spins(3000))
  await expect.poll(() => warnings.length, { timeout: 20_000 }).toBe(1)
  expect(await Promise.race([spinning, "runs"])).toBe("runs")
  expect(warnings[0]).toMatchObject({ fiber: spinning.id })
  expect(warnings[0]?.text).toMatch(
    /^spins \(.*fair\.ts\) holds the thread for \d+ ms without a check, and has not returned/,
  )
  await spinning
  const endless = pool.run(spins(Number.POSITIVE_INFINITY))
  endless.catch(() => {})
  const called = pool.call(blocks)
  called.catch(() => {})
  const ofCalled = () => warnings.find(({ fiber }) => fiber === called.id)?.text
  const ofEndless = () => warnings.filter(({ fiber }) => fiber === endless.id).map(({ thread }) => thread)
  await expect.poll(ofEndless, { timeout: 20_000 }).toEqual([expect.any(Number)])
  await expect.poll(ofCalled, { timeout: 20_000 }).toMatch(/^blocks \(file:.*\/face\.fibers\.ts\) holds the thread for/)
  await pool.close()
  await expect(endless).rejects.toMatchObject({ code: "ROVE_WORKER_LOST" })
  expect(ofEndless()).toHaveLength(1)
})
