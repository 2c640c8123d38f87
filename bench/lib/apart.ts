/** Owns giving threads of this process a processor each, which the system does not let programs do by themselves: `taskset` does. */
import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { processorsIn } from "../../packages/scheduler/src/affinity.ts"

const TASKS = "/proc/self/task"

/** The threads with these names, by the names' order. False, and nothing is certain, where there are not as many processors, or no such command. */
export function setApart(names: readonly string[]): boolean {
  if (process.platform !== "linux") return false
  try {
    const processors = processorsIn(readFileSync("/proc/self/status", "utf8"))
    if (processors.length < names.length) return false
    const threads = new Map(readdirSync(TASKS).map(id => [readFileSync(`${TASKS}/${id}/comm`, "utf8").trim(), id]))
    for (const [at, name] of names.entries()) {
      const id = threads.get(name)
      if (id === undefined) return false
      execFileSync("taskset", ["-p", "-c", String(processors[at]), id], { stdio: "ignore" })
    }
    return true
  } catch {
    return false
  }
}
