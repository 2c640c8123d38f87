/**
 * Owns running something inside a lifetime: the body, then the end of its children, then its cleanups, and then what it
 * gives. It is the same for scopes, timeouts, uninterruptible stretches, cleanups and the end of a fiber.
 */
import {
  anything,
  FiberInterrupted,
  instance,
  isList,
  isNumber,
  isText,
  isTruth,
  oneOf,
  orNone,
  type ResumeKind,
  RoveError,
  registerKind,
  ScopeError,
  type Suspended,
  THROW,
} from "@rove/core"
import { unstarted } from "../runtime/admit.ts"
import { registerEnding } from "../runtime/ending.ts"
import type { FiberState, Outcome } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { cancel, enter, leave, refresh } from "../runtime/interruption.ts"
import { type Cleanup, Lifetime, type LifetimeOptions } from "../runtime/lifetime.ts"
import { kindOf } from "../runtime/not-compiled.ts"
import { Performable } from "../runtime/performable.ts"
import { follow, OVER, type Routine, registerRoutine, routineFrame } from "../runtime/routine.ts"
import { keepErrors, keptErrors } from "./kept-errors.ts"
import { BaseOperation } from "./operation.ts"
import { Outlast } from "./outlast.ts"

/** What is run inside, and how. */
export interface Inside extends LifetimeOptions {
  /** A computation, an operation, or a function that gives one when it is called with `args`. */
  readonly work: unknown
  readonly args?: readonly unknown[]
  /** Who was given it, for errors. */
  readonly where: string
  /** Milliseconds until its time is over, from the beginning on. */
  readonly within?: number
}

const BEGIN = 0
const BODY = 1
const ENDING = 2
const CLEANING = 3

class Part implements Routine {
  readonly lifetime: Lifetime
  /** Until it has begun. */
  task: unknown
  phase = BEGIN
  result: unknown = undefined
  /** The wait for children was refused once. */
  refused = false
  constructor(lifetime: Lifetime, task: unknown) {
    this.lifetime = lifetime
    this.task = task
  }

  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (this.phase === BEGIN) {
      enter(fiber, this.lifetime, host)
      this.phase = BODY
      const { task } = this
      this.task = null
      return task
    }
    if (this.phase === BODY) return this.bodyEnded(fiber, host, kind, value)
    if (this.phase === ENDING) return this.childrenEnded(fiber, host, kind, value)
    if (kind === THROW) this.lifetime.fails(value)
    return this.clean(fiber)
  }

  // no private names: what was decoded was not constructed
  private bodyEnded(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    const { lifetime } = this
    const { errors } = lifetime
    lifetime.closing = true
    refresh(fiber)
    if (kind !== THROW) {
      this.result = value
      // it was told that its time is over, and had something to give nevertheless
      if (lifetime.timedOut && lifetime.delivered && errors.length === 1) errors.length = 0
    } else if (value !== lifetime.cancelled && !this.isOwn(fiber, value)) this.failed(fiber, value)
    else if (lifetime.cancelled !== null) errors.push(...keptErrors(lifetime.cancelled))
    if (errors.length > 0) cancel(lifetime, errors[0], host)
    this.phase = ENDING
    return this.outlast(fiber)
  }
  private failed(fiber: FiberState, value: unknown): void {
    const { lifetime } = this
    const { errors, timedOut, cancelled } = lifetime
    // what ends more than this part is told, and not that the time of this part was over too
    if (timedOut && this.isFromAround(fiber, value)) errors.splice(errors.indexOf(cancelled?.reason), 1)
    lifetime.fails(value)
  }
  /** A child that it has waited for was ended by what is to end this part too, and was heard of first. */
  private isOwn(fiber: FiberState, value: unknown): boolean {
    const { cancelled, delivered } = this.lifetime
    return cancelled !== null && !delivered && value instanceof FiberInterrupted && !this.isFromAround(fiber, value)
  }
  private isFromAround(fiber: FiberState, value: unknown): value is FiberInterrupted {
    return interruptsAround(fiber, this.lifetime).includes(value as FiberInterrupted)
  }
  private outlast(fiber: FiberState): unknown {
    if (this.lifetime.living.length > 0) return new Outlast(this.lifetime)
    return this.beginCleaning(fiber)
  }
  /** Children have ended; or the wait for them did, by an interrupt, which is theirs too, or because nothing may wait here. */
  private childrenEnded(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (kind !== THROW) return this.outlast(fiber)
    if (!isCircle(value) || !this.lifetime.errors.some(isCircle)) this.failed(fiber, value)
    cancel(this.lifetime, value, host)
    if (!this.refused || value instanceof FiberInterrupted) {
      this.refused ||= !(value instanceof FiberInterrupted)
      return this.outlast(fiber)
    }
    return this.beginCleaning(fiber)
  }
  private beginCleaning(fiber: FiberState): unknown {
    const { lifetime } = this
    this.phase = CLEANING
    if (lifetime.cleanups.length > 0) {
      // an interrupt between two of them would be thrown instead of the next one's beginning
      lifetime.mask++
      lifetime.masks++
      refresh(fiber)
    }
    return this.clean(fiber)
  }
  private clean(fiber: FiberState): unknown {
    const { lifetime } = this
    const cleanup = lifetime.cleanups.pop()
    if (cleanup !== undefined) return sheltered(cleanup, this.outcome(fiber))
    leave(fiber, lifetime)
    if (lifetime.errors.length === 0) return OVER
    throw this.error(fiber)
  }
  /** Of the interrupts that came from around, the outermost one: it is told whatever else has failed. */
  private interrupt(fiber: FiberState): FiberInterrupted | null {
    const { errors } = this.lifetime
    return interruptsAround(fiber, this.lifetime).findLast(interrupt => errors.includes(interrupt)) ?? null
  }
  private error(fiber: FiberState): unknown {
    const { errors } = this.lifetime
    const interrupt = this.interrupt(fiber)
    if (interrupt === null) return errors.length === 1 ? errors[0] : new ScopeError(errors)
    const others = errors.filter(error => error !== interrupt)
    keepErrors(
      interrupt,
      others.flatMap(error => (this.isFromAround(fiber, error) ? keptErrors(error) : [error])),
    )
    return interrupt
  }
  private outcome(fiber: FiberState): Outcome {
    const { errors } = this.lifetime
    if (errors.length === 0) return { kind: "returned", value: this.result }
    const interrupt = this.interrupt(fiber)
    if (interrupt !== null) return { kind: "interrupted", reason: interrupt }
    return { kind: "failed", error: errors.length === 1 ? errors[0] : new ScopeError(errors) }
  }
}

/** Found again while its fibers are on their way out, a circle is no second error. */
function isCircle(error: unknown): boolean {
  return error instanceof RoveError && error.code === "ROVE_DEADLOCK"
}

/** What may have interrupted a part and more than it, from the inside out. */
function interruptsAround(fiber: FiberState, { outer }: Lifetime): FiberInterrupted[] {
  const found: FiberInterrupted[] = []
  for (let at = outer; at instanceof Lifetime; at = at.outer) if (at.cancelled !== null) found.push(at.cancelled)
  if (fiber.interrupted !== null) found.push(fiber.interrupted)
  return found
}

registerRoutine("rove.Part", Part, {
  lifetime: instance(Lifetime),
  task: anything,
  phase: oneOf(BEGIN, BODY, ENDING, CLEANING),
  result: anything,
  refused: isTruth,
})

registerEnding(lifetime => {
  const part = new Part(lifetime, null)
  part.phase = BODY
  return routineFrame(part)
})

/** Runs something inside a lifetime of its own. */
export class RunInside<R> extends BaseOperation<R> {
  readonly #inside: Inside
  constructor(inside: Inside) {
    super()
    this.#inside = inside
  }
  static isRun(value: object): value is RunInside<unknown> {
    return #inside in value
  }
  static take(run: RunInside<unknown>): Inside {
    return { ...run.#inside }
  }
  perform(_: FiberState, host: Host): R | Suspended {
    const { work, args, where, within, ...options } = this.#inside
    const task = taskOf(work, where, args)
    const until = within === undefined ? {} : { until: host.now() + within }
    return follow(host.machine, new Part(new Lifetime({ ...options, ...until }), task)) as R | Suspended
  }
}

registerKind<RunInside<unknown>, Inside>({
  name: "rove.inside",
  test: RunInside.isRun,
  take: RunInside.take,
  fields: {
    work: anything,
    args: orNone(isList),
    where: isText,
    within: orNone(isNumber),
    owns: orNone(isTruth),
    strict: orNone(isTruth),
    mask: orNone(oneOf(-1, 0, 1)),
    until: orNone(isNumber),
    late: orNone(isText),
    whole: orNone(isTruth),
  },
  holds: ({ args }) => args === undefined || isList(args),
  allocate: inside => new RunInside(inside as Inside),
})

/** The body of such an operation; refused where it was given, if it is none. */
export function bodyOf<F>(body: F, where: string): F {
  if (typeof body === "function") return body
  const what = `${where} takes the body itself, a compiled generator function: ${where}(function* () { … }), not ${kindOf(body)}`
  throw new RoveError("ROVE_INVALID_ARGUMENT", what)
}

/** A cleanup cannot be interrupted, and what it spawns ends with it. */
function sheltered({ work, hears }: Cleanup, outcome: Outcome): RunInside<unknown> {
  const inside: Inside = { work, where: hears ? "onExit" : "defer", mask: 1 }
  return new RunInside(hears ? { ...inside, args: [outcome] } : inside)
}

/** What is performed to run the work: nothing more, if it was a function that did it. */
function taskOf(work: unknown, where: string, args: readonly unknown[] = []): unknown {
  const isFunction = typeof work === "function"
  const task = isFunction ? Reflect.apply(work, undefined, [...args]) : work
  if (typeof task === "object" && task !== null && Performable.is(task)) return task
  unstarted(task, where, isFunction ? work : undefined)
  return task
}
