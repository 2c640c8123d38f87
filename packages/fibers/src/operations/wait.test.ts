import { describe, expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { currentFiber } from "../current.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { sleep } from "./time.ts"
import { wait } from "./wait.ts"

const host = () => new LocalHost({ clock: new VirtualClock() })

/** What a fiber gets that waits for it: the value, or the error as text. */
const outcome = (source: Promise<unknown> | (() => Promise<unknown>), signal?: AbortSignal) =>
  host().run(
    compiled("waits", function* () {
      try {
        return { value: yield wait(source, signal === undefined ? {} : { signal }) }
      } catch (error) {
        return { error: String(error) }
      }
    })(),
  )

describe("wait", () => {
  test("gives the value of a promise, and of one that a function returns", async () => {
    expect(await outcome(Promise.resolve(1))).toEqual({ value: 1 })
    expect(await outcome(async () => 2)).toEqual({ value: 2 })
  })

  test("throws the rejection, and what the function throws itself", async () => {
    expect(await outcome(Promise.reject(new Error("no")))).toEqual({ error: "Error: no" })
    expect(
      await outcome(() => {
        throw new Error("at once")
      }),
    ).toEqual({ error: "Error: at once" })
  })

  test("calls the function within the fiber, when it is performed", async () => {
    const names: (string | undefined)[] = []
    const op = wait(async () => names.push(currentFiber()?.name))
    expect(names).toEqual([])
    await host().run(
      compiled("waits", function* () {
        yield op
      })(),
    )
    expect(names).toEqual(["waits"])
  })

  test("takes any thenable, one that answers at once too", async () => {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what is tested
    const thenable = { then: (resolve: (value: number) => void) => resolve(4) }
    expect(await outcome(thenable as never)).toEqual({ value: 4 })
  })

  test("refuses what is no promise", async () => {
    expect(await outcome(5 as never)).toEqual({ error: expect.stringContaining("takes a promise") })
  })

  test("ends with the signal's reason when it aborts, before or while waiting", async () => {
    expect(await outcome(new Promise(() => {}), AbortSignal.abort(new Error("before")))).toEqual({
      error: "Error: before",
    })
    const controller = new AbortController()
    const waiting = outcome(new Promise(() => {}), controller.signal)
    setTimeout(() => controller.abort(new Error("while")), 2)
    expect(await waiting).toEqual({ error: "Error: while" })
  })

  test("a rejection after the wait has ended is not unhandled", async () => {
    const late = new Promise((_, reject) => setTimeout(reject, 5, new Error("late")))
    expect(await outcome(late, AbortSignal.timeout(1))).toEqual({ error: expect.stringContaining("timeout") })
    await new Promise(resolve => setTimeout(resolve, 10))
  })

  test("fibers that wake themselves through promises leave the event loop its turns", async () => {
    let stop = false
    setTimeout(() => {
      stop = true
    }, 5)
    const spin = compiled("spin", function* () {
      let turns = 0
      while (!stop) {
        yield wait(Promise.resolve())
        turns++
      }
      return turns
    })
    expect(await new LocalHost().run(spin())).toBeGreaterThan(1)
  })
})

describe("sleep", () => {
  test("wakes fibers in the order of their times, on the host's clock", async () => {
    const log: string[] = []
    const clock = new VirtualClock()
    const h = new LocalHost({ clock })
    const sleeper = compiled("sleeper", function* (name: string, ms: number) {
      yield sleep(ms)
      log.push(`${name} ${clock.now()}`)
    })
    await Promise.all([h.run(sleeper("a", 30)), h.run(sleeper("b", 10)), h.run(sleeper("c", 1e9))])
    expect(log).toEqual(["b 10", "a 30", "c 1000000000"])
  })

  test("takes its time on the real clock", async () => {
    const start = performance.now()
    await new LocalHost().run(
      compiled("sleeper", function* () {
        yield sleep(20)
      })(),
    )
    expect(performance.now() - start).toBeGreaterThanOrEqual(19)
  })

  test("refuses what is not a number", () => {
    expect(() => sleep(Number.NaN)).toThrow("NaN")
    expect(() => sleep("1" as never)).toThrow("takes a number")
  })

  test("of zero lets others run first", async () => {
    const log: string[] = []
    const h = host()
    const one = compiled("one", function* (name: string) {
      log.push(`${name}1`)
      yield sleep(0)
      log.push(`${name}2`)
    })
    await Promise.all([h.run(one("a")), h.run(one("b"))])
    expect(log).toEqual(["a1", "b1", "a2", "b2"])
  })
})
