/** Supervisors on one thread and on a pool: invariant 55. */
import { decode, encode } from "@rove/core"
import { LocalHost, Pool, supervisor } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import { partsOf } from "../support/rewritten.ts"
import * as fibers from "./supervisor.fibers.ts"

const pool = await Pool.start({ workers: 2 })
afterAll(() => pool.close())
const hosts = { "on one thread": new LocalHost(), "on a pool": pool }

const begun = ["a starts", "b starts", "c starts"]
const stopped = ["stop", "c stops", "b stops", "a stops", "ROVE_INTERRUPTED"]
const permanent = ["permanent", "permanent", "permanent"] as const

/** Children that start one after the other may run on different threads. */
function sorted(seen: readonly string[]): string[] {
  const order = (text: string): string => (text.endsWith(" starts") ? text : "")
  return seen
    .reduce<string[][]>((runs, text) => {
      const last = runs.at(-1)
      if (last !== undefined && order(text) !== "" && order(last[0] as string) !== "") last.push(text)
      else runs.push([text])
      return runs
    }, [])
    .flatMap(run => run.sort())
}

describe.each(Object.entries(hosts))("%s", (_, host) => {
  test.each([
    ["one for one", ["b starts"]],
    ["rest for one", ["c stops", "b starts", "c starts"]],
    ["one for all", ["c stops", "a stops", "a starts", "b starts", "c starts"]],
  ] as const)("%s: those whom an end concerns are stopped in reverse and started in order", async (strategy, again) => {
    expect(sorted(await host.run(fibers.story(strategy, permanent, [["b", "fail", again.length]], 3, 3)))).toEqual(
      [...begun, "b: fail", ...again].concat(stopped),
    )
  })
  test("a transient child is started again unless it ended well, a temporary one never; with none left it ends", async () => {
    const restarts = ["transient", "temporary"] as const
    const ends = [
      ["a", "fail", 1],
      ["a", "end", 0],
      ["b", "fail", 0],
    ] as const
    expect(sorted(await host.run(fibers.story("one for one", restarts, ends, 3, 0)))).toEqual([
      ...["a starts", "b starts", "a: fail", "a starts", "a: end", "b: fail", "ended"],
    ])
  })
  test("more restarts than are allowed: children are stopped in reverse order, then it fails and says why", async () => {
    const ends = [
      ["b", "fail", 1],
      ["a", "fail", 2],
    ] as const
    expect(sorted(await host.run(fibers.story("one for one", permanent, ends, 1, 0)))).toEqual(
      [...begun, "b: fail", "b starts", "a: fail", "c stops", "b stops"].concat(
        "ROVE_SUPERVISOR because of RangeError: a",
      ),
    )
  })
  test("a child that does not end in its time is left behind, and ends before the supervisor's fiber does", async () => {
    expect(await host.run(fibers.stubborn())).toEqual(["at last", true])
  })
  test.each([true, false])(
    "a child that cannot be started ends it, and the others are stopped (at first: %s)",
    async first => {
      const failure = "TypeError: no such child"
      const ends = first
        ? [[failure], [failure, "a starts", "a stops"]]
        : [["a starts", "b starts", failure, "a stops"]]
      expect(ends).toContainEqual(sorted(await host.run(fibers.unstartable(first))))
    },
  )
  test("where nothing may wait it ends, and does not try for ever", { timeout: 10_000 }, async () => {
    expect(await host.run(fibers.waitsNowhere())).toBe("ROVE_NO_BLOCK")
  })
  test("a service is found by its name again after it crashed", async () => {
    expect(await host.run(fibers.service())).toEqual(["a1", "b2", "ROVE_NO_PROCESS", "c1"])
  })
})

test("a fiber of Rove's own operations alone begins on a thread that has imported nothing", async () => {
  await using fresh = await Pool.start({ workers: 1 })
  expect(await fresh.run(supervisor({ children: [] }))).toBe(undefined)
})
test("options that make no sense are refused", () => {
  const start = (): never => undefined as never
  for (const wrong of [
    { children: 1 },
    { children: [{}] },
    { children: [{ start, restart: "often" }] },
    { children: [{ start, shutdown: -1 }] },
    { children: [], strategy: "all" },
    { children: [], intensity: -1 },
    { children: [], period: 0 },
    { children: [], what: 1 },
  ])
    expect(() => supervisor(wrong as never)).toThrow(expect.objectContaining({ code: "ROVE_INVALID_ARGUMENT" }))
})

test("a record in which a supervisor is to do what is no action is refused", async () => {
  const host = new LocalHost({ report: () => {} })
  const running = host.run(fibers.overSleeper())
  running.catch(() => {})
  // it has started its child, and waits
  for (let i = 0; i < 5; i++) await new Promise(setImmediate)
  const { bytes } = await running.snapshot()
  await running.interrupt("enough")
  const supervising = () => {
    const root = decode(bytes)
    const found = partsOf(root).find(part => typeof part === "object" && part !== null && "todo" in part)
    return [root, found as { todo: unknown[]; doing: unknown }] as const
  }
  const refused = expect.objectContaining({ code: "ROVE_RECORD" })
  for (const wrong of [undefined, 1, [], {}, { do: "start" }, { do: "start", at: -1 }, { do: "dance", at: 0 }]) {
    const [first, doing] = supervising()
    doing.doing = wrong
    expect(() => decode(encode(first).bytes)).toThrow(refused)
    const [second, todo] = supervising()
    todo.todo = [{ do: "wait" }, wrong]
    expect(() => decode(encode(second).bytes)).toThrow(refused)
  }
  const [root, todo] = supervising()
  todo.todo = [{ do: "wait" }, { do: "gone", at: 0 }]
  expect(() => decode(encode(root).bytes)).not.toThrow()
})
