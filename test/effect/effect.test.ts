/** A pool in a program of Effect: typed failures, defects, and interruption both ways. */
import type { FiberInterrupted, WorkerLost } from "@rove/core"
import { Cause, Effect, Exit, Fiber, Layer, Option, Stream } from "effect"
import { Pool } from "rove/effect"
import { describe, expect, expectTypeOf, test } from "vitest"
import { cleansUp, counts, dies, double, find, NotFound } from "./effect.fibers.ts"

const run = <A, E>(program: Effect.Effect<A, E, Pool>): Promise<A> =>
  Effect.runPromise(Effect.provide(program, Pool.layer({ workers: 2, grace: 2000 })) as Effect.Effect<A>)
const cleanedBuffer = () => new SharedArrayBuffer(4)
const isCleaned = (buffer: SharedArrayBuffer) => new Int32Array(buffer)[0] === 1

describe("effects of a pool", () => {
  test("listed errors are failures that can be caught by tag, others are defects", async () => {
    const seen = await run(
      Effect.gen(function* () {
        const pool = yield* Pool
        const length = yield* pool.effect(find("/a/b"))
        const caught = yield* pool
          .effect(find("/nothing"), { errors: [NotFound] })
          .pipe(Effect.catchTag("NotFound", error => Effect.succeed(`${error.path}: ${error instanceof NotFound}`)))
        const defect = yield* Effect.exit(pool.effect(find(""), { errors: [NotFound] }))
        const unlisted = yield* Effect.exit(pool.effect(find("/nothing")))
        return { length, caught, defect, unlisted }
      }),
    )
    expect(seen.length).toBe(4)
    expect(seen.caught).toBe("/nothing: true")
    for (const exit of [seen.defect, seen.unlisted])
      expect(Exit.isFailure(exit) && Cause.hasDies(exit.cause) && !Cause.hasFails(exit.cause)).toBe(true)
  })

  test("the type of failures is what was listed, FiberInterrupted and WorkerLost", () => {
    const program = Effect.gen(function* () {
      const pool = yield* Pool
      return [pool.effect(find("x")), pool.effect(find("x"), { errors: [NotFound] })] as const
    })
    type Effects = Effect.Success<typeof program>
    expectTypeOf<Effects[0]>().toEqualTypeOf<Effect.Effect<number, FiberInterrupted | WorkerLost>>()
    expectTypeOf<Effects[1]>().toEqualTypeOf<Effect.Effect<number, NotFound | FiberInterrupted | WorkerLost>>()
  })

  test("interrupting the effect interrupts the fiber, and waits for its finally blocks", async () => {
    const cleaned = cleanedBuffer()
    await run(
      Effect.gen(function* () {
        const pool = yield* Pool
        const fiber = yield* Effect.forkChild(pool.effect(cleansUp(cleaned)))
        while (pool.threads.stats().threads.every(({ started }) => started === 0)) yield* Effect.sleep(5)
        yield* Fiber.interrupt(fiber)
        expect(isCleaned(cleaned)).toBe(true)
        expect(pool.threads.stats().pending).toBe(0)
        const late = yield* Effect.timeoutOption(pool.effect(cleansUp(cleanedBuffer())), 20)
        expect(Option.isNone(late)).toBe(true)
        expect(pool.threads.stats().pending).toBe(0)
      }),
    )
  })

  test("a fiber that is interrupted, or lost with its thread, is a typed failure", async () => {
    const tags = await run(
      Effect.gen(function* () {
        const pool = yield* Pool
        const lost = yield* Effect.flip(pool.effect(dies()))
        const late = yield* Effect.exit(pool.effect(cleansUp(cleanedBuffer()), { timeout: 10 }))
        const fiber = yield* Effect.forkChild(Effect.flip(pool.effect(cleansUp(cleanedBuffer()))))
        yield* Effect.sleep(50)
        yield* Effect.promise(() => pool.threads.close())
        const interrupted = yield* Fiber.join(fiber)
        return [lost._tag, Exit.isFailure(late) && Cause.hasDies(late.cause), interrupted._tag]
      }),
    )
    expect(tags).toEqual(["WorkerLost", true, "FiberInterrupted"])
  })

  test("functions are called, as often as the effect runs; streams give what fibers yield, and end them", async () => {
    const cleaned = cleanedBuffer()
    const seen = await run(
      Effect.gen(function* () {
        const pool = yield* Pool
        const twice = pool.call(double, 4)
        const calls = [yield* twice, yield* twice]
        const some = yield* pool.stream(counts(cleaned), { errors: [NotFound] }).pipe(Stream.take(3), Stream.runCollect)
        const isEnded = isCleaned(cleaned)
        const error = yield* Effect.flip(Stream.runDrain(pool.stream(counts(cleaned), { errors: [NotFound] })))
        return { calls, some: [...some], isEnded, tag: error._tag }
      }),
    )
    expect(seen).toEqual({ calls: [8, 8], some: [0, 1, 2], isEnded: true, tag: "NotFound" })
  })

  test("a configuration that is not valid is a typed failure of the layer, naming the option", async () => {
    const build = (config: object) => Effect.runPromise(Effect.flip(Effect.scoped(Layer.build(Pool.layer(config)))))
    expect(await build({ workers: 0 })).toMatchObject({
      code: "ROVE_CONFIG",
      message: expect.stringContaining("workers"),
    })
    expect(await build({ wrokers: 1 })).toMatchObject({
      code: "ROVE_CONFIG",
      message: expect.stringContaining("wrokers"),
    })
  })
})
