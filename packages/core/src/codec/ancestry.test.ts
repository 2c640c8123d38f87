import { expect, test } from "vitest"
import { clone, decode, encode, FiberRecord, Frame, inspect, move, registerReference, StoppedFiber } from "../index.ts"
import { inherits, leadsToProxy, proxyFrom } from "./ancestry.ts"

/** A Proxy each of whose traps is told. */
function watched(target: object, traps: string[]): object {
  return new Proxy(
    target,
    new Proxy(
      {},
      {
        get: (_, name) => {
          traps.push(String(name))
          return undefined
        },
      },
    ),
  )
}
const heirOf = (base: object, of: object = {}): object => Object.setPrototypeOf(of, base) as object

const places: Record<string, (proxy: object) => unknown> = {
  "of an object": heirOf,
  "of its prototype": proxy => heirOf(heirOf(proxy)),
  "of an array": proxy => heirOf(proxy, [1]),
  "of a Map": proxy => heirOf(proxy, new Map([[1, 2]])),
  "of a Set": proxy => heirOf(heirOf(proxy), new Set([1])),
  "of an error": proxy => heirOf(proxy, new RangeError("no room")),
  "of an error with a code": proxy => heirOf(heirOf(proxy), Object.assign(new Error("no"), { code: "ERR_NO" })),
  "of a view": proxy => heirOf(proxy, new Uint8Array(3)),
  "of a buffer": proxy => heirOf(proxy, new ArrayBuffer(3)),
  "of a function": proxy => heirOf(proxy, () => 1),
  "of an instance": proxy => heirOf(heirOf(proxy, { constructor: class {} })),
  "deep inside": proxy => ({ a: [new Map([["b", { c: heirOf(proxy) }]])] }),
  "behind a buffer": proxy => ({ a: new ArrayBuffer(2), b: heirOf(proxy) }),
}
const ways: Record<string, (value: unknown) => unknown> = {
  encode,
  clone,
  "encode, as the whole": value => encode({ value, other: [value] }),
  "a record": value => FiberRecord.of(Object.assign(new StoppedFiber(), { resumeValue: value })),
}

for (const [place, make] of Object.entries(places))
  test(`a Proxy among the prototypes ${place} is refused, and no trap of it runs`, () => {
    for (const target of [{}, [], new Map(), Object.prototype, Frame.prototype, class {}]) {
      for (const [way, go] of Object.entries(ways)) {
        const traps: string[] = []
        const value = make(watched(target, traps))
        expect(() => go(value), way).toThrow(expect.objectContaining({ code: "ROVE_NOT_PORTABLE" }))
        expect(traps, way).toEqual([])
      }
    }
  })

test("the path to a Proxy among prototypes says which object inherits from it", () => {
  const value = { a: [heirOf(heirOf(watched({}, [])))] }
  expect(() => encode(value)).toThrow(/^\.a › \[0\] › \[\[Prototype\]\] › \[\[Prototype\]\]: a Proxy is not portable/)
  expect(() => clone(value)).toThrow(/^\.a › \[0\] › \[\[Prototype\]\] › \[\[Prototype\]\]: a Proxy is not portable/)
})

test("a Proxy of a class, where an object says by what it was made, is not asked", () => {
  for (const made of [class {}, () => {}]) {
    const traps: string[] = []
    const proxy = watched(made, traps)
    for (const value of [
      {
        constructor: proxy,
        get a() {
          return 1
        },
      },
      heirOf({ constructor: proxy }),
      heirOf(Object.assign([], { constructor: proxy })),
      heirOf(heirOf({ constructor: proxy }), new Map()),
    ])
      for (const go of Object.values(ways))
        expect(() => go(value)).toThrow(expect.objectContaining({ code: "ROVE_NOT_PORTABLE" }))
    expect(traps).toEqual([])
  }
})

test("what is carried by name may inherit from a Proxy, and no trap of it runs", () => {
  const traps: string[] = []
  const named = heirOf(watched({}, traps))
  registerReference("ancestry.test#named", named)
  expect(clone({ named }).named).toBe(named)
  expect((decode(encode({ named }).bytes) as { named: object }).named).toBe(named)
  expect(traps).toEqual([])
})

test("what is moved is looked through for buffers without a trap of a Proxy", () => {
  const traps: string[] = []
  const given = { a: heirOf(watched({}, traps)), b: watched({}, traps) }
  expect(clone(move(given))).toBe(given)
  expect(traps).toEqual([])
})

test("a stopped fiber is shown without a trap of the Proxies that it holds", () => {
  const traps: string[] = []
  for (const make of [(proxy: object) => proxy, ...Object.values(places)]) {
    for (const target of [{}, [], new Map(), () => {}, class {}]) {
      const resumeValue = make(watched(target, traps))
      inspect(Object.assign(new StoppedFiber(), { resumeValue }))
    }
  }
  expect(traps).toEqual([])
})

test("inherits is instanceof, for all but what leads to a Proxy", () => {
  class A {}
  class B extends A {}
  const proxy = new Proxy({}, {})
  expect([
    inherits(new B(), A),
    inherits(new A(), B),
    inherits(A, Function),
    inherits(null, A),
    inherits(1, A),
  ]).toEqual([true, false, true, false, false])
  expect(inherits(new Proxy(new A(), {}), A)).toBe(false)
  expect([proxyFrom(heirOf(proxy)), proxyFrom({}), proxyFrom(null)]).toEqual([proxy, null, null])
  expect([leadsToProxy(proxy), leadsToProxy(heirOf(heirOf(proxy))), leadsToProxy([])]).toEqual([true, true, false])
})
