import type { FiberState } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import { Pulse, PulseReader } from "./pulse.ts"

function fiber(id: string, code: object): FiberState {
  return { id, root: { of: { code } } } as unknown as FiberState
}
const walk = { name: "walk", url: "file:///walk.ts" }

test("what runs is read while it runs, with its function; between slices nothing is", () => {
  const reader = new PulseReader()
  const pulse = new Pulse(reader.buffer)
  expect(reader.read()).toBeNull()
  pulse.begin(fiber("1f-1.17", walk))
  expect(reader.read()).toEqual({ count: 1, fiber: "1f-1.17", code: "walk (file:///walk.ts)" })
  pulse.beat()
  expect(reader.read()?.count).toBe(2)
  pulse.begin(fiber("1f-2.3", { name: "run", url: "file:///run.ts" }))
  pulse.begin(fiber("1f-1.4", walk))
  expect(reader.read()).toEqual({ count: 4, fiber: "1f-1.4", code: "walk (file:///walk.ts)" })
  pulse.rest()
  expect(reader.read()).toBeNull()
})

test("functions that find no place any more are not named; those that have one still are", () => {
  const reader = new PulseReader()
  const pulse = new Pulse(reader.buffer)
  pulse.begin(fiber("1", walk))
  for (let i = 0; i < 300; i++) pulse.begin(fiber("2", { name: `f${i}`, url: "x".repeat(100) }))
  expect(reader.read()).toEqual({ count: 301, fiber: "2", code: null })
  pulse.begin(fiber("3", walk))
  expect(reader.read()?.code).toBe("walk (file:///walk.ts)")
})
