import { describe, expect, test } from "vitest"
import { search } from "./threads.ts"

describe("in every order of the accesses of two real threads", { timeout: 300_000 }, () => {
  test.for([
    ["a ring that is too small", "mail that a ring has no room for is read in its place"],
    ["one asks, one answers", "each fiber runs once, and every answered request is heard of"],
    ["one asks, one answers, and feeds", "what is given unasked and what is asked for do not meet twice"],
    ["one asks twice", "a thief that asks again takes no answer for another"],
  ] as const)("%s: %s", async ([scenario]) => {
    const { complete, failure } = await search(scenario, null, 1_000_000)
    expect(failure).toBeNull()
    expect(complete).toBe(true)
  })
})
