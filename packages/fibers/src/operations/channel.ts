/** Owns channels as fibers use them: handles that anybody may have, on any thread. */
import { anything, optionNames, plain, RoveError, refuseUnknown } from "@rove/core"
import { BALANCE, ChannelObject, CLOSE, ITEM, type Overflow, RECEIVE, SEND, VERBS } from "../homed/channel.ts"
import { items } from "../homed/items.ts"
import { HomedRef, type Limit, limitOf, registerHomedRef, type WaitingOptions } from "../homed/ref.ts"
import { AtOnce, Request } from "../homed/request.ts"
import { show } from "../runtime/options.ts"
import type { Resumable } from "../types.ts"
import type { Operation } from "./operation.ts"

/** What fibers hand each other values through, whichever threads they are on; each value is received once. */
export interface Channel<T> {
  /**
   * Hands over a clone of the value: waits for a receiver, or for room in the buffer. Throws ROVE_CHANNEL_CLOSED, ROVE_TIMEOUT, and
   * WorkerLost if the channel's thread is gone.
   */
  send(value: T, options?: WaitingOptions): Operation<void>
  /** Waits for a value. Throws what the channel was closed with once nothing is left in it, or ROVE_CHANNEL_CLOSED; and as `send`. */
  receive(options?: WaitingOptions): Operation<T>
  /** As `receive`, but says that the channel is closed instead of throwing: what an iterator's `next` gives. */
  next(options?: WaitingOptions): Operation<IteratorResult<T, undefined>>
  /** Hands over a clone of the value if that can be without waiting; says whether it was. Throws ROVE_CHANNEL_CLOSED. */
  trySend(value: T): Operation<boolean>
  /** A value, if there is one without waiting. Throws as `receive`. */
  tryReceive(): Operation<{ readonly value: T } | undefined>
  /**
   * Nothing can be sent any more: those who wait to send get ROVE_CHANNEL_CLOSED. What is in the buffer can be received; then
   * receivers get a clone of `error`, or ROVE_CHANNEL_CLOSED, and loops end. False if it was closed already.
   */
  close(error?: unknown): Operation<boolean>
  /** Values in the buffer and senders that wait, less the receivers that wait. */
  balance(): Operation<number>
  /** Receives until the channel is closed: `for (const x of channel)` in compiled code. */
  [Symbol.iterator](): Resumable<void, T>
}

export interface ChannelOptions {
  /** Values that it holds; 0 (the default): each sender waits for its receiver. */
  readonly capacity?: number
  /** What a send does that finds no room: "block" waits (the default), "drop" gives its value up, "slide" the oldest one; without capacity, both give up a value that nobody waits for. */
  readonly overflow?: Overflow
}

const OPTIONS = optionNames<ChannelOptions>({ capacity: true, overflow: true })
const OVERFLOWS = ["block", "drop", "slide"]

class Item<T> extends Request<IteratorResult<T, undefined>> {
  override result(value: unknown): IteratorResult<T, undefined> {
    return { done: false, value: value as T }
  }
  override nothing(): IteratorResult<T, undefined> {
    return { done: true, value: undefined }
  }
}
class TryReceive<T> extends Request<{ readonly value: T } | undefined> {
  override get patient(): boolean {
    return false
  }
  override result(value: unknown): { readonly value: T } {
    return { value: value as T }
  }
}

class TrySend extends Request<boolean> {
  override get patient(): boolean {
    return false
  }
  override result(): boolean {
    return true
  }
  override nothing(): boolean {
    return false
  }
}

const isEnd = plain({ error: anything })

class ChannelRef<T> extends HomedRef implements Channel<T> {
  /** Of all who receive: the operation says nothing of any of them, and there may be a million. */
  #receive: Request<T> | null = null
  send(value: T, options?: WaitingOptions): Operation<void> {
    return new Request<void>(this, SEND, value, limitOf(options, "send"))
  }
  receive(options?: WaitingOptions): Operation<T> {
    if (options !== undefined) return new Request<T>(this, RECEIVE, undefined, limitOf(options, "receive"))
    this.#receive ??= new Request<T>(this, RECEIVE, undefined)
    return this.#receive
  }
  next(options?: WaitingOptions): Operation<IteratorResult<T, undefined>> {
    return new Item<T>(this, ITEM, undefined, limitOf(options, "next"))
  }
  trySend(value: T): Operation<boolean> {
    return new TrySend(this, SEND, value)
  }
  tryReceive(): Operation<{ readonly value: T } | undefined> {
    return new TryReceive<T>(this, RECEIVE, undefined)
  }
  close(error?: unknown): Operation<boolean> {
    return new AtOnce<boolean>(this, CLOSE, { error })
  }
  balance(): Operation<number> {
    return new AtOnce<number>(this, BALANCE, undefined)
  }
  [Symbol.iterator](): Resumable<void, T> {
    return items(this) as Resumable<void, T>
  }
  override verb(operation: number): string {
    return VERBS[operation] as string
  }
  override request(operation: number, argument: unknown, limit: Limit | null, patient: boolean): Request<unknown> {
    if (operation === ITEM) return new Item<unknown>(this, operation, argument, limit)
    if (patient) return new Request<unknown>(this, operation, argument, limit)
    return operation === SEND ? new TrySend(this, operation, argument) : new TryReceive(this, operation, argument)
  }
  override takes(operation: number, argument: unknown): boolean {
    if (operation === CLOSE) return isEnd(argument)
    return operation === SEND || operation === RECEIVE || operation === ITEM || operation === BALANCE
  }
}

registerHomedRef("rove.channel", "channel", ChannelRef)

/**
 * Makes a channel. It lives on the thread of the fiber that first uses it, and can be handed to any other: as argument, result
 * or local, in records, and through channels.
 */
export function channel<T>(options: ChannelOptions = {}): Channel<T> {
  refuseUnknown(options, OPTIONS, "channel")
  const { capacity = 0, overflow = "block" } = options
  if (!(Number.isInteger(capacity) || capacity === Number.POSITIVE_INFINITY) || capacity < 0)
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `channel: capacity is a whole number, or Infinity, not ${show(capacity)}`,
    )
  if (!OVERFLOWS.includes(overflow))
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `channel: overflow is one of ${OVERFLOWS.join(", ")}, not ${show(overflow)}`,
    )
  return new ChannelRef<T>(new ChannelObject(capacity, overflow), null)
}
