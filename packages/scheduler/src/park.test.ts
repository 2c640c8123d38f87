import { SeededRandom } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import { ThreadCells } from "./cells.ts"
import type { Mesh } from "./mesh.ts"
import { Parking } from "./park.ts"
import { StatCells } from "./stats.ts"
import { Thief } from "./steal.ts"

const never = (): boolean => false

/** One thread beside another that is awake and has nothing; each look at its clock takes a microsecond. */
function alone(processors?: number) {
  let now = 0
  let bells = 0
  const clock = { now: () => (now += 0.001) }
  const cells = new ThreadCells()
  const other = new ThreadCells()
  const mesh = { slot: 1, cells, workers: [{ id: 2, slot: 2, cells: other }], drain: () => {}, bells: () => bells }
  const stats = new StatCells()
  const thief = new Thief(mesh as unknown as Mesh, new SeededRandom(1), stats)
  const parking = new Parking(mesh as unknown as Mesh, thief, clock, stats, () => true, processors)
  /** Microseconds. */
  const spin = (isAwaited = never): number => {
    const begun = now
    expect(parking.spin(never, isAwaited)).toBe(false)
    return Math.round((now - begun) * 1000)
  }
  const sleep = (ms: number, rung: boolean): void => {
    expect(parking.park(never)).toBe(true)
    now += ms
    parking.unpark(rung)
  }
  const ring = (): void => void bells++
  return { spin, sleep, other, ring }
}

test("a thread looks around as long as has paid: long after a short sleep that a bell ended, briefly after one that a timer did", () => {
  const { spin, sleep } = alone()
  const long = spin()
  for (let left = 8; left > 0; left--) spin()
  sleep(0.02, false)
  expect(spin()).toBeLessThan(long / 4)
  sleep(0.02, true)
  expect(spin()).toBe(long)
})

test("an acceptance is looked for until it is there", () => {
  const { spin } = alone()
  const long = spin()
  for (let left = 8; left > 0; left--) spin()
  expect(spin(() => true)).toBe(long)
  let looks = 20
  const taken = spin(() => looks-- > 0)
  expect(taken).toBeGreaterThan(15)
  expect(taken).toBeLessThan(long / 2)
})

test("who has asked somebody that seems to have work looks for the answer, long, until it is refused", () => {
  const { spin, sleep, other } = alone()
  const long = spin()
  for (let left = 8; left > 0; left--) spin()
  const short = spin()
  expect(short).toBeLessThan(long / 4)
  other.announceLoad(1)
  expect(spin()).toBe(long)
  sleep(1, false)
  other.closeRequests()
  expect(spin()).toBeLessThan(long / 4)
})

test("who has woken the pool's thread does not look around where that has no processor meanwhile, unless an answer is to come", () => {
  const { spin, ring, other } = alone(2)
  const long = spin()
  ring()
  expect(spin()).toBeLessThan(long / 10)
  expect(spin()).toBeGreaterThan(long / 4)
  ring()
  let looks = 20
  expect(spin(() => looks-- > 0)).toBeGreaterThan(15)
  ring()
  other.announceLoad(1)
  expect(spin()).toBe(long)
  const roomy = alone(3)
  roomy.ring()
  expect(roomy.spin()).toBe(long)
})
