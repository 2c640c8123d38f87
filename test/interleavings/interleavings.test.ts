import { describe, expect, test } from "vitest"
import { search } from "./threads.ts"

describe("in every order of the accesses of two real threads", { timeout: 60_000 }, () => {
  test.for([
    ["one sends, one sleeps", "all that is sent is read in order, and the sleeper is woken"],
    ["by ring and by port", "what goes by the port and what goes by the ring is read in order"],
    ["both send and sleep", "two that send and then sleep are both woken"],
    ["one begins to follow", "who is woken for places only from now on reads those that came before"],
    ["one is told to go", "a worker that has nothing says so before it sleeps, wherever the word meets it"],
    ["one sleeps and is fed", "a sleeper that is given fibers unasked wakes and runs each once"],
  ] as const)("%s: %s", async ([scenario]) => {
    const { runs, complete, failure } = await search(scenario)
    expect(failure).toBeNull()
    expect(complete).toBe(true)
    expect(runs).toBeGreaterThan(10)
  })
})

describe("the search finds what is broken on purpose:", { timeout: 60_000 }, () => {
  test.for([
    ["no second look", "one sends, one sleeps", /nobody wakes them/],
    ["no second look", "both send and sleep", /nobody wakes them/],
    ["no second look", "one sleeps and is fed", /nobody wakes them/],
    ["follows without a look", "one begins to follow", /nobody wakes them/],
    ["rings before it raises", "one sends, one sleeps", /nobody wakes them/],
    ["rings only before it encodes", "one sleeps and is fed", /nobody wakes them/],
    ["answers before it sends", "one asks, one answers", /granted before its fibers were there/],
    ["withdraws without looking", "one asks, one answers", /answered 1 requests; the thief heard of 0/],
    ["swaps in two steps", "one asks, one answers", /answered 1 requests; the thief heard of 0/],
  ] as const)("%s, where %s", async ([plant, scenario, found]) => {
    expect((await search(scenario, plant)).failure).toMatch(found)
  })
})
