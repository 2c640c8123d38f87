import { expect, test } from "vitest"
import { compare, measure, median, quantile } from "./measure.ts"

const effort = { quick: true, repetitions: 5, milliseconds: 2 }

test("the median of an even number of values lies between the two in the middle", () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(quantile([10, 20, 30, 40, 50], 0.99)).toBeCloseTo(49.6)
  expect(() => median([])).toThrow("nothing")
})

test("a comparison says how many times faster, whatever the iterations each one needed", async () => {
  const work = (units: number) => (iterations: number) => {
    for (let done = 0; done < iterations * units; done += 1) Math.hypot(done, 1)
  }
  const { own, peer, faster, slower } = await compare(work(100), work(1_000), effort)
  expect(peer).toBeGreaterThan(own)
  expect(faster).toBeGreaterThan(3)
  expect(faster * slower).toBeCloseTo(1)
})

test("an asynchronous subject is awaited", async () => {
  const sleep = async (iterations: number) => {
    for (let done = 0; done < iterations; done += 1) await new Promise(resolve => setTimeout(resolve, 2))
  }
  expect(await measure(sleep, effort)).toBeGreaterThan(1e6)
})
