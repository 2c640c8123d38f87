/** Measures what depth costs: resuming beneath 1,000 calls, how deep a recursion goes, and what a parked fiber takes. */
import { fork } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { LocalHost } from "rove"
import { compare, median } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { arrivals } from "./programs/arrivals.ts"
import { nest, park } from "./programs/depth.ts"

const DEPTH = 1_000
const FIBERS = 50_000
const subject = "depth"

function* nativeNest(depth: number): Generator<number, number, unknown> {
  if (depth > 0) return 1 + (yield* nativeNest(depth - 1))
  for (let i = 0; ; i++) yield i
}

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  return [await resumption(quick), ...(await recursions(quick)), await memory(quick)]
}

async function resumption(quick: boolean): Promise<Row> {
  const { own, peer, faster } = await compare(resume(nest(DEPTH)), resume(nativeNest(DEPTH)), { quick })
  return row({
    subject,
    case: `resume beneath ${DEPTH.toLocaleString("en-US")} calls, next() of ordinary code`,
    value: own,
    unit: "ns",
    against: { peer: "native generators: times faster", value: peer, ratio: faster },
    bar: 100,
    aim: 1_000,
  })
}

function resume(generator: Generator<number, number, unknown>): (iterations: number) => void {
  let last = generator.next().value
  return iterations => {
    for (let left = iterations; left > 0; left--) {
      const { value } = generator.next()
      if (value !== last + 1) throw new Error("a wrong result")
      last = value
    }
  }
}

/** The deepest recursion that returned; frames take memory, so the deepest one gets a larger heap. */
async function recursions(quick: boolean): Promise<Row[]> {
  const rows: Row[] = []
  for (const [depth, heap] of quick
    ? [[1_000_000, 2_048]]
    : [
        [1_000_000, 2_048],
        [10_000_000, 4_096],
      ]) {
    const answer = await descent(depth as number, heap as number)
    const name = `a recursion of ${(depth as number).toLocaleString("en-US")} calls, a heap of ${heap} MB`
    rows.push(
      row({ subject, case: name, value: answer.reached, unit: "calls", bar: 1_000_000, aim: 10_000_000 }),
      row({ subject, case: `${name}: each call`, value: answer.nanoseconds, unit: "ns" }),
    )
  }
  return rows
}

/** In a process of its own, whose heap can be chosen. */
async function descent(depth: number, heap: number): Promise<{ reached: number; nanoseconds: number }> {
  const child = fork(join(import.meta.dirname, "programs", "descent.ts"), [String(depth)], {
    execArgv: [...process.execArgv, `--max-old-space-size=${heap}`],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  })
  let answer = { reached: 0, nanoseconds: 0 }
  child.on("message", message => {
    answer = message as typeof answer
  })
  await once(child, "exit")
  return answer
}

/** Heap of fibers that sleep, their handles, promises and timers included, for each one. */
async function memory(quick: boolean): Promise<Row> {
  const host = new LocalHost()
  const kept: unknown[] = []
  const found: number[] = []
  for (let left = quick ? 3 : 7; left > 0; left--) {
    const before = used()
    const parked = arrivals(FIBERS)
    kept.push(await host.run(park(FIBERS)))
    await parked
    found.push((used() - before) / FIBERS)
  }
  if (kept.length === 0) throw new Error("they have to be reachable until here")
  return row({ subject, case: "a parked fiber, asleep", value: median(found), unit: "bytes", bar: 400, aim: 250 })
}

function used(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
