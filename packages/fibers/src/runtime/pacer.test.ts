/** That slices share looks at the clock only while they are short. */
import { afterEach, expect, test, vi } from "vitest"
import type { Machine } from "./machine.ts"
import { RealPacer } from "./pacer.ts"

afterEach(() => void vi.restoreAllMocks())

/** Runs slices of so many milliseconds until the event loop is to have its turn; gives the number of slices, and of looks. */
function burst(pacer: RealPacer, lengths: (n: number) => number): { slices: number; looks: number } {
  let time = 0
  const now = vi.spyOn(performance, "now").mockImplementation(() => time)
  const machine = { budget: 0 } as Machine
  pacer.turned()
  pacer.beginBurst()
  for (let slices = 0; ; slices++) {
    pacer.beginSlice(machine)
    time += lengths(slices)
    if (pacer.burstIsOver()) return { slices: slices + 1, looks: now.mock.calls.length }
  }
}

test("short slices have one look for eight, and the event loop its turn in time", () => {
  const { slices, looks } = burst(new RealPacer(), () => 0.001)
  expect(slices).toBeGreaterThanOrEqual(10_000)
  expect(slices).toBeLessThan(10_010)
  expect(looks).toBeLessThan(slices / 7)
})
test("slices that take longer have one each", () => {
  const { slices, looks } = burst(new RealPacer(), () => 0.1)
  expect(looks).toBeGreaterThanOrEqual(slices)
})
test("a slice that is long enough for a look of its own has one at its end", () => {
  const pacer = new RealPacer()
  const { slices } = burst(pacer, n => {
    if (n < 1000) return 0.001
    pacer.look({ budget: 0 } as Machine, false)
    return 4
  })
  expect(slices).toBeLessThanOrEqual(1004)
})
test("long slices behind short ones are seen after eight at most", () => {
  expect(burst(new RealPacer(), n => (n < 1000 ? 0.001 : 20)).slices).toBeLessThanOrEqual(1008)
})
