/**
 * Owns a channel at its home: values that wait for receivers, and senders and receivers that wait for each other. All of them
 * in the order in which they came, so that what one fiber sends another receives in that order.
 */
import { NEXT, RoveError, THROW } from "@rove/core"
import { handOverError } from "../runtime/hand-over.ts"
import { NOTHING, type Party, registerHomed } from "../runtime/homes.ts"
import { Queue } from "../runtime/queue.ts"
import { HomedObject, NONE, WAITS } from "./object.ts"
import { Parties } from "./parties.ts"

export const SEND = 0
export const RECEIVE = 1
/** As RECEIVE; NOTHING at the end. */
export const ITEM = 2
export const TRY_SEND = 3
export const TRY_RECEIVE = 4
export const CLOSE = 5
export const BALANCE = 6
export const VERBS = ["send to", "receive from", "iterate", "try to send to", "try to receive from", "close", "ask"]

/** What a send does that finds the buffer full: it waits, what it sends is dropped, or the oldest value is. */
export type Overflow = "block" | "drop" | "slide"

/** Why it is closed: an error that receivers get when nothing is left, or none. */
interface End {
  readonly error: unknown
}

interface State {
  readonly capacity: number
  readonly overflow: Overflow
  readonly values: readonly unknown[]
  readonly end: { readonly error: unknown } | null
}

export class ChannelObject extends HomedObject {
  readonly kind = "channel"
  readonly #capacity: number
  readonly #overflow: Overflow
  /** Null until there is one. */
  #values: Queue<unknown> | null = null
  readonly #senders = new Parties()
  readonly #receivers = new Parties()
  #end: End | null = null
  constructor(capacity: number, overflow: Overflow) {
    super()
    this.#capacity = capacity
    this.#overflow = overflow
  }
  static of({ capacity, overflow, values, end }: State): ChannelObject {
    const channel = new ChannelObject(capacity, overflow)
    for (const value of values) channel.#push(value)
    channel.#end = end
    return channel
  }
  override pack(seal: (value: unknown) => unknown): State {
    const values: unknown[] = []
    while (this.#size > 0) values.push(seal(this.#values?.shift()))
    return { capacity: this.#capacity, overflow: this.#overflow, values, end: this.#end }
  }
  override seals(operation: number): boolean {
    return operation === SEND || operation === TRY_SEND
  }

  attempt(operation: number, argument: unknown): unknown {
    switch (operation) {
      case SEND:
        return this.#send(argument)
      case RECEIVE:
        return this.#receive()
      case ITEM:
        return this.#end !== null && this.#end.error === undefined && this.#isEmpty ? NONE : this.#receive()
      case TRY_SEND:
        return this.#send(argument) !== WAITS
      case TRY_RECEIVE: {
        const value = this.#receive()
        return value === WAITS ? NONE : value
      }
      case CLOSE:
        return this.#close(argument as End)
      default:
        return this.#size + this.#senders.size - this.#receivers.size
    }
  }
  enqueue(party: Party): void {
    if (party.operation === SEND) this.#senders.add(party)
    else this.#receivers.add(party)
  }

  get #size(): number {
    return this.#values === null ? 0 : this.#values.length
  }
  #push(value: unknown): void {
    this.#values ??= new Queue()
    this.#values.push(value)
  }
  get #isEmpty(): boolean {
    return this.#size === 0 && this.#senders.first === null
  }
  #send(value: unknown): unknown {
    if (this.#end !== null) throw closed(this.#end.error)
    const receiver = this.#receivers.first
    if (receiver !== null) {
      this.#receivers.remove(receiver)
      receiver.settle(NEXT, value)
    } else if (this.#size < this.#capacity) this.#push(value)
    else if (this.#overflow === "block") return WAITS
    else if (this.#overflow === "slide") {
      this.#values?.shift()
      this.#push(value)
    }
    return undefined
  }
  #receive(): unknown {
    const sender = this.#senders.first
    if (this.#size > 0) {
      const value = this.#values?.shift()
      if (sender !== null) this.#push(this.#accept(sender))
      return value
    }
    if (sender !== null) return this.#accept(sender)
    if (this.#end === null) return WAITS
    throw this.#end.error === undefined ? closed(undefined) : handOverError(this.#end.error)
  }
  /** What a sender has waited with; it goes on. */
  #accept(sender: Party): unknown {
    this.#senders.remove(sender)
    sender.settle(NEXT, undefined)
    return sender.argument
  }
  /** Senders that wait have not sent; receivers that wait get nothing any more. */
  #close(end: End): boolean {
    if (this.#end !== null) return false
    this.#end = end
    for (const sender of this.#senders) {
      this.#senders.remove(sender)
      sender.settle(THROW, closed(end.error))
    }
    for (const receiver of this.#receivers) {
      this.#receivers.remove(receiver)
      if (receiver.operation === ITEM && end.error === undefined) receiver.settle(NOTHING, undefined)
      else receiver.settle(THROW, end.error === undefined ? closed(undefined) : handOverError(end.error))
    }
    return true
  }
}

/** Of a channel that nobody can send to any more. */
function closed(cause: unknown): RoveError {
  return new RoveError("ROVE_CHANNEL_CLOSED", "the channel is closed", cause === undefined ? undefined : { cause })
}

registerHomed("channel", state => ChannelObject.of(state as State))
