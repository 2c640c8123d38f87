/**
 * Measures how many computations that do nothing a pool of two threads takes from outside, and how long one takes there
 * and back; beside the worker pools that people use, each at its defaults, by turns in one run.
 */
import { Pool } from "rove"
import { median, quantile } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { type Echo, piscina, poolifier, raw, tinypool } from "./peers/pools.ts"
import { echo } from "./programs/echo.ts"

const subject = "throughput"

/** Microseconds a task, of tasks submitted at once; and of single ones, there and back. */
interface Times {
  readonly many: number[]
  readonly single: number[]
}

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const own = await rove()
  const peers = [piscina("piscina", 1), piscina("piscina, 16 a thread", 16), tinypool(), poolifier(), raw()]
  const pools = [own, ...peers]
  const times = new Map(pools.map(pool => [pool, { many: [], single: [] } as Times]))
  const tasks = quick ? 2_000 : 10_000
  for (const pool of pools) await several(pool, tasks)
  for (let left = quick ? 3 : 11; left > 0; left--)
    for (const pool of left % 2 === 0 ? pools : pools.toReversed()) {
      const { many, single } = times.get(pool) as Times
      many.push(await several(pool, tasks))
      for (let trips = quick ? 20 : 100; trips > 0; trips--) single.push(await several(pool, 1))
    }
  for (const pool of pools) await pool.close()
  const ours = times.get(own) as Times
  return peers.flatMap(peer => against(peer.name, ours, times.get(peer) as Times))
}

function against(peer: string, own: Times, its: Times): Row[] {
  const ratios = own.many.map((time, i) => (its.many[i] as number) / time)
  const judged = peer === "piscina" ? { bar: 3, aim: 5 } : {}
  const trip = (part: number) => [quantile(own.single, part), quantile(its.single, part)] as const
  const trips = ([0.5, 0.99] as const).map(part => {
    const [value, other] = trip(part)
    const name = `there and back, the ${part === 0.5 ? "median" : "99th of 100"}`
    return row({
      subject,
      case: name,
      value,
      unit: "µs",
      against: { peer: `${peer}: times slower`, value: other, ratio: value / other },
    })
  })
  return [
    row({
      subject,
      case: "computations that do nothing, from outside",
      value: 1e6 / median(own.many),
      unit: "/s",
      against: { peer: `${peer}: times faster`, value: 1e6 / median(its.many), ratio: median(ratios) },
      ...judged,
    }),
    ...trips,
  ]
}

async function rove(): Promise<Echo> {
  const pool = await Pool.start({ workers: 2 })
  return { name: "rove", run: value => pool.run(echo(value)), close: () => pool.close() }
}

/** Microseconds for each of some tasks that are submitted at once. */
async function several(pool: Echo, tasks: number): Promise<number> {
  const started = performance.now()
  const results = await Promise.all(Array.from({ length: tasks }, (_, i) => pool.run(i)))
  const taken = performance.now() - started
  if (results.some((value, i) => value !== i)) throw new Error(`${pool.name}: a wrong result`)
  return (taken * 1000) / tasks
}
