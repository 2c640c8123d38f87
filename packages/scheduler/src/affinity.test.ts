import { execFileSync } from "node:child_process"
import { expect, test } from "vitest"
import { allowedProcessors, freeProcessor, own, processorsIn, takeProcessor } from "./affinity.ts"

test("the processors of a process are read from what the kernel says", () => {
  expect(processorsIn("Name:\tnode\nCpus_allowed:\t17\nCpus_allowed_list:\t0-2,4\nMems_allowed:\t1\n")).toEqual([
    0, 1, 2, 4,
  ])
  expect(processorsIn("Cpus_allowed_list:\t3")).toEqual([3])
  expect(processorsIn("Name:\tnode\n")).toEqual([])
})

test.runIf(process.platform === "linux")(
  "a processor that is not there is refused with what taskset says",
  async () => {
    const allowed = await allowedProcessors()
    expect(allowed.length).toBeGreaterThan(0)
    expect(takeProcessor(4_000)).toMatch(/^taskset failed: .*4000|affinity/)
  },
)

test("a processor is free that nobody has, and when its owner goes, is gone, or shares all after all", () => {
  const owner = { processor: 900 as number | null, leaving: false, ended: false }
  expect(freeProcessor([])).toBeNull()
  expect(freeProcessor([900, 901])).toBe(900)
  own(owner)
  expect([freeProcessor([900, 901]), freeProcessor([900])]).toEqual([901, null])
  for (const change of [{ leaving: true }, { ended: true }, { processor: null }]) {
    const { ...before } = owner
    Object.assign(owner, change)
    expect(freeProcessor([900])).toBe(900)
    Object.assign(owner, before)
  }
})

test("without the command, what is missing is named", () => {
  const { PATH } = process.env
  process.env.PATH = "/nowhere"
  try {
    expect(() => execFileSync("taskset")).toThrow("ENOENT")
    expect(takeProcessor(0)).toMatch(/taskset/)
  } finally {
    process.env.PATH = PATH
  }
})
