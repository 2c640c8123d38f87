import { expect, test } from "vitest"
import { Budget } from "./budget.ts"

/** Runs units of that cost for a while; the longest time between two looks, and how many looks there were. */
function run(
  budget: Budget,
  cost: number,
  ms: number,
  first: number,
): { longest: number; looks: number; left: number } {
  let [longest, looks, units] = [0, 0, first]
  for (let time = 0; time < ms; looks++) {
    const spent = units * cost
    longest = Math.max(longest, spent)
    time += spent
    units = budget.next(spent)
  }
  return { longest, looks, left: units }
}

test.for([1e-6, 1e-4, 0.01, 0.1, 0.9])(
  "a slice whose units cost %d ms looks at the clock within 10 ms each time, and not much too often",
  cost => {
    const budget = new Budget(0.2)
    const { longest, looks } = run(budget, cost, 100, budget.first())
    expect(longest).toBeLessThan(10)
    expect(looks).toBeLessThan(Math.max(100 / cost / 1000, 4000))
  },
)

test("units that become a thousand times dearer are noticed at the next look, and not looked at late again", () => {
  const budget = new Budget(0.2)
  const { left } = run(budget, 1e-6, 10, budget.first())
  const first = left * 1e-3
  expect(first).toBeLessThan(10)
  expect(run(budget, 1e-3, 10, budget.next(first)).longest).toBeLessThan(1)
})
