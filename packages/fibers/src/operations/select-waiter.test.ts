import { expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { type ChannelObject, RECEIVE } from "../homed/channel.ts"
import { HomedRef } from "../homed/ref.ts"
import type { Answer, Choice } from "../runtime/choice.ts"
import { VirtualClock } from "../runtime/clock.ts"
import type { Party } from "../runtime/homes.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { channel } from "./channel.ts"
import { select } from "./select.ts"
import { sleep } from "./time.ts"

/** One who receives, and chooses, on another thread: it is asked behind those of this one, and answers when the test says so. */
class Chooser implements Party {
  older: Party | null = null
  newer: Party | null = null
  queue: object | null = null
  held = false
  readonly operation = RECEIVE
  readonly argument = undefined
  readonly patient = true
  asked: Answer | null = null
  readonly choice: Choice<Party> = {
    thread: 1000,
    number: 1,
    hold: () => {},
    release: () => {},
    offer: (_party, _kind, _value, answer) => {
      this.asked = answer
    },
  }
  settle(): void {}
  freed(): void {}
}

async function promised(answer: boolean): Promise<unknown> {
  const host = new LocalHost({ clock: new VirtualClock() })
  const it = channel<object>()
  const chooser = new Chooser()
  let done: PromiseLike<unknown> | null = null
  const body = compiled("body", function* () {
    yield it.balance()
    ;(HomedRef.at(it as unknown as HomedRef, host) as ChannelObject).enqueue(chooser)
    done = host.run(chooses())
    yield sleep(20)
    chooser.asked?.(answer)
  })
  const chooses = compiled("chooses", function* () {
    try {
      return (yield select({ send: it.send({}, { timeout: 10 }), tick: sleep(1000) })) as unknown
    } catch (error) {
      return (error as { code: string }).code
    }
  })
  await host.run(body())
  return await done
}

test("a branch that has been promised the choice is not late before it is known whether it happens", async () => {
  expect(await promised(true)).toEqual({ key: "send", value: undefined })
  expect(await promised(false)).toBe("ROVE_TIMEOUT")
})
