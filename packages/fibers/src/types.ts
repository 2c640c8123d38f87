/** Owns the types that programs are written with: computations, what they result in, and what must not be yielded. */
import type { Fiber } from "./operations/handle.ts"
import type { Operation } from "./operations/operation.ts"

/** A computation: what a generator function of a "use fibers" module returns. `Y` is its output stream only. */
export type Resumable<R, Y = never> = Generator<Y, R, unknown>

/** Any computation, whatever it is sent; `any` because un-annotated generators are sent `any`. */
// biome-ignore lint/suspicious/noExplicitAny: a narrower type for what is sent would refuse generators that annotate it
export type AnyComputation<R, Y> = Generator<Y, R, any>

// biome-ignore lint/suspicious/noExplicitAny: only whether it is one of these is asked
type Stop = Operation<any> | Generator<any, any, any> | PromiseLike<any>

/** Refuses computations that `yield` (without the star) what has to be performed, in words that a person can read. */
export type Starred<Y> = [Extract<Y, Stop>] extends [never]
  ? unknown
  : { "yield of an operation, computation or promise: write yield*, or yield* wait(promise)": never }

/** What `yield*` (or `join`, or `await`) of `T` gives; for a function, of what it returns. */
// biome-ignore-start lint/suspicious/noExplicitAny: positions that are matched and thrown away
export type ResultOf<T> = T extends (...args: any[]) => infer U
  ? ResultOf<U>
  : T extends Generator<any, infer R, any>
    ? R
    : T extends Operation<infer R>
      ? R
      : T extends Fiber<infer R>
        ? R
        : Awaited<T>
// biome-ignore-end lint/suspicious/noExplicitAny: positions that are matched and thrown away
