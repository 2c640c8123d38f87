import { inspect, types } from "node:util"
import { describe, expect, test } from "vitest"
import { clone, decode, encode, NotPortableError } from "../index.ts"

function there<T>(value: T): T {
  const { bytes } = encode(value)
  const back = decode(bytes) as T
  expect(Buffer.compare(Buffer.from(bytes), Buffer.from(encode(back).bytes)), "bytes of the second encoding").toBe(0)
  return back
}
const ways: [string, <T>(value: T) => T][] = [
  ["decode(encode)", there],
  ["clone", clone],
]

describe.each(ways)("%s", (_, go) => {
  test("an object that inherits from another object of the graph goes on inheriting from its copy", () => {
    const proto = { greet: "hello", self: null as unknown }
    const one = Object.create(proto, { own: { value: 1, writable: true, enumerable: true, configurable: true } })
    const two = Object.create(one)
    proto.self = two
    const copy = go([two, one, proto]) as [Record<string, unknown>, object, { self: unknown; greet: string }]
    expect(Object.getPrototypeOf(copy[0])).toBe(copy[1])
    expect(Object.getPrototypeOf(copy[1])).toBe(copy[2])
    expect(copy[2]).not.toBe(proto)
    expect(copy[2].self).toBe(copy[0])
    copy[2].greet = "changed"
    expect(copy[0].greet).toBe("changed")
    expect(copy[0].own).toBe(1)
  })

  test("a chain of a thousand prototypes overflows nothing", () => {
    let at: object = { depth: 0 }
    for (let i = 1; i < 1000; i++) at = Object.create(at, { depth: { value: i, enumerable: true } }) as object
    let back: object = go(at)
    for (let i = 999; i > 0; i--) {
      expect((back as { depth: number }).depth).toBe(i)
      back = Object.getPrototypeOf(back) as object
    }
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
  })

  test("arrays, Maps, Dates and errors keep their content when their prototype is an ordinary object or null", () => {
    const proto = { mine: true }
    const make = () => [new Map([[1, 2]]), new Set([3]), new Date(5), /x/g, new Error("no"), Object("boxed"), [7, 8]]
    const copies = go(make().map((value, i) => Object.setPrototypeOf(value, i % 2 === 0 ? proto : null) as object))
    const [map, set, date, regexp, error, boxed, array] = copies as [
      object,
      object,
      object,
      object,
      object,
      object,
      object,
    ]
    expect([...Map.prototype.entries.call(map as never)]).toEqual([[1, 2]])
    expect(Set.prototype.has.call(set, 3)).toBe(true)
    expect(Date.prototype.getTime.call(date)).toBe(5)
    expect(RegExp.prototype.exec.call(regexp as RegExp, "x")?.[0]).toBe("x")
    expect(types.isNativeError(error)).toBe(true)
    expect(String.prototype.valueOf.call(boxed)).toBe("boxed")
    expect(Array.isArray(array)).toBe(true)
    expect((array as { mine?: boolean }).mine).toBe(true)
    expect(Object.getPrototypeOf(set)).toBe(null)
  })

  test("what nobody can read is refused, whatever its prototype says", () => {
    for (const value of [Promise.resolve(1), new WeakMap(), new WeakSet(), new Map().keys()])
      for (const proto of [null, { a: 1 }])
        expect(() => go({ deep: Object.setPrototypeOf(value, proto) as object }), inspect(value)).toThrow(
          /^\.deep: .*not portable/,
        )
  })

  test("prototypes of the language and of classes are refused where they would become copies", () => {
    class Local {}
    for (const proto of [Object.create(Local.prototype) as object, Array.prototype, Local.prototype])
      expect(() => go(Object.create(proto) as object)).toThrow(NotPortableError)
  })

  test("Math and its like are themselves, as values and as prototypes", () => {
    const [math, heir] = go([Math, Object.create(JSON), { Reflect }]) as unknown as [object, object]
    expect(math).toBe(Math)
    expect(Object.getPrototypeOf(heir)).toBe(JSON)
  })

  test("no trap of a Proxy runs, of an object or of a function, wherever it lies", () => {
    const traps: string[] = []
    const handler = new Proxy({}, { get: (_, name) => () => traps.push(String(name)) })
    for (const target of [{}, [], () => {}, class {}]) {
      const proxy = new Proxy(target, handler)
      expect(() => go(proxy)).toThrow(/a Proxy is not portable/)
      expect(() => go({ a: { b: new WeakMap() }, d: [proxy] })).toThrow(/^\.a › \.b: WeakMap is not portable/)
      expect(() => go(Object.freeze({ a: Object.freeze([proxy]) }))).toThrow(/a Proxy is not portable/)
      expect(() => go(new Map<unknown, unknown>([[proxy, 1]]))).toThrow(/a Proxy is not portable/)
    }
    expect(traps).toEqual([])
  })
})

test("a symbol of one's own is shown to `reference`, as key and as value", () => {
  const mine = Symbol("mine")
  const shown: unknown[] = []
  const value = { [mine]: mine, other: Symbol.iterator, registered: Symbol.for("r") }
  const { bytes } = encode(value, {
    reference: value => {
      shown.push(value)
      return value === mine ? "mine" : undefined
    },
  })
  const back = decode(bytes, { resolve: key => (key === "mine" ? mine : undefined) }) as typeof value
  expect(back[mine]).toBe(mine)
  expect(shown.filter(value => typeof value === "symbol")).toEqual([mine, mine])
})
