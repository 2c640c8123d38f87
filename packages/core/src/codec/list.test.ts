import { describe, expect, test } from "vitest"
import { clone, decode, encode } from "../index.ts"

const ways: [string, <T>(value: T) => T][] = [
  ["decode(encode)", value => decode(encode(value).bytes) as typeof value],
  ["clone", clone],
]

const state = { calls: 0 }
const setter = { get: () => "trap", set: () => state.calls++, configurable: true }
const readOnly = { value: "trap", writable: false, configurable: true }

/** Runs `work` while properties lie in wait for assignments; all that is needed was made before, and nothing is listed meanwhile. */
function among<T>(trap: PropertyDescriptor, keys: readonly string[], targets: readonly object[], work: () => T): T {
  let result: T | undefined
  let failure: { error: unknown } | null = null
  for (let t = 0; t < targets.length; t++)
    for (let i = 0; i < keys.length; i++) Object.defineProperty(targets[t], keys[i] as string, trap)
  try {
    result = work()
  } catch (error) {
    failure = { error }
  }
  for (let t = 0; t < targets.length; t++)
    for (let i = 0; i < keys.length; i++) delete (targets[t] as Record<string, unknown>)[keys[i] as string]
  if (failure !== null) throw failure.error
  return result as T
}

const indices = Array.from({ length: 60 }, (_, i) => String(i))
const names = ["a", "b", "list", "own", "row", "plans"]

describe.each(ways)("%s", (_, go) => {
  describe.each([
    ["setters", setter],
    ["read-only properties", readOnly],
  ])("%s", (_, trap) => {
    test("with indices on the prototypes of arrays and objects are not run, and what is made is the same", () => {
      const sparse = [6, 0, 7]
      delete sparse[1]
      const value = {
        list: [1, [2, "3"], new Map([[{ a: 1 }, new Set([4, 5])]])],
        a: { b: { c: sparse } },
        symbol: Symbol(),
      }
      const long = Array.from({ length: 50 }, (_, i) => ({ i, text: `${i}` }))
      state.calls = 0
      const both = among(trap, indices, [Array.prototype, Object.prototype], () => go({ value, long }))
      const { value: copy, long: list } = both
      expect({ ...copy, symbol: null }).toEqual({ ...value, symbol: null })
      expect(Object.keys(copy.a.b.c)).toEqual(["0", "2"])
      expect(list).toEqual(long)
      expect(state.calls).toBe(0)
    })

    test("with names on Object.prototype are not run, and properties are defined", () => {
      const value = JSON.parse('{"a": {"a": 1, "own": 2}, "b": {"b": [{"list": 3}]}, "list": []}') as { a: object }
      state.calls = 0
      const copy = among(trap, names, [Object.prototype], () => go(value))
      expect(copy).toEqual(value)
      expect(Object.keys(copy)).toEqual(["a", "b", "list"])
      expect(state.calls).toBe(0)
    })
  })
})
