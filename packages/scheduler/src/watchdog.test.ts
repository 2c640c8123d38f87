import type { FiberState } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import { Pulse, PulseReader } from "./pulse.ts"
import { Watchdog } from "./watchdog.ts"

const fiber = { id: "1.1", root: { of: { code: { name: "walk", url: "walk.ts" } } } } as unknown as FiberState

function watched() {
  const pulse = new PulseReader()
  const times = { now: () => times.time, cpu: () => times.used, time: 0, used: 0 }
  const told: string[] = []
  const dog = new Watchdog(
    () => [{ id: 7, pulse }],
    (thread, beat, ms) => told.push(`${thread} ${beat.fiber} ${beat.code} ${ms}`),
    times,
  )
  const look = (ms: number, cpu = ms): void => {
    times.time += ms
    times.used += cpu
    dog.look()
  }
  return { told, look, thread: new Pulse(pulse.buffer) }
}

test("a thread that passes no check for 200 ms is told of once, and again when it is held anew", () => {
  const { told, look, thread } = watched()
  thread.begin(fiber)
  for (let i = 0; i < 5; i++) look(100)
  expect(told).toEqual(["7 1.1 walk (walk.ts) 200"])
  thread.beat()
  for (let i = 0; i < 5; i++) look(100)
  expect(told).toHaveLength(2)
})

test("one that goes on, that rests, or that had no processor is not", () => {
  const { told, look, thread } = watched()
  for (let i = 0; i < 5; i++) {
    thread.begin(fiber)
    look(100)
  }
  for (let i = 0; i < 5; i++) look(100, 20)
  thread.rest()
  for (let i = 0; i < 5; i++) look(100)
  expect(told).toEqual([])
})
