import { afterEach, describe, expect, test } from "vitest"
import { decode, encode } from "../index.ts"
import { ShapeTarget } from "./link-targets.ts"

const planted: PropertyKey[] = []
/** Puts a property on Object.prototype for the time of one test. */
function plant(key: PropertyKey, descriptor: PropertyDescriptor): void {
  planted.push(key)
  Object.defineProperty(Object.prototype, key, { ...descriptor, configurable: true })
}
afterEach(() => {
  for (const key of planted.splice(0)) Reflect.deleteProperty(Object.prototype, key)
})

describe("objects of one shape", () => {
  test("have their own values, and come back as their bytes say each time", () => {
    const list = [1, "two", 3.5, null, undefined, [6]].map(value => ({ key: value, other: 1 }))
    const { bytes } = encode(list)
    const first = decode(bytes) as typeof list
    for (const object of first) object.key = "changed"
    expect(decode(bytes)).toStrictEqual(list)
    expect(first.every(object => object.key === "changed")).toBe(true)
  })

  test("define what Object.prototype has a setter for, or makes read-only, also once the shape is known", () => {
    const calls: unknown[] = []
    const { bytes } = encode({ planted: 1, fixed: 2, inner: { planted: 3, fixed: 4 } })
    decode(bytes)
    plant("planted", { set: value => calls.push(value) })
    plant("fixed", { value: 0, writable: false })
    const fresh = encode({ planted: 5, fixed: 6, more: 7 }).bytes
    expect(decode(bytes)).toStrictEqual({ planted: 1, fixed: 2, inner: { planted: 3, fixed: 4 } })
    expect(decode(fresh)).toStrictEqual({ planted: 5, fixed: 6, more: 7 })
    expect(calls).toEqual([])
  })

  test("are made although Object.prototype spoils descriptors", () => {
    const { bytes } = encode({ spoilt: 1, by: "a getter" })
    plant("get", { value: () => "not mine", writable: true })
    const back = decode(bytes)
    Reflect.deleteProperty(Object.prototype, "get")
    expect(back).toStrictEqual({ spoilt: 1, by: "a getter" })
  })

  test("keep a property of their own that is called __proto__", () => {
    const back = decode(encode(JSON.parse('{"a": 1, "__proto__": {"b": 2}}')).bytes) as object
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
    expect(Object.entries(back)).toEqual([
      ["a", 1],
      ["__proto__", { b: 2 }],
    ])
  })

  test("are not made in advance with more keys than a shape is given: these can only be forged", () => {
    const keys = Array.from({ length: 64 }, (_, i) => `key${i}`)
    expect(Object.keys(new ShapeTarget(keys).template as object)).toEqual(keys)
    expect(new ShapeTarget([...keys, "one more"]).template).toBeNull()
  })
})
