import { expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { interval } from "./interval.ts"
import { timeout } from "./limits.ts"
import { now, sleep } from "./time.ts"

/** What a compiled loop does: it steps the iterator inside the fiber. */
const stepped = compiled("stepped", function* (iterator: Generator<number>) {
  return yield iterator
})
const run = (body: () => Generator<unknown, unknown>) =>
  new LocalHost({ clock: new VirtualClock(1000) }).run(compiled("body", body)())

test("what is no number of milliseconds is refused", () => {
  for (const ms of [0, -1, Number.NaN, "5"])
    expect(() => interval(ms as number)).toThrow(expect.objectContaining({ code: "ROVE_INVALID_ARGUMENT" }))
})

test("native code cannot wait for a tick", () => {
  expect(() => [...interval(5)]).toThrow(expect.objectContaining({ code: "ROVE_NO_FIBER" }))
})

test("as a whole it never ends but by a limit", async () => {
  expect(
    await run(function* () {
      try {
        yield timeout(25, stepped(interval(10)) as never)
      } catch (error) {
        yield sleep(1)
        return [(error as Error).name, now()]
      }
    }),
  ).toEqual(["TimeoutError", 1026])
})
