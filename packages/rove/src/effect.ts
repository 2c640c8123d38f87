/** Owns the ways between fibers and programs that are written with Effect: the only file that imports it. */
import { FiberInterrupted, NEXT, RoveError, THROW, WorkerLost } from "@rove/core"
import {
  type AnyComputation,
  type FiberHandle,
  type HostedOptions,
  type Operation,
  type ResultOf,
  type RunOptions,
  type Starred,
  toPromise,
} from "@rove/fibers"
import { awaitWork, type WorkEnd } from "@rove/fibers/scheduling"
import { type PoolOptions, Pool as Threads } from "@rove/scheduler"
import { Cause, Context, Effect, Exit, Layer, Schema, Stream } from "effect"

const limit = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(1))

/** What a pool is configured with, as data; `Pool.layer` takes it, from a file or the environment too. */
export const PoolConfig = Schema.Struct({
  workers: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 512 }))),
  name: Schema.optionalKey(Schema.NonEmptyString),
  seed: Schema.optionalKey(Schema.Int),
  uncaught: Schema.optionalKey(Schema.Literals(["report", "pool", "process"])),
  quantum: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0.1, maximum: 1000 }))),
  grace: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 3_600_000 }))),
  register: Schema.optionalKey(Schema.NonEmptyString),
  limits: Schema.optionalKey(
    Schema.Struct({
      queue: Schema.optionalKey(limit),
      bytes: Schema.optionalKey(limit),
      fibers: Schema.optionalKey(limit),
      memory: Schema.optionalKey(Schema.Finite.check(Schema.isGreaterThanOrEqualTo(8))),
      full: Schema.optionalKey(Schema.Literals(["reject", "wait"])),
    }),
  ),
})
export type PoolConfig = typeof PoolConfig.Type

/** Besides, what is no data. */
export type LayerOptions = PoolConfig & Pick<PoolOptions, "carry" | "logger">

type ErrorClass = abstract new (...args: never[]) => Error

export interface EffectOptions<Errors extends readonly ErrorClass[]> extends Omit<RunOptions, "signal"> {
  /** Errors of the fiber that are failures of the effect, by class; all others are defects. */
  readonly errors?: Errors
}

/** How an effect of a pool fails: with the errors that were listed, and with what may happen to any fiber. */
export type Failure<Errors extends readonly ErrorClass[]> = InstanceType<Errors[number]> | FiberInterrupted | WorkerLost

export interface PoolService {
  /** The pool itself. */
  readonly threads: Threads
  /**
   * Runs a computation that has not begun, `f(args)`, as a fiber. Interrupting the effect interrupts the fiber and waits until its
   * `finally` blocks have run. The computation is used up: make the effect anew for each run (`Effect.suspend`).
   */
  effect<R, Y, const Errors extends readonly ErrorClass[] = readonly []>(
    computation: AnyComputation<R, Y> & Starred<Y>,
    options?: EffectOptions<Errors>,
  ): Effect.Effect<R, Failure<Errors>>
  /** Calls a function of a module that says "use fibers" on a thread. Runs as often as the effect does. */
  call<A extends unknown[], R>(
    fn: (...args: A) => R,
    ...args: A
  ): Effect.Effect<ResultOf<R>, FiberInterrupted | WorkerLost>
  /** What a computation yields. Ending the stream interrupts the fiber. */
  stream<R, Y, const Errors extends readonly ErrorClass[] = readonly []>(
    computation: AnyComputation<R, Y> & Starred<Y>,
    options?: EffectOptions<Errors>,
  ): Stream.Stream<Y, Failure<Errors>>
}

export class Pool extends Context.Service<Pool, PoolService>()("rove/Pool") {
  /** A pool for as long as the layer's scope; then it is closed. Fails with a RoveError, ROVE_CONFIG or ROVE_WORKER_START. */
  static layer({ carry, logger, ...config }: LayerOptions = {}): Layer.Layer<Pool, RoveError> {
    return Layer.effect(Pool, start(config, { ...(carry && { carry }), ...(logger && { logger }) }))
  }
}

const start = Effect.fnUntraced(function* (config: unknown, rest: Pick<PoolOptions, "carry" | "logger">) {
  const options = yield* Schema.decodeUnknownEffect(PoolConfig, { onExcessProperty: "error" })(config).pipe(
    Effect.mapError(error => new RoveError("ROVE_CONFIG", `Pool.layer: ${error.message}`)),
  )
  const acquire = Effect.tryPromise({
    try: () => Threads.start({ ...(options as PoolOptions), ...rest }),
    catch: error => (error instanceof RoveError ? error : new RoveError("ROVE_WORKER_START", String(error))),
  })
  return service(yield* Effect.acquireRelease(acquire, pool => Effect.promise(() => pool.close())))
})

function service(threads: Threads): PoolService {
  return {
    threads,
    effect: (computation, { errors, ...options } = {}) =>
      effectOf(() => threads.run(computation, options), errors ?? []) as Effect.Effect<never, never>,
    call: (fn, ...args) => effectOf(() => threads.call(fn, ...args), []) as Effect.Effect<never, never>,
    stream: (computation, { errors, ...options } = {}) =>
      Stream.suspend(() =>
        Stream.fromAsyncIterable(threads.stream(computation, options), error => error).pipe(
          Stream.catch(error => Stream.fromEffect(failure(error, errors ?? []))),
        ),
      ) as Stream.Stream<never, never>,
  }
}

function effectOf<R>(run: () => FiberHandle<R>, errors: readonly ErrorClass[]): Effect.Effect<R, unknown> {
  return Effect.callback<R, unknown>(resume => {
    const handle = run()
    handle.then(
      value => resume(Effect.succeed(value)),
      error => resume(failure(error, errors)),
    )
    return Effect.promise(() => handle.interrupt("its effect was interrupted"))
  })
}

/** Listed errors and what may happen to any fiber are failures; everything else is a defect. */
function failure(error: unknown, errors: readonly ErrorClass[]): Effect.Effect<never, unknown> {
  const isListed = [FiberInterrupted, WorkerLost, ...errors].some(known => error instanceof known)
  return isListed ? Effect.fail(error) : Effect.die(error)
}

/**
 * Runs an effect that needs nothing, on the default runtime of this thread, and waits for its end. Its failure, or defect, is thrown as it
 * is. An interrupt of the fiber interrupts the effect, and is thrown when that has ended; an effect that was interrupted
 * otherwise throws FiberInterrupted.
 */
export function effect<A, E>(program: Effect.Effect<A, E>): Operation<A> {
  if (!Effect.isEffect(program))
    throw new RoveError("ROVE_INVALID_ARGUMENT", "effect takes an Effect: for a promise there is wait")
  return awaitWork<A>({
    reason: "an effect",
    start(ended) {
      const fiber = Effect.runFork(program)
      fiber.addObserver(exit => ended(endOf(exit)))
      return () => fiber.interruptUnsafe()
    },
  })
}

function endOf(exit: Exit.Exit<unknown, unknown>): WorkEnd {
  if (Exit.isSuccess(exit)) return { kind: NEXT, value: exit.value }
  const { cause } = exit
  const value = Cause.hasInterruptsOnly(cause)
    ? new FiberInterrupted("its effect was interrupted")
    : Cause.squash(cause)
  return { kind: THROW, value }
}

/** How an effect of a fiber of this thread fails: with the errors that were listed, and if the fiber was interrupted. */
export type HostedFailure<Errors extends readonly ErrorClass[]> = InstanceType<Errors[number]> | FiberInterrupted

export interface HostedEffectOptions<Errors extends readonly ErrorClass[]> extends Omit<HostedOptions, "signal"> {
  /** As for effects of a pool. */
  readonly errors?: Errors
}

/**
 * The effect of running a computation, `f(args)`, as a fiber of the thread that runs the effect, as `toPromise` does. Interrupting the
 * effect interrupts the fiber and waits for its end. The computation is used up: make the effect anew for each run. Where no
 * fibers run, ROVE_NO_THREAD is its defect.
 */
export function toEffect<R, Y, const Errors extends readonly ErrorClass[] = readonly []>(
  computation: AnyComputation<R, Y> & Starred<Y>,
  { errors, ...options }: HostedEffectOptions<Errors> = {},
): Effect.Effect<R, HostedFailure<Errors>> {
  return Effect.callback<R, unknown>(resume => {
    const controller = new AbortController()
    const result = toPromise<R, Y>(computation, { ...options, signal: controller.signal })
    const over = result.then(
      value => resume(Effect.succeed(value)),
      error => resume(failure(error, errors ?? [])),
    )
    return Effect.promise(() => {
      controller.abort("its effect was interrupted")
      return over
    })
  }) as Effect.Effect<never, never>
}
