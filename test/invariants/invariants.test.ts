/** Invariants of identity, context, exceptions and recursion, on two OS threads between which fibers go to and fro. */
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"
import { type RunOptions, Threads } from "../support/threads.ts"

let threads: Threads
beforeAll(async () => {
  threads = await Threads.start(
    new URL("./fibers.ts", import.meta.url),
    new URL("../state/takings.ts", import.meta.url),
  )
}, 60_000)
afterAll(() => threads[Symbol.asyncDispose]())

async function seen(fiber: string, options: RunOptions = {}): Promise<unknown> {
  const end = await threads.run(fiber, options)
  return end.error ?? end.value
}

describe("identity", () => {
  test("invariant 1 and 2: at each slice a fiber sees the thread that runs it, whose identity no foreign fiber changes; its own id never changes", async () => {
    const diaries = (await Promise.all(
      Array.from({ length: 20 }, (_, i) => seen("diary", { args: [9], first: i % 2 === 0 ? 1 : 2 })),
    )) as [number, string][][]
    for (const [i, diary] of diaries.entries()) {
      expect(diary.map(([thread]) => thread)).toEqual(diary.map((_, hop) => ((hop + i) % 2) + 1))
      expect(new Set(diary.map(([, id]) => id)).size).toBe(1)
    }
    expect(new Set(diaries.map(([first]) => first?.[1])).size).toBe(20)
  })
})

test("invariant 1: the identity of a thread and its thread-locals are the same before and after foreign fibers ran there", async () => {
  const ofThreads = () => Promise.all([seen("ofThread"), seen("ofThread", { first: 2 })])
  const before = await ofThreads()
  const how = ["returns", "throws", "stays"]
  const visitors = Array.from({ length: 60 }, (_, i) =>
    seen("visits", { args: [how[i % 3]], first: i % 2 === 0 ? 1 : 2 }),
  )
  const ends = await Promise.all(visitors.filter((_, i) => i % 3 !== 2)) // the others stay
  expect(new Set(ends)).toEqual(new Set([undefined, "Error: thrown by a visitor"]))
  const after = (await ofThreads()) as [object, object][]
  expect(after).toEqual((before as [object, object][]).map(([thread, own]) => [thread, { ...own, looks: 2 }]))
  expect(before).toMatchObject([
    [{ id: 1, name: "thread 1" }, { looks: 1 }],
    [{ id: 2, name: "thread 2" }, { looks: 1 }],
  ])
})

describe("context", () => {
  test("invariant 3: two fibers that take turns ten thousand times read a million times their own value", async () => {
    const both = ["a", "b"].map(name => seen("alternates", { args: [name, 5000] }))
    expect(await Promise.all(both)).toEqual([0, 0])
  })

  test("invariant 5 and 6: a variable is seen by its fiber alone; children start from a copy", async () => {
    const names = ["a", "b", "c", "d", "e", "f"]
    const all = await Promise.all(names.map((name, i) => seen("sets", { args: [name], first: i % 2 === 0 ? 1 : 2 })))
    expect(all).toEqual(names.map(name => ["none", name, name, name, name, name]))
  })

  test("invariant 5: what a computation entered is not seen by whoever iterates it, behind moves too, nor left behind", async () => {
    const values = ["one", "two", "one, set", "two, set", "one", "two", undefined, undefined]
    expect(await seen("iterates")).toEqual([...values.flatMap(value => [value, "outer", "outer"]), "outer"])
  })

  test("invariant 7: a context that is entered is refused, to a child and from the other thread too, and free when it is left", async () => {
    const entered = "ROVE_CONTEXT_ENTERED"
    expect(await seen("enters")).toEqual([entered, entered, entered, null])
  })

  test("invariant 8: a token works once, only for its variable and context, behind a move too; a saved token stays used, and a copy that was handed over never works", async () => {
    const refused = "ROVE_TOKEN"
    expect(await seen("tokens")).toEqual([refused, refused, refused, refused, refused, null, "none", refused])
  })

  test("invariant 9: a throw out of run restores the outer context on the other thread; finally runs in the inner one", async () => {
    expect(await seen("throwsOut")).toEqual(["inner", "thrown", "outer"])
  })

  test("invariant 10: an unportable value is refused with the variable's name", async () => {
    expect(await seen("unportable")).toMatch(/the context variable "held" .* stays on its thread/)
  })
})

describe("exceptions", () => {
  test("invariant 11: the handled exceptions are equal before and after a move at each of seven points over two frames", async () => {
    const first = "RangeError: first"
    const expected = [[], [first], [first], ["TypeError: second", first], ["SyntaxError: third", first], [first], []]
    expect(await seen("points", { args: [false] })).toEqual(expected)
    expect(await seen("points", { args: [true] })).toEqual(expected)
  })

  test("invariant 12: a fresh fiber sees no handled exception though it was started inside a catch", async () => {
    expect(await seen("fresh")).toEqual([1, 0])
  })

  test("invariant 13: class, name, message, code, cause, parts, own properties, stack and identity survive", async () => {
    expect(await seen("errors")).toEqual([
      [true, "Refused", "message", "E_REFUSED", 1],
      [true, true, true, true, true],
      true,
    ])
  })

  test("invariant 14: finally runs exactly once whatever the number of moves", async () => {
    for (const moves of [0, 1, 7]) expect(await seen("finallyOnce", { args: [moves] })).toEqual(["catch", "finally"])
  })
})

test("invariant 14: a finally that is left by a throw, a continue or a return behind a move runs once", async () => {
  expect(await seen("leavesFinally")).toEqual([
    "finally 0",
    "from finally 0",
    "outer 0",
    "finally 1",
    "from finally 1",
    "outer 1",
    "behind",
    "returns",
    "from finally",
  ])
})

test("invariant 14: on an interrupt finally runs once, with a move in each", async () => {
  expect(await seen("interruptedOnce", { taking: "interrupted" })).toEqual([
    "inner",
    "inner, there",
    "from thread 1",
    "outer",
  ])
})

describe("recursion", () => {
  test("invariant 16: fibers that stand at their limit on both threads take nothing from another, nor from each other", async () => {
    const limit = 200
    const options = { recursionLimit: limit }
    const deep = Array.from({ length: 6 }, (_, i) =>
      seen("atItsLimit", { args: [limit], options, first: i % 2 === 0 ? 1 : 2 }),
    )
    const beside = seen("beside", { args: [3], options })
    expect(await Promise.race([beside, ...deep]), "none fails").not.toEqual(expect.any(String))
    const found = [limit - 2, limit - 1, limit - 2, limit - 1]
    expect([await beside, await Promise.all(deep)]).toEqual([found, Array(6).fill(0)])
  })

  test("invariant 16 and 18: the limit comes at the same depth on both threads, whose stacks differ, whatever others use up", async () => {
    for (const limit of [30, 5000]) {
      const options = { recursionLimit: limit }
      const others = Array.from({ length: 4 }, () => seen("limits", { options }))
      const all = await Promise.all([...others, seen("limits", { options, first: 2 })])
      expect(all).toEqual(all.map(() => [limit - 2, limit - 2, 1]))
    }
  })

  test("invariant 17: the depth is 0 at the start whatever the starter's, and restored when the limit error is caught", async () => {
    const options = { recursionLimit: 300 }
    expect(await seen("startedDeep", { args: [200], options })).toEqual([1, 298, 298])
  })
})

test("invariant 19: a hook that the destination does not know is a defined error, which names it", async () => {
  expect(await threads.run("watched")).toMatchObject({
    code: "ROVE_REFERENCE_UNKNOWN",
    error: expect.stringContaining("known to thread 1"),
  })
})

test("invariant 14 and 25: a pool that closes ends every fiber once, with its finally blocks; errors and calls reach threads", {
  timeout: 60_000,
}, async () => {
  const register = new URL("../../packages/rove/src/register.ts", import.meta.url).href
  const args = ["--import", register, "pool-end.ts"]
  const { code, out, err } = await node(import.meta.dirname, args, { ROVE_CACHE: scratch({}) })
  const lines = out.trimEnd().split("\n")
  expect([code, err]).toEqual([0, ""])
  expect(lines.filter(line => /^orphan/.test(line)).toSorted()).toEqual([0, 1, 2, 3, 4, 5].map(i => `orphan ${i}`))
  expect(lines.filter(line => /^drained/.test(line)).toSorted()).toEqual([0, 1, 2].map(i => `drained ${i}`))
  expect(lines.filter(line => !/^(orphan|drained)/.test(line)).toSorted()).toEqual(
    ["called on t-1", "accepted delivered stop", "ended", "closed", "too late too late"].toSorted(),
  )
})
