import { FiberInterrupted, ScopeError } from "@rove/core"
import { expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import type { FiberOutcome } from "../exit.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { defer, onExit } from "./defer.ts"
import type { Fiber } from "./handle.ts"
import { timeout } from "./limits.ts"
import { scope } from "./scoped.ts"
import { spawn } from "./spawn.ts"
import { sleep } from "./time.ts"

const log: string[] = []
const after = compiled("after", function* (ms: number, what: string) {
  yield sleep(ms)
  log.push(what)
})
const failing = compiled("failing", function* (what: string): Generator<unknown, never> {
  yield sleep(1)
  throw new RangeError(what)
})
const caught = compiled("caught", function* (work: unknown) {
  try {
    return ["value", yield work]
  } catch (error) {
    return ["error", error]
  }
})
async function run(body: () => Generator<unknown, unknown>) {
  log.length = 0
  return await new LocalHost({ clock: new VirtualClock() }).run(caught(compiled("body", body)()))
}

test("cleanups run at the end of the scope, behind its children, the last first", async () => {
  expect(
    await run(function* () {
      const value = yield scope(
        compiled("inside", function* () {
          yield defer(after(5, "first"))
          yield defer(() => after(5, "second") as never)
          yield spawn(after(20, "child"))
          log.push("body")
          return 7
        }),
      )
      log.push("over")
      return value
    }),
  ).toEqual(["value", 7])
  expect(log).toEqual(["body", "child", "second", "first", "over"])
})

test("without a scope they run at the end of the fiber, before anybody hears of that", async () => {
  expect(
    await run(function* () {
      const fiber: Fiber<string> = yield spawn(
        compiled("child", function* () {
          yield defer(after(30, "cleaned"))
          return "result"
        })(),
      )
      const result = yield fiber.join()
      log.push(`joined ${result}`)
    }),
  ).toEqual(["value", undefined])
  expect(log).toEqual(["cleaned", "joined result"])
})

test("an interrupt does not end them, nor keep them from running", async () => {
  expect(
    await run(function* () {
      const fiber: Fiber<string> = yield spawn(
        compiled("child", function* () {
          yield defer(after(30, "one"))
          yield defer(after(30, "two"))
          yield sleep(1000)
        })(),
      )
      yield sleep(1)
      yield fiber.interrupt("enough")
      const [, error] = yield caught(fiber.join())
      return [error instanceof FiberInterrupted, error.reason]
    }),
  ).toEqual(["value", [true, "enough"]])
  expect(log).toEqual(["two", "one"])
})

test("an interrupt that comes while one runs keeps none of the others from running: it is thrown behind them", async () => {
  const cleaned = compiled("cleaned", function* () {
    for (const what of ["one", "two", "three"]) yield defer(after(30, what))
    log.push("body")
  })
  expect(
    await run(function* () {
      const ends: unknown[] = []
      for (const body of [() => cleaned(), () => scope(cleaned as never)]) {
        const fiber: Fiber<void> = yield spawn(
          compiled("child", function* () {
            yield body()
          })(),
        )
        yield sleep(10)
        yield fiber.interrupt("enough")
        ends.push((yield caught(fiber.join()))[0])
      }
      ends.push((yield caught(timeout(10, scope(cleaned as never))))[0])
      return ends
    }),
  ).toEqual(["value", ["value", "value", "error"]])
  expect(log).toEqual(Array(3).fill(["body", "three", "two", "one"]).flat())
})

test("all of them run although one throws; what they throw is thrown with the rest", async () => {
  const [, error] = (await run(function* () {
    yield scope(
      compiled("inside", function* (): Generator<unknown, never> {
        yield defer(after(1, "last"))
        yield defer(failing("cleanup"))
        yield sleep(1)
        throw new TypeError("body")
      }),
    )
  })) as [string, ScopeError]
  expect(error instanceof ScopeError).toBe(true)
  expect(error.errors.map(String)).toEqual(["TypeError: body", "RangeError: cleanup"])
  expect(log).toEqual(["last"])
  expect(
    await run(function* () {
      yield scope(
        compiled("inside", function* () {
          yield defer(failing("alone"))
        }),
      )
    }),
  ).toEqual(["error", expect.objectContaining({ name: "RangeError", message: "alone" })])
})

test("what a cleanup spawns and defers ends with it", async () => {
  const cleanup = compiled("cleanup", function* () {
    yield spawn(after(10, "its child"))
    yield defer(after(1, "its cleanup"))
    log.push("cleanup")
  })
  await run(function* () {
    yield scope(
      compiled("inside", function* () {
        yield defer(after(1, "earlier"))
        yield defer(cleanup())
      }),
    )
  })
  expect(log).toEqual(["cleanup", "its child", "its cleanup", "earlier"])
})

test("onExit hears how the scope, or the fiber, ended", async () => {
  const tell = compiled("tell", function* (outcome: FiberOutcome) {
    yield sleep(1)
    log.push(outcome.kind === "returned" ? `${outcome.value}` : `${outcome.kind}`)
  })
  expect(
    await run(function* () {
      yield scope(
        compiled("returning", function* () {
          yield onExit(tell)
          return "value"
        }),
      )
      yield caught(
        scope(
          compiled("throwing", function* () {
            yield onExit(tell)
            yield spawn(failing("child"))
          }),
        ),
      )
      const fiber: Fiber<void> = yield spawn(
        compiled("target", function* () {
          yield onExit(tell)
          yield sleep(100)
        })(),
      )
      yield sleep(5)
      yield fiber.interrupt()
      yield caught(fiber.join())
    }),
  ).toEqual(["value", undefined])
  expect(log).toEqual(["value", "failed", "interrupted"])
})

test("what is no computation is refused where it is given", () => {
  const refused = expect.objectContaining({ code: "ROVE_INVALID_ARGUMENT" })
  expect(() => defer(7 as never)).toThrow(refused)
  expect(() => onExit(7 as never)).toThrow(refused)
})
