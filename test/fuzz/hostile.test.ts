/** A small part of the attacks; `npm run fuzz -- --cases N --seed S` makes them as large as one likes. */
import { expect, test } from "vitest"
import { forgeAll } from "./forging.ts"
import { attack } from "./hostile.ts"

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9)

test(`damaged records of fibers and values are refused with place and reason, or are values (seed ${seed})`, () => {
  const { cases, values, slowest } = attack(20_000, seed)
  expect(cases).toBe(20_000)
  // most damage is noticed, some bytes may be anything
  expect(values).toBeGreaterThan(cases / 100)
  expect(values).toBeLessThan(cases / 2)
  expect(slowest, "no few bytes keep the reader busy").toBeLessThan(20_000)
}, 120_000)

test(`records with one part forged are refused with place and reason, or go on: nothing of Rove's is handed to what they name (seed ${seed})`, async () => {
  const { cases, refused, ran, impossible } = await forgeAll(300, seed)
  expect(refused + ran + impossible).toBe(cases)
  // what is the program's own may be anything, and nearly all else is seen
  expect(refused).toBeGreaterThan(cases / 3)
  expect(ran).toBeGreaterThan(cases / 20)
}, 120_000)
