/**
 * Measures the main job: the survey of this workspace's node_modules, on two threads beside one, with files in the
 * cache; and what the process does beside running fibers, libuv's threads above all, since they share the processors.
 */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { Pool } from "rove"
import { Collector } from "../examples/survey/findings.ts"
import { surveyOn } from "../examples/survey/run.ts"
import { Disturbance, type Disturbed, undisturbed } from "./lib/disturbance.ts"
import { plainSpeedup } from "./lib/machine.ts"
import { median } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"

const folder = join(import.meta.dirname, "..", "node_modules")
const subject = "survey"

interface Run extends Disturbed {
  readonly seconds: number
  /** Processor seconds of the whole process. */
  readonly processor: number
  /** Of these, the main thread's, and those of libuv's threads where the system tells (Linux). */
  readonly main: number
  readonly libuv: number | null
  /** Seconds in bursts of fibers, of all threads together. */
  readonly fibers: number
}

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  await using one = await Pool.start({ workers: 1 })
  await using two = await Pool.start({ workers: 2 })
  await run(one)
  await run(two)
  const ones: Run[] = []
  const twos: Run[] = []
  const machine: number[] = []
  for (let left = quick ? 1 : 9; left > 0; left--) {
    ones.push(await run(one))
    twos.push(await run(two))
    machine.push(await plainSpeedup())
  }
  const [alone, together] = [undisturbed(ones), undisturbed(twos)]
  const [a, b] = [alone, together].map(runs => median(runs.map(({ seconds }) => seconds))) as [number, number]
  return [
    row({
      subject,
      case: "two threads",
      value: b,
      unit: "s",
      against: { peer: "one thread", value: a, ratio: a / b },
      bar: 1.5,
      aim: 1.85,
    }),
    row({ subject, case: "two plain threads that only compute", value: median(machine), unit: "times one" }),
    processorRow(alone, together),
    ...shares("one thread", alone),
    ...shares("two threads", together),
  ]
}

/** What moving fibers costs; unlike seconds, it does not depend on what else the machine does. */
function processorRow(ones: readonly Run[], twos: readonly Run[]): Row {
  const [one, two] = [ones, twos].map(runs => median(runs.map(run => run.processor))) as [number, number]
  const against = { peer: "one thread", value: one, ratio: two / one }
  return row({ subject, case: "two threads: processor time", value: two, unit: "s", against })
}

/** Who used the processors, in seconds per run. */
function shares(name: string, runs: readonly Run[]): Row[] {
  const of = (key: "fibers" | "main" | "libuv") => median(runs.map(run => run[key] ?? Number.NaN))
  const parts = [
    ["fibers, by the clock", of("fibers")],
    ["main thread", of("main")],
    ["libuv's threads", of("libuv")],
  ] as const
  return parts
    .filter(([, value]) => !Number.isNaN(value))
    .map(([part, value]) => row({ subject, case: `${name}: ${part}`, value, unit: "s" }))
}

async function run(pool: Pool): Promise<Run> {
  const [libuv, busy, main, processor] = [libuvTime(), busyTime(pool), process.threadCpuUsage(), process.cpuUsage()]
  const disturbance = new Disturbance()
  const started = performance.now()
  await surveyOn(pool, folder, new Collector())
  const seconds = (performance.now() - started) / 1000
  const total = process.cpuUsage(processor)
  const mains = process.threadCpuUsage(main)
  const { others } = disturbance
  const libuvAfter = libuvTime()
  const own = (total.user + total.system) / 1e6
  return {
    seconds,
    others,
    processor: own,
    fibers: (busyTime(pool) - busy) / 1000,
    main: (mains.user + mains.system) / 1e6,
    libuv: libuv === null || libuvAfter === null ? null : libuvAfter - libuv,
  }
}

function busyTime(pool: Pool): number {
  return pool.stats().threads.reduce((sum, { busy }) => sum + busy, 0)
}

/** Processor seconds of libuv's threads so far; null where the system does not tell. */
function libuvTime(): number | null {
  try {
    let ticks = 0
    for (const task of readdirSync("/proc/self/task")) {
      const stat = readFileSync(`/proc/self/task/${task}/stat`, "utf8")
      const [user, system] = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .slice(11, 13)
      if (stat.includes("(libuv-worker)")) ticks += Number(user) + Number(system)
    }
    return ticks / 100
  } catch {
    return null
  }
}
