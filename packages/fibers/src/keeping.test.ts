import { Context, decode, EMPTY_VARIABLES, encode, type StoppedFiber, type Variables } from "@rove/core"
import { describe, expect, test } from "vitest"
import { compiled } from "../../../test/support/hand-compiled.ts"
import { currentFiber } from "./current.ts"
import { spawn } from "./operations/spawn.ts"
import { VirtualClock } from "./runtime/clock.ts"
import { FiberState } from "./runtime/fiber.ts"
import { LocalHost } from "./runtime/local-host.ts"
import { save } from "./runtime/save.ts"
import { machine } from "./runtime/thread.ts"
import { ContextVar } from "./variables.ts"

class Money {
  readonly cents: number
  constructor(cents: number) {
    this.cents = cents
  }
}
const price = new ContextVar<Money>("price", {
  transfer: { encode: money => ({ cents: money.cents }), decode: ({ cents }: { cents: number }) => new Money(cents) },
})
const cache = new ContextVar<object | null>("cache", { default: null, transfer: "drop" })
const socket = new ContextVar<object | null>("socket", { default: null, transfer: "refuse" })

/** The current fiber as data, with its context alone. */
function moving(variables?: Variables): StoppedFiber {
  const { root, context } = machine.fiber as FiberState
  const own = variables === undefined ? context : new Context(variables)
  return Object.assign(save(new FiberState("0.9", "copy", 0, root, own)), { root: null })
}
/** What a fiber has of its context once it has been bytes. */
function moved(): FiberState {
  const { bytes } = encode(moving())
  return { context: (decode(bytes) as StoppedFiber).context } as FiberState
}
const host = () => new LocalHost({ clock: new VirtualClock() })

describe("transfer", () => {
  test("drop: the value is kept as it is, and neither children nor records have it", async () => {
    const child = compiled("child", function* () {
      return cache.get()
    })
    const fiber = compiled("fiber", function* () {
      const value = { p: Promise.resolve() }
      cache.set(value)
      const inChild = yield (yield spawn(child())).join()
      return [cache.get() === value, inChild, moved().context.variables.size]
    })
    expect(await host().run(fiber())).toEqual([true, null, 0])
  })

  test("refuse: the value is kept as it is and inherited, and a record is refused with the variable's name", async () => {
    const child = compiled("child", function* () {
      return socket.get() !== null
    })
    const fiber = compiled("fiber", function* () {
      socket.set({ p: Promise.resolve() })
      const inChild = yield (yield spawn(child())).join()
      expect(moved).toThrow(/the context variable "socket" .* stays on its thread/)
      const token = socket.set({})
      socket.reset(token)
      return [inChild, socket.get() !== null]
    })
    expect(await host().run(fiber())).toEqual([true, true])
  })

  test("refuse: a token that was used holds nothing back, and one that was not refuses the record", async () => {
    const held = new ContextVar<object>("token of held", { transfer: "refuse" })
    const fiber = compiled("fiber", function* () {
      const tokens = [held.set({}), held.set({})] as const
      const withTokens = (): unknown =>
        encode(Object.assign(moving(EMPTY_VARIABLES), { id: currentFiber()?.id, resumeValue: tokens }))
      expect(withTokens).toThrow(/the context variable "token of held"/)
      held.reset(tokens[1])
      held.reset(tokens[0])
      expect(withTokens).not.toThrow()
    })
    await new LocalHost().run(fiber())
  })

  test("a codec: each get makes a value of the kept state, in children too", async () => {
    const child = compiled("child", function* () {
      return [price.get() instanceof Money, price.get().cents]
    })
    const fiber = compiled("fiber", function* () {
      const money = new Money(5)
      price.set(money)
      return [yield (yield spawn(child())).join(), price.get() === money, moved().context.variables.size]
    })
    expect(await host().run(fiber())).toEqual([[true, 5], false, 1])
  })

  test("a codec: its state is nobody's, what encode gave is cloned, and each decode gets a clone", async () => {
    const state = { seen: new Set(["encoded"]) }
    const taking = new ContextVar<Set<string>>("taking", {
      transfer: {
        encode: () => state,
        decode: ({ seen }: typeof state) => seen.add(`decoded ${seen.size}`),
      },
    })
    const fiber = compiled("fiber", function* () {
      taking.set(new Set())
      state.seen.add("changed behind it")
      return [taking.get(), taking.get()].map(set => [...set])
    })
    expect(await host().run(fiber())).toEqual(Array(2).fill(["encoded", "decoded 1"]))
  })

  test("a default is frozen where it is declared: nobody changes it before it is first asked for", () => {
    const own = { list: [1] }
    const settings = new ContextVar("frozen default", { default: own })
    expect(() => own.list.push(2)).toThrow(TypeError)
    expect(settings.get()).toBe(own)
  })

  test("a default is kept by the same policy, and made when it is first asked for: its class may be unknown until then", async () => {
    const free = { p: Promise.resolve() }
    const held = new ContextVar<object>("held", { default: free, transfer: "refuse" })
    const left = new ContextVar<object>("left", { default: free, transfer: "drop" })
    const cost = new ContextVar<Money>("cost", {
      default: new Money(7),
      transfer: { encode: ({ cents }) => cents, decode: (cents: number) => new Money(cents) },
    })
    const never = new ContextVar<object>("never", { default: new Money(1) })
    const fiber = compiled("fiber", function* () {
      return [
        held.get() === free,
        left.get() === free,
        Object.isFrozen(free),
        cost.get() instanceof Money,
        cost.get().cents,
      ]
    })
    expect(await host().run(fiber())).toEqual([true, true, false, true, 7])
    expect(() => never.get()).toThrow(
      'a value for the context variable "never" cannot be cloned: Money is not portable',
    )
  })
})
