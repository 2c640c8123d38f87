import { type FiberState, SeededRandom } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import type { Mesh, Peer } from "./mesh.ts"
import { StatCells } from "./stats.ts"
import { Thief, Victim, type Wishes } from "./steal.ts"

/** A thread with so many fibers, beside one that sleeps; each fiber has 100 bytes, and nothing is accepted yet. */
function victim(fibers: number, mostBytes: number, wishes: Wishes = { none: true, asked: () => "free" }) {
  const sleeper = { id: 1, slot: 1, cells: { hungryHint: () => true, closedHint: () => false } } as unknown as Peer
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
  return { given, left, asks: new Victim(mesh, transit, givable, new StatCells(), mostBytes, wishes) }
}

test("a portion goes to who sleeps, half of what there is at most, and no more while so many bytes are on their way", () => {
  const free = victim(20, 1e9)
  const left = [0, 0.1, 0.2, 0.3].map(now => {
    expect(free.asks.feed(now, false)).toBe(true)
    return free.left.length
  })
  expect(left).toEqual([19, 17, 13, 7])

  const bounded = victim(20, 250)
  for (const now of [0, 0.1]) expect(bounded.asks.feed(now, false)).toBe(true)
  expect([bounded.given.length, bounded.left.length]).toEqual([3, 17])
  expect(bounded.asks.feed(0.2, false)).toBe(false)
  // two of them were accepted: there is room for as many
  bounded.given.length = 1
  expect(bounded.asks.feed(0.3, true)).toBe(true)
  expect([bounded.given.length, bounded.left.length]).toEqual([3, 15])
})

test("what is wanted elsewhere stays, or goes there, and the rest goes to who sleeps, in its order", () => {
  const numbers = new Map<FiberState, number>()
  const free = victim(9, 1e9, {
    none: false,
    asked: fiber => (["stays", "gone", "free"] as const)[(numbers.get(fiber) as number) % 3] as "free",
  })
  const fibers = [...free.left]
  for (const [number, fiber] of fibers.entries()) numbers.set(fiber, number)
  for (const now of [0, 0.1]) expect(free.asks.feed(now, false)).toBe(true)
  expect(free.given.map(fiber => numbers.get(fiber))).toEqual([2, 5, 8])
  expect(free.left.map(fiber => numbers.get(fiber)).toSorted()).toEqual([0, 3, 6])
})

/** Whom a thread with that seed asks, of five that all have work and refuse at once. */
function asked(seed: number, times: number): number[] {
  const victims: number[] = []
  const workers = [1, 2, 3, 4, 5].map(id => {
    const ask = (): object => {
      victims.push(id)
      return {}
    }
    return { id, cells: { loadHint: () => 1, ask, raise() {} } }
  })
  const mesh = { workers, slot: 9, cells: { answer: () => "refused" } } as unknown as Mesh
  const thief = new Thief(mesh, new SeededRandom(seed), new StatCells())
  for (let i = 0; i < times; i++) thief.step()
  return victims
}

test("a thief begins with a random victim, the same ones for the same seed", () => {
  const victims = asked(1, 500)
  expect(asked(1, 500)).toEqual(victims)
  expect(asked(2, 500)).not.toEqual(victims)
  for (const id of [1, 2, 3, 4, 5]) expect(victims.filter(victim => victim === id).length).toBeGreaterThan(50)
})
