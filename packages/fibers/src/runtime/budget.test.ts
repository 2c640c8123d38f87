import { expect, test } from "vitest"
import { Budget } from "./budget.ts"

/** Runs units of that cost for a while; the longest time between two looks, and how many looks there were. */
function run(
  budget: Budget,
  cost: number,
  ms: number,
  first: number,
  isWanted: boolean,
): { longest: number; looks: number; left: number } {
  let [longest, looks, units] = [0, 0, first]
  for (let time = 0; time < ms; looks++) {
    const spent = units * cost
    longest = Math.max(longest, spent)
    time += spent
    units = budget.next(spent, isWanted)
  }
  return { longest, looks, left: units }
}

test.for([1e-6, 1e-4, 0.01, 0.1, 0.9])(
  "a slice whose units cost %d ms looks at the clock within 6 ms each time, and not much too often",
  cost => {
    const budget = new Budget()
    const { longest, looks } = run(budget, cost, 100, budget.first(), false)
    expect(longest).toBeLessThan(6)
    expect(looks).toBeLessThan(Math.max(100 / cost / 8000, 125_000))
  },
)

test.for([
  [false, 1000, 8.1],
  [true, 10_000, 5.4],
] as const)(
  "units that become dearer from one loop to the next are noticed in time (somebody waits: %s, times dearer: %d)",
  ([isWanted, times, within]) => {
    for (const cost of [5e-7, 1e-6, 1e-5, 9e-5]) {
      const budget = new Budget()
      const { left } = run(budget, cost, 10, budget.first(), isWanted)
      const dear = cost * times
      const first = left * dear
      expect(first).toBeLessThanOrEqual(within)
      expect(run(budget, dear, 100, budget.next(first, isWanted), isWanted).longest).toBeLessThan(
        Math.max(2 * dear, 0.1),
      )
    }
  },
)

test.for([5e-7, 2.3e-6, 4e-6, 7e-6, 1e-4])("budgets for units of %d ms come near to the time between looks", cost => {
  const budget = new Budget()
  const { left } = run(budget, cost, 0.01, budget.first(), false)
  expect(left * cost).toBeGreaterThan(0.0015)
  expect(left * cost).toBeLessThan(0.004)
})

test.for([2.3e-6, 4e-6, 7e-6, 1e-4])(
  "a loop whose rounds went on to take %d ms is looked at less often, until they take longer or somebody waits",
  cost => {
    const budget = new Budget()
    const { left } = run(budget, cost, 1, budget.first(), false)
    expect(left * cost).toBeGreaterThan(0.0045)
    expect(left * cost).toBeLessThan(0.0085)
    const short = budget.next(left * cost, true)
    expect(short * cost).toBeLessThan(0.0006)
    expect(budget.next(short * cost, false) * cost).toBeLessThan(0.004)
    const again = run(budget, cost, 1, budget.first(), false).left
    expect(budget.next(again * cost * 2, false) * cost * 2).toBeLessThan(0.004)
  },
)

test("a slice begins with the few units that the last one ended with if these were dear, and at most with as many as nobody knows", () => {
  const budget = new Budget()
  const unknown = budget.first()
  run(budget, 0.005, 0.1, unknown, false)
  expect(budget.first()).toBe(1)
  run(budget, 1e-6, 1, budget.first(), false)
  expect(budget.first()).toBe(unknown)
})
