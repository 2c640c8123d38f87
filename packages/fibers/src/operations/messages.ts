/** Owns messages between fibers: telling one something, and asking it. */
import {
  anything,
  either,
  FiberInterrupted,
  isText,
  isTruth,
  isUndefined,
  oneOf,
  orNull,
  plain,
  type ResumeKind,
  RoveError,
  registerOwnClass,
  THROW,
  TimeoutError,
} from "@rove/core"
import { TELL } from "../homed/inbox.ts"
import { HomedRef, isLimit, type Limit, limitOf, type WaitingOptions } from "../homed/ref.ts"
import type { Request } from "../homed/request.ts"
import { reasonOf } from "../homed/signals.ts"
import type { FiberState, Outcome } from "../runtime/fiber.ts"
import { handOverError } from "../runtime/hand-over.ts"
import type { Host } from "../runtime/host.ts"
import { forbidsWait } from "../runtime/restrictions.ts"
import { OVER, type Routine, registerRoutine } from "../runtime/routine.ts"
import { type Channel, channel, isChannel } from "./channel.ts"
import { FiberRef, isFiber } from "./handle.ts"
import { inboxOf, post, type Target, targetOf, tellTo } from "./inbox-ref.ts"
import { whereis } from "./names.ts"
import type { Operation } from "./operation.ts"
import { Steps } from "./steps.ts"

/** What `ask` sends: whoever receives it replies, once. */
export class Question<T = unknown> {
  readonly message: T
  private readonly answers: Channel<unknown>
  constructor(message: T, answers: Channel<unknown>) {
    this.message = message
    this.answers = answers
  }
  /** Gives the one who asked its answer. False if nobody waits for it any more, or it has one: then nothing happens. */
  reply(value: unknown): Operation<boolean> {
    return new Steps(new Replying(this.answers, value, false))
  }
  /** As `reply`, but the error is thrown in the one who asked. */
  refuse(error: unknown): Operation<boolean> {
    return new Steps(new Replying(this.answers, error, true))
  }
}
registerOwnClass("rove.Question", Question, { message: anything, answers: isChannel }, { open: true })

class Replying implements Routine {
  result = false
  answers: Channel<unknown>
  value: unknown
  fails: boolean
  done = false
  closing = false
  constructor(answers: Channel<unknown>, value: unknown, fails: boolean) {
    this.answers = answers
    this.value = value
    this.fails = fails
  }
  next(_fiber: FiberState, _host: Host, kind: ResumeKind, value: unknown): unknown {
    if (this.done && kind === THROW) {
      if (isGone(value)) return OVER
      throw value
    }
    if (this.closing) return OVER
    if (this.done) {
      this.result = value === true
      this.closing = true
      return this.fails ? OVER : this.answers.close() // one answer
    }
    this.done = true
    return this.fails ? this.answers.close(this.value) : this.answers.trySend(this.value)
  }
}
registerRoutine("rove.Replying", Replying, {
  result: isTruth,
  answers: isChannel,
  value: anything,
  fails: isTruth,
  done: isTruth,
  closing: isTruth,
})

/** Nobody waits there any more. */
function isGone(error: unknown): boolean {
  return (
    error instanceof RoveError &&
    ["ROVE_CHANNEL_CLOSED", "ROVE_WORKER_LOST", "ROVE_UNKNOWN_OBJECT"].includes(error.code)
  )
}

/**
 * Finds who is meant, and tells it. From another thread it goes on when the home has the message: one that this fiber sends
 * later, from wherever it is then, cannot be there before.
 */
class Telling implements Routine {
  result: undefined
  to: Target
  message: unknown
  sent = false
  constructor(to: Target, message: unknown) {
    this.to = to
    this.message = message
  }
  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (this.sent && (kind !== THROW || isGone(value))) return OVER
    if (kind === THROW) throw value
    if (value === undefined && typeof this.to === "string") return whereis(this.to)
    const to = typeof this.to === "string" ? registered(this.to, value) : this.to
    const address = FiberRef.addressOf(to as FiberRef<unknown>)
    const inbox = inboxOf(address, host)
    if (HomedRef.at(inbox, host) !== null || staysHere(fiber, host)) {
      post(address, TELL, this.message, host)
      return OVER
    }
    this.sent = true
    return inbox.request(TELL, this.message, null)
  }
}

/** It can wait for nothing here, and so does not leave either before it is out of that. */
function staysHere(fiber: FiberState, host: Host): boolean {
  return host.machine.masked > 0 || (fiber.restricted !== null && forbidsWait(fiber, false) !== null)
}
const isTarget = either(isText, isFiber)
registerRoutine("rove.Telling", Telling, { result: isUndefined, to: isTarget, message: anything, sent: isTruth })

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

/** Who asks listens to the end of the one it asks; not for longer than that, where it has not moved meanwhile. */
const LISTENING = new WeakMap<object, () => void>()

class Asking implements Routine {
  result: unknown
  to: Target
  message: unknown
  limit: Limit | null
  answers: Channel<unknown> | null = null
  step: "find" | "send" | "answer" | "closed" = "find"
  failure: { readonly error: unknown } | null = null
  constructor(to: Target, message: unknown, limit: Limit | null) {
    this.to = to
    this.message = message
    this.limit = limit
  }
  next(_fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    switch (this.step) {
      case "find":
        this.step = "send"
        if (typeof this.to === "string") return whereis(this.to)
        return this.send(this.to as FiberRef<unknown>, host)
      case "send":
        if (kind === THROW) throw value
        return this.send(registered(this.to as string, value), host)
      case "answer":
        if (kind === THROW) this.failure = { error: value instanceof TimeoutError ? this.late() : value }
        else this.result = value
        LISTENING.get(this)?.()
        return this.close(host)
      case "closed":
        // an interrupt came first: it is thrown once, here
        if (kind === THROW && value instanceof FiberInterrupted) {
          const { ref, operation, argument } = this.closing()
          tellTo(ref, operation, argument, host)
          throw value
        }
        return this.over()
    }
  }
  /** Whatever ended the wait: an answer that comes later finds nobody. */
  private close(host: Host): unknown {
    const closing = this.closing()
    this.step = "closed"
    if (!closing.isLocal(host)) return closing
    closing.now(host)
    return this.over()
  }
  private closing(): Request<boolean> {
    return (this.answers as Channel<unknown>).close() as Request<boolean>
  }
  private over(): typeof OVER {
    if (this.failure !== null) throw this.failure.error
    return OVER
  }
  private late(): TimeoutError {
    const whom = typeof this.to === "string" ? `"${this.to}"` : `fiber ${this.to.id} (${this.to.name})`
    return new TimeoutError(`ask: ${whom} has not answered within ${this.limit?.ms} ms`)
  }
  private send(to: FiberRef<unknown>, host: Host): unknown {
    const answers = channel<unknown>({ capacity: 1 })
    this.answers = answers
    this.step = "answer"
    const address = FiberRef.addressOf(to)
    const what = `fiber ${to.id} (${to.name}) has ended, and has not answered`
    const ended = (outcome: Outcome): void => {
      const error = new RoveError("ROVE_NO_PROCESS", what, { cause: handOverError(reasonOf(outcome)) })
      ;(answers.close(error) as Request<boolean>).now(host)
    }
    host.whenDone(address, ended, true)
    LISTENING.set(this, () => host.unlisten(address, ended))
    post(address, TELL, new Question(this.message, answers), host)
    return answers.receive(this.limit === null ? {} : { timeout: this.limit.ms })
  }
}
registerRoutine(
  "rove.Asking",
  Asking,
  {
    result: anything,
    to: isTarget,
    message: anything,
    limit: isLimit,
    answers: orNull(isChannel),
    step: oneOf("find", "send", "answer", "closed"),
    failure: orNull(plain({ error: anything })),
  },
  {
    holds: ({ step, answers, to }: Asking) =>
      (answers !== null) === (step === "answer" || step === "closed") && (step !== "send" || typeof to === "string"),
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
