/** Owns limits in time: what is not done when they are reached is interrupted. */
import { RoveError } from "@rove/core"
import { Lifetime } from "../runtime/lifetime.ts"
import { machine } from "../runtime/thread.ts"
import type { AnyComputation } from "../types.ts"
import type { Operation } from "./operation.ts"
import { bodyOf, RunInside } from "./part.ts"
import { milliseconds, moment } from "./time.ts"

/**
 * Runs a computation, an operation or a body, as `scope` has one, in this fiber, for `ms` milliseconds at most. Then it is interrupted, with what was
 * spawned in it, and when all that has ended a TimeoutError (ROVE_TIMEOUT) is thrown; what it returns although it was
 * interrupted counts. `Infinity` is no limit.
 */
export function timeout<R>(
  ms: number,
  branch: AnyComputation<R, never> | Operation<R> | (() => Generator<never, R, unknown>),
): Operation<R> {
  const within = Math.max(0, milliseconds(ms, "timeout"))
  return new RunInside({ work: branch, where: "timeout", within, late: `it took longer than ${within} ms` })
}

/**
 * Runs `body` in this fiber until that moment of the host's clock (a Date, or milliseconds as `now()` gives them), as
 * `timeout` does. Fibers that are spawned in it have no more time than that either, wherever they run; `timeLeft()` tells.
 */
export function deadline<R>(at: number | Date, body: () => Generator<never, R, unknown>): Operation<R> {
  const until = moment(at, "deadline")
  const late = Number.isFinite(until) ? `its deadline was ${new Date(until).toISOString()}` : ""
  return new RunInside({ work: bodyOf(body, "deadline"), where: "deadline", until, late })
}

/** Milliseconds until the nearest deadline of the running fiber, 0 if that is over; `Infinity` if there is none. Throws ROVE_NO_FIBER outside of fibers. */
export function timeLeft(): number {
  const { fiber, host } = machine
  if (fiber === null || host === null)
    throw new RoveError("ROVE_NO_FIBER", "timeLeft() is about the running fiber, and none runs here")
  const { lifetime } = fiber
  return lifetime instanceof Lifetime ? Math.max(0, lifetime.deadline - host.now()) : Number.POSITIVE_INFINITY
}
