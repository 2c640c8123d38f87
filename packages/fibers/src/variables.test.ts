import { describe, expect, test } from "vitest"
import { compiled } from "../../../test/support/hand-compiled.ts"
import { currentFiber, currentThread } from "./current.ts"
import { FiberLocal } from "./fiber-local.ts"
import { spawn } from "./operations/spawn.ts"
import { sleep } from "./operations/time.ts"
import { VirtualClock } from "./runtime/clock.ts"
import { LocalHost } from "./runtime/local-host.ts"
import { ThreadLocal } from "./thread-local.ts"
import { ContextVar } from "./variables.ts"

const host = () => new LocalHost({ clock: new VirtualClock() })
const tenant = new ContextVar("tenant", { default: "none" })
const settings = new ContextVar<{ deep: { list: number[] } }>("settings")
const counts = new ContextVar<Map<string, number>>("counts", { default: new Map() })

describe("a context variable", () => {
  test("set in a fiber is seen by what it calls, and by nobody else", async () => {
    const callee = compiled("callee", function* () {
      return tenant.get()
    })
    const fiber = compiled("fiber", function* (name: string) {
      tenant.set(name)
      yield sleep(1)
      return yield callee()
    })
    const h = host()
    expect(await Promise.all([h.run(fiber("a")), h.run(fiber("b")), h.run(callee())])).toEqual(["a", "b", "none"])
    expect(tenant.get()).toBe("none")
  })

  test("is inherited as it was at the spawn, and not handed back", async () => {
    const child = compiled("child", function* () {
      const before = tenant.get()
      tenant.set("child")
      return before
    })
    const parent = compiled("parent", function* () {
      tenant.set("one")
      const fiber = yield spawn(child())
      tenant.set("two")
      return [yield fiber.join(), tenant.get()]
    })
    expect(await host().run(parent())).toEqual(["one", "two"])
  })

  test("without value and default says so by name", () => {
    expect(() => settings.get()).toThrow(/"settings" was not set/)
  })

  test.each([5, "", Symbol("s"), undefined])("a name that is %s is refused, by fiber- and thread-locals too", name => {
    for (const Made of [ContextVar, FiberLocal, ThreadLocal])
      expect(() => new (Made as unknown as typeof ContextVar)(name as string, {})).toThrow(
        `${Made.name} takes a name, as text that is not empty, not ${name === "" ? '""' : String(name)}`,
      )
  })

  test("may be undefined", () => {
    expect(new ContextVar<undefined>("nothing", { default: undefined }).get()).toBe(undefined)
  })

  test("keeps a frozen clone", async () => {
    const fiber = compiled("fiber", function* () {
      const value = { deep: { list: [1] } }
      settings.set(value)
      value.deep.list.push(2)
      const seen = settings.get()
      expect(() => seen.deep.list.push(3)).toThrow(TypeError)
      return [seen.deep.list.length, Object.isFrozen(value), seen === settings.get()]
    })
    expect(await host().run(fiber())).toEqual([1, false, true])
  })

  test("gives out clones of what the language cannot freeze", async () => {
    const fiber = compiled("fiber", function* () {
      counts.set(new Map([["a", 1]]))
      counts.get().set("a", 2)
      return counts.get().get("a")
    })
    expect(await host().run(fiber())).toBe(1)
  })

  test("refuses what cannot be cloned, naming itself, and stays as it was", async () => {
    const fiber = compiled("fiber", function* () {
      tenant.set("before")
      expect(() => tenant.set(Promise.resolve() as never)).toThrow(/"tenant".*cannot be cloned/)
      return tenant.get()
    })
    expect(await host().run(fiber())).toBe("before")
  })

  test("outside of fibers belongs to the thread, and fibers that are run from there inherit it", async () => {
    const read = compiled("read", function* () {
      return tenant.get()
    })
    const token = tenant.set("thread")
    expect(await host().run(read())).toBe("thread")
    tenant.reset(token)
    expect([tenant.get(), await host().run(read())]).toEqual(["none", "none"])
  })

  test("is named by its module, so that another module's of that name is another", () => {
    expect(tenant.key).toMatch(/^file:.*variables\.test\.ts#tenant$/)
  })
})

describe("a token", () => {
  test("takes back one set", async () => {
    const fiber = compiled("fiber", function* () {
      const first = tenant.set("a")
      const second = tenant.set("b")
      tenant.reset(second)
      const between = tenant.get()
      tenant.reset(first)
      return [between, tenant.get()]
    })
    expect(await host().run(fiber())).toEqual(["a", "none"])
  })

  test("works once, for its variable, in its fiber", async () => {
    const child = compiled("child", function* (token: never) {
      expect(() => tenant.reset(token)).toThrow(/a copy of a token of "tenant"/)
    })
    const fiber = compiled("fiber", function* () {
      const token = tenant.set("a")
      expect(() => counts.reset(token as never)).toThrow(/tenant/)
      yield (yield spawn(child(token as never))).join()
      tenant.reset(token)
      expect(() => tenant.reset(token)).toThrow(/works once/)
      return tenant.get()
    })
    expect(await host().run(fiber())).toBe("none")
  })
})

describe("a copy of a token", () => {
  test("that a child gives back does not work once more", async () => {
    const child = compiled("child", function* (token: never) {
      return token
    })
    const fiber = compiled("fiber", function* () {
      const token = tenant.set("a")
      const copy = yield (yield spawn(child(token as never))).join()
      expect(() => tenant.reset(copy)).toThrow(/a copy of a token of "tenant"/)
      tenant.reset(token)
      tenant.set("b")
      expect(() => tenant.reset(copy)).toThrow(/a copy|works once/)
      return tenant.get()
    })
    expect(await host().run(fiber())).toBe("b")
  })

  test("of ordinary code that went through a fiber does not work, and the token does", async () => {
    const back = compiled("back", function* (token: never) {
      return token
    })
    const token = tenant.set("thread")
    const copy = (await host().run(back(token as never))) as typeof token
    expect(() => tenant.reset(copy)).toThrow(/a copy of a token of "tenant"/)
    tenant.reset(token)
    expect(tenant.get()).toBe("none")
  })

  test("as the value of a variable does not work", async () => {
    const kept = new ContextVar<unknown>("kept token")
    const fiber = compiled("fiber", function* () {
      const token = tenant.set("a")
      kept.set(token)
      expect(() => tenant.reset(kept.get() as typeof token)).toThrow(/a copy of a token of "tenant"/)
      tenant.reset(token)
      return tenant.get()
    })
    expect(await host().run(fiber())).toBe("none")
  })
})

describe("who runs", () => {
  test("the current fiber is asked for and null outside", async () => {
    expect(currentFiber()).toBe(null)
    const fiber = compiled("who", function* () {
      const before = currentFiber()?.id
      yield sleep(1)
      return before === currentFiber()?.id && currentFiber()?.name
    })
    expect(await host().run(fiber())).toBe("who")
  })

  test("the current thread is the host's", async () => {
    const h = new LocalHost({ name: "this one" })
    const fiber = compiled("where", function* () {
      const { name, id, isMain, runtimeId } = currentThread()
      return { name, id, isMain, runtimeId }
    })
    expect(await h.run(fiber())).toEqual({
      name: "this one",
      id: 0,
      isMain: true,
      runtimeId: expect.stringMatching(/^\w{8}$/),
    })
  })
})
