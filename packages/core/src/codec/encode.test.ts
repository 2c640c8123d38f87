import { inspect, isDeepStrictEqual } from "node:util"
import { describe, expect, test } from "vitest"
import { ALLOCATE, clone, DECODE, decode, ENCODE, encode, FiberInterrupted, registerReference } from "../index.ts"

/** Encodes, decodes, and checks that encoding again gives the same bytes. */
function there<T>(value: T): T {
  const { bytes, handles } = encode(value)
  const back = decode(bytes, { handles }) as T
  const again = encode(back)
  expect(Buffer.compare(Buffer.from(bytes), Buffer.from(again.bytes)), "bytes of the second encoding").toBe(0)
  return back
}

/** Both ways to another fiber must mean the same. */
const ways: [string, <T>(value: T) => T][] = [
  ["decode(encode)", there],
  ["clone", clone],
]

const primitives: unknown[] = [
  undefined,
  null,
  true,
  false,
  ...[0, -0, 1, 127, 128, -1, -128, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32, 1.5, 5e-324, 2 ** 53],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ...[0n, -1n, 2n ** 64n, -(10n ** 40n)],
  ...["", "a", "é", "€", "\ud800", "\udc00x", "\ufeffmark".padEnd(100, "x"), "ascii".repeat(1000), "é".repeat(9000)],
  ...["€".repeat(9000), "\0", "__proto__", Symbol.iterator, Symbol.asyncDispose, Symbol.for("shared")],
]

describe.each(ways)("%s", (way, go) => {
  test("views that are closed come back closed", () => {
    const views = [
      new Uint8Array(2),
      new Uint16Array(new ArrayBuffer(8), 2, 2),
      new Uint8Array(0),
      new Float64Array(99),
    ]
    for (const view of go(views.map(view => Object.preventExtensions(view)))) {
      expect(Object.isExtensible(view)).toBe(false)
      expect(Object.isExtensible(go(view))).toBe(false)
    }
  })

  test("strings of every length come back, whatever their widest character", () => {
    const texts: string[] = []
    for (const last of ["z", "\u00ff", "\u0100"])
      for (let length = 1; length <= 80; length++) texts.push("abcdefgh".repeat(10).slice(81 - length) + last)
    expect(go(texts)).toEqual(texts)
    // once more: then they are found among those that came before
    expect(go(texts)).toEqual(texts)
  })

  test("primitives stay what they are", () => {
    for (const value of primitives) expect(Object.is(go(value), value), inspect(value)).toBe(true)
    expect(primitives.every((value, i) => Object.is((go(primitives) as unknown[])[i], value))).toBe(true)
  })

  test("a symbol of one's own becomes fresh, and keeps its identity within the record", () => {
    const own = Symbol("own")
    const [a, b, nameless] = go([own, { [own]: own }, Symbol()]) as [symbol, Record<symbol, symbol>, symbol]
    expect(a).not.toBe(own)
    expect(a.description).toBe("own")
    expect(b[a]).toBe(a)
    expect(nameless.description).toBeUndefined()
  })

  test("arrays keep holes, extra properties, symbols, attributes and a large length", () => {
    // biome-ignore lint/suspicious/noSparseArray: holes are the subject
    const holes = go([1, , undefined, , 4, ,])
    expect(holes).toHaveLength(6)
    expect(Object.keys(holes)).toEqual(["0", "2", "4"])
    const match = /(?<year>\d+)/d.exec("in 2024") as RegExpExecArray
    expect(isDeepStrictEqual(go(match), match)).toBe(true)
    const sparse: unknown[] = []
    sparse[4_000_000_000] = "far"
    expect(go(sparse)).toHaveLength(4_000_000_001)
    expect(go(sparse)[4_000_000_000]).toBe("far")
    const odd = Object.defineProperty([1, 2], 1, { value: 3, enumerable: false })
    expect(Object.getOwnPropertyDescriptors(go(odd))).toEqual(Object.getOwnPropertyDescriptors(odd))
    expect(
      go(
        Object.assign(
          Array.from({ length: 500 }, (_, i) => i),
          { tag: 1 },
        ),
      ),
    ).toHaveProperty("tag", 1)
  })

  test("objects keep order of keys, prototype null, attributes and integrity", () => {
    expect(Object.keys(go({ b: 1, a: 2, 1: 3 }))).toEqual(["1", "b", "a"])
    expect(Object.getPrototypeOf(go(Object.assign(Object.create(null), { a: 1 })))).toBeNull()
    const attributes = Object.defineProperties(
      {},
      { a: { value: 1 }, b: { value: {}, writable: true }, c: { value: 3, enumerable: true } },
    )
    expect(Object.getOwnPropertyDescriptors(go(attributes))).toEqual(Object.getOwnPropertyDescriptors(attributes))
    const inner = Symbol.for("k")
    for (const close of [Object.freeze, Object.seal, Object.preventExtensions]) {
      for (const value of [
        { a: { b: 1 } },
        [{}, 2],
        new Map([[1, {}]]),
        { [inner]: {} },
        {},
        Object.assign(/x/g, { tag: 1 }),
      ]) {
        const back = go(close(value))
        const states = (object: object) => [
          Object.isExtensible(object),
          Object.isSealed(object),
          Object.isFrozen(object),
        ]
        expect(states(back)).toEqual(states(value))
        expect(isDeepStrictEqual(back, value), inspect(value)).toBe(true)
      }
    }
  })

  test("a dictionary of a thousand keys comes back in order", () => {
    const dictionary = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key ${i}`, i]))
    expect(isDeepStrictEqual(go({ dictionary }), { dictionary })).toBe(true)
  })

  test("keys like __proto__ and constructor are ordinary own properties", () => {
    const value = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": 2}, "toString": 3}') as object
    const back = go(value)
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
    expect(Object.getOwnPropertyDescriptors(back)).toEqual(Object.getOwnPropertyDescriptors(value))
    expect(({} as { polluted?: 1 }).polluted).toBeUndefined()
  })

  test("dates, regular expressions and boxed primitives keep their content and properties", () => {
    expect(go(new Date(1234))).toEqual(new Date(1234))
    expect(go(new Date(Number.NaN)).getTime()).toBeNaN()
    const regexp = Object.assign(/a(b)|\/\n/dgimsuy, { lastIndex: 7, note: "x" })
    const back = go(regexp)
    expect([back.source, back.flags, back.lastIndex, back.note]).toEqual([regexp.source, regexp.flags, 7, "x"])
    for (const boxed of [Object(1), Object("text"), Object(false), Object(5n), Object(Symbol.for("b"))]) {
      expect(isDeepStrictEqual(go(boxed), boxed)).toBe(true)
    }
  })

  test("maps and sets keep order, keys by identity and own properties", () => {
    const key = { id: 1 }
    const map = Object.assign(
      new Map<unknown, unknown>([
        [key, 1],
        ["b", key],
        [Number.NaN, 2],
      ]),
      { label: "m" },
    )
    const set = new Set<unknown>([3, key, 1, map])
    const [backMap, backSet, backKey] = go([map, set, key] as const)
    expect([...backMap.keys()]).toEqual([{ id: 1 }, "b", Number.NaN])
    expect(backMap.get(backKey)).toBe(1)
    expect(backMap.label).toBe("m")
    expect([...backSet]).toEqual([3, backKey, 1, backMap])
    expect(backSet.has(backMap)).toBe(true)
  })

  test("views of one buffer go on sharing it, whatever their kind", () => {
    const buffer = new Uint8Array(64).map((_, i) => i * 3).buffer
    type Kind = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView
    const kinds: Kind[] = [
      Int8Array,
      Uint8ClampedArray,
      Uint16Array,
      Float32Array,
      Float64Array,
      BigInt64Array,
      DataView,
    ]
    const views = kinds.map(kind => new kind(buffer, 8, kind === DataView ? 16 : 2))
    const back = go({ views, buffer, empty: new Uint8Array(0) })
    for (const view of back.views) expect(view.buffer).toBe(back.buffer)
    expect(back.buffer).not.toBe(buffer)
    expect(isDeepStrictEqual(back.views, views)).toBe(true)
    expect(back.views.map(view => view.constructor)).toEqual(kinds)
  })

  test("following a buffer is told without a change of it, and without structuredClone", () => {
    for (const [size, max] of [
      [4, 8],
      [8, 8],
      [1, 1],
      [0, 0],
    ] as const) {
      const buffer = new ArrayBuffer(size, { maxByteLength: max })
      const bytes = new Uint8Array(buffer)
      bytes.forEach((_, i) => {
        bytes[i] = i + 1
      })
      const views = { follows: bytes, fixed: new Uint8Array(buffer, 0, size), data: new DataView(buffer) }
      const back = go(views)
      expect([...bytes], "unchanged").toEqual(Array.from({ length: size }, (_, i) => i + 1))
      expect([...back.follows]).toEqual([...bytes])
      if (max === 0) continue
      ;(back.follows.buffer as ArrayBuffer).resize(max - 1)
      expect(back.follows.length).toBe(max - 1)
      expect(back.data.byteLength).toBe(max - 1)
      expect(back.fixed.length).toBe(size > max - 1 ? 0 : size)
    }
  })

  test("a view that its buffer has become too short for is refused", () => {
    const buffer = new ArrayBuffer(4, { maxByteLength: 8 })
    const view = new Uint8Array(buffer, 2, 2)
    buffer.resize(3)
    expect(() => go(view)).toThrow("a view that its buffer has become too short for is not portable")
  })

  test("views of a SharedArrayBuffer that grows go on following or not following its length", () => {
    const buffer = new SharedArrayBuffer(8, { maxByteLength: 64 })
    const views = [
      new Uint8Array(buffer),
      new Uint16Array(buffer, 2),
      new Uint8Array(buffer, 0, 8),
      new Uint8Array(buffer, 2, 2),
      new DataView(buffer, 4),
      new DataView(buffer, 4, 2),
    ]
    const { bytes, handles } = encode(views)
    for (const back of [decode(bytes, { handles }) as typeof views, clone(views)]) {
      expect(back.map(view => view.buffer === buffer)).toEqual(views.map(() => true))
      buffer.grow(buffer.byteLength + 8)
      expect(back.map(view => view.byteLength)).toEqual(views.map(view => view.byteLength))
    }
    expect(views.every(view => Object.isExtensible(view))).toBe(true)
  })

  test("an array whose length is read-only, or that has an element with nothing but a setter, comes back so", () => {
    const fixed = Object.defineProperty([1, 2], "length", { writable: false })
    expect(Object.getOwnPropertyDescriptor(go(fixed), "length")).toEqual(
      Object.getOwnPropertyDescriptor(fixed, "length"),
    )
    const accessor = { set: Math.max as never, enumerable: true, configurable: true }
    const back = go(Object.defineProperty([1, 2], 1, accessor))
    expect(Object.getOwnPropertyDescriptor(back, 1)).toEqual({ ...accessor, get: undefined })
  })

  test("resizable buffers stay resizable, and views go on following or not following their length", () => {
    const buffer = new ArrayBuffer(16, { maxByteLength: 64 })
    const back = go({
      buffer,
      all: new Uint8Array(buffer),
      fixed: new Uint8Array(buffer, 0, 16),
      rest: new DataView(buffer, 4),
    })
    expect([back.buffer.byteLength, back.buffer.maxByteLength]).toEqual([16, 64])
    back.buffer.resize(32)
    expect([back.all.length, back.fixed.length, back.rest.byteLength]).toEqual([32, 16, 28])
    expect(buffer.byteLength).toBe(16)
  })

  test("a pooled Buffer takes along its own bytes only", () => {
    const back = go(Buffer.from("secret neighbours stay here").subarray(0, 6))
    expect(Buffer.isBuffer(back)).toBe(true)
    expect(back.toString()).toBe("secret")
    expect(back.buffer.byteLength).toBe(6)
  })

  test("shared memory is carried beside the bytes and stays shared", () => {
    const memory = new SharedArrayBuffer(8)
    const back = go({ memory, view: new Int32Array(memory) })
    expect(back.memory).toBe(memory)
    expect(back.view.buffer).toBe(memory)
    expect(encode([memory, memory]).handles).toEqual([memory])
  })

  test("errors keep class, message, stack text, cause, parts and properties, all with native attributes", () => {
    const cause = new RangeError("deep")
    const several = new AggregateError([cause, new TypeError("other")], "several", { cause })
    const errors: Error[] = [
      Object.assign(new TypeError("message", { cause }), { code: "E_X" }),
      several,
      new SuppressedError(cause, several, "both"),
      new FiberInterrupted("a reason"),
      new Error(),
    ]
    const custom = new Error("renamed")
    custom.stack = "no stack at all"
    custom.name = "Custom"
    for (const error of [...errors, custom]) {
      const back = go(error)
      expect(Object.getPrototypeOf(back)).toBe(Object.getPrototypeOf(error))
      expect(Reflect.ownKeys(back)).toEqual(Reflect.ownKeys(error))
      expect([back.name, back.message, back.stack, String(back)]).toEqual([
        error.name,
        error.message,
        error.stack,
        String(error),
      ])
      for (const key of Reflect.ownKeys(error)) {
        const { value: _, ...attributes } = Object.getOwnPropertyDescriptor(error, key) as PropertyDescriptor
        expect(Object.getOwnPropertyDescriptor(back, key)).toMatchObject(attributes)
      }
    }
    const [one, two] = go([several, cause])
    expect((one as AggregateError).cause).toBe(two)
    expect((one as AggregateError).errors[0]).toBe(two)
    const bare = new Error("x")
    delete (bare as { stack?: string }).stack
    expect(Reflect.ownKeys(go(bare))).toEqual(["message"])
    const exception = go(new DOMException("gone", "AbortError"))
    expect([exception.name, exception.message, exception.code]).toEqual(["AbortError", "gone", 20])
    const traced: { stack?: string } = {}
    Error.captureStackTrace(traced)
    expect(go(traced).stack).toBe(traced.stack)
  })

  test("what JSON.rawJSON makes stays raw text, in objects and keys of Maps too", () => {
    const { rawJSON, isRawJSON } = JSON as unknown as {
      rawJSON(text: string): object
      isRawJSON(value: object): boolean
    }
    const big = rawJSON("12345678901234567890")
    const { id, map } = go({ id: big, map: new Map([[big, 1]]) })
    expect(isRawJSON(id)).toBe(true)
    expect(map.get(id)).toBe(1)
    expect(JSON.stringify({ id })).toBe('{"id":12345678901234567890}')
    expect(JSON.stringify(go(rawJSON('"text"')))).toBe('"text"')
    const like = Object.freeze(Object.assign(Object.create(null) as object, { rawJSON: "1" }))
    expect(isRawJSON(go(like))).toBe(false)
  })

  test("an arguments object stays one", () => {
    const list = (function (..._: unknown[]) {
      // biome-ignore lint/complexity/noArguments: it is the subject
      return arguments
    })(1, { a: 2 })
    const back = go(list)
    expect(Object.prototype.toString.call(back)).toBe("[object Arguments]")
    expect([...back]).toEqual([1, { a: 2 }])
    const sloppy = new Function("return arguments")(3)
    sloppy.callee = { f: 1 }
    expect([...go(sloppy)]).toEqual([3])
    expect(Object.getOwnPropertyDescriptor(go(sloppy), "callee")?.value).toEqual({ f: 1 })
  })

  test("instances of registered classes are instances again, also of classes that extend intrinsics", () => {
    class Point {
      x = 1
      y = 2
      get length() {
        return Math.hypot(this.x, this.y)
      }
    }
    class Registry extends Map<string, unknown> {
      owner = "me"
    }
    class List extends Array<number> {}
    class Failure extends RangeError {
      readonly tag = 1
    }
    class Bytes extends Uint8Array {}
    for (const made of [Point, Registry, List, Failure, Bytes]) registerReference(`encode.test#${made.name}`, made)
    const registry = new Registry([["self", null]])
    registry.set("self", registry)
    const back = go([new Point(), registry, List.of(1, 2), new Failure("f"), Bytes.of(7), Point] as const)
    expect(back[0].length).toBe(Math.hypot(1, 2))
    expect([back[1] instanceof Registry, back[1].owner, back[1].get("self") === back[1]]).toEqual([true, "me", true])
    expect([back[2] instanceof List, Array.isArray(back[2]), back[2].length]).toEqual([true, true, 2])
    expect([back[3] instanceof Failure, back[3].message, back[3].tag]).toEqual([true, "f", 1])
    expect([back[4] instanceof Bytes, back[4][0]]).toEqual([true, 7])
    expect(back[5]).toBe(Point)
  })

  test("a class with encode and decode methods keeps private state, also in a circle", () => {
    class Secret {
      #state: unknown
      constructor(state: unknown) {
        this.#state = state
      }
      static [ALLOCATE]() {
        return new Secret(null)
      }
      [ENCODE]() {
        return this.#state
      }
      [DECODE](state: unknown) {
        this.#state = state
      }
      get state() {
        return this.#state
      }
    }
    registerReference("encode.test#Secret", Secret)
    const circle: unknown[] = []
    const secret = new Secret(circle)
    circle.push(secret, new Secret("inner"))
    const back = go(secret)
    const [self, inner] = back.state as [Secret, Secret]
    expect(self).toBe(back)
    expect([back === secret, inner.state]).toEqual([false, "inner"])
  })

  test("aliasing and cycles survive through every kind", () => {
    const hub: Record<string, unknown> = {}
    const error = Object.assign(new Error("e"), { hub })
    hub.array = [hub]
    hub.map = new Map<unknown, unknown>([[hub, hub]])
    hub.set = new Set([hub])
    hub.date = Object.assign(new Date(1), { hub })
    hub.regexp = Object.assign(/x/, { hub })
    hub.boxed = Object.assign(Object(1), { hub })
    hub.view = Object.assign(new Uint8Array(2), { hub })
    hub.nothing = Object.assign(Object.create(null), { hub })
    hub.error = error
    hub.frozen = Object.freeze([hub])
    const back = go(hub) as Record<string, Record<string, unknown> & Map<unknown, unknown> & unknown[]>
    expect(back.array?.[0]).toBe(back)
    expect(back.map?.get(back)).toBe(back)
    expect(back.set?.has(back)).toBe(true)
    for (const key of ["date", "regexp", "boxed", "view", "nothing", "error"]) expect(back[key]?.hub, key).toBe(back)
    expect(back.frozen?.[0]).toBe(back)
    expect(way === "clone" || Object.isFrozen(back.frozen)).toBe(true)
  })

  test("a list of 200,000 nodes overflows nothing", () => {
    type Node = { next?: Node; i: number }
    const first: Node = { i: 0 }
    for (let i = 1, last = first; i < 2e5; i++) last = last.next = { i }
    const copy = way === "clone" ? clone(first) : (decode(encode(first).bytes) as Node)
    let count = 0
    for (let at: Node | undefined = copy; at !== undefined; at = at.next) count += at.i === count ? 1 : Number.NaN
    expect(count).toBe(2e5)
  })
})

test("encoding changes nothing in what it encodes", () => {
  const buffer = new ArrayBuffer(4)
  const regexp = /x/g
  regexp.lastIndex = 2
  const value = { map: new Map([[1, [buffer]]]), regexp, error: new Error("kept"), frozen: Object.freeze({ a: 1 }) }
  const before = inspect(value, { depth: 9, showHidden: true })
  encode(value)
  clone(value)
  expect(inspect(value, { depth: 9, showHidden: true })).toBe(before)
  expect(buffer.detached).toBe(false)
})

test("chosen values are carried by reference", () => {
  const database = { open: true }
  const { bytes } = encode(
    { database, other: [database] },
    { reference: value => (value === database ? "the database" : undefined) },
  )
  const back = decode(bytes, { resolve: key => (key === "the database" ? database : undefined) }) as {
    database: object
    other: object[]
  }
  expect(back.database).toBe(database)
  expect(back.other[0]).toBe(database)
  expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: "ROVE_REFERENCE_UNKNOWN" }))
})

test("the same strings are written once, the bytes are exact, and the buffer is given away", () => {
  const text = "a text that is long enough to be worth something ".repeat(4)
  const once = encode([text]).bytes.byteLength
  expect(encode([text, text, text]).bytes.byteLength).toBe(once + 4)
  const { bytes } = encode([1])
  encode([2])
  expect(decode(bytes)).toEqual([1])
})
