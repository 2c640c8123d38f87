import { expect, test } from "vitest"
import { decode, encode } from "../index.ts"

test("records that lie in one buffer are apart: each decodes to its own value, whatever was encoded since", () => {
  const values = Array.from({ length: 500 }, (_, i) => ({ i, text: "x".repeat(i) }))
  const records = values.map(value => encode(value))
  expect(records.map(({ view }) => decode(view))).toEqual(values)
  expect(new Set(records.map(({ view }) => view.buffer)).size).toBeLessThan(100)
})

test("`bytes` is a buffer of exactly the record's size, the same at each asking, which can be transferred", () => {
  const record = encode([1, "two"])
  const { bytes } = record
  expect(bytes).toBe(record.bytes)
  expect(bytes.byteLength).toBe(record.view.length)
  structuredClone(bytes, { transfer: [bytes] })
  expect(decode(record.view)).toEqual([1, "two"])
})

test("a large record has a buffer of its own", () => {
  const { view } = encode("é".repeat(100_000))
  expect(view.buffer.byteLength).toBe(view.length)
})

test("a buffer that was transferred against the rule is not written to again", () => {
  const { view } = encode("first")
  structuredClone(view.buffer, { transfer: [view.buffer] })
  expect(decode(encode("second").view)).toBe("second")
})

test("a record that is refused half-way leaves nothing behind", () => {
  const before = encode({ a: "before" })
  expect(() => encode([{ b: "a text".repeat(50) }, new WeakMap()])).toThrow("WeakMap")
  const after = encode({ a: "after" })
  expect([decode(before.view), decode(after.view)]).toEqual([{ a: "before" }, { a: "after" }])
})
