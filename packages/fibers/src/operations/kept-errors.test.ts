import { FiberInterrupted, ScopeError, type TimeoutError } from "@rove/core"
import { expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { defer, onExit } from "./defer.ts"
import type { Fiber } from "./handle.ts"
import { timeout } from "./limits.ts"
import { scope } from "./scoped.ts"
import { spawn } from "./spawn.ts"
import { sleep } from "./time.ts"

const heard: string[] = []
const failing = compiled("failing", function* (ms: number, text: string): Generator<unknown, never> {
  yield sleep(ms)
  throw new RangeError(text)
})
/** Fails once it is interrupted, and not at once. */
const stubborn = compiled("stubborn", function* (text: string): Generator<unknown, never> {
  try {
    yield sleep(60_000)
  } catch {
    yield sleep(5)
  }
  throw new RangeError(text)
})
const hears = compiled("hears", function* (outcome: { kind: string }) {
  heard.push(outcome.kind)
  yield sleep(0)
})
const inside = (body: () => Generator<unknown, unknown>) => scope(compiled("inside", body) as never)

/** What a joiner gets of a fiber that is interrupted after 10 ms. */
async function interrupted(body: () => Generator<unknown, unknown>): Promise<FiberInterrupted> {
  heard.length = 0
  const main = compiled("main", function* () {
    const fiber: Fiber<unknown> = yield spawn(compiled("target", body)())
    yield sleep(10)
    yield fiber.interrupt("enough")
    try {
      return yield fiber.join()
    } catch (error) {
      return error
    }
  })
  const end = (await new LocalHost({ clock: new VirtualClock() }).run(main())) as FiberInterrupted
  expect([end instanceof FiberInterrupted, end.reason]).toEqual([true, "enough"])
  return end
}

test("a child that fails while its scope's fiber is interrupted is the interrupt's cause, and the scope hears of the interrupt", async () => {
  const end = await interrupted(function* () {
    yield inside(function* () {
      yield onExit(hears)
      yield spawn(stubborn("on its way out"))
      yield sleep(60_000)
    })
  })
  expect(String(end.cause)).toBe("RangeError: on its way out")
  expect(heard).toEqual(["interrupted"])
})

test("an error that came before the interrupt is kept as well as those behind it, in their order", async () => {
  const { cause } = await interrupted(function* () {
    yield inside(function* () {
      yield spawn(stubborn("second"))
      yield spawn(failing(8, "first"))
      yield sleep(60_000)
    })
  })
  expect(cause instanceof ScopeError && cause.errors.map(String)).toEqual(["RangeError: first", "RangeError: second"])
})

test("scopes around each other add theirs, and so do cleanups of the fiber", async () => {
  const { cause } = await interrupted(function* () {
    yield defer(failing(1, "cleanup"))
    yield inside(function* () {
      yield spawn(stubborn("outer"))
      yield inside(function* () {
        yield spawn(stubborn("inner"))
        yield sleep(60_000)
      })
    })
  })
  expect(cause instanceof ScopeError && cause.errors.map(String)).toEqual(
    ["inner", "outer", "cleanup"].map(text => `RangeError: ${text}`),
  )
})

test("a limit whose inside fails on its way out throws its own error with those, through scopes in between", async () => {
  const main = compiled("main", function* () {
    try {
      yield timeout(
        10,
        inside(function* () {
          yield onExit(hears)
          yield spawn(stubborn("kept"))
          yield sleep(60_000)
        }),
      )
    } catch (error) {
      return error
    }
  })
  heard.length = 0
  const { errors } = (await new LocalHost({ clock: new VirtualClock() }).run(main())) as ScopeError
  expect(errors.map(error => (error as TimeoutError).name)).toEqual(["TimeoutError", "RangeError"])
  expect(heard).toEqual(["interrupted"])
})

test("an error that cannot be handed over does not take the interrupt's place", async () => {
  const end = await interrupted(function* () {
    yield inside(function* () {
      yield defer(
        compiled("cleanup", function* (): Generator<unknown, never> {
          yield sleep(0)
          throw Object.assign(new Error("with a socket"), { socket: new WeakMap() })
        })(),
      )
      yield sleep(60_000)
    })
  })
  expect(String(end.cause)).toContain("with a socket")
})
