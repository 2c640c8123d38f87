import { spawn } from "node:child_process"
import { expect, test } from "vitest"
import { Disturbance, undisturbed } from "./disturbance.ts"

test("a repetition counts unless others used more of the processors than is said; of none that does, the least disturbed do", () => {
  const runs = [0.01, 0.04, 0.3, 0.2].map(others => ({ others }))
  expect(undisturbed(runs, 1)).toEqual([{ others: 0.01 }, { others: 0.04 }])
  expect(undisturbed(runs, 1, 0.02)).toEqual([{ others: 0.01 }])
  expect(undisturbed(runs, 3)).toEqual([{ others: 0.01 }, { others: 0.04 }, { others: 0.2 }])
})

test("what another program computes is a disturbance", async () => {
  const disturbance = new Disturbance()
  const other = spawn(process.execPath, ["-e", "for (;;);"])
  try {
    for (let left = 40; left > 0 && disturbance.others < 0.05; left--)
      await new Promise(resolve => setTimeout(resolve, 25))
    expect(disturbance.others).toBeGreaterThan(0.05)
  } finally {
    other.kill("SIGKILL")
  }
})
