import type { StoppedFiber } from "@rove/core"
import { describe, expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { currentFiber, currentThread } from "../current.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { spawn } from "./spawn.ts"
import { suspend } from "./suspend.ts"
import { sleep } from "./time.ts"

const host = (id: number) => new LocalHost({ clock: new VirtualClock(), id })
const codeOf = (code: string) => expect.objectContaining({ code })

/** Suspends itself twice, and says where it was. */
const traveller = compiled("traveller", function* () {
  const seen: string[] = []
  for (let i = 0; i < 3; i++) {
    yield sleep(1)
    seen.push(`${currentFiber()?.id.split("-")[1]} on ${currentThread().id}`)
    if (i < 2) yield suspend()
  }
  return seen
})

async function recordOf(h: LocalHost): Promise<StoppedFiber> {
  const leg = await h.start(traveller())
  if (leg.done) throw new Error("it did not suspend")
  return leg.fiber
}

describe("suspend", () => {
  test("gives the record to whoever started or resumed the fiber, and it goes on where that is resumed", async () => {
    const [a, b] = [host(1), host(2)]
    const second = await b.proceed(await recordOf(a))
    if (second.done) throw new Error("it did not suspend")
    expect(await a.proceed(second.fiber)).toEqual({ done: true, value: ["1.1 on 1", "1.1 on 2", "1.1 on 1"] })
  })

  test("is refused where nobody takes the record: in `run`, and in children", async () => {
    const parent = compiled("parent", function* () {
      return yield (yield spawn(traveller())).join()
    })
    await expect(host(1).run(traveller())).rejects.toThrow(codeOf("ROVE_NO_TAKER"))
    await expect(host(1).start(parent())).rejects.toThrow(codeOf("ROVE_NO_TAKER"))
  })

  test("a fiber that runs here is not resumed here", async () => {
    const h = host(1)
    const record = await recordOf(h)
    const going = h.proceed(record)
    await expect(h.proceed(record)).rejects.toThrow(codeOf("ROVE_ALIVE"))
    expect((await going).done).toBe(false)
  })

  test("what is no record of a fiber is refused", async () => {
    await expect(host(1).proceed({} as StoppedFiber)).rejects.toThrow(codeOf("ROVE_RECORD"))
  })

  test("the error of a leg rejects it", async () => {
    const fails = compiled("fails", function* () {
      yield suspend()
      throw new TypeError("after the stop")
    })
    const h = host(1)
    const leg = await h.start(fails())
    if (leg.done) throw new Error("it did not suspend")
    await expect(h.proceed(leg.fiber)).rejects.toThrow(new TypeError("after the stop"))
  })
})
