import { registerReference } from "@rove/core"
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

test("a function that the pool called is named in place of our code that calls it; once it has begun, its fiber's name is left", () => {
  const reader = new PulseReader()
  const pulse = new Pulse(reader.buffer)
  const ours = { id: "rove#call", name: "call", url: "" }
  const called = (self: unknown) =>
    ({ id: "1f-1.17", name: "mine", root: { of: { code: ours }, self, args: [] } }) as unknown as FiberState
  const block = (): void => {}
  registerReference("src/blk.ts#block", block, "file:///src/blk.ts")
  pulse.begin(called(block))
  expect(reader.read()?.code).toBe("block (file:///src/blk.ts)")
  pulse.begin(called(undefined))
  expect(reader.read()?.code).toBe("mine")
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
