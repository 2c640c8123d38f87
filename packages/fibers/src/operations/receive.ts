/** Owns receiving the messages of a fiber: the oldest one that is wanted. What is not stays, in its order. */
import {
  anything,
  isObject,
  isTruth,
  orNull,
  type ResumeKind,
  registerKind,
  SUSPENDED,
  type Suspended,
  THROW,
} from "@rove/core"
import { InboxObject, RECEIVE } from "../homed/inbox.ts"
import { begun, HomedRef, isLimit, type Limit, limitOf, type WaitingOptions } from "../homed/ref.ts"
import { Request } from "../homed/request.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { refuseGenerator } from "../runtime/not-compiled.ts"
import { follow, OVER, type Routine, registerRoutine } from "../runtime/routine.ts"
import type { Alternative, Branch, Waiting } from "./alternative.ts"
import { inboxOf } from "./inbox-ref.ts"
import type { Question } from "./messages.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { matches } from "./pattern.ts"
import { isLost, ReceiveBranch } from "./receive-branch.ts"
import { keep, takeLast, takeSaved } from "./saved.ts"
import type { Wakers } from "./waiter.ts"

class Receiving implements Routine {
  result: unknown
  pattern: unknown
  limit: Limit | null
  asked = false
  orphaned = false
  constructor(pattern: unknown, limit: Limit | null) {
    this.pattern = pattern
    this.limit = limit
  }
  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (kind === THROW) this.failed(value)
    else if (this.asked) {
      // a test of the program that throws leaves the message where it is
      keep(fiber, value)
      if (matches(this.pattern, value)) return this.over(takeLast(fiber, value))
    } else {
      const found = takeNow(this.pattern, fiber, host)
      if (found !== null) return this.over(found.message)
      this.asked = true
    }
    this.limit = this.limit && begun(this.limit, host)
    return new Request(inboxOf(fiber, host), RECEIVE, undefined, this.limit)
  }
  private over(message: unknown): typeof OVER {
    this.result = message
    return OVER
  }
  /** The fiber's home may have died, and what was in the inbox with it: the pool has another one then. */
  private failed(error: unknown): void {
    if (!isLost(error) || this.orphaned) throw error
    this.orphaned = true
  }
}
registerRoutine("rove.Receiving", Receiving, {
  result: anything,
  pattern: anything,
  limit: isLimit,
  asked: isTruth,
  orphaned: isTruth,
})

/** A message that is there already, and need not be opened first as one from another thread may have to be; null if there is none. */
function takeNow(pattern: unknown, fiber: FiberState, host: Host): { readonly message: unknown } | null {
  const found = takeSaved(fiber, pattern)
  if (found !== null) return found
  const inbox = HomedRef.at(inboxOf(fiber, host), host)
  if (!(inbox instanceof InboxObject)) return null
  while (inbox.isOpen) {
    const message = inbox.attempt(RECEIVE, undefined)
    keep(fiber, message)
    if (matches(pattern, message)) return { message: takeLast(fiber, message) }
  }
  return null
}

interface Parts {
  readonly pattern: unknown
  readonly limit: Limit | null
}

class Receive extends BaseOperation<unknown> implements Alternative {
  readonly #pattern: unknown
  readonly #limit: Limit | null
  constructor({ pattern, limit }: Parts) {
    super()
    this.#pattern = pattern
    this.#limit = limit
  }
  static isReceive(value: object): value is Receive {
    return #pattern in value
  }
  static take(receive: Receive): Parts {
    return { pattern: receive.#pattern, limit: receive.#limit }
  }
  override get own(): boolean {
    return true
  }
  perform(_: FiberState, host: Host): unknown | Suspended {
    return follow(host.machine, new Receiving(this.#pattern, this.#limit))
  }
  attempt(fiber: FiberState, host: Host): unknown | Suspended {
    const found = takeNow(this.#pattern, fiber, host)
    return found === null ? SUSPENDED : found.message
  }
  wakersOf(fiber: FiberState, host: Host): Wakers {
    return this.#limit === null && !HomedRef.isOutside(inboxOf(fiber, host)) ? "fibers" : "outside"
  }
  isLocal(host: Host, fiber: FiberState): boolean {
    return HomedRef.at(inboxOf(fiber, host), host) !== null
  }
  waitAs(branch: Branch): Waiting {
    const limit = this.#limit && begun(this.#limit, branch.host)
    return new ReceiveBranch(branch, this.#pattern, limit, new Receive({ pattern: this.#pattern, limit }))
  }
}

registerKind<Receive, Parts>({
  name: "rove.receive",
  test: Receive.isReceive,
  take: Receive.take,
  fields: { pattern: anything, limit: orNull(isObject) },
  holds: ({ limit }) => isLimit(limit),
  allocate: parts => new Receive(parts as Parts),
})

// biome-ignore lint/suspicious/noExplicitAny: constructors of any arguments
type Class<T> = abstract new (...args: any[]) => T

/**
 * Waits for a message of this fiber: the oldest one, or the oldest that matches `pattern` (an instance of a class, what a test
 * accepts, or an object with those properties). The others stay, in their order. Throws ROVE_TIMEOUT.
 */
export function receive<T>(pattern: (message: unknown) => message is T, options?: WaitingOptions): Operation<T>
export function receive(pattern: (message: unknown) => boolean, options?: WaitingOptions): Operation<unknown>
export function receive(pattern: typeof Question, options?: WaitingOptions): Operation<Question>
export function receive<T>(pattern: Class<T>, options?: WaitingOptions): Operation<T>
export function receive<const P extends Readonly<Record<string, unknown>>>(
  pattern: P,
  options?: WaitingOptions,
): Operation<P & Record<string, unknown>>
export function receive<T = unknown>(pattern?: undefined, options?: WaitingOptions): Operation<T>
export function receive(pattern?: unknown, options?: WaitingOptions): Operation<unknown> {
  refuseGenerator(pattern, "receive")
  return new Receive({ pattern, limit: limitOf(options, "receive") }) as Operation<unknown>
}
