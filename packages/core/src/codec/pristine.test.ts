import { expect, test } from "vitest"
import { clone, decode, encode } from "./index.ts"

test("a program that changed how arrays are iterated can be saved, and keeps its change", () => {
  const own = Object.getOwnPropertyDescriptor(Array.prototype, Symbol.iterator) as PropertyDescriptor
  const value = { list: [1, [2]], map: new Map([["a", new Set([1])]]) }
  let copies: unknown[] = []
  let kept = false
  delete (Array.prototype as unknown as Record<symbol, unknown>)[Symbol.iterator]
  try {
    copies = [decode(encode(value).bytes), clone(value)]
    kept = !(Symbol.iterator in Array.prototype)
  } finally {
    Object.defineProperty(Array.prototype, Symbol.iterator, own)
  }
  expect(copies).toEqual([value, value])
  expect(kept).toBe(true)
})
