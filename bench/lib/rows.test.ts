import { expect, test } from "vitest"
import { row, table } from "./rows.ts"

const base = { subject: "calls", case: "fib(30)", value: 2, unit: "ms" }
const ratio = (ratio: number) => ({ against: { peer: "native", value: 10, ratio } })

test("the aim says which side of the bar is the better one", () => {
  expect(row({ ...base, ...ratio(6), bar: 3, aim: 5 }).met).toBe("aim")
  expect(row({ ...base, ...ratio(3), bar: 3, aim: 5 }).met).toBe("bar")
  expect(row({ ...base, ...ratio(2.9), bar: 3, aim: 5 }).met).toBe("missed")
  expect(row({ ...base, ...ratio(2.9), bar: 3, aim: 1.8 }).met).toBe("bar")
  expect(row({ ...base, ...ratio(3.1), bar: 3, aim: 1.8 }).met).toBe("missed")
})

test("without a peer, the value itself is judged; without a bar, nothing is", () => {
  expect(row({ ...base, bar: 15, aim: 1 }).met).toBe("bar")
  expect(row(base)).toMatchObject({ met: null, peer: null, ratio: null, bar: null })
})

test("a bar that does not say which side is better is refused", () => {
  expect(() => row({ ...base, bar: 3 })).toThrow("come together")
  expect(() => row({ ...base, bar: 3, aim: 3 })).toThrow("which side")
})

test("the table has a line for each row", () => {
  const lines = table([row({ ...base, ...ratio(5), bar: 3, aim: 5 }), row(base)]).split("\n")
  expect(lines).toHaveLength(3)
  expect(lines[1]).toMatch(/^calls +fib\(30\) +2 ms +native +10 ms +5 +3 +5 +aim$/)
})
