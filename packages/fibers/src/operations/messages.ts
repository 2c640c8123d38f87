/** Owns messages between fibers: telling one something, and asking it. */
import {
  anything,
  either,
  isText,
  isTruth,
  NEXT,
  oneOf,
  orNull,
  type ResumeKind,
  RoveError,
  registerOwnClass,
  THROW,
  TimeoutError,
} from "@rove/core"
import { TELL } from "../homed/inbox.ts"
import { begun, isLimit, type Limit, limitOf, type WaitingOptions } from "../homed/ref.ts"
import { ABANDON, type Resumption } from "../homed/resumption.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { OVER, type Routine, registerRoutine } from "../runtime/routine.ts"
import { withoutFrames } from "../runtime/stacks.ts"
import { AnswerRef, isAnswer } from "./answer-ref.ts"
import { type FiberRef, isFiber } from "./handle.ts"
import { type Target, targetOf, tellTo } from "./inbox-ref.ts"
import { whereis } from "./names.ts"
import type { Operation } from "./operation.ts"
import { isGone } from "./receive-branch.ts"
import { SENDING, Sending } from "./sending.ts"
import { Steps } from "./steps.ts"
import { checkMayPark } from "./waiter.ts"

/** What `ask` sends: whoever receives it replies, once. */
export class Question<T = unknown> {
  readonly message: T
  private readonly asker: AnswerRef
  constructor(message: T, asker: AnswerRef) {
    this.message = message
    this.asker = asker
  }
  /** Gives the one who asked its answer. False if nobody waits for it any more, or it has one: then nothing happens. */
  reply(value: unknown): Operation<boolean> {
    return new Steps(new Replying(this.asker, NEXT, value))
  }
  /** As `reply`, but the error is thrown in the one who asked. */
  refuse(error: unknown): Operation<boolean> {
    return new Steps(new Replying(this.asker, THROW, error))
  }
}
registerOwnClass("rove.Question", Question, { message: anything, asker: isAnswer }, { open: true })

class Replying implements Routine {
  result = false
  readonly asker: AnswerRef
  readonly how: ResumeKind
  readonly value: unknown
  sent = false
  constructor(asker: AnswerRef, how: ResumeKind, value: unknown) {
    this.asker = asker
    this.how = how
    this.value = value
  }
  next(_fiber: FiberState, _host: Host, kind: ResumeKind, value: unknown): unknown {
    if (!this.sent) {
      this.sent = true
      return this.asker.given(this.how, this.value)
    }
    if (kind === THROW && !isGone(value)) throw value
    this.result = kind !== THROW && value === true
    return OVER
  }
}
registerRoutine("rove.Replying", Replying, {
  result: isTruth,
  asker: isAnswer,
  how: oneOf(NEXT, THROW),
  value: anything,
  sent: isTruth,
})

/** Finds who is meant, and tells it. */
class Telling extends Sending {
  readonly to: Target
  readonly message: unknown
  constructor(to: Target, message: unknown) {
    super()
    this.to = to
    this.message = message
  }
  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (this.sent && this.isOver(TELL, kind, value)) return OVER
    if (kind === THROW) throw value
    if (value === undefined && typeof this.to === "string") return whereis(this.to)
    const to = typeof this.to === "string" ? registered(this.to, value) : (this.to as FiberRef<unknown>)
    return this.send(to, TELL, this.message, fiber, host)
  }
}
const isTarget = either(isText, isFiber)
registerRoutine("rove.Telling", Telling, { ...SENDING, to: isTarget, message: anything })

function registered(name: string, found: unknown): FiberRef<unknown> {
  if (found !== null) return found as FiberRef<unknown>
  throw new RoveError("ROVE_NO_PROCESS", `no fiber is registered as "${name}"`)
}

/**
 * Puts a clone of the message into the inbox of a fiber, given by its handle or its registered name, and waits for nobody to read it. What one
 * fiber tells another comes in that order; one that has ended hears nothing, and that is no error. Throws ROVE_NO_PROCESS for a
 * name that nobody has.
 */
export function tell(to: Target, message: unknown): Operation<void> {
  if (typeof to !== "string") targetOf(to, "tell")
  return new Steps(new Telling(to, message))
}

class Asking extends Sending {
  to: Target
  readonly message: unknown
  limit: Limit | null
  asker: AnswerRef | null = null
  step: "find" | "send" | "sent" | "answer" = "find"
  constructor(to: Target, message: unknown, limit: Limit | null) {
    super()
    this.to = to
    this.message = message
    this.limit = limit
  }
  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    switch (this.step) {
      case "find":
        this.step = "send"
        if (typeof this.to === "string") return whereis(this.to)
        return this.ask(this.to as FiberRef<unknown>, fiber, host)
      case "send":
        if (kind === THROW) throw value
        this.to = registered(this.to as string, value)
        return this.ask(this.to as FiberRef<unknown>, fiber, host)
      case "sent":
        if (kind === THROW && !isGone(value)) return this.stop(value, host)
        return this.wait()
      case "answer": {
        if (kind === THROW) return this.stop(value instanceof TimeoutError ? this.late() : value, host)
        const { how, value: answer } = value as Resumption
        if (how === THROW) throw answer
        this.result = answer
        return OVER
      }
    }
  }
  /** Where it could not wait for the answer it does not ask either. */
  private ask(to: FiberRef<unknown>, fiber: FiberState, host: Host): unknown {
    checkMayPark(host, { reason: `answer from ${this.asked}` })
    if (this.limit !== null) this.limit = begun(this.limit, host)
    this.asker = AnswerRef.to(to, host)
    this.step = "sent"
    const sending = this.send(to, TELL, new Question(this.message, this.asker), fiber, host)
    return sending === OVER ? this.wait() : sending
  }
  private wait(): unknown {
    this.step = "answer"
    return (this.asker as AnswerRef).awaited(this.asked, this.limit)
  }
  /** An answer that comes later finds nobody. */
  private stop(error: unknown, host: Host): never {
    tellTo(this.asker as AnswerRef, ABANDON, undefined, host)
    throw error
  }
  private get asked(): string {
    const { id, name } = this.to as FiberRef<unknown>
    return `fiber ${id} (${name})`
  }
  private late(): TimeoutError {
    return withoutFrames(() => new TimeoutError(`ask: ${this.asked} has not answered within ${this.limit?.ms} ms`))
  }
}
registerRoutine(
  "rove.Asking",
  Asking,
  {
    ...SENDING,
    result: anything,
    to: isTarget,
    message: anything,
    limit: isLimit,
    asker: orNull(isAnswer),
    step: oneOf("find", "send", "sent", "answer"),
  },
  {
    holds: ({ step, asker, to }: Asking) =>
      step === "send" ? typeof to === "string" : step === "find" || (asker !== null && typeof to !== "string"),
  },
)

/**
 * Tells a fiber something and waits for its answer: it receives a `Question`, and replies. Throws ROVE_TIMEOUT (an answer that
 * comes later is dropped), ROVE_NO_PROCESS if the fiber ends without an answer, and what it refuses with.
 */
export function ask<R = unknown>(to: Target, message: unknown, options?: WaitingOptions): Operation<R> {
  const limit = limitOf(options, "ask")
  if (typeof to !== "string") targetOf(to, "ask")
  return new Steps<R>(new Asking(to, message, limit))
}
