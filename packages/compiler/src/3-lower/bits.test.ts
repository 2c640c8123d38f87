import { expect, test } from "vitest"
import { Bits } from "./bits.ts"

const all = Array.from({ length: 100 }, (_, i) => i)
const of = (...indices: number[]): Bits => {
  const bits = new Bits()
  for (const i of indices) bits.add(i)
  return bits
}
const list = (bits: Bits): number[] => all.filter(i => bits.has(i))

test("a set has what was added, whatever word it is in", () => {
  expect(list(of(0, 31, 32, 63, 64, 99, 31))).toEqual([0, 31, 32, 63, 64, 99])
  expect(list(new Bits())).toEqual([])
})

test("others are added but for some, and whether any were new is told", () => {
  const bits = of(1, 40)
  expect(bits.addAll(of(1, 40))).toBe(false)
  expect(bits.addAll(of(2, 70, 71), of(2, 71))).toBe(true)
  expect(list(bits)).toEqual([1, 40, 70])
  expect(bits.addAll(of(90), of(90))).toBe(false)
})

test("what both have is kept, and a copy stays as it is", () => {
  const bits = of(1, 40, 80)
  const copy = bits.copy()
  bits.keepAll(of(40))
  expect([list(bits), list(copy)]).toEqual([[40], [1, 40, 80]])
})
