import { FiberInterrupted, TimeoutError } from "@rove/core"
import { describe, expect, test } from "vitest"
import { CHECK, compiled } from "../../../../test/support/hand-compiled.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import type { Resumable } from "../types.ts"
import { all } from "./all.ts"
import type { Fiber } from "./handle.ts"
import { deadline, timeLeft, timeout } from "./limits.ts"
import { scope } from "./scoped.ts"
import { detach, spawn } from "./spawn.ts"
import { now, sleep, sleepUntil } from "./time.ts"
import { uninterruptible } from "./uninterruptible.ts"
import { wait } from "./wait.ts"

const log: string[] = []
const after = compiled("after", function* (ms: number, what: string) {
  try {
    yield sleep(ms)
    log.push(what)
    return what
  } catch (error) {
    log.push(`${what}: ${error instanceof FiberInterrupted ? (error.reason as Error).name : error}`)
    throw error
  }
})
const kept = compiled("kept", function* () {
  yield sleep(30)
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
function* timeoutOf(ms: number, inside: () => Resumable<unknown>): Generator<unknown, unknown> {
  return yield timeout(ms, inside())
}
const late = (text: string) => expect.objectContaining({ name: "TimeoutError", code: "ROVE_TIMEOUT", message: text })

describe("timeout", () => {
  test("gives what the branch gives in time, and leaves no timer", async () => {
    expect(
      await run(function* () {
        const results = [
          yield timeout(50, after(10, "in time")),
          yield timeout(Number.POSITIVE_INFINITY, after(1, "x")),
        ]
        yield sleep(100)
        return [results, now()]
      }),
    ).toEqual(["value", [["in time", "x"], 111]])
  })
  test("throws a TimeoutError when what was interrupted has ended, children included", async () => {
    const parent = compiled("parent", function* () {
      yield spawn(after(100, "child"))
      yield after(100, "branch")
    })
    const [kind, error] = (await run(function* () {
      yield timeout(20, parent())
    })) as [string, unknown]
    expect([kind, error instanceof TimeoutError, error]).toEqual(["error", true, late("it took longer than 20 ms")])
    expect(log.toSorted()).toEqual(["branch: TimeoutError", "child: TimeoutError"])
  })
  test("of an operation ends its wait", async () => {
    expect(
      await run(function* () {
        return [
          yield caught(timeout(20, wait(new Promise(() => {})))),
          yield caught(timeout(20, sleep(60))),
          yield caught(timeout(20, all([after(5, "a"), after(60, "b")]))),
        ]
      }),
    ).toEqual(["value", Array(3).fill(["error", late("it took longer than 20 ms")])])
    expect(log).toEqual(["a", "b: TimeoutError"])
  })
  test("of a join leaves the fiber alone", async () => {
    expect(
      await run(function* () {
        const fiber: Fiber<string> = yield spawn(after(50, "goes on"))
        return [yield caught(timeout(20, fiber.join())), yield fiber.join()]
      }),
    ).toEqual(["value", [["error", late("it took longer than 20 ms")], "goes on"]])
  })
  test("what returns although its time is over has succeeded", async () => {
    const patient = compiled("patient", function* () {
      try {
        yield sleep(100)
      } catch {
        return "what there was"
      }
    })
    expect(
      await run(function* () {
        return yield timeout(20, patient())
      }),
    ).toEqual(["value", "what there was"])
  })
  test("the nearer of two is thrown, by the one that it belongs to", async () => {
    expect(
      await run(function* () {
        return [
          yield caught(timeout(10, caught(timeout(50, after(100, "outer"))))),
          yield caught(timeout(50, caught(timeout(10, after(100, "inner"))))),
        ]
      }),
    ).toEqual([
      "value",
      [
        // the inner one catches what interrupts it from outside, and returns: that counts
        ["value", ["error", expect.any(FiberInterrupted)]],
        ["value", ["error", late("it took longer than 10 ms")]],
      ],
    ])
  })
  test("of two that are over when nothing can be thrown, the outer one is thrown, by the one that it belongs to", async () => {
    const slow = compiled("slow", function* () {
      yield uninterruptible(kept as never)
      yield sleep(60)
    })
    const [kind, error] = (await run(function* () {
      yield timeout(20, timeout(10, slow()))
    })) as [string, unknown]
    expect([kind, error]).toEqual(["error", late("it took longer than 20 ms")])
  })
  test("is thrown alone where the child that is waited for was ended by it, and was heard of first", async () => {
    // what is uninterruptible hears of the child's interrupt, not of its own
    const masked = compiled("masked", function* () {
      const child: Fiber<unknown> = yield spawn(after(1000, "child"))
      return yield child.join()
    })
    const inside = compiled("inside", function* () {
      return yield uninterruptible(masked)
    })
    expect(await run(() => timeoutOf(10, inside))).toEqual(["error", late("it took longer than 10 ms")])
    expect(log).toEqual(["child: TimeoutError"])
  })
  test("an interrupt of the fiber is thrown alone, although a limit inside is over too", async () => {
    const slow = compiled("slow", function* () {
      yield uninterruptible(kept as never)
      yield sleep(60)
    })
    const limited = compiled("limited", function* () {
      yield timeout(10, slow())
    })
    const result = (await run(function* () {
      const child = (yield spawn(limited())) as Fiber<unknown>
      yield sleep(20)
      yield child.interrupt("enough")
      return yield caught(child.join())
    })) as [string, unknown]
    expect(result).toEqual([
      "value",
      ["error", expect.objectContaining({ code: "ROVE_INTERRUPTED", reason: "enough" })],
    ])
  })
  test("a moment that is past interrupts at the first check", async () => {
    const endless = compiled("endless", function* (): Generator<unknown, never> {
      for (;;) yield CHECK
    })
    expect(
      await run(function* () {
        return yield caught(timeout(0, endless()))
      }),
    ).toEqual(["value", ["error", late("it took longer than 0 ms")]])
  })
  test("an interrupt of the fiber is not taken for a timeout", async () => {
    expect(
      await run(function* () {
        const fiber: Fiber<unknown> = yield spawn(
          compiled("limited", function* () {
            yield timeout(50, after(100, "x"))
          })(),
        )
        yield sleep(1)
        yield fiber.interrupt(new Error("enough"))
        const [, error] = yield caught(fiber.join())
        return [error instanceof FiberInterrupted, error.reason.message]
      }),
    ).toEqual(["value", [true, "enough"]])
  })
  test("a number that is none is refused", () => {
    expect(() => timeout(Number.NaN, sleep(1))).toThrow(expect.objectContaining({ code: "ROVE_INVALID_ARGUMENT" }))
  })
  test("a scope that waits for its children is ended too", async () => {
    const lagging = compiled("lagging", function* () {
      yield spawn(after(100, "child"))
      return "early"
    })
    expect(
      await run(function* () {
        return [
          yield caught(timeout(20, lagging())),
          yield caught(timeout(20, scope(compiled("inside", () => lagging() as never) as never))),
        ]
      }),
    ).toEqual(["value", Array(2).fill(["error", late("it took longer than 20 ms")])])
  })
})

describe("deadline", () => {
  test("ends the body at that moment, and the children, which know of it", async () => {
    const child = compiled("child", function* () {
      log.push(`child has ${timeLeft()}`)
      const grandchild: Fiber<string> = yield spawn(
        compiled("grandchild", function* () {
          log.push(`grandchild has ${timeLeft()}`)
          yield after(500, "grandchild")
        })(),
      )
      yield caught(grandchild.join())
    })
    expect(
      await run(function* () {
        log.push(`none: ${timeLeft()}`)
        yield sleep(10)
        const result = yield caught(
          deadline(
            new Date(100),
            compiled("inside", function* () {
              yield spawn(child())
              yield sleep(20)
              log.push(`body has ${timeLeft()}`)
              yield after(500, "body")
            }),
          ),
        )
        return [result, now(), timeLeft()]
      }),
    ).toEqual(["value", [["error", late("its deadline was 1970-01-01T00:00:00.100Z")], 100, Number.POSITIVE_INFINITY]])
    expect(log).toEqual([
      "none: Infinity",
      "child has 90",
      "grandchild has 90",
      "body has 70",
      "body: TimeoutError",
      "grandchild: TimeoutError",
    ])
  })
  test("a later one inside changes nothing; one that is detached has none", async () => {
    expect(
      await run(function* () {
        const stray = compiled("stray", function* () {
          log.push(`stray has ${timeLeft()}`)
        })
        return yield caught(
          deadline(
            30,
            compiled("outer", function* () {
              yield detach(stray())
              yield deadline(
                90,
                compiled("inner", function* () {
                  log.push(`inner has ${timeLeft()}`)
                  yield sleep(200)
                }),
              )
            }),
          ),
        )
      }),
    ).toEqual(["value", ["error", late("its deadline was 1970-01-01T00:00:00.030Z")]])
    expect(log).toEqual(["inner has 30", "stray has Infinity"])
  })
})

describe("uninterruptible", () => {
  const interruptedAfter = (ms: number, body: () => Generator<unknown, unknown>) =>
    run(function* () {
      const fiber: Fiber<unknown> = yield spawn(compiled("target", body)())
      yield sleep(ms)
      yield fiber.interrupt(new RangeError("now"))
      const [kind, error] = yield caught(fiber.join())
      return [kind, error instanceof FiberInterrupted]
    })

  test("an interrupt waits for its end, and is thrown at the next check", async () => {
    const outcome = await interruptedAfter(5, function* () {
      yield uninterruptible(
        compiled("inside", function* () {
          yield after(20, "first")
          yield after(20, "second")
        }),
      )
      log.push("behind")
      yield after(1, "third")
    })
    expect(outcome).toEqual(["value", ["error", true]])
    expect(log).toEqual(["first", "second", "behind", "third: RangeError"])
  })
  test("restore lets it in again", async () => {
    const outcome = await interruptedAfter(5, function* () {
      yield uninterruptible(
        compiled("inside", function* (restore) {
          yield after(20, "kept")
          try {
            yield restore(after(20, "open"))
          } finally {
            yield after(20, "cleanup")
          }
        }),
      )
    })
    expect(outcome).toEqual(["value", ["error", true]])
    expect(log).toEqual(["kept", "open: RangeError", "cleanup"])
  })
  test("restore of an inner one goes back to the outer one, which forbids it too", async () => {
    const outcome = await interruptedAfter(5, function* () {
      yield uninterruptible(
        compiled("outer", function* () {
          yield uninterruptible(
            compiled("inner", function* (restore) {
              yield restore(after(20, "still kept"))
            }),
          )
        }),
      )
      yield after(1, "behind")
    })
    expect(outcome).toEqual(["value", ["error", true]])
    expect(log).toEqual(["still kept", "behind: RangeError"])
  })
  test("a timeout inside of it still works", async () => {
    expect(
      await run(function* () {
        return yield uninterruptible(
          compiled("inside", function* () {
            return yield caught(timeout(10, after(50, "slow")))
          }),
        )
      }),
    ).toEqual(["value", ["error", late("it took longer than 10 ms")]])
  })
  test("a timeout around it waits for its end", async () => {
    const kept = compiled("kept", function* () {
      yield uninterruptible(
        compiled("inside", function* () {
          yield after(50, "kept")
        }),
      )
      yield after(50, "open")
    })
    expect(
      await run(function* () {
        return [yield caught(timeout(10, kept())), now()]
      }),
    ).toEqual(["value", [["error", late("it took longer than 10 ms")], 50]])
    expect(log).toEqual(["kept", "open: TimeoutError"])
  })
  test("children that are spawned inside belong to the fiber", async () => {
    expect(
      await run(function* () {
        yield uninterruptible(
          compiled("inside", function* () {
            yield spawn(after(20, "child"))
          }),
        )
        return now()
      }),
    ).toEqual(["value", 0])
    expect(log).toEqual(["child"])
  })
})

test("sleepUntil waits for a moment, and not for one that is past", async () => {
  expect(
    await run(function* () {
      yield sleepUntil(30)
      const first = now()
      yield sleepUntil(new Date(20))
      return [first, now()]
    }),
  ).toEqual(["value", [30, 30]])
  expect(() => sleepUntil("soon" as never)).toThrow(expect.objectContaining({ code: "ROVE_INVALID_ARGUMENT" }))
})

test("a timeout takes a body, as a scope does", async () => {
  const body = compiled("inside", function* () {
    yield sleep(5)
    return "in time"
  })
  expect(
    await new LocalHost({ clock: new VirtualClock() }).run(
      compiled("main", function* () {
        const first: unknown = yield timeout(10, body as never)
        try {
          yield timeout(1, body as never)
        } catch (error) {
          return [first, (error as Error).name]
        }
      })(),
    ),
  ).toEqual(["in time", "TimeoutError"])
})
