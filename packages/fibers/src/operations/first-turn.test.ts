import { expect, test } from "vitest"
import { compiled } from "../../../../test/support/hand-compiled.ts"
import { VirtualClock } from "../runtime/clock.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { LocalHost } from "../runtime/local-host.ts"
import { FirstTurn, keepUntilBegun } from "./first-turn.ts"
import { type Fiber, FiberRef } from "./handle.ts"
import { spawn } from "./spawn.ts"
import { now, sleep } from "./time.ts"

const run = (body: () => Generator<unknown, unknown>) =>
  new LocalHost({ clock: new VirtualClock(1000) }).run(compiled("body", body)())
const stateOf = (child: unknown) => FiberRef.addressOf(child as FiberRef<unknown>) as FiberState

test("who waits for a child to begin goes on once it has, without a timer; it is tied until then", async () => {
  const log: string[] = []
  const child = compiled("child", function* () {
    log.push("begun")
    yield sleep(5)
  })
  const seen = await run(function* () {
    const fiber = (yield spawn(child() as never)) as Fiber<unknown>
    keepUntilBegun(fiber)
    log.push(`${stateOf(fiber).tied}`)
    yield new FirstTurn(fiber)
    log.push(`${stateOf(fiber).tied}`)
    yield new FirstTurn(fiber)
    return now()
  })
  expect([log, seen]).toEqual([["whoever has spawned it waits until it has begun", "begun", "null"], 1000])
})

test("one that is interrupted before it begins is not waited for", async () => {
  const handles: Fiber<unknown>[] = []
  const interrupts = compiled("interrupts", function* () {
    yield handles[0]?.interrupt()
  })
  const never = compiled("never", function* () {
    throw new Error("it has begun")
  })
  const status = await run(function* () {
    const fiber = (yield spawn(never() as never)) as Fiber<unknown>
    handles.push(fiber)
    keepUntilBegun(fiber)
    yield spawn(interrupts() as never) // the newest begins first
    yield new FirstTurn(fiber)
    return [stateOf(fiber).outcome?.kind, now()]
  })
  expect(status).toEqual(["interrupted", 1000])
})
