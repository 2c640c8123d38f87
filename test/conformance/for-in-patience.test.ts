/** How long a for-in whose body calls something goes on when its budget is used up: for few keys, unless its slice is over. */
import { expect, test } from "vitest"
import { program } from "../semantics/program.ts"
import { Stepper } from "./stepper.ts"

/** How often a for-in over so many keys stops that has so many checks at a time. */
function stops(keys: number, budget: number): number {
  const main = program<() => Generator>(
    `function* main() {
      const o = Object.fromEntries(Array.from({ length: ${keys} }, (_, i) => ["k" + i, i]))
      const seen = []
      for (const key in o) seen.push(key)
      yield seen.join() === Object.keys(o).join()
    }`,
    "main",
  )
  const stepper = new Stepper(main(), { budget })
  expect(stepper.next(undefined).value).toBe(true)
  return stepper.stops
}

test("one over few keys ends before it would have to list them", () => {
  expect(stops(30, 5)).toBe(0)
})

test("one over many keys stops 32 rounds later", () => {
  // it looks in the rounds 83, 166 and 249, and the second look at one place passes; else there were five
  expect(stops(300, 50)).toBe(2)
})

test("one whose slice is known to be over stops in each round", () => {
  expect(stops(30, 0)).toBeGreaterThan(20)
})
