/** Measures the memory of a fiber that is parked, beside a native generator that is suspended. */
import { LocalHost } from "rove"
import { type Row, row } from "./lib/rows.ts"
import { arrivals } from "./programs/arrivals.ts"
import { crowd } from "./programs/parked.ts"

function* nativeSleeper(n: number): Generator<undefined, number> {
  yield
  return n
}

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const count = quick ? 50_000 : 1_000_000
  const before = await heap()
  const generators = Array.from({ length: count }, (_, i) => nativeSleeper(i))
  for (const generator of generators) generator.next()
  const native = ((await heap()) - before) / count
  generators.length = 0
  const host = new LocalHost()
  await all(1, host.run(crowd(1))) // what the first fiber brings along is not counted
  const empty = await heap()
  await all(count, host.run(crowd(count)))
  const fiber = ((await heap()) - empty) / count
  return [
    row({ subject: "parked", case: "memory of a parked fiber", value: fiber, unit: "B", bar: 400, aim: 250 }),
    row({ subject: "parked", case: "memory of a suspended native generator", value: native, unit: "B" }),
  ]
}

/** When so many fibers are parked. */
async function all(count: number, spawned: Promise<void>): Promise<void> {
  const parked = arrivals(count)
  await spawned
  await parked
}

/** Bytes in use when everything that nobody refers to is gone. */
async function heap(): Promise<number> {
  await new Promise(resolve => setImmediate(resolve))
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
