/**
 * How a fiber goes on behind a move, row by row, on two OS threads: what is decided on the one (a throw that is pending, an
 * interrupt, an entered context) holds on the other, and would not without its field in the record.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type RunOptions, Threads } from "../support/threads.ts"

let threads: Threads
beforeAll(async () => {
  threads = await Threads.start(new URL("./going-on.ts", import.meta.url), new URL("./takings.ts", import.meta.url))
}, 60_000)
afterAll(() => threads[Symbol.asyncDispose]())

async function seen(fiber: string, options: RunOptions): Promise<unknown> {
  const end = await threads.run(fiber, options)
  return end.error ?? end.value
}

interface Row {
  readonly row: string
  readonly fiber: string
  readonly expected: unknown
  /** Takes the field out of the record. */
  readonly without: string
  /** How it becomes a record, if not by itself. */
  readonly taking?: string
  readonly options?: RunOptions["options"]
}

const rows: readonly Row[] = [
  {
    row: "current_exception, if a throw is pending (resume: throw)",
    fiber: "waits",
    expected: "from thread 1",
    taking: "interrupted",
    without: "withoutResumption",
  },
  {
    row: "current_frame: what it goes on with (resume: next + value)",
    fiber: "awaits",
    expected: "the answer",
    taking: "answered",
    without: "withoutResumption",
  },
  {
    row: "current_frame: what it waits for (resume: again + operation)",
    fiber: "sleeps",
    expected: [undefined, true],
    taking: "asItIs",
    without: "withoutResumption",
  },
  {
    row: "current_frame: the computation that it iterates (inner)",
    fiber: "iterates",
    expected: ["page 0", "page 1", "page 2", "last", true],
    without: "withoutInner",
  },
  {
    row: "asyncio_running_task: its name (name)",
    fiber: "named",
    expected: ["given", "given"],
    options: { name: "given" },
    without: "withoutName",
  },
  {
    row: "async_exc's counterpart of a fiber, still to be thrown (interruptPending)",
    fiber: "busy",
    expected: "from thread 1, there",
    taking: "interrupted",
    without: "withoutPendingInterrupt",
  },
  {
    row: "async_exc's counterpart of a fiber, thrown already (interrupt)",
    fiber: "interruptedBefore",
    expected: ["first", "delivered"],
    without: "withoutInterrupt",
  },
  {
    row: "context: which one is entered (context.scope)",
    fiber: "entered",
    expected: ["inner", "outer"],
    without: "withoutScope",
  },
  {
    row: "context: how many were entered (context.scopes)",
    fiber: "left",
    expected: "ROVE_TOKEN",
    without: "withoutScopes",
  },
  {
    row: "context: whether a token was used (used)",
    fiber: "used",
    expected: "ROVE_TOKEN",
    without: "withoutUse",
  },
  {
    row: "current_frame: computations that it holds, in each of their states",
    fiber: "holds",
    expected: [10, true, 10, 11, 11, 12, true, "not begun", "one"],
    without: "withoutComputations",
  },
  {
    row: "recursion_remaining, in computations that iterate one another",
    fiber: "nested",
    expected: [35, 36, 37, 32],
    options: { recursionLimit: 40 },
    without: "withoutBase",
  },
  {
    row: "context: how a variable's value is kept (keeping)",
    fiber: "kept",
    expected: [1, true, 5, "none here"],
    without: "withoutKeeping",
  },
  {
    row: "c_tracefunc/obj: what a hook threw (context.hooks.failure)",
    fiber: "failed",
    expected: expect.stringMatching(/^RangeError: thrown by a hook on thread \d+$/),
    without: "withoutFailure",
  },
]

describe.each(rows)("MOVE: $row", ({ fiber, expected, without: edit, taking = null, options = {} }) => {
  test("is the same behind the move", async () => {
    expect(await seen(fiber, { taking, options })).toEqual(expected)
  })
  test("is not without its field in the record", async () => {
    expect(await seen(fiber, { taking, edit, options })).not.toEqual(expected)
  })
})

describe("STAY", () => {
  test("async_exc, pending calls: what was addressed to the thread stays there when the fiber that ran has left", async () => {
    expect(await seen("leaves", { taking: "leftBehind" })).toEqual(["not hit", 0])
    expect(await seen("runs", {})).toBe("Error: raised in thread 1")
    expect(await seen("runs", {})).toBe(1)
  })

  test("c_stack_*: a fiber goes on at a depth that the machine stack of neither thread has", async () => {
    const all = (60_000 * 60_001) / 2
    for (const first of [1, 2] as const) expect(await seen("deepInside", { first })).toBe(all)
  })
})
