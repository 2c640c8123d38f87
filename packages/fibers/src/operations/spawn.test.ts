import type { RoveError } from "@rove/core"
import { describe, expect, test } from "vitest"
import { CHECK, compiled } from "../../../../test/support/hand-compiled.ts"
import { currentFiber } from "../current.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { machine } from "../runtime/thread.ts"
import type { Fiber } from "./handle.ts"
import { spawn } from "./spawn.ts"
import { sleep } from "./time.ts"
import { wait } from "./wait.ts"

const host = () => new LocalHost({ clock: new VirtualClock() })
const codeOf = (code: string) => expect.objectContaining({ code })

const add = compiled("add", function* (a: number, b: number) {
  return a + b
})

describe("spawn and join", () => {
  test("an accessor at an index of Array.prototype is not asked when a child gets its own copy of an argument", async () => {
    const child = compiled("child", function* (a: number, b: { n: number }) {
      return a + b.n
    })
    const parent = compiled("parent", function* () {
      const given = { n: 1 }
      const computation = child(2, given)
      let asked = 0
      const ask = () => void asked++
      Object.defineProperty(Array.prototype, 1, { configurable: true, get: ask, set: ask })
      try {
        const fiber = yield spawn(computation)
        given.n = 10
        return [yield fiber.join(), asked]
      } finally {
        Reflect.deleteProperty(Array.prototype, 1)
      }
    })
    expect(await host().run(parent())).toEqual([3, 0])
  })

  test("a child that nobody began runs at its join and gives its value", async () => {
    const seen: string[] = []
    const child = compiled("child", function* () {
      seen.push("child")
      return 7
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child())
      seen.push("spawned")
      const value = yield fiber.join()
      seen.push("joined")
      return value
    })
    expect(await host().run(parent())).toBe(7)
    expect(seen).toEqual(["spawned", "child", "joined"])
  })

  test("a tree of children gives the result of the plain function", async () => {
    const fib: (n: number) => Generator<never, number, unknown> = compiled("fib", function* (n: number) {
      if (n < 2) return n
      const left = yield spawn(fib(n - 1))
      const right: number = yield fib(n - 2)
      return (yield left.join()) + right
    })
    expect(await host().run(fib(15))).toBe(610)
  })

  test("a chain of inline children deeper than the native stack allows is run by the host instead", async () => {
    const down: (n: number) => Generator<never, number, unknown> = compiled("down", function* (n: number) {
      if (n === 0) return 0
      const child = yield spawn(down(n - 1))
      return (yield child.join()) + 1
    })
    expect(await host().run(down(5000))).toBe(5000)
  })

  test("a child that waits parks its joiner and not the other way round", async () => {
    const child = compiled("child", function* () {
      yield sleep(5)
      return "late"
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child())
      return [yield fiber.join(), currentFiber()?.name]
    })
    expect(await host().run(parent())).toEqual(["late", "parent"])
  })

  test("a child that is preempted while it runs inline goes on later", async () => {
    const busy = compiled("busy", function* () {
      for (let i = 0; i < 10_000; i++) yield CHECK
      return "done"
    })
    const parent = compiled("parent", function* () {
      return yield (yield spawn(busy())).join()
    })
    expect(await host().run(parent())).toBe("done")
  })

  test("children that nobody joins run too", async () => {
    let ran = 0
    const child = compiled("child", function* () {
      ran++
    })
    const parent = compiled("parent", function* () {
      for (let i = 0; i < 40; i++) yield spawn(child())
      yield sleep(1)
    })
    await host().run(parent())
    expect(ran).toBe(40)
  })

  test("ready fibers cannot keep an unbegun child waiting for ever", async () => {
    let ran = false
    const child = compiled("child", function* () {
      ran = true
    })
    const busy = compiled("busy", function* () {
      for (let i = 0; i < 1_000_000 && !ran; i++) yield CHECK
      return ran
    })
    const parent = compiled("parent", function* () {
      yield spawn(child())
      return yield busy()
    })
    const h = host()
    expect(await Promise.all([h.run(parent()), h.run(busy())])).toEqual([true, true])
  })

  test("an error of the child is thrown at each join", async () => {
    const child = compiled("child", function* (): Generator<unknown, never> {
      throw new TypeError("no")
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child())
      const caught: string[] = []
      for (let i = 0; i < 2; i++) {
        try {
          yield fiber.join()
        } catch (error) {
          caught.push(String(error))
        }
      }
      return caught.join()
    })
    expect(await host().run(parent())).toBe("TypeError: no,TypeError: no")
  })

  test("several joiners of a waiting child all go on", async () => {
    const child = compiled("child", function* () {
      yield sleep(5)
      return 3
    })
    const joiner = compiled("joiner", function* (fiber: Fiber<number>) {
      return yield fiber.join()
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(child())
      const a = yield spawn(joiner(fiber))
      const b = yield spawn(joiner(fiber))
      return (yield a.join()) + (yield b.join()) + (yield fiber.join())
    })
    expect(await host().run(parent())).toBe(9)
  })

  test("the registers of the parent are the same after an inline child, failed or not", async () => {
    const fail = compiled("fail", function* (): Generator<unknown, never> {
      throw new Error("x")
    })
    const registers = () => [machine.depth, machine.ceiling, machine.fiber, machine.masked]
    const parent = compiled("parent", function* () {
      const before = registers()
      const a = yield spawn(add(1, 2))
      yield a.join()
      const b = yield spawn(fail())
      try {
        yield b.join()
      } catch {}
      return registers().every((r, i) => r === before[i])
    })
    expect(await host().run(parent())).toBe(true)
  })
})

describe("what can be spawned", () => {
  const spawner = (make: () => unknown) =>
    compiled("spawner", function* () {
      yield spawn(make() as Generator<never, unknown, unknown>)
    })()

  test("a native generator with a direct eval is refused with another remedy than one of a module that is not compiled", async () => {
    const made = (text: string) => new Function(`return (function* (o) { ${text} })({})`)() as unknown
    const said = (text: string) => host().run(spawner(() => made(text)))
    for (const text of ["yield eval('1')", "with (o) yield 1", "yield ((eval)) ('1')"])
      await expect(said(text)).rejects.toThrow(
        /with a direct eval or a `with` in it, it stays native \(ROVE_DYNAMIC\); take/,
      )
    const looksAlike = [
      "yield 'eval(1)'",
      "/* eval(1) */",
      "yield `with (o)`",
      "yield /eval(1)/",
      "yield { eval() {} }",
    ]
    for (const text of ["yield o.eval?.('1')", "yield (0, eval)('1')", "yield o.with(1)", ...looksAlike])
      await expect(said(text)).rejects.toThrow('must begin with "use fibers"')
  })

  test("a native generator is refused, naming function, module and remedy", async () => {
    function* native() {}
    await expect(host().run(spawner(() => native()))).rejects.toThrow(codeOf("ROVE_NOT_COMPILED"))
    await expect(host().run(spawner(() => native()))).rejects.toThrow(
      /native.*spawn\.test\.ts.*"use fibers".*rove\/register/,
    )
  })

  test.each([
    ["the function itself", add],
    ["a number", 5],
    ["null", null],
    ["a promise", Promise.resolve()],
  ])("%s is refused as not compiled", async (_, value) => {
    await expect(host().run(spawner(() => value))).rejects.toThrow(codeOf("ROVE_NOT_COMPILED"))
  })

  test("a computation is spawned once: a second spawn, and driving it by hand, are refused", async () => {
    const parent = compiled("parent", function* () {
      const computation = add(1, 2)
      const fiber = yield spawn(computation)
      expect(() => computation.next()).toThrow("already running")
      try {
        yield spawn(computation)
      } catch (error) {
        return [(error as RoveError).code, yield fiber.join()]
      }
    })
    expect(await host().run(parent())).toEqual(["ROVE_COMPUTATION_USED", 3])
  })

  test("a computation that has ended is refused", async () => {
    const ended = add(1, 2)
    ended.next()
    await expect(host().run(ended)).rejects.toThrow(codeOf("ROVE_COMPUTATION_USED"))
  })

  test("an operation in ordinary code says that it needs a fiber", () => {
    expect(() => [...(spawn(add(1, 2)) as unknown as Iterable<unknown>)]).toThrow(codeOf("ROVE_NO_FIBER"))
  })
})

describe("fibers share nothing", () => {
  const mutate = compiled("mutate", function* (list: number[], same: number[]) {
    list.push(9)
    return { list, alias: list === same }
  })

  test("arguments are cloned at the spawn, as one graph", async () => {
    const parent = compiled("parent", function* () {
      const list = [1]
      const fiber = yield spawn(mutate(list, list))
      list.push(2)
      const result = yield fiber.join()
      return [list, result]
    })
    expect(await host().run(parent())).toEqual([[1, 2], { list: [1, 9], alias: true }])
  })

  test("each joiner gets its own clone of the result", async () => {
    const make = compiled("make", function* () {
      return { n: 1 }
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(make())
      const a = yield fiber.join()
      const b = yield fiber.join()
      return a !== b && a.n === b.n
    })
    expect(await host().run(parent())).toBe(true)
  })

  test("each joiner gets its own clone of the error: what one does to it no other sees", async () => {
    const own = { thrown: null as unknown }
    const fails = compiled("fails", function* (): Generator<unknown, never> {
      own.thrown = Object.assign(new RangeError("full"), { seen: [] as string[] })
      throw own.thrown
    })
    const parent = compiled("parent", function* () {
      const fiber = yield spawn(fails())
      const caught: (RangeError & { seen: string[] })[] = []
      for (const who of ["first", "second"])
        try {
          yield fiber.join()
        } catch (error) {
          caught.push(error as RangeError & { seen: string[] })
          caught.at(-1)?.seen.push(who)
        }
      return caught.map(error => [error instanceof RangeError, error === own.thrown, error.seen])
    })
    expect(await host().run(parent())).toEqual([
      [true, false, ["first"]],
      [true, false, ["second"]],
    ])
  })

  test("an argument that cannot be cloned is an error at the spawn, and the computation is still unused", async () => {
    const parent = compiled("parent", function* () {
      const computation = mutate([Promise.resolve() as never], [])
      try {
        yield spawn(computation)
      } catch (error) {
        return [(error as RoveError).message, computation.next().done]
      }
    })
    expect(await host().run(parent())).toEqual([expect.stringMatching(/^spawn of mutate: .*arguments.*Promise/), true])
  })

  test("a result that cannot be cloned is an error for the joiner", async () => {
    const make = compiled("make", function* () {
      return { p: Promise.resolve() }
    })
    const parent = compiled("parent", function* () {
      return yield (yield spawn(make())).join()
    })
    await expect(host().run(parent())).rejects.toThrow(codeOf("ROVE_NOT_HANDED_OVER"))
  })

  test("an error that cannot be cloned keeps its text", async () => {
    const fail = compiled("fail", function* (): Generator<unknown, never> {
      throw Object.assign(new Error("disk full"), { socket: Promise.resolve() })
    })
    await expect(host().run(fail())).rejects.toThrow(/disk full/)
  })
})

describe("limits", () => {
  const slow = compiled("slow", function* () {
    yield sleep(1000)
    return 1
  })

  test("a run over its time rejects with ROVE_TIMEOUT, and one that is not leaves no timer", async () => {
    await expect(host().run(slow(), { timeout: 10 })).rejects.toThrow(codeOf("ROVE_TIMEOUT"))
    const clock = new VirtualClock()
    expect(await new LocalHost({ clock }).run(slow(), { timeout: 2000 })).toBe(1)
    expect([clock.now(), clock.armed]).toEqual([1000, 0])
  })

  test("a child over its time is interrupted with ROVE_TIMEOUT as reason", async () => {
    const parent = compiled("parent", function* () {
      return yield (yield spawn(slow(), { timeout: 10 })).join()
    })
    await expect(host().run(parent())).rejects.toMatchObject({
      code: "ROVE_INTERRUPTED",
      reason: { code: "ROVE_TIMEOUT" },
    })
  })

  test("a signal ends the fiber with its reason, before or after the start", async () => {
    await expect(host().run(slow(), { signal: AbortSignal.abort("early") })).rejects.toBe("early")
    const controller = new AbortController()
    const run = new LocalHost().run(slow(), { signal: controller.signal })
    setTimeout(() => controller.abort("late"), 5)
    await expect(run).rejects.toBe("late")
  })

  test("the name is the function's, or the one that was given", async () => {
    const name = compiled("namely", function* () {
      return currentFiber()?.name
    })
    expect(await host().run(name())).toBe("namely")
    expect(await host().run(name(), { name: "other" })).toBe("other")
  })
})

describe("deadlocks", () => {
  test("who waits for whom is listed when nothing can wake anybody", async () => {
    const holder: { fiber?: Fiber<unknown> } = {}
    const waits = compiled("waits", function* () {
      yield sleep(1)
      return yield (holder.fiber as Fiber<unknown>).join()
    })
    const parent = compiled("parent", function* () {
      holder.fiber = currentFiber() as Fiber<unknown>
      return yield (yield spawn(waits())).join()
    })
    await expect(host().run(parent())).rejects.toThrow(
      /every fiber waits.*\n.*\(parent\): join of fiber 0\.2 \(waits\), at parent \(.*\)\n.*\(waits\): join of fiber 0\.1 \(parent\)/,
    )
  })

  test("their finally blocks run", async () => {
    const done: string[] = []
    const holder: { fiber?: Fiber<unknown> } = {}
    const waits = compiled("waits", function* () {
      try {
        yield (holder.fiber as Fiber<unknown>).join()
      } finally {
        done.push("finally")
      }
    })
    const parent = compiled("parent", function* () {
      holder.fiber = currentFiber() as Fiber<unknown>
      yield (yield spawn(waits())).join()
    })
    const h = host()
    await expect(h.run(parent())).rejects.toThrow(codeOf("ROVE_DEADLOCK"))
    await h.run(add(1, 1))
    expect(done).toEqual(["finally"])
  })

  test("a fiber that joins itself is told at once", async () => {
    const self = compiled("self", function* () {
      yield (currentFiber() as Fiber<unknown>).join()
    })
    await expect(host().run(self())).rejects.toThrow(/joins itself/)
  })

  test("a timer that wakes nobody hides no deadlock", async () => {
    for (const clock of [new VirtualClock(), undefined]) {
      const h = new LocalHost(clock === undefined ? {} : { clock })
      let parent: Fiber<unknown> | null = null
      const waits = compiled("waits", function* () {
        return yield (parent as Fiber<unknown>).join()
      })
      const main = compiled("main", function* () {
        parent = currentFiber()
        for (const ms of [5, 10]) h.timer(h.now() + ms, () => {})
        return yield (yield spawn(waits())).join()
      })
      await expect(h.run(main())).rejects.toThrow(codeOf("ROVE_DEADLOCK"))
    }
  })

  test("a wait for the outside is no deadlock", async () => {
    const outside = compiled("outside", function* () {
      return yield wait(new Promise<string>(resolve => setTimeout(resolve, 20, "came")))
    })
    expect(await new LocalHost().run(outside())).toBe("came")
  })
})
