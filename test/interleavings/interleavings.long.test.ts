import { expect, test } from "vitest"
import { search } from "./threads.ts"

test("in every order of the accesses of two real threads, mail that a ring has no room for is read in its place", async () => {
  const { complete, failure } = await search("a ring that is too small", null, 1_000_000)
  expect(failure).toBeNull()
  expect(complete).toBe(true)
})
