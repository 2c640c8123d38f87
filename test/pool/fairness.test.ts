import { Pool } from "@rove/scheduler"
import { expect, test } from "vitest"
import { bodies, dearer, holds, onlooker } from "./fair.ts"
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

test("a loop whose turns are dear, behind one in the same slice whose turns were cheap, is preempted within 10 ms too", async () => {
  await using pool = await Pool.start({ workers: 1, logger: silent })
  for (let i = 0; i < 5; i++) {
    const buffer = new SharedArrayBuffer(4)
    const watching = pool.run(onlooker(buffer, 600))
    await pool.run(dearer(buffer, 600, 0.05))
    expect((await watching) * 0.05).toBeLessThan(10)
  }
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
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/holds .* held the thread for \d+ ms without a check, on thread 1, in fiber /)
})
