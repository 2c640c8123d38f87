import { describe, expect, test } from "vitest"
import {
  certain,
  depart,
  type FiberStatus,
  finish,
  hold,
  type Owned,
  type Park,
  park,
  preempt,
  revive,
  start,
  unpark,
  whereabouts,
  withdraw,
} from "./status.ts"

const STATUSES: readonly FiberStatus[] = ["unstarted", "ready", "running", "parked", "moved", "done"]
const held = (): Park & { cancelled: number } => ({
  cancelled: 0,
  reason: "sleep of 5 ms",
  internal: false,
  withdraw() {
    this.cancelled++
    return true
  },
  again: () => null,
})

/** By transition: from which statuses it leads where. From all others it is refused. */
const transitions: Record<string, [(fiber: Owned) => unknown, Partial<Record<FiberStatus, FiberStatus>>]> = {
  start: [start, { unstarted: "running", ready: "running" }],
  preempt: [preempt, { running: "ready" }],
  park: [park, { running: "parked" }],
  hold: [fiber => hold(fiber, held()), { ready: "parked" }],
  withdraw: [withdraw, { parked: "ready" }],
  depart: [depart, { unstarted: "moved", ready: "moved" }],
  revive: [fiber => revive(fiber, "ready"), { moved: "ready" }],
  finish: [finish, { unstarted: "done", ready: "done", running: "done", parked: "done", moved: "done" }],
}

describe.each(Object.entries(transitions))("%s", (_, [transition, leads]) => {
  test.each(STATUSES)("from %s", from => {
    const fiber: Owned = { status: from, park: held() }
    const before = { ...fiber }
    const made = transition(fiber)
    expect(Boolean(made)).toBe(leads[from] !== undefined)
    if (leads[from] === undefined) expect(fiber).toEqual(before)
    else expect(fiber.status).toBe(leads[from])
  })
})

test("only who holds the park of a fiber wakes it, and once", () => {
  const [mine, other] = [held(), held()]
  const fiber: Owned = { status: "parked", park: mine }
  expect([unpark(fiber, other), fiber.park === mine]).toEqual([false, true])
  expect([unpark(fiber, mine), unpark(fiber, mine), fiber.status, fiber.park]).toEqual([true, false, "ready", null])
})

test("what was waited for is told of a withdrawal, and of nothing else", () => {
  const wait = held()
  const fiber: Owned = { status: "parked", park: wait }
  expect([withdraw(fiber), withdraw(fiber), wait.cancelled]).toEqual([true, false, 1])
  const woken = held()
  unpark({ status: "parked", park: woken }, woken)
  expect(woken.cancelled).toBe(0)
})

test("a wait whose end others decide is not withdrawn at once: nothing changes", () => {
  const wait: Park = { ...held(), withdraw: () => false }
  const fiber: Owned = { status: "parked", park: wait }
  expect([withdraw(fiber), fiber.status, fiber.park === wait]).toEqual([false, "parked", true])
})

test("a wake-up between the wait and the stop would be lost, so it is a broken invariant", () => {
  const wait = held()
  const fiber: Owned = { status: "running", park: wait }
  expect(() => unpark(fiber, wait)).toThrow("broken invariant in unpark: the fiber allows it, which is running")
})

test("a fiber that runs without a wait is not parked", () => {
  expect(park({ status: "running", park: null })).toBe(false)
})

test("a transition that must not fail dies at once, with its place and the status", () => {
  const fiber: Owned = { status: "done", park: null }
  expect(() => certain(start(fiber), "runSlice", fiber)).toThrow(
    "broken invariant in runSlice: the fiber allows it, which is done",
  )
})

test("where a fiber is can be said in words", () => {
  expect(whereabouts({ status: "parked", park: held() })).toBe("is parked: sleep of 5 ms")
  expect(whereabouts({ status: "ready", park: null })).toBe("waits in a queue to go on")
})
