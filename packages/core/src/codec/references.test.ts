import { expect, test } from "vitest"
import { byReference, decode, encode } from "../index.ts"

test("a plain object that is registered after it was carried by content is carried by name from then on", () => {
  const settings = { level: 1 }
  const copy = decode(encode([settings]).bytes) as [object]
  expect(copy[0]).not.toBe(settings)
  byReference("references.test#settings", settings)
  expect(decode(encode([settings]).bytes)).toEqual([settings])
  expect((decode(encode([settings]).bytes) as [object])[0]).toBe(settings)
})
