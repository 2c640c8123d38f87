import { expect, test } from "vitest"
import { Returns } from "./returns.ts"

test("a fiber that comes back goes on counting its hops once, and others begin with none", () => {
  const returns = new Returns()
  returns.recorded("a", 3)
  expect([returns.resumed("b"), returns.resumed("a"), returns.resumed("a")]).toEqual([0, 3, 0])
})

test("of records that never come back so many are remembered, the latest", () => {
  const returns = new Returns()
  returns.recorded("again", 1)
  for (let i = 1; i < 65_536; i++) returns.recorded(`${i}`, i)
  returns.recorded("again", 2)
  returns.recorded("one more", 7)
  expect([returns.resumed("1"), returns.resumed("again"), returns.resumed("2")]).toEqual([0, 2, 2])
})
