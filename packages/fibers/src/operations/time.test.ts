import { expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { channel } from "./channel.ts"
import { each } from "./each.ts"
import { semaphore } from "./locks.ts"
import { noBlock } from "./regions.ts"
import { sleep, sleepUntil } from "./time.ts"

/** Of a machine that is busy with others: five milliseconds pass whenever somebody looks. */
class Busy extends VirtualClock {
  #late = 0
  override now(): number {
    this.#late += 5
    return super.now() + this.#late
  }
}

test("a sleep of 1 ms waits, and is refused where a fiber must not, however slow the machine is to begin it", async () => {
  const naps = (ms: number) =>
    compiled("naps", function* () {
      yield sleep(ms)
    })
  const main = compiled("main", function* () {
    const seen: unknown[] = []
    for (const ms of [0, 1])
      try {
        seen.push(yield noBlock(naps(ms) as never))
      } catch (error) {
        seen.push((error as { code: string }).code)
      }
    return seen
  })
  expect(await new LocalHost({ clock: new Busy() }).run(main())).toEqual([undefined, "ROVE_NO_BLOCK"])
})

test("a text in the place of a number is shown as one: a message that says 'not 5' would name nothing wrong", () => {
  const text = "5" as never
  const none = (async function* () {})()
  const refused = [
    () => sleep(text),
    () => sleepUntil(text),
    () => semaphore(text),
    () => channel().receive({ timeout: text }),
    () => each(none, { grace: text }),
  ]
  for (const make of refused) expect(make).toThrow(/, not "5"$/)
  expect(() => sleep(Number.NaN)).toThrow(/, not NaN$/)
})
