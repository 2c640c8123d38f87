import { clone, FiberInterrupted } from "@rove/core"
import { describe, expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { VirtualClock } from "../runtime/clock.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { all, allSettled, any, race } from "./all.ts"
import { type Fiber, FiberRef } from "./handle.ts"
import { timeout } from "./limits.ts"
import { spawn } from "./spawn.ts"
import { sleep } from "./time.ts"
import { wait } from "./wait.ts"

const log: string[] = []
const after = compiled("after", function* (ms: number, what: string) {
  try {
    yield sleep(ms)
    log.push(what)
    return what
  } catch (error) {
    log.push(`${what} interrupted`)
    throw error
  }
})
const failing = compiled("failing", function* (ms: number, what: string): Generator<unknown, never> {
  yield sleep(ms)
  log.push(`${what} fails`)
  throw new RangeError(what)
})
const plain = compiled("plain", function* (value: unknown) {
  return value
})
const caught = compiled("caught", function* (work: Generator) {
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
const range = (text: string) => expect.objectContaining({ name: "RangeError", message: text })

describe("all", () => {
  test("gives the results in a tuple, of computations, operations and fibers", async () => {
    expect(
      await run(function* () {
        const fiber: Fiber<string> = yield spawn(after(5, "fiber"))
        return yield all([after(10, "slow"), sleep(1), fiber, after(2, "quick"), wait(Promise.resolve(7)) as never])
      }),
    ).toEqual(["value", ["slow", undefined, "fiber", "quick", 7]])
    expect(log).toEqual(["quick", "fiber", "slow"])
  })

  test("gives them by key", async () => {
    expect(
      await run(function* () {
        return yield all({ a: after(2, "x"), b: plain(3) })
      }),
    ).toEqual(["value", { a: "x", b: 3 }])
  })

  test("of nothing gives nothing", async () => {
    expect(
      await run(function* () {
        return [yield all([]), yield all({})]
      }),
    ).toEqual(["value", [[], {}]])
  })

  test("a spawn as a branch starts a child of the fiber itself, and gives its handle", async () => {
    expect(
      await run(function* () {
        const { child } = yield all({ child: spawn(after(10, "late")), other: plain(1) })
        log.push("before")
        return yield child.join()
      }),
    ).toEqual(["value", "late"])
    expect(log).toEqual(["before", "late"])
  })

  test("throws the first error when the rest, which is interrupted, has ended; a fiber goes on", async () => {
    expect(
      await run(function* () {
        const fiber: Fiber<string> = yield spawn(after(30, "fiber"))
        const result = yield caught(all([after(50, "slow"), failing(5, "one"), failing(6, "two"), fiber]) as never)
        log.push("over")
        yield fiber.join()
        return result
      }),
    ).toEqual(["value", ["error", range("one")]])
    expect(log).toEqual(["one fails", "slow interrupted", "over", "fiber"])
  })

  test("a branch that fails at once keeps later ones from beginning", async () => {
    const broken = compiled("broken", function* (): Generator<unknown, never> {
      throw new RangeError("at once")
    })
    const never = compiled("never", function* () {
      log.push("began")
    })
    expect(
      await run(function* () {
        yield all([broken(), never()])
      }),
    ).toEqual(["error", range("at once")])
    expect(log).toEqual([])
  })

  test("a wrong branch is refused when those before it have ended", async () => {
    expect(
      await run(function* () {
        yield all([after(5, "first"), 7 as never])
      }),
    ).toEqual(["error", expect.objectContaining({ code: "ROVE_NOT_COMPILED" })])
    expect(log).toEqual([])
  })

  test("an interrupt goes to the branches, and the fiber ends when they have", async () => {
    const main = compiled("main", function* () {
      const fiber: Fiber<unknown> = yield spawn(
        compiled("both", function* () {
          yield all([after(50, "a"), after(60, "b")])
        })(),
      )
      yield sleep(1)
      yield fiber.interrupt("enough")
      return yield caught(fiber.join() as never)
    })
    log.length = 0
    const [, error] = (await new LocalHost({ clock: new VirtualClock() }).run(main())) as [string, FiberInterrupted]
    expect([error instanceof FiberInterrupted, error.reason, log]).toEqual([
      true,
      "enough",
      ["a interrupted", "b interrupted"],
    ])
  })
})

test("operations of branches can be branches, and be carried: a clone has the same branches", async () => {
  expect(
    await run(function* () {
      const nested = [all([after(2, "a"), plain(1)]), race([after(3, "b"), sleep(60)]), all({ c: any([plain("c")]) })]
      return yield all(clone(nested))
    }),
  ).toEqual(["value", [["a", 1], "b", { c: "c" }]])
})

test("allSettled says how each ended, interrupted ones too", async () => {
  const [, settled] = (await run(function* () {
    const fiber: Fiber<string> = yield spawn(after(50, "told"))
    yield spawn(
      compiled("teller", function* () {
        yield fiber.interrupt("no more")
      })(),
    )
    return yield allSettled([after(10, "x"), failing(5, "y"), fiber])
  })) as [string, { reason: Error }[]]
  expect(settled).toEqual([
    { status: "fulfilled", value: "x" },
    { status: "rejected", reason: range("y") },
    { status: "interrupted", reason: expect.any(FiberInterrupted) },
  ])
})

describe("race", () => {
  test("gives what the first does when the others have ended", async () => {
    expect(
      await run(function* () {
        return yield race([after(50, "slow"), after(5, "quick"), sleep(100)])
      }),
    ).toEqual(["value", "quick"])
    expect(log).toEqual(["quick", "slow interrupted"])
  })
  test("throws what the first throws", async () => {
    expect(
      await run(function* () {
        yield race([after(50, "slow"), failing(5, "wrong")])
      }),
    ).toEqual(["error", range("wrong")])
  })
  test("of nothing is refused", () => {
    expect(() => race([])).toThrow(expect.objectContaining({ code: "ROVE_INVALID_ARGUMENT" }))
  })
})

describe("any", () => {
  test("gives what the first to return does", async () => {
    expect(
      await run(function* () {
        return yield any([failing(1, "no"), after(9, "second"), after(5, "first")])
      }),
    ).toEqual(["value", "first"])
    expect(log).toEqual(["no fails", "first", "second interrupted"])
  })
  test("throws an AggregateError of all errors, in the order of the branches", async () => {
    const [, error] = (await run(function* () {
      yield any([failing(5, "one"), failing(1, "two")])
    })) as [string, AggregateError]
    expect([error instanceof AggregateError, error.errors]).toEqual([true, [range("one"), range("two")]])
  })
})

describe("branches that are iterated", () => {
  test("are a list, whatever they come from", async () => {
    const both = () => new Set([after(2, "one"), after(1, "two")])
    const settled = (value: string) => ({ status: "fulfilled", value })
    expect(
      await run(function* () {
        const computed = new Map([["x", after(1, "three")]]).values()
        return [
          yield all(both()),
          yield allSettled(computed),
          yield race(both()),
          yield any(both()),
          yield all(new Set<never>()),
        ]
      }),
    ).toEqual(["value", [["one", "two"], [settled("three")], "two", "two", []]])
  })
  test("one branch alone is refused, which could be iterated too", () => {
    const refused = expect.objectContaining({ code: "ROVE_INVALID_ARGUMENT" })
    for (const how of [all, allSettled, race, any])
      for (const alone of [after(1, "x"), sleep(1), 7, "text"]) expect(() => how(alone as never)).toThrow(refused)
    for (const how of [allSettled, race, any]) expect(() => how({ a: sleep(1) } as never)).toThrow(refused)
    expect(() => race(new Set<never>())).toThrow(refused)
  })
})

test("nobody listens to a fiber for longer than it is waited for", async () => {
  const listening: unknown[] = []
  const body = compiled("body", function* () {
    const fiber: Fiber<string> = yield spawn(after(1000, "long"))
    const state = FiberRef.addressOf(fiber as FiberRef<string>) as FiberState
    for (let i = 0; i < 10; i++) {
      yield race([fiber, sleep(1)])
      yield caught(timeout(1, fiber.join()) as never)
    }
    listening.push(state.listeners)
  })
  await new LocalHost({ clock: new VirtualClock() }).run(body())
  expect(listening).toEqual([null])
})

test("a fiber that was given twice is not listened to afterwards: that it fails is reported", async () => {
  const reports: string[] = []
  const twice = compiled("twice", function* () {
    const child = (yield spawn(failing(10, "late"))) as Fiber<never>
    const first = yield race([child, child, plain(1)])
    yield sleep(20)
    return first
  })
  const report = (_: string, text: string) => reports.push(text)
  expect(await new LocalHost({ clock: new VirtualClock(), report }).run(twice())).toBe(1)
  expect(reports).toEqual([expect.stringContaining("late")])
})
