import { expect, test, vi } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { currentFiber } from "../current.ts"
import { VirtualClock } from "../runtime/clock.ts"
import { LocalHost } from "../runtime/local-host.ts"
import type { Fiber } from "./handle.ts"
import { ask, type Question } from "./messages.ts"
import { receive } from "./receive.ts"
import { spawn } from "./spawn.ts"
import { sleep } from "./time.ts"

const host = () => new LocalHost({ clock: new VirtualClock() })

test("an interrupt that comes with the answer to who asked is thrown there, once", async () => {
  const cuts = compiled("cuts", function* () {
    const question: Question = yield receive()
    yield question.reply("the answer")
    yield (question.message as Fiber<unknown>).interrupt("cut")
  })
  const asks = compiled("asks", function* (whom: Fiber<unknown>) {
    yield ask(whom, currentFiber())
    yield sleep(10)
    return "was not interrupted"
  })
  const main = compiled("main", function* () {
    const asking: Fiber<unknown> = yield spawn(asks(yield spawn(cuts())))
    try {
      return yield asking.join()
    } catch (error) {
      return String(error)
    }
  })
  expect(await host().run(main())).toContain("interrupted: cut")
})

test("who has its answer does not listen to the end of the one it asked any more", async () => {
  const answers = compiled("answers", function* () {
    for (;;) {
      const question: Question = yield receive()
      if (question.message === "late") yield sleep(100)
      yield question.reply(1)
    }
  })
  const it = host()
  const listens = vi.spyOn(it, "whenDone")
  const unlistens = vi.spyOn(it, "unlisten")
  const main = compiled("main", function* () {
    const server: Fiber<unknown> = yield spawn(answers())
    yield sleep(1)
    listens.mockClear()
    for (const message of [1, 2, "late"])
      try {
        yield ask(server, message, { timeout: 50 })
      } catch {}
    yield server.interrupt()
  })
  await it.run(main())
  const asked = listens.mock.calls.filter(([, , quiet]) => quiet === true).map(([, listener]) => listener)
  expect(asked.length).toBeGreaterThanOrEqual(3)
  expect(unlistens.mock.calls.map(([, listener]) => listener)).toEqual(asked.slice(-3))
})
