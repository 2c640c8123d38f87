/**
 * What moves and what stays, row by row, on two OS threads: each test sees its part of the state on both sides of a move,
 * and that it would be another without its field in the record.
 */
import {
  Binding,
  Context,
  ContextExtra,
  declareVariable,
  Hooks,
  SHARED,
  StoppedFiber,
  type ThreadIdentity,
} from "@rove/core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { computationOf } from "../../packages/fibers/src/runtime/generator.ts"
import { compiled } from "../support/hand-compiled.ts"
import { type RunOptions, Threads } from "../support/threads.ts"

let threads: Threads
beforeAll(async () => {
  threads = await Threads.start(new URL("./fibers.ts", import.meta.url), new URL("./edits.ts", import.meta.url))
}, 60_000)
afterAll(() => threads[Symbol.asyncDispose]())

async function seen(fiber: string, options: RunOptions = {}): Promise<unknown> {
  const end = await threads.run(fiber, options)
  return end.error ?? end.value
}

interface Moved {
  readonly row: string
  readonly fiber: string
  readonly expected: unknown
  /** Takes the field out of the record. */
  readonly without: string
  readonly options?: RunOptions["options"]
}

const limited = { recursionLimit: 40 }
const rows: readonly Moved[] = [
  {
    row: "recursion_limit (context.recursion.limit)",
    fiber: "recursion",
    expected: [38, 34],
    without: "withoutLimit",
    options: limited,
  },
  {
    row: "recursion_remaining (context.recursion.depth)",
    fiber: "recursion",
    expected: [38, 34],
    without: "withoutDepth",
    options: limited,
  },
  {
    row: "recursion_headroom (context.recursion.headroom)",
    fiber: "headroom",
    expected: "RecursionLimitError",
    without: "withoutHandled",
    options: limited,
  },
  {
    row: "what no thread of CPython has: the fiber's priority (context.priority)",
    fiber: "priority",
    expected: [0, 1],
    without: "withoutPriority",
    options: { priority: "high" },
  },
  {
    row: "current_frame, datastack_* (frames)",
    fiber: "frames",
    expected: ["a", 1, 2, 8, "innermost < middle < frames", "changed"],
    without: "withoutLocals",
  },
  {
    row: "exc_info chain (context.exceptions.handled)",
    fiber: "handled",
    expected: ["TypeError: inner", "RangeError: outer", "TypeError: inner", "RangeError: outer"],
    without: "withoutHandled",
  },
  {
    row: "coroutine_origin_tracking_depth (context.extra.origin)",
    fiber: "origin",
    expected: [2, true, 2, true],
    without: "withoutOrigin",
    options: { trackOrigin: 2 },
  },
  { row: "context (context.variables)", fiber: "variables", expected: ["blue", "blue"], without: "withoutVariables" },
  {
    row: "context: what ordinary and async helpers of the fiber read (AsyncLocalStorage)",
    fiber: "helpers",
    expected: ["blue", "blue", "blue"],
    without: "withoutVariables",
  },
  {
    row: "tracing (context.hooks.tracing)",
    fiber: "tracing",
    expected: ["call leaf", "return leaf"],
    without: "withoutTracing",
  },
  {
    row: "threading_local's counterpart of a fiber (FiberLocal)",
    fiber: "fiberLocals",
    expected: ["mine"],
    without: "withoutFiberLocals",
  },
  {
    row: "threading_local's counterpart of a fiber: its cleanup",
    fiber: "cleanups",
    expected: { lines: ["ended on thread 2"] },
    without: "withoutFiberLocals",
  },
  {
    row: "on_delete's counterpart of a fiber (onFiberExit)",
    fiber: "exits",
    expected: { lines: ["ended on thread 2"] },
    without: "withoutExits",
  },
]

describe.each(rows)("MOVE: $row", ({ fiber, expected, without, options }) => {
  test("is the same behind the move", async () => {
    expect(await seen(fiber, options && { options })).toEqual(expected)
  })
  test("is not without its field in the record", async () => {
    expect(await seen(fiber, { edit: without, ...(options && { options }) })).not.toEqual(expected)
  })
})

test("MOVE: asyncio_running_task (currentFiber)", async () => {
  const [before, after] = (await seen("who")) as string[]
  expect(before).toBe(after)
  const [first, second] = (await seen("who", { edit: "withoutId" })) as string[]
  expect([first, second]).not.toEqual([first, first])
})

test("EMPTY: critical_section (a ThreadMutex stays, and says so; the guard of a mutex goes along, and holds nothing where its lock is unknown)", async () => {
  const [refusal, locked, held] = (await seen("locks")) as [string, boolean, boolean]
  expect(refusal).toContain("a fiber holds the table, a lock of its thread")
  expect([locked, held]).toEqual([false, false])
})

test("EMPTY: trash, delete_later (what a fiber leaves to microtasks is done on the thread that it leaves)", async () => {
  expect(await seen("microtasks")).toEqual([0, 1])
})

const events = ["yield traced", "migrate traced", "resume traced", "call leaf", "return leaf"]
test.each([
  ["c_tracefunc/obj (context.hooks.trace)", "traced", "withoutTrace"],
  ["c_profilefunc/obj (context.hooks.profile)", "profiled", "withoutProfile"],
])("RESOLVE: %s: the other thread's function of that name is told of what happens there", async (_, fiber, without) => {
  const expected = events.map(line => line.replace("traced", fiber))
  expect(await seen(fiber)).toEqual(expected)
  expect(await seen(fiber, { edit: without })).not.toEqual(expected)
  // without where it ran last nobody knows that it moved
  expect(await seen(fiber, { edit: "withoutThread" })).toEqual(expected.filter(line => !line.startsWith("migrate")))
})

describe("STAY", () => {
  test("c_recursion_remaining, c_stack_*: recursion is as deep on a small machine stack as on a large one", async () => {
    const sum = (60_000 * 60_001) / 2
    for (const first of [1, 2] as const) expect(await seen("deep", { first })).toEqual([sum, sum])
  })

  test("context_ver, a cache keyed by thread: none serves another fiber's value", async () => {
    const names = Array.from({ length: 8 }, (_, i) => `tenant ${i}`)
    const all = await Promise.all(names.map((name, i) => seen("cached", { args: [name], first: i % 2 === 0 ? 1 : 2 })))
    expect(all).toEqual(names.map(() => true))
  })

  test("id, thread_id, native_thread_id: a fiber sees the thread that runs it", async () => {
    const [before, after] = (await seen("threads")) as (Partial<ThreadIdentity> | undefined)[]
    expect([before?.id, before?.name, after?.id, after?.name]).toEqual([1, "thread 1", 2, "thread 2"])
    expect([before?.isMain, after?.isMain]).toEqual([false, false])
    // each thread of this test has a runtime of its own
    expect([before?.runtimeId, after?.runtimeId]).toEqual([expect.stringMatching(/^\w{8}$/), expect.any(String)])
    expect(after?.runtimeId).not.toBe(before?.runtimeId)
    if (process.platform === "linux") {
      expect(before?.nativeId).toBeGreaterThan(process.pid)
      expect(after?.nativeId).not.toBe(before?.nativeId)
    }
  })

  test("an identity that was kept over the move is refused, with the path to it", async () => {
    expect(await seen("keeps")).toMatch(/keeps\(\) fibers\.ts:\d+ › local thread.*stays with that thread/)
  })

  test("dict, threading_local_*: a thread-local is the value of the thread that runs the fiber", async () => {
    const there = (await seen("threadLocals")) as string[]
    const back = (await seen("threadLocals", { first: 2 })) as string[]
    expect(there[0]).not.toBe(there[1])
    expect(back).toEqual(there.toReversed())
  })

  test("cwd, env: as Node has them, per thread", async () => {
    expect(await seen("environment")).toEqual(["set by thread 1", undefined])
  })

  test("root_cframe, async_exc, pending calls, gilstate, caches and the rest: a record has no field for them", () => {
    const fields = (object: object): string[] => Object.keys(object).sort()
    const about =
      "context home id inner interrupt interruptPending lifetime name pinned resumeKind resumeValue root spent status top topDepth version"
    expect(fields(new StoppedFiber())).toEqual(about.split(" ").sort())
    expect(fields(new Context())).toEqual(["extra", "priority", "recursionLimit", "variables"])
    expect(fields(new ContextExtra())).toEqual(["exits", "hooks", "locals", "origin", "scope", "scopes"])
    expect(fields(new Binding(declareVariable("test#fields"), 1, SHARED))).toEqual(["keeping", "value", "variable"])
    const computation = computationOf(compiled("fields", function* () {})())
    const ofComputation = "args baseDepth caller closure driver height pc returning self status step top"
    expect(fields(computation as object)).toEqual(ofComputation.split(" "))
    expect(fields(new Hooks())).toEqual(["code", "failure", "profile", "thread", "trace", "tracing"])
  })
})
