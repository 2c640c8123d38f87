/** What frames hold is looked at ahead: that changes no byte, and no verdict. */
import { describe, expect, test } from "vitest"
import { forged } from "../../../../test/support/forged.ts"
import { Closure, type Code, defineCode, Frame } from "../index.ts"
import { decode, encode } from "./index.ts"

class HolderFrame extends Frame {
  first: unknown = undefined
  second: unknown = undefined
}

const step = () => undefined
const point = { id: "yield", path: [], line: 1, column: 0, live: ["first", "second"], handled: [] }

function defineHolder(name: string): Code {
  const code = defineCode({
    id: `test/ahead.ts#${name}`,
    hash: "h",
    name,
    url: "",
    kind: "generator",
    points: [{ ...point, live: [] }, point],
    captures: [],
    Frame: HolderFrame,
    make: null,
  })
  code.single = new Closure(code, step, step, [])
  return code
}

const holder = defineHolder("holder")

/** A frame for each pair, the first of which is the youngest. */
function chain(code: Code, ...pairs: readonly (readonly [unknown, unknown])[]): HolderFrame {
  let caller: Frame | null = null
  for (const [first, second] of pairs.toReversed()) {
    const frame: HolderFrame = new HolderFrame(code.single as Closure)
    caller = Object.assign(frame, { pc: 1, caller, first, second })
  }
  return caller as HolderFrame
}

/** From now on every frame of that code is looked at ahead, both fields of it. */
function expectObjects(code: Code): void {
  encode(chain(code, [{ plain: 1 }, [1]]))
}

function back(code: Code, first: unknown, second: unknown): HolderFrame {
  expectObjects(code)
  return decode(encode(chain(code, [first, second])).bytes) as HolderFrame
}

const define = (object: object, key: PropertyKey, descriptor: PropertyDescriptor) =>
  Object.defineProperty(object, key, { configurable: true, enumerable: true, ...descriptor })

/** Each with one thing out of the ordinary, for objects and arrays alike. */
const unusual: readonly [string, (object: object) => object][] = [
  ["a hidden property", object => define(object, "hidden", { value: 1, enumerable: false, writable: true })],
  ["a hidden property at an index", object => define(object, "0", { value: 1, enumerable: false, writable: true })],
  ["a symbol", object => define(object, Symbol.for("test.ahead"), { value: 1, writable: true })],
  ["no way to extend it", object => Object.preventExtensions(object)],
  ["everything frozen", object => Object.freeze(object)],
  ["no prototype", object => Object.setPrototypeOf(object, null) as object],
]

describe("what a frame holds, where such a frame held something plain before,", () => {
  for (const [what, change] of unusual) {
    for (const make of [() => ({ a: 1, b: "two" }), () => [1, "two"]]) {
      test(`keeps ${what} (${Array.isArray(make()) ? "array" : "object"})`, () => {
        const { first, second } = back(holder, change(make()), change(make()))
        for (const value of [first, second] as object[]) {
          const wanted = change(make())
          expect(Reflect.ownKeys(value)).toEqual(Reflect.ownKeys(wanted))
          expect(Object.getOwnPropertyDescriptors(value)).toEqual(Object.getOwnPropertyDescriptors(wanted))
          expect(Object.getPrototypeOf(value)).toBe(Object.getPrototypeOf(wanted))
          expect([Object.isExtensible(value), Object.isFrozen(value)]).toEqual([
            Object.isExtensible(wanted),
            Object.isFrozen(wanted),
          ])
        }
      })
    }
  }

  test("keeps holes and a length that cannot be changed", () => {
    const fixed = Object.defineProperty([1, 2], "length", { writable: false })
    const { first, second } = back(holder, Object.assign([1], { 2: 3 }), fixed)
    expect(Reflect.ownKeys(first as object)).toEqual(["0", "2", "length"])
    expect(Object.getOwnPropertyDescriptor(second, "length")?.writable).toBe(false)
  })

  test("is refused with the path if it is not portable, and no getter, no setter and no trap runs", () => {
    let ran = 0
    const run = () => ++ran
    const handler: ProxyHandler<object> = {
      getPrototypeOf: () => (run() > 0 ? Object.prototype : null),
      ownKeys: () => [`key${run()}`],
    }
    const proxy = new Proxy({}, handler)
    for (const make of [() => ({ a: 1 }), () => [1, 2]]) {
      for (const accessor of [{ get: run }, { set: run }]) {
        for (const key of ["0", "later", Symbol.for("test.ahead")]) {
          expectObjects(holder)
          const value = define(make(), key, accessor)
          expect(() => encode(chain(holder, [value, value]))).toThrow(/local first/)
        }
      }
    }
    expectObjects(holder)
    expect(() => encode(chain(holder, [{ a: 1 }, proxy]))).toThrow(/local second.*Proxy/s)
    expect(ran).toBe(0)
  })

  test("stays one where two fields, two frames or the object itself hold it", () => {
    const shared: Record<string, unknown> = { name: "shared" }
    shared.self = shared
    const list = [shared]
    expectObjects(holder)
    const top = decode(encode(chain(holder, [shared, shared], [list, shared], [list, { list }])).bytes) as HolderFrame
    const { caller: second } = top as unknown as { caller: HolderFrame }
    const { caller: third } = second as unknown as { caller: HolderFrame }
    expect(top.first).toBe(top.second)
    expect(top.first).toEqual(shared)
    expect((top.first as { self: object }).self).toBe(top.first)
    expect((second.first as object[])[0]).toBe(top.first)
    expect(second.second).toBe(top.first)
    expect(third.first).toBe(second.first)
    expect((third.second as { list: object }).list).toBe(second.first)
  })

  test("has the same bytes as where none was written before, whatever it is", () => {
    const values = [{ a: 1 }, [1, 2], null, 7, "text", new Map([[1, { b: 2 }]]), Object.freeze({ c: 3 }), [], {}]
    for (const first of values) {
      for (const second of values) {
        const fresh = defineHolder("fresh")
        const bytes = [0, 1].map(() => new Uint8Array(encode(chain(fresh, [first, second], [second, first])).bytes))
        expect(bytes[1]).toEqual(bytes[0])
        encode(chain(fresh, [null, 1]))
        expect(new Uint8Array(encode(chain(fresh, [first, second], [second, first])).bytes)).toEqual(bytes[0])
      }
    }
  })
})

test("chains of frames that lead to one another without end are refused, and not followed", () => {
  const { bytes } = encode(chain(holder, [null, null]))
  const table = new Uint8Array(bytes).slice(new DataView(bytes).getUint32(8, true))
  const deep = 100_000
  const record = new Uint8Array(12 + deep * 2 + table.length)
  record.set(new Uint8Array(bytes).subarray(0, 4))
  for (let i = 0; i < deep; i++) record.set([27, 1], 12 + i * 2)
  record.set(table, 12 + deep * 2)
  new DataView(record.buffer).setUint32(8, 12 + deep * 2, true)
  expect(() => decode(forged(record))).toThrow(/nested too deep/)
})

test("a chain of a hundred thousand frames comes back, each returning into the next", () => {
  const pairs = Array.from({ length: 100_000 }, (_, i) => [i, i % 50_000 === 0 ? { i } : null] as const)
  let at: Frame | null = decode(encode(chain(holder, ...pairs)).bytes) as HolderFrame
  let count = 0
  for (; at !== null; at = at.caller) {
    if ((at as HolderFrame).first !== count) break
    if (count % 50_000 === 0) expect((at as HolderFrame).second).toEqual({ i: count })
    count++
  }
  expect(count).toBe(100_000)
})

test.each([Object.prototype, Array.prototype])(
  "a program may give all objects or arrays what is called like a resume point",
  home => {
    const frame = chain(defineHolder(home === Object.prototype ? "inObjects" : "inArrays"), ["a", ["b"]])
    let back: HolderFrame
    Object.defineProperty(home, 1, { value: 5, configurable: true })
    try {
      back = decode(new Uint8Array(encode(frame).bytes)) as HolderFrame
    } finally {
      delete (home as unknown[])[1]
    }
    expect([back.pc, back.first, back.second]).toEqual([1, "a", ["b"]])
  },
)
