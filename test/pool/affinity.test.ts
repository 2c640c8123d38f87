/** Threads with processors of their own: seen in what the kernel says of each. */
import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { afterEach, describe, expect, test, vi } from "vitest"
import { lending } from "../support/pools.ts"
import * as fibers from "./affinity.fibers.ts"

const start = lending({ workers: 2, grace: 2000 })
const TASKS = "/proc/self/task"

/** The processors that the system lets a thread of that name run on. */
function processorsOf(name: string): string | undefined {
  const of = readdirSync(TASKS).find(id => readFileSync(`${TASKS}/${id}/comm`, "utf8").trim() === name)
  return of && /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync(`${TASKS}/${of}/status`, "utf8"))?.[1]
}

function hasTaskset(): boolean {
  try {
    execFileSync("taskset", ["-p", String(process.pid)], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}

describe.runIf(hasTaskset() && availableParallelism() >= 2)("with cpuAffinity", () => {
  test("each thread has a processor of its own as long as there are as many; the others share all", async () => {
    const all = processorsOf("node") ?? processorsOf("MainThread")
    const pool = await start({ workers: 1, cpuAffinity: true, name: "apart" })
    await pool.resize(availableParallelism() + 1)
    const threads = pool.threads()
    const own = threads.map(({ processor }) => processor)
    expect(new Set(own).size).toBe(own.length)
    expect(own.filter(processor => processor === null)).toHaveLength(1)
    for (const { name, processor } of threads) {
      if (processor !== null) expect(processorsOf(name)).toBe(String(processor))
      else if (all !== undefined) expect(processorsOf(name)).toBe(all)
    }
    await pool.close()
  })
  test("threads of two pools do not have the same; one that comes while another goes has that one's", async () => {
    const first = await start({ workers: 1, cpuAffinity: true, name: "first" })
    const second = await start({ workers: availableParallelism(), cpuAffinity: true, name: "second" })
    const of = (pool: typeof first) => pool.threads().map(({ processor }) => processor)
    const all = [...of(first), ...of(second)].filter(processor => processor !== null)
    expect(all).toHaveLength(availableParallelism())
    expect(new Set(all).size).toBe(all.length)
    await second.close()
    await first.resize(2)
    await Promise.all([first.resize(1), first.resize(2)])
    expect(new Set(of(first))).toEqual(new Set(all.slice(0, 2)))
    await first.close()
  })
  test("a thread in a dead one's place has the dead one's processor", async () => {
    const pool = await start({ workers: 2, cpuAffinity: true, name: "again" })
    const [first, second] = pool.threads()
    await expect(pool.run(fibers.dies(), { prefer: first?.id as number })).rejects.toThrow()
    await expect.poll(() => pool.threads().map(({ id }) => id), { timeout: 10_000 }).toEqual([second?.id, 3])
    expect(pool.threads()[1]?.processor).not.toBe(second?.processor)
    expect(await pool.run(fibers.one())).toBe(1)
    const [, third] = pool.threads()
    expect(processorsOf(third?.name as string)).toBe(String(third?.processor))
    await pool.close()
  })
})

test("by default threads share the processors, and an option that is neither true nor false is refused", async () => {
  const pool = await start()
  expect(pool.threads().map(({ processor }) => processor)).toEqual([null, null])
  await expect(start({ cpuAffinity: "yes" as never })).rejects.toThrow(
    "Pool.start: option \"cpuAffinity\": expected true or false, not 'yes'",
  )
})

describe("without the command", () => {
  afterEach(() => vi.unstubAllEnvs())
  test("the pool starts, its threads share the processors, and a warning says why", async () => {
    vi.stubEnv("PATH", "/nowhere")
    const told: string[] = []
    const logger = { warn: (_: object, message: string) => void told.push(message), error: () => {} }
    const pool = await start({ workers: 2, cpuAffinity: true, name: "unlucky", logger })
    expect(pool.threads().map(({ processor }) => processor)).toEqual([null, null])
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(/^threads of pool unlucky share the processors \(cpuAffinity\): /)
    expect(await pool.run(fibers.one())).toBe(1)
    await pool.close()
  })
})
