"use fibers"
/** What `here.test.ts` runs: effects in fibers, and fibers in effects. */
import { Cause, Data, Effect, Exit, Fiber } from "effect"
import { noBlock, type Resumable, sleep, spawn, timeout, wait } from "rove"
import { effect, toEffect } from "rove/effect"

export class NotFound extends Data.TaggedError("NotFound")<{ readonly path: string }> {}
class Defect extends Error {}

const nameOf = (error: unknown): string => {
  const { code, message } = error as { code?: string; message: string }
  return code ?? message
}

/** Values, at once and later; failures as they are; defects. */
export function* runs(): Resumable<unknown[]> {
  const seen: unknown[] = [
    yield* effect(Effect.succeed(1)),
    yield* effect(Effect.sleep(2).pipe(Effect.as("later"))),
    yield* effect(Effect.gen(countsTo3)),
  ]
  const shared = { n: 1 }
  seen.push((yield* effect(Effect.succeed(shared))) === shared)
  const failures: Effect.Effect<never, unknown>[] = [
    Effect.fail(new NotFound({ path: "/a" })),
    Effect.sleep(1).pipe(Effect.andThen(Effect.fail("a text"))),
    Effect.die(new Defect("a defect")),
    Effect.sleep(1).pipe(
      Effect.andThen(
        Effect.sync(() => {
          throw new Defect("thrown")
        }),
      ),
    ),
    Effect.interrupt,
  ]
  for (const failing of failures)
    try {
      yield* effect(failing)
    } catch (error) {
      if (error instanceof NotFound) seen.push([error._tag, error.path])
      else if (error instanceof Defect) seen.push(error.message)
      else seen.push(typeof error === "string" ? error : nameOf(error))
    }
  for (const wrong of [5, Promise.resolve(1), null])
    try {
      yield* effect(wrong as never)
    } catch (error) {
      seen.push(nameOf(error))
    }
  return seen
}
/** Generators here are compiled, and Effect may drive them all the same. */
function* countsTo3(): Generator<Effect.Effect<number>, number, number> {
  let sum = 0
  for (const n of [1, 2]) sum += yield Effect.succeed(n)
  return sum
}

/** An interrupt of the fiber interrupts the effect, and comes when that has ended; a second one does not wait any longer. */
export function* interrupts(): Resumable<unknown[]> {
  const seen: unknown[] = []
  const log: string[] = []
  const cleans = Effect.never.pipe(
    Effect.onInterrupt(() => Effect.sleep(5).pipe(Effect.andThen(Effect.sync(() => log.push("finalized"))))),
  )
  try {
    yield* timeout(100, effect(cleans))
  } catch (error) {
    seen.push(nameOf(error), [...log])
  }
  const hangs = Effect.never.pipe(Effect.onInterrupt(() => Effect.never))
  try {
    yield* timeout(150, timeout(100, effect(hangs)))
  } catch (error) {
    seen.push(error instanceof Error)
  }
  const begun: string[] = []
  try {
    yield* noBlock(function* () {
      yield* effect(Effect.sync(() => begun.push("begun")))
    })
  } catch (error) {
    seen.push(nameOf(error), begun.length)
  }
  return seen
}

export function* half(n: number): Resumable<number> {
  yield* sleep(1)
  if (n < 0) throw new NotFound({ path: String(n) })
  if (n % 2 === 1) throw new RangeError(`${n} is odd`)
  return n / 2
}
function* forever(log: SharedArrayBuffer): Resumable<void> {
  try {
    new Int32Array(log)[0] = 2
    yield* sleep(600_000)
  } finally {
    yield* sleep(2)
    new Int32Array(log)[0] = 1
  }
}

/** Computations as effects of this thread, in ordinary code and within an effect that a fiber runs. */
export async function asEffects(): Promise<unknown[]> {
  const seen: unknown[] = [await Effect.runPromise(toEffect(half(8)))]
  const failed = await Effect.runPromise(Effect.flip(toEffect(half(-1), { errors: [NotFound] })))
  seen.push(failed._tag)
  const odd = await Effect.runPromiseExit(toEffect(half(3), { errors: [NotFound] }))
  seen.push(Exit.isFailure(odd) && Cause.hasDies(odd.cause))
  const late = await Effect.runPromiseExit(toEffect(forever(new SharedArrayBuffer(4)), { timeout: 5 }))
  seen.push(Exit.isFailure(late) && Cause.hasDies(late.cause))
  const log = new SharedArrayBuffer(4)
  const running = Effect.runFork(toEffect(forever(log)))
  while (new Int32Array(log)[0] !== 2) await new Promise(resolve => setTimeout(resolve, 1))
  await Effect.runPromise(Fiber.interrupt(running))
  seen.push(new Int32Array(log)[0])
  return seen
}
export function* callsAsEffects(): Resumable<unknown> {
  return yield* wait(asEffects)
}
/** A fiber in an effect in a fiber. */
export function* nested(): Resumable<unknown[]> {
  const child = yield* spawn(half(20))
  const inner = yield* effect(Effect.map(toEffect(half(8)), n => n + 1))
  return [inner, yield* child.join()]
}
export function* holds(): Resumable<void> {
  yield* effect(Effect.never)
}
