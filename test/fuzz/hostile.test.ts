/** A small part of the attack; `npm run fuzz -- --cases N --seed S` makes it as large as one likes. */
import { expect, test } from "vitest"
import { attack } from "./hostile.ts"

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9)

test(`damaged records of fibers and values are refused with place and reason, or are values (seed ${seed})`, () => {
  const { cases, values, slowest } = attack(20_000, seed)
  expect(cases).toBe(20_000)
  // most damage is noticed, some bytes may be anything
  expect(values).toBeGreaterThan(cases / 100)
  expect(values).toBeLessThan(cases / 2)
  expect(slowest).toBeLessThan(2000)
}, 120_000)
