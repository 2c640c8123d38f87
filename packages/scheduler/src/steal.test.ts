import type { FiberState } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import type { Mesh, Peer } from "./mesh.ts"
import { StatCells } from "./stats.ts"
import { Victim } from "./steal.ts"

/** A thread with so many fibers, beside one that sleeps; each fiber has 100 bytes, and nothing is accepted yet. */
function victim(fibers: number, mostBytes: number) {
  const sleeper = { cells: { hungryHint: () => true, closedHint: () => false } } as unknown as Peer
  const given: FiberState[] = []
  const left = Array.from({ length: fibers }, () => ({ pinned: null, status: "ready" }) as unknown as FiberState)
  const transit = {
    get bytes() {
      return given.length * 100
    },
    give(fiber: FiberState) {
      given.push(fiber)
      return true
    },
  }
  const givable = {
    get count() {
      return left.length
    },
    give: () => left.shift() ?? null,
    keep: (fiber: FiberState) => void left.push(fiber),
  }
  const mesh = { workers: [sleeper] } as unknown as Mesh
  return { given, left, asks: new Victim(mesh, transit, givable, new StatCells(), mostBytes) }
}

test("half of what there is goes to who sleeps, and no more while so many bytes are on their way", () => {
  const free = victim(20, 1e9)
  expect(free.asks.feed(false)).toBe(true)
  expect([free.given.length, free.left.length]).toEqual([10, 10])

  const bounded = victim(20, 250)
  expect(bounded.asks.feed(false)).toBe(true)
  expect([bounded.given.length, bounded.left.length]).toEqual([3, 17])
  expect(bounded.asks.feed(false)).toBe(false)
  // two of them were accepted: there is room for as many
  bounded.given.length = 1
  expect(bounded.asks.feed(true)).toBe(true)
  expect([bounded.given.length, bounded.left.length]).toEqual([3, 15])
})
