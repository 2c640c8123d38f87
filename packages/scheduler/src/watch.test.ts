import type { FiberState } from "@rove/fibers/scheduling"
import { afterEach, expect, test } from "vitest"
import { Watch } from "./watch.ts"

const fiber = { id: "1.1", root: { of: { code: { name: "walk", url: "file:///walk.ts" } } } } as unknown as FiberState

const own = Object.getOwnPropertyDescriptors(Error)
afterEach(() => {
  Reflect.deleteProperty(Error, "prepareStackTrace")
  Object.defineProperty(Error, "stackTraceLimit", own.stackTraceLimit)
})

test("a thread that had no processor held nobody up; code that had it is named once, and counted each time", () => {
  const clock = { now: () => 0, time: 0, cpu: () => clock.time }
  const told: string[] = []
  const watch = new Watch(clock, (_, text) => told.push(text))
  watch.begin(0)
  clock.time = 2
  expect(watch.looked(fiber, 50)).toBe(false)
  watch.begin(50)
  clock.time = 40
  expect(watch.looked(fiber, 40)).toBe(true)
  expect(watch.looked(fiber, 45)).toBe(true)
  expect(watch.looked(fiber, 5)).toBe(false)
  expect(told).toEqual(["walk (file:///walk.ts) held the thread for 40 ms without a check"])
})

test("who sleeps takes no processor time: it is read before, and not by the slice that follows, if nothing else came between", () => {
  let reads = 0
  let cpu = 0
  const read = (): number => {
    reads++
    return cpu
  }
  const watch = new Watch({ now: () => 0, cpu: read }, () => {})
  watch.begin(0)
  watch.sleeps()
  expect(reads).toBe(2)
  watch.woken()
  watch.begin(500)
  expect(reads).toBe(2)
  cpu = 9
  expect(watch.looked(fiber, 12)).toBe(false)
  watch.sleeps()
  // a module is imported meanwhile
  cpu = 30
  watch.begin(600)
  expect(reads).toBe(5)
  cpu = 35
  expect(watch.looked(fiber, 29)).toBe(false)
  cpu = 41
  expect(watch.looked(fiber, 29)).toBe(true)
})

test.each([
  ["nobody can limit stacks", () => Object.defineProperty(Error, "stackTraceLimit", { value: 10, writable: false })],
  ["a program writes stacks as lists", () => Object.assign(Error, { prepareStackTrace: () => ["at", "poll"] })],
  [
    "what a program writes stacks with fails",
    () =>
      Object.assign(Error, {
        prepareStackTrace() {
          throw new Error("no stacks")
        },
      }),
  ],
])("code that held a thread is told of where %s", (_, change) => {
  const told: string[] = []
  let cpu = 0
  const watch = new Watch({ now: () => 0, cpu: () => cpu }, (_, text) => told.push(text))
  watch.begin(0)
  cpu = 40
  change()
  expect(watch.looked(fiber, 40)).toBe(true)
  expect(told).toEqual(["walk (file:///walk.ts) held the thread for 40 ms without a check"])
})
