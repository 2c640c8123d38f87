/** Records of functions that somebody has forged: what they change is their own, and nothing that the thread has beside. */
import { LocalHost, VirtualClock } from "@rove/fibers"
import { expect, test, vi } from "vitest"
import { program } from "../semantics/program.ts"

const before = Object.getOwnPropertyNames(Math).join()

/** Has the encoder say of a function that the object which was put in the place of its prototype object was changed. */
vi.mock("../../packages/core/src/codec/rows/prototypes.ts", async original => {
  const real = await original<typeof import("../../packages/core/src/codec/rows/prototypes.ts")>()
  const changesOf: typeof real.changesOf = closure =>
    (closure.fn as { prototype?: unknown } | null)?.prototype === Math
      ? { prototype: { polluted: 7 }, keys: ["polluted"], reordered: false, base: undefined }
      : real.changesOf(closure)
  return { ...real, changesOf }
})

test("a record that changes the prototype object of a function changes no other object that it puts in its place", async () => {
  const { f } = program<{ f: () => never }>(
    "function* f() { const g = function* () {}; g.prototype = Math; yield* sleep(5); return g.prototype === Math }",
    "({ f })",
    {},
    { id: "src/forged-functions.js" },
  )
  const host = () => new LocalHost({ clock: new VirtualClock(0) })
  const handle = host().run(f())
  handle.catch(() => {})
  for (let i = 0; i < 20; i++) await null // until it stands
  const record = await handle.record()
  expect(String(record)).toContain("g = function g")
  expect(await host().resume(record)).toBe(true)
  expect(Object.getOwnPropertyNames(Math).join()).toBe(before)
})
