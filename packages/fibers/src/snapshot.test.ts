import { Variables } from "@rove/core"
import { describe, expect, test, vi } from "vitest"
import { program } from "../../../test/semantics/program.ts"
import { compiled } from "../../../test/support/hand-compiled.ts"
import type { Fiber } from "./operations/handle.ts"
import { spawn } from "./operations/spawn.ts"
import { sleep } from "./operations/time.ts"
import { wait } from "./operations/wait.ts"
import { VirtualClock } from "./runtime/clock.ts"
import { LocalHost } from "./runtime/local-host.ts"
import { type ContextSnapshot, contextSnapshot } from "./snapshot.ts"
import type { Resumable } from "./types.ts"
import { ContextVar } from "./variables.ts"

const host = () => new LocalHost({ clock: new VirtualClock() })
const tenant = new ContextVar("tenant", { default: "none" })
const other = new ContextVar("other", { default: 0 })
const read = compiled("read", function* () {
  yield sleep(1)
  return [tenant.get(), other.get()]
})

describe("run of a variable", () => {
  test("sets it for the function, and all variables are as before behind it", async () => {
    const fiber = compiled("fiber", function* () {
      const inside = tenant.run("in", () => {
        other.set(7)
        return [tenant.get(), other.get()]
      })
      return [inside, tenant.get(), other.get()]
    })
    expect(await host().run(fiber())).toEqual([["in", 7], "none", 0])
  })

  test("sets it for a computation, whatever that waits for, and for nobody beside", async () => {
    const sibling = compiled("sibling", function* () {
      yield sleep(0.5)
      return tenant.get()
    })
    const fiber = compiled("fiber", function* () {
      tenant.set("out")
      const beside = yield spawn(sibling())
      return [yield tenant.run("in", read()), tenant.get(), yield beside.join()]
    })
    expect(await host().run(fiber())).toEqual([["in", 0], "out", "out"])
  })

  test("invariant 9: a throw out of it restores the outer context, and finally blocks run in the inner one", async () => {
    const seen: unknown[] = []
    const failing = compiled("failing", function* () {
      try {
        yield sleep(1)
        throw new Error("inside")
      } finally {
        seen.push(tenant.get())
      }
    })
    const fiber = compiled("fiber", function* () {
      tenant.set("out")
      for (const work of [() => tenant.run("in", failing()), () => contextSnapshot().run(failing())])
        try {
          yield work()
        } catch (error) {
          seen.push((error as Error).message, tenant.get())
        }
      try {
        tenant.run("sync", () => {
          throw new Error("at once")
        })
      } catch (error) {
        seen.push((error as Error).message, tenant.get())
      }
    })
    await host().run(fiber())
    expect(seen).toEqual(["in", "inside", "out", "out", "inside", "out", "at once", "out"])
  })

  test("an interrupt from outside leaves it too", async () => {
    const log: string[] = []
    const endless = compiled("endless", function* () {
      yield sleep(1e9)
    })
    const child = compiled("child", function* () {
      try {
        yield tenant.run("in", endless())
      } finally {
        log.push(tenant.get())
      }
    })
    const fiber = compiled("fiber", function* () {
      const fiber: Fiber<unknown> = yield spawn(child())
      yield sleep(1)
      yield fiber.interrupt()
      yield sleep(1)
    })
    await host().run(fiber())
    expect(log).toEqual(["none"])
  })

  test("is in force for the computation alone, not for whoever iterates that, wherever it waits and however it ends", async () => {
    const { main } = program<{ main: () => Resumable<unknown> }>(
      `function* values() { yield* sleep(1); yield tenant.get(); tenant.set("own"); yield* sleep(1); yield tenant.get(); yield "third" }
       function* given() { yield* tenant.run("in", values()); yield tenant.get() }
       function* main() {
         const seen = []
         tenant.set("out")
         for (const value of given()) { seen.push(value, tenant.get()); yield* sleep(1); tenant.set(tenant.get() + "!") }
         for (const value of given()) { seen.push(value, tenant.get()); break }
         const one = given()
         for (const value of one) if (value === "own") break
         seen.push(tenant.get())
         return seen
       }`,
      "({ main })",
      { tenant },
    )
    expect(await host().run(main())).toEqual([
      "in",
      "out",
      "own",
      "out!",
      "third",
      "out!!",
      "out!!!",
      "out!!!",
      "in",
      "out!!!!",
      "out!!!!",
    ])
  })

  test("is in force for a computation that has come from another fiber, to one that has entered nothing", async () => {
    const { main } = program<{ main: () => Resumable<unknown> }>(
      `const seen = []
       function* values() { try { yield 1; tenant.set("own"); yield tenant.get() } finally { seen.push(tenant.get()) } }
       function* given() { yield* tenant.run("in", values()) }
       function* begun() { const it = given(); it.next(); return it }
       function* main() {
         const first = yield* (yield* spawn(begun())).join()
         first.return()
         seen.push(tenant.get())
         const second = yield* (yield* spawn(begun())).join()
         for (let i = 0; i < 2; i++) seen.push(second.next().value, tenant.get())
         return seen
       }`,
      "({ main })",
      { tenant },
    )
    expect(await host().run(main())).toEqual(["in", "none", "own", "none", "own", undefined, "none"])
  })

  test("takes a function or a computation, and says so", () => {
    expect(() => tenant.run("x", 5 as never)).toThrow(/takes a function, or a computation/)
  })
})

describe("a snapshot", () => {
  test("is the variables of a moment, and keeps what is set in it", async () => {
    const fiber = compiled("fiber", function* () {
      tenant.set("then")
      const snapshot = contextSnapshot()
      tenant.set("now")
      const first = snapshot.run(() => {
        other.set(other.get() + 1)
        return tenant.get()
      })
      const inside = yield snapshot.run(read())
      return [first, inside, tenant.get(), other.get(), snapshot.copy().run(() => other.get())]
    })
    expect(await host().run(fiber())).toEqual(["then", ["then", 1], "now", 0, 1])
  })

  test("that is entered is refused, names who is in it, and can be copied", async () => {
    const again = compiled("again", function* (snapshot: ContextSnapshot) {
      const code = (work: () => unknown) => {
        try {
          return work()
        } catch (error) {
          return (error as { code: string }).code
        }
      }
      return [code(() => snapshot.run(() => 1)), code(() => snapshot.copy().run(() => 1))]
    })
    const fiber = compiled("fiber", function* () {
      const snapshot = contextSnapshot()
      const inside: unknown = yield snapshot.run(again(snapshot))
      return [inside, snapshot.run(() => "free again")]
    })
    expect(await host().run(fiber())).toEqual([["ROVE_CONTEXT_ENTERED", 1], "free again"])
  })

  test("outside of fibers works for ordinary code, asynchronous remains included", async () => {
    const later = async () => {
      await null
      return tenant.get()
    }
    expect(await tenant.run("a", later)).toBe("a")
    expect(tenant.get()).toBe("none")
    expect(tenant.run("b", () => contextSnapshot()).run(() => tenant.get())).toBe("b")
  })
})

test("a snapshot, a run, a set and a child take as many steps with ten variables as with ten thousand", async () => {
  const all = Array.from({ length: 10_000 }, (_, i) => new ContextVar(`many ${i}`, { default: 0 }))
  const made = vi.spyOn(Variables.prototype, "with")
  const listed = vi.spyOn(Variables.prototype, "bindings")
  const child = compiled("child", function* () {
    return all[1]?.get()
  })
  const steps = async (count: number) => {
    const fiber = compiled("fiber", function* () {
      for (const variable of all.slice(0, count)) variable.set(1)
      const before = made.mock.calls.length + listed.mock.calls.length
      const seen = [contextSnapshot().run(() => all[1]?.get()), tenant.run("in", () => all[1]?.get())]
      tenant.set("own")
      seen.push(yield ((yield spawn(child())) as Fiber<number>).join())
      return [made.mock.calls.length + listed.mock.calls.length - before, ...seen]
    })
    return await host().run(fiber())
  }
  const [few, many] = [await steps(10), await steps(all.length)]
  expect([few, many.slice(1)]).toEqual([many, [1, 1, 1]])
  made.mockRestore()
  listed.mockRestore()
})

describe("asynchronous code that a fiber calls", () => {
  const helper = async (log: string[]) => {
    log.push(tenant.get())
    await new Promise(resolve => setTimeout(resolve, 5))
    log.push(tenant.get())
    return log
  }

  test("reads the variables as they were at the call, across its own awaits and beside other fibers", async () => {
    const fiber = compiled("fiber", function* (name: string) {
      tenant.set(name)
      const pending = helper([])
      tenant.set(`${name} later`)
      return [yield wait(pending), tenant.get()]
    })
    const local = new LocalHost()
    expect(await Promise.all([local.run(fiber("a")), local.run(fiber("b")), helper([])])).toEqual([
      [["a", "a"], "a later"],
      [["b", "b"], "b later"],
      ["none", "none"],
    ])
  })

  test("and runs in it: children that are run inline and set variables of their own leave none behind", async () => {
    const child = compiled("child", function* () {
      tenant.set("child")
      return yield wait(helper([]))
    })
    const fiber = compiled("fiber", function* () {
      tenant.set("parent")
      const inner = yield (yield spawn(child())).join()
      return [inner, yield wait(helper([]))]
    })
    expect(await new LocalHost().run(fiber())).toEqual([
      ["child", "child"],
      ["parent", "parent"],
    ])
  })

  test("cannot set them, since nobody would see that", async () => {
    const setting = async () => {
      await null
      return tenant.set("lost")
    }
    const fiber = compiled("fiber", function* () {
      tenant.set("own")
      try {
        yield wait(setting())
      } catch (error) {
        return [(error as { code: string }).code, tenant.get()]
      }
    })
    expect(await new LocalHost().run(fiber())).toEqual(["ROVE_NO_FIBER", "own"])
  })
})
