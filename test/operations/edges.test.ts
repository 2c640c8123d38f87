/** Operations of several families in one program, on one thread and on a pool. */
import { LocalHost, Pool } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./edges.fibers.ts"

const pool = await Pool.start({ workers: 2 })
afterAll(() => pool.close())
const hosts = { "on one thread": new LocalHost(), "on a pool": pool }

describe.each(Object.entries(hosts))("%s", (_, host) => {
  test("joins of fibers are branches like any other", async () => {
    expect(await host.run(fibers.joinsAsBranches())).toEqual([[0, 1, 2, 3], 7, { again: 7, by: 7 }])
  })
  test("a select with a default waits for nobody, wherever it stands", async () => {
    const none = { key: "default", value: "none" }
    expect(await host.run(fibers.selectsWithoutWaiting())).toEqual([none, none, { key: "a", value: 1 }])
  })
  test("what is about the fiber itself is refused as a branch, which is another fiber", async () => {
    const refused = "ROVE_INVALID_ARGUMENT"
    expect(await host.run(fibers.ownAsBranches())).toEqual([refused, refused, refused, true])
  })
  test("nothing is tried again once it was interrupted, whatever became of the interrupt", async () => {
    expect(await host.run(fibers.wrapsInterrupts())).toEqual([[1], true])
  })
  test("a question has one answer; without one, who asked hears why", async () => {
    expect(await host.run(fibers.answersTwice())).toEqual([
      ...[1, true, false],
      "RangeError: asked too much",
      "ask: fiber (isMute) has not answered within 10 ms",
    ])
  })
})

test("a supervisor's children start in the order of the list", async () => {
  const names = ["a", "b", "c", "d", "e"]
  expect(await new LocalHost().run(fibers.startsInOrder(names))).toEqual(names)
})
test("a failure that was caught by a late join from another thread is not reported", { timeout: 60_000 }, async () => {
  const reported: string[] = []
  const logger = {
    info() {},
    warn: (_: object, text: string) => reported.push(text),
    error: (_: object, text: string) => reported.push(text),
  }
  await using watched = await Pool.start({ workers: 2, logger: logger as never })
  const threads = watched.threads().map(({ id }) => id)
  expect(await watched.run(fibers.catchesLate(threads, 5))).toBe(5)
  await watched.close()
  expect(reported).toEqual([])
})
