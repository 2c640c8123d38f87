/** Ordinary code that runs computations on its own thread: beside a LocalHost, in a worker, on an attached thread, and where none can run. */
import { attach, LocalHost, Pool, release, toAsyncIterable, toPromise } from "rove"
import { afterAll, describe, expect, test } from "vitest"
import * as fibers from "./hosted.fibers.ts"

const coded = (code: string) => expect.objectContaining({ code })

describe("where no fibers run", () => {
  test("it is refused, with what to do", async () => {
    await expect(toPromise(fibers.half(2))).rejects.toThrow(coded("ROVE_NO_THREAD"))
    expect(() => toAsyncIterable(fibers.counts([], 2))).toThrow(/toAsyncIterable.*pool\.stream/)
  })
})

const promised = {
  result: 4,
  where: [true, "asked", 2],
  variables: "of who calls",
  unportable: "ROVE_NOT_HANDED_OVER",
  error: [true, "3 is odd"],
  timeout: "ROVE_TIMEOUT",
  signal: [true, "cleaned up"],
  aborted: "before",
  refused: ["ROVE_COMPUTATION_USED", "ROVE_NOT_COMPILED", "ROVE_INVALID_ARGUMENT", "ROVE_NOT_PORTABLE"],
  given: [4],
}
const iterated = {
  all: [0, 1, 2, true],
  byHand: [
    { value: { n: 0 }, done: false },
    { value: "all", done: true },
    { value: undefined, done: true },
  ],
  left: [
    { value: { n: -1 }, done: true },
    { value: undefined, done: true },
    { value: undefined, done: true },
  ],
  lazy: [[], [], { value: undefined, done: true }],
  "ahead 1": ["yields 0", "yields 1", "takes 0", "yields 2", "takes 1", "cleaned up"],
  "ahead 3": [0, 1, 2, 3, "takes 0", 4, "takes 1", "cleaned up"].map(mark =>
    typeof mark === "number" ? `yields ${mark}` : mark,
  ),
  signal: [true, true],
  error: [0, true],
  unportable: "ROVE_NOT_PORTABLE",
  disposed: ["yields 0", "yields 1", "cleaned up"],
  refused: ["ROVE_COMPUTATION_USED", "ROVE_INVALID_ARGUMENT", "ROVE_INVALID_ARGUMENT"],
}

describe("on threads of a pool", () => {
  const starting = Pool.start({ workers: 2, grace: 50 })
  afterAll(async () => (await starting).close())
  test("a promise of a fiber's result: it runs there, and ends by signals and timeouts", async () => {
    expect(await (await starting).run(fibers.callsOrdinary())).toEqual(promised)
  })
  test("an async iterable of what a fiber yields: it begins late, keeps pace, and is ended", async () => {
    expect(await (await starting).run(fibers.callsIterates())).toEqual(iterated)
  })
  test("on an attached thread; what still runs when it is released is interrupted after the grace", async () => {
    const token = await attach(await starting)
    expect(await fibers.ordinary()).toEqual(promised)
    expect(await fibers.iterates()).toEqual(iterated)
    const log = fibers.marksOf("abandoned")
    const abandoned = expect(toPromise(fibers.forever("abandoned"))).rejects.toThrow(coded("ROVE_INTERRUPTED"))
    await release(token)
    await abandoned
    expect(log).toEqual(["cleaned up"])
    await expect(toPromise(fibers.half(2))).rejects.toThrow(coded("ROVE_NO_THREAD"))
  })
})

describe("beside a LocalHost", () => {
  test("inside of what a fiber calls, and outside; not when it is closed", async () => {
    const host = new LocalHost()
    expect(await host.run(fibers.callsOrdinary())).toEqual(promised)
    expect(await fibers.ordinary()).toEqual(promised)
    expect(await fibers.iterates()).toEqual(iterated)
    await host.close()
    await expect(toPromise(fibers.half(2))).rejects.toThrow(coded("ROVE_POOL_CLOSED"))
  })
})
