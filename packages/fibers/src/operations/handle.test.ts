import { decode, encode } from "@rove/core"
import { describe, expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { ContextVar } from "../variables.ts"
import { type Fiber, FiberRef } from "./handle.ts"
import { spawn } from "./spawn.ts"
import { sleep } from "./time.ts"

const host = () => new LocalHost({ clock: new VirtualClock() })
const travelled = <T>(value: T): T => decode(encode(value).bytes) as T

const child = compiled("child", function* () {
  yield sleep(5)
  return "result"
})

describe("a handle", () => {
  test("that travelled joins and interrupts its fiber, before and after the end", async () => {
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child(), { name: "named" })
      const handle: Fiber<string> = travelled(fiber)
      expect([FiberRef.is(handle), handle === fiber, handle.id, handle.name]).toEqual([true, false, fiber.id, "named"])
      const first = yield handle.join()
      yield handle.interrupt("too late")
      return [first, yield handle.join()]
    })
    expect(await host().run(parent())).toEqual(["result", "result"])
  })

  test("of an unbegun fiber, once it travelled, joins without running it inline", async () => {
    const parent = compiled("parent", function* () {
      const handle: Fiber<string> = travelled(yield spawn(child()))
      return yield handle.join()
    })
    expect(await host().run(parent())).toBe("result")
  })

  test("of a fiber that nobody knows fails with a code", async () => {
    const stranger = travelled(new FiberRef<string>({ id: "9.9", name: "stranger", home: 9 }))
    const parent = compiled("parent", function* () {
      yield stranger.interrupt()
      return yield stranger.join()
    })
    await expect(host().run(parent())).rejects.toMatchObject({ code: "ROVE_UNKNOWN_FIBER" })
  })

  test("handed to another fiber is the same object, for it cannot change", async () => {
    const same = compiled("same", function* (a: unknown, b: { inner: unknown }) {
      return a === b.inner
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child())
      return yield (yield spawn(same(fiber, { inner: fiber }))).join()
    })
    expect(await host().run(parent())).toBe(true)
  })
})

describe("what belongs to context variables", () => {
  const variable = new ContextVar("variable", { default: 0 })

  test("a variable travels by name and is the same on arrival", () => {
    expect(travelled({ variable }).variable).toBe(variable)
  })

  test("a token that travelled without its fiber is a copy, which does not work; a used one stays used", () => {
    const token = variable.set(1)
    expect(() => variable.reset(travelled(token))).toThrow("a copy of a token")
    expect(variable.get()).toBe(1)
    variable.reset(token)
    expect(variable.get()).toBe(0)
    expect(() => variable.reset(travelled(token))).toThrow("works once")
  })
})
