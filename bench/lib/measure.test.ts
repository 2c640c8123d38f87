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

test("what a subject leaves behind counts for it if it is asked for, and not for its neighbour", async () => {
  const { gc } = globalThis
  const left = { garbage: 0 }
  const wait = (milliseconds: number) => {
    for (const end = performance.now() + milliseconds; performance.now() < end; );
  }
  // collecting takes as long as there is garbage
  globalThis.gc = (() => wait(left.garbage)) as typeof globalThis.gc
  const leaves = (garbage: number) => () => {
    wait(2)
    left.garbage = garbage
  }
  try {
    expect((await compare(leaves(0), leaves(20), { ...effort, collects: true })).faster).toBeGreaterThan(4)
    expect((await compare(leaves(0), leaves(20), effort)).faster).toBeLessThan(4)
    expect(await measure(leaves(20), { ...effort, collects: true })).toBeGreaterThan(20e6)
    globalThis.gc = undefined
    await expect(measure(leaves(0), { ...effort, collects: true })).rejects.toThrow("--expose-gc")
  } finally {
    globalThis.gc = gc
  }
})
