/** The small examples in real processes: each checks itself and says so by its exit code. */
import { execFile } from "node:child_process"
import { dirname } from "node:path"
import { promisify } from "node:util"
import { expect, test } from "vitest"

const workspace = dirname(import.meta.dirname)

/** Rejects if the exit code is not 0. */
async function run(example: string): Promise<string> {
  const args = ["--import", "rove/register", `examples/${example}`]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: workspace })
  return stdout
}

test("a fiber deep in loops, calls and catch blocks goes on on other threads, and only the threads change", {
  timeout: 60_000,
}, async () => {
  const lines = (await run("cross-thread-resume.ts")).trim().split("\n")
  const hops = lines.slice(1, 13)
  expect(new Set(hops.map(line => line.split(/ +/)[2])).size).toBe(2)
  expect(
    new Set(
      hops.map(line =>
        line
          .split(/ +/)
          .slice(4)
          .join(" ")
          .replace(/^\w{8}-/, ""),
      ),
    ),
  ).toEqual(new Set(["0.1 3 blue TypeError: no map, RangeError: bridge out"]))
  expect(lines.at(-1)).toMatch(/^11 hops, [1-9]\d+ bytes decoded/)
})

test("two plain workers hand a fiber to each other by hand", { timeout: 30_000 }, async () => {
  const lines = (await run("by-hand.ts")).trim().split("\n")
  expect(lines).toEqual([1, 2, 1, 2, 1].map((thread, i) => `visit ${i + 1}: Ada is on thread ${thread}`))
})
