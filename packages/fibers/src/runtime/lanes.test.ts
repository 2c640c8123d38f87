import { expect, test } from "vitest"
import { Lanes } from "./lanes.ts"

class Names {
  readonly names: string[] = []
  get isEmpty(): boolean {
    return this.names.length === 0
  }
}
const take = (lane: Names): string | null => lane.names.shift() ?? null
const [low, normal, high] = [0, 1, 2]

function filled(counts: readonly [low: number, normal: number, high: number]): Lanes<Names> {
  const lanes = new Lanes(() => new Names())
  counts.forEach((count, priority) => {
    for (let i = 0; i < count; i++) lanes.of(priority).names.push(`${"lnh"[priority]}${i}`)
  })
  return lanes
}

test("the highest priority goes first, in order within it", () => {
  const lanes = filled([1, 2, 2])
  expect(Array.from({ length: 6 }, () => lanes.next(take))).toEqual(["h0", "h1", "n0", "n1", "l0", null])
})

test("however much of higher ones there is, normal has each tenth turn and low each 37th at the latest", () => {
  const lanes = filled([5, 1000, 1000])
  const order = Array.from({ length: 180 }, () => lanes.next(take) as string)
  const gaps = (kind: string): number[] => {
    const at = order.flatMap((name, i) => (name.startsWith(kind) ? [i] : []))
    return at.map((turn, i) => turn - (i === 0 ? -1 : (at[i - 1] as number)))
  }
  expect(gaps("n").length).toBeGreaterThan(15)
  expect(Math.max(...gaps("n"))).toBeLessThanOrEqual(10)
  expect(gaps("l")).toHaveLength(4)
  expect(Math.max(...gaps("l"))).toBeLessThanOrEqual(37)
  expect(order.filter(name => name.startsWith("h")).length).toBeGreaterThan(150)
})

test("turns that a lane was passed over while it was empty do not count", () => {
  const lanes = filled([0, 0, 40])
  for (let i = 0; i < 20; i++) lanes.next(take)
  lanes.of(normal).names.push("n")
  lanes.of(low).names.push("l")
  expect(Array.from({ length: 8 }, () => lanes.next(take))).not.toContain("n")
  expect(lanes.next(take)).toBe("n")
})

test("who takes work away gets the highest there is, and takes no turn from anybody", () => {
  const lanes = filled([2, 2, 2])
  expect(Array.from({ length: 7 }, () => lanes.highest(take))).toEqual(["h0", "h1", "n0", "n1", "l0", "l1", null])
  lanes.of(high).names.push("h")
  expect([lanes.isEmpty, lanes.count(({ names }) => names.length)]).toEqual([false, 1])
})
