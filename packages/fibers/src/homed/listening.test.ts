import { expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { currentFiber } from "../current.ts"
import type { Fiber } from "../operations/handle.ts"
import { FiberRef } from "../operations/handle.ts"
import { demonitor, link, monitor, unlink } from "../operations/links.ts"
import { register, unregister } from "../operations/names.ts"
import { spawn } from "../operations/spawn.ts"
import { sleep } from "../operations/time.ts"
import { VirtualClock } from "../runtime/clock.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { ownLifetime } from "../runtime/lifetime.ts"
import { LocalHost } from "../runtime/local-host.ts"

test("whoever ends, or does not want to know any more, listens to nobody's end", async () => {
  const rests = compiled("rests", function* () {
    yield sleep(1000)
  })
  const watches = compiled("watches", function* (other: Fiber<unknown>) {
    yield monitor(other)
    yield link(other)
    yield sleep(1)
  })
  const main = compiled("main", function* () {
    const other: Fiber<void> = yield spawn(rests())
    const state = FiberRef.addressOf(other as FiberRef<unknown>) as FiberState
    const listeners = () => (state.listeners ?? []).length
    const none = listeners()
    const seen: number[] = []
    for (let i = 0; i < 3; i++) yield (yield spawn(watches(other))).join()
    seen.push(listeners() - none)
    yield demonitor(yield monitor(other))
    yield link(other)
    seen.push(listeners() - none)
    yield unlink(other)
    yield register("other", other)
    yield unregister("other", other)
    seen.push(listeners() - none)
    const { cleanups } = ownLifetime(FiberRef.addressOf(currentFiber() as FiberRef<unknown>) as FiberState)
    for (let i = 0; i < 3; i++) {
      yield register("me")
      yield unregister("me")
    }
    yield register("me")
    return [...seen, cleanups.length]
  })
  expect(await new LocalHost({ clock: new VirtualClock() }).run(main())).toEqual([0, 1, 0, 1])
})
