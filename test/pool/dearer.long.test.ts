import { LocalHost, Pool } from "rove"
import { afterAll, beforeAll, expect, test } from "vitest"
import { becomesDear, type LoopName, onlooker, watcher } from "./dearer.fibers.ts"

let pool: Pool
beforeAll(async () => {
  pool = await Pool.start({ workers: 1 })
})
afterAll(() => pool.close())

/** Milliseconds that dear rounds take, together: so long waits who is ready, if the fiber is not preempted among them. */
const TOGETHER = 40
const BOUND = 10

/**
 * How long a ready fiber waited, in milliseconds of the other one's work: what a busy machine does to threads is no part of it, but
 * for ticks that come late. So there are three attempts.
 */
async function waited(host: Pool | LocalHost, look: typeof onlooker, name: LoopName, cheap: number, ms: number) {
  for (let left = 3; ; left--) {
    const buffer = new SharedArrayBuffer(8)
    const looking = host.run(look(buffer))
    await host.run(becomesDear(name, cheap, Math.round(TOGETHER / ms), ms, buffer))
    const longest = (await looking) * ms
    if (longest < BOUND || left === 1) return longest
  }
}

/** What calls something: no budget, however it was sized, makes it late. */
const calling: LoopName[] = [
  "calling",
  "nested",
  "overArray",
  "overMap",
  "overString",
  "overKeys",
  "overIterator",
  "yielded",
  "recursive",
  "comparing",
  "replacing",
]
/** What runs code of the program without a call. */
const quiet: LoopName[] = ["getting", "converting", "trapped"]

test.for(calling)("%s: rounds of nanoseconds that take 0.9 ms from then on are preempted within 10 ms", async name => {
  expect(await waited(pool, onlooker, name, 100_000, 0.9)).toBeLessThan(BOUND)
})

test.for([...calling, ...quiet])(
  "%s: rounds that become 10,000 times dearer are preempted within 10 ms",
  async name => {
    expect(await waited(pool, onlooker, name, 10_000, 0.03)).toBeLessThan(BOUND)
  },
)

test.for([...calling, ...quiet])("%s: so they are on one thread without a pool", async name => {
  const host = new LocalHost()
  expect(await waited(host, watcher, name, 10_000, 0.03)).toBeLessThan(BOUND)
  await host.close()
})
