/** Coroutines on one thread and on a pool: several stacks of one fiber. */
import { Coroutine, FiberRecord, LocalHost, Pool } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./coroutine.fibers.ts"

/** A busy machine may take its time. */
const patiently = { timeout: 10_000, interval: 5 }

const pool = await Pool.start({ workers: 2 })
afterAll(() => pool.close())
const hosts = { "on one thread": new LocalHost(), "on a pool": pool }
const coded = (code: string) => expect.objectContaining({ code })

describe.each(Object.entries(hosts))("%s", (_, host) => {
  test("two switch to each other; the end of one is its parent's value", async () => {
    expect(await host.run(fibers.pingPong(4))).toEqual(
      ["main 0", "pong 1", "main 2", "pong 3", "main 4", "over"].concat("ended", "running"),
    )
  })
  test("transfer is symmetric: nobody in between has to run", async () => {
    expect(await host.run(fibers.ring(7))).toBe("done abcabcab")
  })
  test("errors come out at the parent's switch; what cannot be switched to is refused, and says why", async () => {
    const refused = "ROVE_COROUTINE"
    expect(await host.run(fibers.errors())).toEqual([
      "RangeError: inside",
      "ended",
      "ready",
      "finally",
      "caught TypeError: from outside",
      "TypeError: too early",
      "ended",
      refused,
      refused,
      refused,
      "ROVE_NO_SWITCH",
      "itself",
    ])
  })
  test("what a coroutine yields without the star is told where it does, with what there is to write", async () => {
    const told = (what: string) =>
      expect.stringMatching(
        RegExp(
          `^ROVE_FORGOTTEN_YIELD ${what} was yielded and not performed at .*coroutine.fibers.ts:\\d+:\\d+.*, and nobody takes what a coroutine yields: write yield\\* in place of yield$`,
        ),
      )
    expect(await host.run(fibers.yieldsInVain())).toEqual([
      told("an operation"),
      told("a computation of naps"),
      told("an operation"),
      expect.stringMatching(/^ROVE_COROUTINE a coroutine yields a value, and nobody takes that: switch to/),
    ])
  })
  test("a coroutine ends into its parent, or the nearest one above that has not ended", async () => {
    expect(await host.run(fibers.parents())).toEqual([
      null,
      "grandchild waits",
      true,
      "to child",
      "child's",
      "ended",
      "grandchild's",
    ])
  })
  test.each([0, 5, 3_000])("a switch from %i calls deep, out of generators that are iterated", async depth => {
    expect(await host.run(fibers.deep(depth))).toEqual(["at 0", "at 1", depth + 3, 1])
  })
  test("each has its own variables and handled exceptions", async () => {
    expect(await host.run(fibers.contexts())).toEqual(["red", "red", "blue", 0, 1])
  })
  test("what run enters is in force on the stack that entered it alone, in a generator's rests too", async () => {
    const other = [
      "o other's",
      "o painted over 0 1 other's",
      "m main's",
      "o set by other",
      "o painted over 1 2 set by other",
      "m main's",
    ]
    expect(await host.run(fibers.runs([0, 0]))).toEqual(
      ["o first", "o other's", "m first", "m painted 0 main's"].concat(
        other,
        "m first",
        "o RangeError: enough first",
        "m first",
      ),
    )
  })
  test("pins are left in whatever order", async () => {
    expect(await host.run(fibers.pins())).toEqual(["a", "b", "b", "free"])
  })
  test("a record holds all stacks", async () => {
    const record = (await host.run(fibers.recorded())) as FiberRecord
    await using elsewhere = await Pool.start({ workers: 1 })
    expect(await elsewhere.resume(record)).toEqual(["other", "main", "other again"])
  })
  test("100,000 switches leave nothing behind on the stack", async () => {
    expect(await host.run(fibers.switchMany(100_000))).toBe(100_000)
  })
})

test("all stacks move with their fiber", async () => {
  const [one, two] = pool.threads().map(({ id }) => id) as [number, number]
  const seen = await pool.run(fibers.moves([two, one, two, one]))
  expect(await pool.run(fibers.runs([two, one]))).toEqual(await new LocalHost().run(fibers.runs([0, 0])))
  expect(seen).toEqual([...Array(8).fill(true), "over"])
})
test("a forged stack that runs in a circle is refused when it is switched to", async () => {
  const record = (await new LocalHost().run(fibers.recorded())) as FiberRecord
  const stopped = record.open()
  const { parent } = [...(stopped.context?.extra?.locals ?? new Map()).values()][0].current as Coroutine
  const { top } = (parent as Coroutine).stack as { top: { caller: unknown } }
  top.caller = top
  await expect(new LocalHost().resume(FiberRecord.of(stopped))).rejects.toThrow(coded("ROVE_RECORD"))
})
test("an interrupt is thrown where the fiber runs, and passes through the parents", async () => {
  const cleaned = new Int32Array(new SharedArrayBuffer(8))
  const fiber = pool.run(fibers.interrupted(cleaned))
  await expect.poll(() => cleaned[0], patiently).toBe(1)
  void fiber.interrupt("enough")
  await expect(fiber).rejects.toThrow(coded("ROVE_INTERRUPTED"))
  expect([...cleaned]).toEqual([2, 1])
})
test("outside of fibers there are none", () => {
  expect(() => Coroutine.current()).toThrow(coded("ROVE_COROUTINE"))
  expect(() => new Coroutine(fibers.switchMany as never)).toThrow(coded("ROVE_COROUTINE"))
})
