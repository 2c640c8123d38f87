import { expect, test } from "vitest"
import {
  anything,
  atLeast,
  either,
  type Fits,
  instance,
  isFunction,
  isList,
  isNatural,
  isNumber,
  isObject,
  isText,
  isTruth,
  isUndefined,
  listOf,
  misfitOf,
  misfitOfAll,
  nothing,
  oneOf,
  orNone,
  orNull,
  plain,
} from "./fits.ts"

class Base {}
class Heir extends Base {}
const sparse: unknown[] = []
sparse.length = 2 ** 32 - 1
const lists: Record<string, unknown> = {
  sparse,
  named: Object.assign([], { map: 1 }),
  own: new (class extends Array {})(),
  heir: Object.create([]),
}

const rows: readonly [string, Fits, readonly unknown[], readonly unknown[]][] = [
  ["anything", anything, [1, undefined, {}], []],
  ["nothing", nothing, [], [1, undefined, {}]],
  ["a text", isText, ["", "a"], [1, null, new String("a")]],
  ["a truth", isTruth, [true, false], [0, null, "true"]],
  ["a number", isNumber, [0, -0.5, Number.POSITIVE_INFINITY], [Number.NaN, "1", 1n, null]],
  ["a natural number", isNatural, [0, 7], [-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "1"]],
  ["at least", atLeast(1, 3), [1, 2.5, 3], [0, 4, Number.NaN, "2"]],
  ["a function", isFunction, [() => {}, Base], [{}, null]],
  ["an object", isObject, [{}, [], () => {}], [null, 1, "a"]],
  ["undefined", isUndefined, [undefined], [null, 0]],
  ["a list", isList, [[], [1, undefined]], [null, {}, ...Object.values(lists)]],
  ["one of several", oneOf("a", null), ["a", null], ["b", undefined]],
  ["or null", orNull(isText), ["a", null], [undefined, 1]],
  ["or nothing at all", orNone(isText), ["a", undefined], [null, 1]],
  ["either", either(isText, isNatural), ["a", 1], [null, -1]],
  ["an instance", instance(Base), [new Base()], [new Heir(), Object.create(new Base()), {}, null, Base.prototype]],
  ["a list of texts", listOf(isText), [[], ["a"]], [["a", 1], "a", lists.named]],
  [
    "a plain object",
    plain({ a: isText, b: orNone(isText) }),
    [{ a: "" }, { a: "", c: 1 }],
    [{}, { a: 1 }, new Base(), null],
  ],
]

test.each(rows)("%s", (_, fits, good, bad) => {
  for (const value of good) expect(fits(value), String(typeof value)).toBe(true)
  for (const [i, value] of bad.entries()) expect(fits(value), `number ${i}`).toBe(false)
})

test("a getter is no value, and is not asked", () => {
  const trap = (): never => {
    throw new Error("asked")
  }
  const object = Object.defineProperty({}, "a", { get: trap, enumerable: true })
  const list = Object.defineProperty([1], 0, { get: trap, enumerable: true })
  expect(misfitOf({ a: anything }, object)).toBe("a")
  expect(listOf(anything)([1])).toBe(true)
  expect(listOf(isNatural)(list)).toBe(false)
})

test("the first field that does not fit is named; of all fields, one that is missing or too many is too", () => {
  expect(misfitOf({ a: isText, b: isText }, { a: "a", b: 1, c: 1 })).toBe("b")
  expect(misfitOf({ a: anything }, {})).toBe("a")
  expect(misfitOfAll({ a: anything }, { a: 1 })).toBeNull()
  expect(misfitOfAll({ a: anything }, { a: 1, next: 1 })).toBe("next")
  expect(misfitOfAll({ a: anything, b: anything }, { a: 1 })).toBe("b")
  expect(misfitOfAll({ a: anything }, { a: 1, [Symbol.iterator]: 1 })).toBe("Symbol(Symbol.iterator)")
})

test("what the program gave all objects is no field", () => {
  const everywhere = Object.prototype as { added?: unknown }
  everywhere.added = 1
  try {
    const fields = { a: isNumber }
    expect(misfitOf(fields, { a: 1 })).toBeNull()
    expect(misfitOf(fields, { a: "x" })).toBe("a")
    expect(misfitOfAll(fields, { a: 1 })).toBeNull()
    expect(misfitOfAll(fields, {})).toBe("a")
    expect(misfitOfAll(fields, { a: 1, added: 1 })).toBe("added")
  } finally {
    delete everywhere.added
  }
})
