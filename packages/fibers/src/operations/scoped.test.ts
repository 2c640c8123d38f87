import { FiberInterrupted, ScopeError, WorkerLost } from "@rove/core"
import { describe, expect, test } from "vitest"
import { CHECK, compiled } from "../../../../test/support/hand-compiled.ts"
import { currentFiber } from "../current.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import type { Fiber } from "./handle.ts"
import { scope } from "./scoped.ts"
import { detach, spawn } from "./spawn.ts"
import { sleep } from "./time.ts"

const host = (reports: string[] = []) =>
  new LocalHost({ clock: new VirtualClock(), report: (_, text) => reports.push(text) })

const log: string[] = []
const after = compiled("after", function* (ms: number, what: string) {
  try {
    yield sleep(ms)
    log.push(what)
    return what
  } catch (error) {
    if (error instanceof FiberInterrupted)
      log.push(`${what} interrupted: ${(error.reason as Error)?.message ?? error.reason}`)
    throw error
  } finally {
    log.push(`end of ${what}`)
  }
})
const failing = compiled("failing", function* (ms: number, what: string): Generator<unknown, never> {
  yield sleep(ms)
  throw new RangeError(what)
})
const caught = compiled("caught", function* (work: Generator) {
  try {
    return ["value", yield work]
  } catch (error) {
    return ["error", error]
  }
})
async function run(body: () => Generator<unknown, unknown>, reports: string[] = []) {
  log.length = 0
  return await host(reports).run(caught(compiled("body", body)()))
}

describe("scope", () => {
  test("gives what its body gives, when all that was spawned in it has ended", async () => {
    const body = compiled("inside", function* () {
      yield spawn(after(20, "slow"))
      yield spawn(after(10, "quick"))
      return "given"
    })
    expect(
      await run(function* () {
        const value: unknown = yield scope(body)
        log.push("over")
        return value
      }),
    ).toEqual(["value", "given"])
    expect(log).toEqual(["quick", "end of quick", "slow", "end of slow", "over"])
  })

  test("runs its body in the fiber around it, which shares with it", async () => {
    expect(
      await run(function* () {
        const outside = currentFiber()?.id
        const list: number[] = []
        const inside = yield scope(
          compiled("inside", function* () {
            list.push(1)
            return currentFiber()?.id
          }),
        )
        return [outside === inside, list]
      }),
    ).toEqual(["value", [true, [1]]])
  })

  test("the error of a child ends the body and the other children, and is thrown as it is", async () => {
    expect(
      await run(function* () {
        yield scope(
          compiled("inside", function* () {
            yield spawn(after(50, "sibling"))
            yield spawn(failing(10, "too far"))
            yield after(60, "body")
          }),
        )
      }),
    ).toEqual(["error", expect.objectContaining({ name: "RangeError", message: "too far" })])
    expect(log.toSorted()).toEqual([
      "body interrupted: too far",
      "end of body",
      "end of sibling",
      "sibling interrupted: too far",
    ])
  })

  test("the error of the body ends the children", async () => {
    expect(
      await run(function* () {
        yield scope(
          compiled("inside", function* (): Generator<unknown, never> {
            yield spawn(after(50, "child"))
            yield sleep(1)
            throw new TypeError("no")
          }),
        )
      }),
    ).toEqual(["error", expect.objectContaining({ message: "no" })])
    expect(log).toEqual(["child interrupted: no", "end of child"])
  })

  test("several errors are thrown together, in the order in which they came", async () => {
    const stubborn = compiled("stubborn", function* (): Generator<unknown, never> {
      try {
        yield sleep(1000)
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: this is what programs do
        throw new Error("second")
      }
    })
    const [kind, error] = (await run(function* () {
      yield scope(
        compiled("inside", function* () {
          yield spawn(stubborn())
          yield spawn(failing(1, "first"))
          yield sleep(100)
        }),
      )
    })) as [string, ScopeError]
    expect([kind, error instanceof ScopeError, error.code]).toEqual(["error", true, "ROVE_SCOPE"])
    expect(error.errors.map(String)).toEqual(["RangeError: first", "Error: second"])
  })

  test("the death of one thread is one failure, however many tell of it; that of another one is another", async () => {
    const lost = compiled("lost", function* (ms: number, thread: number, what: string): Generator<unknown, never> {
      try {
        yield sleep(ms)
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: this is what programs do
        throw new WorkerLost(`${what} is gone`, { thread })
      }
    })
    const scoped = (...more: [number, string][]) =>
      run(function* () {
        yield scope(
          compiled("inside", function* () {
            for (const [thread, what] of more) yield spawn(lost(100, thread, what))
            yield spawn(lost(1, 7, "first"))
            yield lost(100, 7, "the body's")
          }),
        )
      })
    const [, one] = (await scoped([7, "second"])) as [string, WorkerLost]
    expect([one instanceof WorkerLost, one.message, one.thread]).toEqual([true, "first is gone", 7])
    const [, two] = (await scoped([7, "second"], [8, "third"])) as [string, ScopeError]
    expect(two.errors.map(error => (error as WorkerLost).message)).toEqual(["first is gone", "third is gone"])
  })

  test.each(["inline", "while it is waited for"])("a child that fails %s ends the body that joins it", async how => {
    const [kind, error] = (await run(function* () {
      yield scope(
        compiled("inside", function* () {
          const child: Fiber<never> = yield spawn(
            how === "inline"
              ? compiled("thrower", function* (): Generator<unknown, never> {
                  throw new RangeError("at once")
                })()
              : failing(5, "at once"),
          )
          try {
            yield child.join()
          } catch (error) {
            log.push(`${(error as Error).name} ${((error as FiberInterrupted).reason as Error).message}`)
            throw error
          }
        }),
      )
    })) as [string, Error]
    expect([kind, String(error), log]).toEqual(["error", "RangeError: at once", ["FiberInterrupted at once"]])
  })

  test("a body that does not stop is stopped at its next check", async () => {
    expect(
      await run(function* () {
        yield scope(
          compiled("inside", function* (): Generator<unknown, never> {
            yield spawn(
              compiled("thrower", function* (): Generator<unknown, never> {
                throw new Error("stop")
              })(),
            )
            for (;;) yield CHECK
          }),
        )
      }),
    ).toEqual(["error", expect.objectContaining({ message: "stop" })])
  })

  test("an interrupt of the fiber goes to the body and the children, and the fiber ends as interrupted", async () => {
    const main = compiled("main", function* () {
      const fiber: Fiber<unknown> = yield spawn(
        compiled("scoped", function* () {
          yield scope(
            compiled("inside", function* () {
              yield spawn(after(50, "child"))
              yield after(50, "body")
            }),
          )
        })(),
      )
      yield sleep(1)
      yield fiber.interrupt("enough")
      return yield caught(fiber.join() as never)
    })
    log.length = 0
    const [kind, error] = (await host().run(main())) as [string, FiberInterrupted]
    expect([kind, error instanceof FiberInterrupted, error.reason]).toEqual(["error", true, "enough"])
    expect(log.toSorted()).toEqual([
      "body interrupted: enough",
      "child interrupted: enough",
      "end of body",
      "end of child",
    ])
  })

  test("an interrupt while the scope waits for its children is theirs", async () => {
    const main = compiled("main", function* () {
      const fiber: Fiber<unknown> = yield spawn(
        compiled("scoped", function* () {
          yield scope(
            compiled("inside", function* () {
              yield spawn(after(50, "child"))
            }),
          )
        })(),
      )
      yield sleep(1)
      yield fiber.interrupt("enough")
      return yield caught(fiber.join() as never)
    })
    log.length = 0
    const [kind, error] = (await host().run(main())) as [string, FiberInterrupted]
    expect([kind, error.reason, log]).toEqual(["error", "enough", ["child interrupted: enough", "end of child"]])
  })

  test("who catches the error of a scope goes on, and later interrupts reach it", async () => {
    const main = compiled("main", function* () {
      const fiber: Fiber<unknown> = yield spawn(
        compiled("patient", function* () {
          yield caught(
            scope(
              compiled("inside", function* () {
                yield spawn(failing(1, "x"))
                yield sleep(100)
              }),
            ) as never,
          )
          log.push("goes on")
          yield after(100, "rest")
        })(),
      )
      yield sleep(50)
      yield fiber.interrupt("now")
      return yield caught(fiber.join() as never)
    })
    log.length = 0
    expect(((await host().run(main())) as [string, FiberInterrupted])[1].reason).toBe("now")
    expect(log).toEqual(["goes on", "rest interrupted: now", "end of rest"])
  })

  test("scopes nest: the inner one ends before the outer, and its error is its own", async () => {
    expect(
      await run(function* () {
        return yield scope(
          compiled("outer", function* () {
            yield spawn(after(30, "outer child"))
            const inner = yield caught(
              scope(
                compiled("inner", function* () {
                  yield spawn(after(5, "inner child"))
                  yield spawn(failing(10, "inner"))
                }),
              ) as never,
            )
            return String((inner as unknown[])[1])
          }),
        )
      }),
    ).toEqual(["value", "RangeError: inner"])
    expect(log).toEqual(["inner child", "end of inner child", "outer child", "end of outer child"])
  })

  test("what is no function is refused where it is given", () => {
    expect(() => scope(after(1, "x") as never)).toThrow(expect.objectContaining({ code: "ROVE_INVALID_ARGUMENT" }))
  })

  test("a native generator function is refused, and nothing of it runs", async () => {
    expect(
      await run(function* () {
        yield scope(function* () {
          log.push("ran")
        })
      }),
    ).toEqual(["error", expect.objectContaining({ code: "ROVE_NOT_COMPILED" })])
    expect(log).toEqual([])
  })
})

describe("the fiber itself", () => {
  test("does not end before its children have ended", async () => {
    expect(
      await run(function* () {
        const child: Fiber<string> = yield spawn(
          compiled("parent", function* () {
            yield spawn(after(30, "grandchild"))
            return "early"
          })(),
        )
        const value = yield child.join()
        return [value, [...log]]
      }),
    ).toEqual(["value", ["early", ["grandchild", "end of grandchild"]]])
  })

  test("ends with children that it detached still running", async () => {
    expect(
      await run(function* () {
        yield (yield spawn(
          compiled("parent", function* () {
            yield detach(after(30, "stray"))
          })(),
        )).join()
        const before = [...log]
        yield sleep(50)
        return [before, [...log]]
      }),
    ).toEqual(["value", [[], ["stray", "end of stray"]]])
  })

  test("that fails interrupts its children, and has failed when they have ended", async () => {
    expect(
      await run(function* () {
        const parent: Fiber<never> = yield spawn(
          compiled("parent", function* (): Generator<unknown, never> {
            yield spawn(after(30, "child"))
            yield sleep(1)
            throw new Error("broken")
          })(),
        )
        yield parent.join()
      }),
    ).toEqual(["error", expect.objectContaining({ message: "broken" })])
    expect(log).toEqual(["child interrupted: broken", "end of child"])
  })

  test("is not ended by a child that fails: that is for who joins it, and reported if nobody does", async () => {
    const reports: string[] = []
    expect(
      await run(function* () {
        yield spawn(failing(1, "unheard"))
        yield sleep(10)
        return "fine"
      }, reports),
    ).toEqual(["value", "fine"])
    expect(reports.map(text => text.split("\n")[0])).toEqual(["failing: RangeError: unheard"])
  })

  test("a child that fails while its parent waits for it at its end is reported too", async () => {
    const reports: string[] = []
    expect(
      await run(function* () {
        yield spawn(failing(10, "late"))
        return "fine"
      }, reports),
    ).toEqual(["value", "fine"])
    expect(reports.map(text => text.split("\n")[0])).toEqual(["failing: RangeError: late"])
  })
})
