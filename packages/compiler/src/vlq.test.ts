import { expect, test } from "vitest"
import { COMMA, LONGEST, Reader, write } from "./vlq.ts"

const numbers = [0, 1, -1, 15, 16, -16, 31, 32, 1_023, -1_024, 123_456, -(2 ** 30), 2 ** 30]

test("numbers are read as they were written, and none is longer than the longest", () => {
  const bytes = new Uint8Array(numbers.length * (LONGEST + 1))
  let end = 0
  for (const n of numbers) {
    const start = end
    end = write(bytes, end, n)
    expect(end - start).toBeLessThanOrEqual(LONGEST)
    bytes[end++] = COMMA
  }
  const reader = new Reader(Buffer.from(bytes.subarray(0, end)).toString("latin1"))
  for (const n of numbers) {
    expect(reader.has()).toBe(true)
    expect(reader.next()).toBe(n)
    expect(reader.has()).toBe(false)
    reader.at++
  }
})

test("they are spelt as source maps spell them", () => {
  const bytes = new Uint8Array(10)
  expect(Buffer.from(bytes.subarray(0, write(bytes, 0, 16))).toString()).toBe("gB")
  expect(Buffer.from(bytes.subarray(0, write(bytes, 0, -1))).toString()).toBe("D")
})
