import { FiberInterrupted, type RoveError } from "@rove/core"
import { describe, expect, test } from "vitest"
import { CHECK, compiled } from "../../../../test/support/hand-compiled.ts"
import { currentFiber } from "../current.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { type Fiber, FiberRef } from "./handle.ts"
import { spawn } from "./spawn.ts"
import { sleep } from "./time.ts"
import { wait } from "./wait.ts"

const host = () => new LocalHost({ clock: new VirtualClock() })

/** Joins and gives the reason of the interrupt. */
const reasonOf = compiled("reasonOf", function* (fiber: Fiber<unknown>) {
  try {
    yield fiber.join()
  } catch (error) {
    return error instanceof FiberInterrupted ? error.reason : error
  }
})

describe("interrupt", () => {
  test("a waiting fiber throws where it stands, its finally blocks run, and joiners hear the reason", async () => {
    const log: string[] = []
    const child = compiled("child", function* () {
      try {
        yield sleep(1000)
      } finally {
        log.push("finally")
        yield sleep(1)
        log.push("cleaned")
      }
    })
    const clock = new VirtualClock()
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child())
      yield sleep(5)
      yield fiber.interrupt("enough")
      return yield reasonOf(fiber)
    })
    expect(await new LocalHost({ clock }).run(parent())).toBe("enough")
    expect(log).toEqual(["finally", "cleaned"])
    expect([clock.now(), clock.armed]).toEqual([6, 0])
  })

  test("a fiber that has not begun never runs", async () => {
    let ran = false
    const child = compiled("child", function* () {
      ran = true
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child())
      yield fiber.interrupt("unwanted")
      return [yield reasonOf(fiber), ran]
    })
    expect(await host().run(parent())).toEqual(["unwanted", false])
  })

  test("asking again, or asking an ended fiber, does nothing, and each says what became of it", async () => {
    const child = compiled("child", function* () {
      return 1
    })
    const parent = compiled("parent", function* () {
      const ended = yield spawn(child())
      yield ended.join()
      const late = yield ended.interrupt("late")
      const asked = yield spawn(child())
      const said = [late, yield asked.interrupt("first"), yield asked.interrupt("second")]
      return [...said, yield ended.join(), yield reasonOf(asked)]
    })
    expect(await host().run(parent())).toEqual(["too late", "delivered", "too late", 1, "first"])
  })

  test("ordinary code hears at the fiber's end whether it had the interrupt", async () => {
    const child = compiled("child", function* (patient: boolean) {
      try {
        yield sleep(1000)
      } catch (error) {
        if (!patient) throw error
      }
    })
    const h = host()
    for (const patient of [true, false]) expect(await h.run(child(patient)).interrupt()).toBe("delivered")
    const ended = h.run(child(true))
    await ended
    expect(await ended.interrupt()).toBe("too late")
    const refused = h.run(5 as never)
    expect(await refused.interrupt()).toBe("unknown")
  })

  test("a handle of which nothing is known here says so", async () => {
    const asker = compiled("asker", function* () {
      return yield new FiberRef({ id: "elsewhere-1.1", name: "stranger", home: 1 }).interrupt()
    })
    expect(await host().run(asker())).toBe("unknown")
  })

  test("a fiber that catches it goes on, and is not interrupted again", async () => {
    const child = compiled("child", function* () {
      try {
        yield sleep(1000)
      } catch {}
      yield sleep(10)
      return "survived"
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child())
      yield sleep(1)
      const said = [yield fiber.interrupt()]
      yield sleep(1)
      return [...said, yield fiber.interrupt("again"), yield fiber.join()]
    })
    expect(await host().run(parent())).toEqual(["delivered", "delivered", "survived"])
  })

  test("a fiber that computes is reached at its next check", async () => {
    const busy = compiled("busy", function* () {
      for (;;) yield CHECK
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(busy())
      yield sleep(0)
      yield fiber.interrupt("hog")
      return yield reasonOf(fiber)
    })
    expect(await new LocalHost().run(parent())).toBe("hog")
  })

  test("who interrupts itself ends there", async () => {
    const self = compiled("self", function* () {
      yield (currentFiber() as Fiber<unknown>).interrupt("myself")
      return "unreachable"
    })
    await expect(host().run(self())).rejects.toHaveProperty("reason", "myself")
  })

  test("a child that runs inline can interrupt its joiner, who hears it instead of waiting", async () => {
    const child = compiled("child", function* (parent: Fiber<unknown>) {
      yield parent.interrupt("from below")
      yield sleep(1000)
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child(currentFiber() as Fiber<unknown>))
      yield fiber.join()
    })
    await expect(host().run(parent())).rejects.toHaveProperty("reason", "from below")
  })

  test("a reason that cannot be handed over keeps its text", async () => {
    const child = compiled("child", function* () {
      yield sleep(10)
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child())
      yield fiber.interrupt(Object.assign(new Error("too slow"), { p: Promise.resolve() }))
      return ((yield reasonOf(fiber)) as Error).message
    })
    expect(await host().run(parent())).toContain("too slow")
  })

  test("a handle that ordinary code disposes ends its fiber", async () => {
    const child = compiled("child", function* () {
      yield sleep(1e9)
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child())
      yield sleep(1)
      yield wait(async () => {
        await using _ = fiber
      })
      return yield reasonOf(fiber)
    })
    expect(await host().run(parent())).toBe("its handle was disposed")
  })
})

describe("beneath native code", () => {
  /** Driven by Array.from: native code stands between the fiber and the operation. */
  const through = (operation: () => unknown) =>
    compiled("outer", function* () {
      const inner = compiled("inner", function* () {
        return yield operation()
      })
      try {
        return Array.from(inner())
      } catch (error) {
        return (error as RoveError).code
      }
    })

  test("a wait is refused, says so, and changes nothing", async () => {
    const clock = new VirtualClock()
    let called = false
    const h = new LocalHost({ clock })
    expect(await h.run(through(() => sleep(5))())).toBe("ROVE_CANNOT_PARK")
    const work = async () => {
      called = true
    }
    expect(await h.run(through(() => wait(work))())).toBe("ROVE_CANNOT_PARK")
    expect([clock.now(), called]).toEqual([0, false])
  })

  test("a join of an unbegun child is refused and does not begin it; of an ended one it is none", async () => {
    const log: string[] = []
    const child = compiled("child", function* () {
      log.push("ran")
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child())
      log.push(yield through(() => fiber.join())())
      yield fiber.join()
      return yield through(() => fiber.join())()
    })
    expect(await host().run(parent())).toEqual([])
    expect(log).toEqual(["ROVE_CANNOT_PARK", "ran"])
  })
})
