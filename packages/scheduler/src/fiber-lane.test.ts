import type { FiberState } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import { FiberLane } from "./fiber-lane.ts"
import { POOL } from "./mesh.ts"

interface Known {
  readonly name: string
}
function fiber(name: string, status: "unstarted" | "ready", home = 1, pinned: string | null = null): FiberState {
  return { name, status, home, pinned } as unknown as FiberState
}
function lane(...fibers: FiberState[]): FiberLane {
  const made = new FiberLane()
  for (const each of fibers) made.push(each)
  return made
}
function all(take: () => FiberState | null): string {
  let names = ""
  for (let one = take(); one !== null; one = take()) names += (one as unknown as Known).name
  return names
}
const children = (...names: string[]) => names.map(name => fiber(name, "unstarted"))
const ready = (...names: string[]) => names.map(name => fiber(name, "ready"))

test("those that go on run first in first out, then children, the newest first", () => {
  const made = lane(...children("x", "y", "z"), ...ready("a", "b", "c"))
  expect(all(() => made.next())).toBe("abczyx")
  expect(made.isEmpty).toBe(true)
})

test("what ordinary code started waits its turn with those that go on", () => {
  const made = lane(...ready("a"), fiber("s", "unstarted", POOL), ...ready("b"), fiber("t", "unstarted", POOL))
  expect(all(() => made.next())).toBe("asbt")
})

test("others are given the oldest child, then whoever waits longest, and never a pinned one", () => {
  const pinned = [fiber("p", "unstarted", 1, "socket"), fiber("q", "ready", 1, "socket")]
  const made = lane(...pinned, ...ready("a", "b"), ...children("x", "y"))
  expect(all(() => made.give())).toBe("xyab")
  expect(made.isEmpty).toBe(false)
  expect(all(() => made.next())).toBe("qp")
})

test("a child has its turn although others are always ready, and pinned ones have theirs beside them", () => {
  const made = lane(...children("x", "y"), fiber("q", "ready", 1, "socket"), ...ready("a", "b"))
  let order = ""
  for (let slice = 0; slice < 40; slice++) {
    const next = made.next() as FiberState
    order += (next as unknown as Known).name
    if (next.status === "ready") made.push(next)
  }
  expect(order.indexOf("x")).toBe(15)
  expect(order.indexOf("y")).toBe(31)
  for (const name of "qab") expect(order.split(name).length - 1).toBeGreaterThan(8)
})

test("children that nobody began are not among those that a fiber makes room for", () => {
  const made = lane(...children("x", "y"), fiber("p", "unstarted", 1, "socket"))
  expect([made.readyCount, made.isEmpty]).toEqual([0, false])
  for (const one of [...ready("a"), fiber("q", "ready", 1, "socket"), fiber("s", "unstarted", POOL)]) made.push(one)
  expect(made.readyCount).toBe(3)
})
