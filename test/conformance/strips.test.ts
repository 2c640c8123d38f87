/** What rounds over an array cost of the budget: those that were made, however the loop is left. */
import { expect, test } from "vitest"
import { program } from "../semantics/program.ts"
import { Stepper } from "./stepper.ts"

/** How often a search of 100 arrays stops that has 50 checks at a time. */
function stops(leave: string, loop = "for (const x of list)"): number {
  const main = program<() => Generator>(
    `function* main() {
      const list = Array.from({ length: 1000 }, (_, i) => i)
      const find = []
      outer: for (let i = 0; i < 100; i++) {
        ${loop} { if (x === 1) { ${leave} } }
        find.push(i)
      }
      yield find.length
    }`,
    "main",
  )
  const stepper = new Stepper(main(), { budget: 50 })
  stepper.next(undefined)
  return stepper.stops
}

test.each(["break", "continue outer", "list.length = 2"])("a loop left by %s pays for the rounds it made", leave => {
  const found = stops(leave)
  expect(found).toBeGreaterThan(3)
  expect(found).toBeLessThan(12)
})

test("a loop that is not left pays as one that counts", () => {
  const counted = stops("", "for (let x = 0; x < list.length; x++)")
  expect(counted).toBeGreaterThan(1000)
  expect(Math.abs(stops("") / counted - 1)).toBeLessThan(0.05)
})
