/** Owns doing something again that failed, after a pause. */
import {
  anything,
  atLeast,
  FiberInterrupted,
  type Fields,
  isFunction,
  isNatural,
  isTruth,
  optionNames,
  orNone,
  plain,
  type ResumeKind,
  RoveError,
  refuseUnknown,
  THROW,
} from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { lifetimesOf } from "../runtime/lifetime.ts"
import { refuseGenerator, workOf } from "../runtime/not-compiled.ts"
import { show } from "../runtime/options.ts"
import { OVER, type Routine, registerRoutine } from "../runtime/routine.ts"
import type { AnyComputation } from "../types.ts"
import { functionOf } from "./map.ts"
import type { Operation } from "./operation.ts"
import { planned } from "./planned.ts"
import { sleep } from "./time.ts"

export interface RetryPolicy {
  /** How often it is tried in all; by default 5 times. */
  readonly attempts?: number
  /** Milliseconds between the first attempt and the second; by default 100. */
  readonly delay?: number
  /** What each further pause is multiplied by; by default 2. */
  readonly factor?: number
  /** Milliseconds of the longest pause; by default 30,000. */
  readonly longest?: number
  /** So much of a pause, from 0 to 1, is left to chance: it is shorter by up to that; by default 0.5. */
  readonly jitter?: number
  /** Whether that error is worth another attempt; by default all are. */
  readonly when?: (error: unknown, attempt: number) => boolean
}

const POLICY = optionNames<RetryPolicy>({
  attempts: true,
  delay: true,
  factor: true,
  longest: true,
  jitter: true,
  when: true,
})

/** What each may be, in words and numbers. */
const NUMBERS: Readonly<Record<string, readonly [what: string, least: number, most: number]>> = {
  attempts: ["a number of 1 or more, the first attempt counted,", 1, Number.POSITIVE_INFINITY],
  delay: ["a number of milliseconds, 0 or more,", 0, Number.POSITIVE_INFINITY],
  factor: ["a number of 0 or more", 0, Number.POSITIVE_INFINITY],
  longest: ["a number of milliseconds, 0 or more,", 0, Number.POSITIVE_INFINITY],
  jitter: ["a number from 0 to 1", 0, 1],
}

interface Plan extends Required<Omit<RetryPolicy, "when">> {
  readonly fn: (attempt: number) => unknown
  readonly when: RetryPolicy["when"]
}

const CHANCES = 1 << 20

class Retrying implements Routine {
  readonly plan: Plan
  /** How many were begun. */
  attempt = 0
  pausing = true
  result: unknown = undefined
  constructor(plan: Plan) {
    this.plan = plan
  }
  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (this.pausing) {
      if (kind === THROW) throw value
      this.pausing = false
      return workOf(this.plan.fn(++this.attempt), "retry", this.plan.fn)
    }
    if (kind === THROW) return this.again(value, fiber, host)
    this.result = value
    return OVER
  }
  // no private name: what was decoded was not constructed
  private again(error: unknown, fiber: FiberState, host: Host): unknown {
    const { attempts, delay, factor, longest, jitter, when } = this.plan
    if (error instanceof FiberInterrupted || isEnding(fiber) || this.attempt >= attempts) throw error
    if (when !== undefined && !when(error, this.attempt)) throw error
    this.pausing = true
    const pause = Math.min(longest, delay * factor ** (this.attempt - 1))
    return sleep(pause * (1 - (jitter * host.random.below(CHANCES)) / CHANCES))
  }
}

const POLICY_FIELDS: Fields<Plan> = {
  fn: isFunction,
  attempts: atLeast(1),
  delay: atLeast(0),
  factor: atLeast(0),
  longest: atLeast(0),
  jitter: atLeast(0, 1),
  when: orNone(isFunction),
}
registerRoutine("rove.Retrying", Retrying, {
  plan: plain(POLICY_FIELDS),
  attempt: isNatural,
  pausing: isTruth,
  result: anything,
})

/** Whether the fiber, or a part of it that it is in, has been interrupted, whatever the program made of that. */
function isEnding(fiber: FiberState): boolean {
  if (fiber.interrupted !== null) return true
  for (const { cancelled } of lifetimesOf(fiber)) if (cancelled !== null) return true
  return false
}

const retrying = planned("rove.retry", POLICY_FIELDS, plan => new Retrying(plan))

/**
 * Runs `fn(attempt)` in this fiber until it returns: after an error it pauses, each time longer, by chance less so, and tries
 * again. Throws the last error when there were enough attempts, or `when` says so; an interrupt ends it at once.
 */
export function retry<R>(
  fn: (attempt: number) => AnyComputation<R, never> | Operation<R>,
  policy: RetryPolicy = {},
): Operation<R> {
  const work = functionOf(fn, "retry") as Plan["fn"]
  refuseUnknown(policy, POLICY, "retry")
  const { attempts = 5, delay = 100, factor = 2, longest = 30_000, jitter = 0.5, when } = policy
  for (const [key, [what, least, most]] of Object.entries(NUMBERS)) {
    const value: unknown = policy[key as keyof RetryPolicy]
    if (value !== undefined && !(typeof value === "number" && value >= least && value <= most))
      throw new RoveError("ROVE_INVALID_ARGUMENT", `retry takes ${what} as ${key}, not ${show(value)}`)
  }
  if (when !== undefined && typeof when !== "function")
    throw new RoveError("ROVE_INVALID_ARGUMENT", `retry takes a function as when, not ${show(when)}`)
  refuseGenerator(when, "retry, as when,")
  return retrying<R>({ fn: work, attempts, delay, factor, longest, jitter, when })
}
