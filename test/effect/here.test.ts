/** Effects that fibers run, and fibers that effects run, on the thread where they are. */
import { Cause, Effect, Exit } from "effect"
import { type FiberInterrupted, LocalHost, type Operation, Pool, RoveError } from "rove"
import { effect, Pool as Pooled, toEffect } from "rove/effect"
import { afterAll, describe, expect, expectTypeOf, test } from "vitest"
import * as fibers from "./here.fibers.ts"

const patiently = { timeout: 10_000, interval: 5 }

test("a fiber of a thread that runs none is a defect", async () => {
  const exit = await Effect.runPromiseExit(toEffect(fibers.half(2)))
  const defect = Exit.isFailure(exit) ? Cause.squash(exit.cause) : null
  expect(defect instanceof RoveError && defect.code).toBe("ROVE_NO_THREAD")
})

const pool = await Pool.start({ workers: 2, grace: 50 })
afterAll(() => pool.close())
const hosts = { "on a pool": () => pool, "on one thread": () => new LocalHost() }

describe.each(Object.entries(hosts))("%s", (where, host) => {
  test("a fiber waits for an effect: values are what they are, failures and defects are thrown", async () => {
    expect(await host().run(fibers.runs())).toEqual([
      1,
      "later",
      3,
      true,
      ["NotFound", "/a"],
      "a text",
      "a defect",
      "thrown",
      "ROVE_INTERRUPTED",
      ...Array.from({ length: 3 }, () => "ROVE_INVALID_ARGUMENT"),
    ])
  })
  test("an interrupt of the fiber interrupts the effect, and is thrown after its finalizers; nothing begins where nothing may wait", async () => {
    expect(await host().run(fibers.interrupts())).toEqual(["ROVE_TIMEOUT", ["finalized"], true, "ROVE_NO_BLOCK", 0])
  })
  test("an effect runs a fiber of its thread, and interrupts it; listed errors are failures, others defects", async () => {
    const seen = [4, "NotFound", true, true, 1]
    expect(await host().run(fibers.callsAsEffects())).toEqual(seen)
    if (where === "on one thread") expect(await fibers.asEffects()).toEqual(seen)
    expect(await host().run(fibers.nested())).toEqual([5, 10])
  })
})

test("what waits for an effect says so, has no record, and ends by an interrupt", async () => {
  const fiber = pool.run(fibers.holds())
  fiber.catch(() => {})
  await expect.poll(async () => (await fiber.status()).waitsFor, patiently).toBe("an effect")
  expect(await fiber.interrupt()).toBe("delivered")
})

test("types: what an effect gives, what it may need, and how a fiber of the thread fails as one", () => {
  expectTypeOf(effect(Effect.succeed(1))).toEqualTypeOf<Operation<number>>()
  const unbegun = () => toEffect(fibers.half(2), { errors: [fibers.NotFound] })
  expectTypeOf(unbegun).returns.toEqualTypeOf<Effect.Effect<number, fibers.NotFound | FiberInterrupted>>()
  // @ts-expect-error a pool has to be provided before
  const needs = () => effect(Pooled)
  expectTypeOf(needs).toBeFunction()
})
