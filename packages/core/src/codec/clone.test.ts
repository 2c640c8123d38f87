import { describe, expect, test } from "vitest"
import { clone, move, registerKind, registerReference } from "../index.ts"

test("primitives, and plain objects and arrays frozen all the way down, are handed over as they are", () => {
  const frozen = Object.freeze({ a: 1, list: Object.freeze(["x", Object.freeze({ b: null })]), key: Symbol.for("s") })
  expect(clone(frozen)).toBe(frozen)
  expect(clone(frozen)).toBe(frozen)
  const circle: { self?: object } = {}
  circle.self = circle
  expect(clone(Object.freeze(circle))).toBe(circle)
  expect(clone(7)).toBe(7)
})

test("whatever is frozen only at the top, or has something mutable inside, is copied and frozen again", () => {
  class Point {
    x = 1
  }
  registerReference("clone.test#Point", Point)
  registerReference("clone.test#counting", counting)
  const values = [
    { inner: {} },
    [[]],
    { map: Object.freeze(new Map()) },
    { date: Object.freeze(new Date()) },
    { point: Object.freeze(new Point()) },
    { symbol: Symbol("own") },
    { [Symbol("own")]: 1 },
    Object.defineProperty({}, "count", { get: counting }),
    Object.defineProperty({}, "count", { set: counting }),
  ]
  for (const value of values) {
    const copy = clone(Object.freeze(value))
    expect(copy).not.toBe(value)
    expect(Object.isFrozen(copy)).toBe(true)
  }
})

/** May be another one for each who asks. */
function counting(): void {}

test("a verdict is not kept of what was not frozen yet", () => {
  const inner = { a: 1 }
  const outer = Object.freeze({ inner })
  const first = clone(outer)
  expect(first).not.toBe(outer)
  Object.freeze(inner)
  expect(clone(outer)).toBe(outer)
})

test("a small object is copied with order, undefined values and foreign keys", () => {
  const value = { b: 1, a: undefined, constructor: "x", big: 5n }
  const copy = clone(value)
  expect(copy).not.toBe(value)
  expect(copy).toStrictEqual(value)
  expect(Object.keys(copy)).toEqual(["b", "a", "constructor", "big"])
  const proto = clone(JSON.parse('{"__proto__": 1}') as object)
  expect(Object.getOwnPropertyDescriptor(proto, "__proto__")?.value).toBe(1)
})

test("objects of a shared kind are handed over as they are", () => {
  class Handle {
    id = 1
  }
  registerKind<Handle, { id: number }>({
    name: "clone.test.Handle",
    shared: true,
    test: value => value instanceof Handle,
    take: ({ id }) => ({ id }),
    allocate: () => new Handle(),
  })
  const handle = new Handle()
  expect(clone({ handle }).handle).toBe(handle)
})

describe("move", () => {
  test("hands over without a copy", () => {
    const big = { rows: [{ id: 1 }], lookup: new Map() }
    expect(clone(move(big))).toBe(big)
    const [inside, same] = clone([move(big), big])
    expect(inside).toBe(big)
    expect(same).toBe(big)
  })

  test("transfers buffers, and makes what leads to them anew", () => {
    const bytes = new Uint8Array([1, 2, 3])
    const copy = clone(move({ bytes, same: bytes.subarray(1) }))
    expect([...copy.bytes]).toEqual([1, 2, 3])
    expect(copy.same.buffer).toBe(copy.bytes.buffer)
    expect(bytes.byteLength).toBe(0)
  })

  test("what was copied before it is met stays copied", () => {
    const big = { rows: [] as number[] }
    const [copy, moved] = clone([big, move(big)])
    expect(copy).not.toBe(big)
    expect(moved).toBe(copy)
  })

  test("without it, a buffer is copied", () => {
    const bytes = new Uint8Array([1, 2, 3])
    expect([...clone(bytes)]).toEqual([1, 2, 3])
    expect(bytes.byteLength).toBe(3)
  })
})
