/** Strings in records: what is written of one does not depend on the records before it. */
import { expect, test } from "vitest"
import { decode, encode } from "./index.ts"

/** Strings of every length that share their slots: only the second character differs, which no slot depends on. */
function alike(second: string): string[] {
  return Array.from({ length: 60 }, (_, i) => `a${second}${"x".repeat(i)}z`)
}

test("a record has the same bytes whatever strings the records before it had", () => {
  const values = ["b", "c", "\u00e9", "\u20ac"].map(alike)
  values.push(["", "a", "ab", "\u00e9", "\u20ac", "\ud800", "abcdefghijkl", "abcdefghijklm"])
  const before = values.map(value => new Uint8Array(encode(value).bytes))
  for (let round = 0; round < 3; round++) {
    for (const [i, value] of values.entries()) {
      for (const other of values) encode([other, value, other])
      expect(new Uint8Array(encode(value).bytes)).toEqual(before[i])
      expect(new Uint8Array(encode(value).bytes)).toEqual(before[i])
    }
  }
  for (const [i, value] of values.entries()) expect(decode(before[i] as Uint8Array)).toEqual(value)
})

test("a string that is met again is written once, and one that lost its slot is written as it is", () => {
  const [first, second] = ["abxz", "acxz"]
  for (const strings of [
    [first, first, second, second, first, first],
    [first, second, first, second],
    ["\u00e9b\u00e9", "\u00e9c\u00e9", "\u00e9b\u00e9"],
  ]) {
    expect(decode(encode(strings).view)).toEqual(strings)
    expect(decode(encode([...strings, "abcdefghijkl"]).view)).toEqual([...strings, "abcdefghijkl"])
  }
  const once = encode([first]).bytes.byteLength
  expect(encode([first, first]).bytes.byteLength).toBe(once + 2)
})
