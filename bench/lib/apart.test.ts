import { once } from "node:events"
import { readdirSync, readFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { Worker } from "node:worker_threads"
import { expect, onTestFinished, test } from "vitest"
import { setApart } from "./apart.ts"

/** Processors that the thread of that name may have. */
function processorsOf(name: string): string | undefined {
  const tasks = "/proc/self/task"
  const id = readdirSync(tasks).find(task => readFileSync(`${tasks}/${task}/comm`, "utf8").trim() === name)
  return /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync(`${tasks}/${id}/status`, "utf8"))?.[1]
}

test.skipIf(process.platform !== "linux" || availableParallelism() < 2)(
  "threads are set apart by their names, and not where one of them is not there",
  async () => {
    const names = ["apart-1", "apart-2"]
    const workers = names.map(name => new Worker("setInterval(() => {}, 1000)", { eval: true, name }))
    onTestFinished(async () => {
      await Promise.all(workers.map(worker => worker.terminate()))
    })
    await Promise.all(workers.map(worker => once(worker, "online")))
    expect(setApart(names)).toBe(true)
    const [one, other] = names.map(processorsOf)
    expect([one, other]).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/)])
    expect(one).not.toBe(other)
    expect(setApart(["apart-1", "apart-3"])).toBe(false)
  },
)
