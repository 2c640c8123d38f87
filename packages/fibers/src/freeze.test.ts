import { expect, test } from "vitest"
import { freezeDeep } from "./freeze.ts"

test("plain objects and arrays are frozen all the way down, cycles included", () => {
  const value: { list: unknown[]; self?: unknown } = { list: [{ deep: 1 }, Object.create(null)] }
  value.self = value
  freezeDeep(value)
  expect([value, value.list, ...value.list].map(Object.isFrozen)).toEqual([true, true, true, true])
})

test("what the language cannot freeze, and getters, are left alone", () => {
  const map = new Map([[{}, {}]])
  let asked = false
  const value = freezeDeep({
    map,
    get lazy() {
      asked = true
      return 1
    },
  })
  expect([Object.isFrozen(value), Object.isFrozen(map), asked]).toEqual([true, false, false])
})

test("primitives are given back", () => {
  expect([freezeDeep(1), freezeDeep(null), freezeDeep("a")]).toEqual([1, null, "a"])
})
