/**
 * Owns a channel at its home: values that wait for receivers, and senders and receivers that wait for each other. All of them
 * in the order in which they came, so that what one fiber sends another receives in that order.
 */
import { NEXT, RoveError, THROW } from "@rove/core"
import { isSameChoice } from "../runtime/choice.ts"
import { handOverError } from "../runtime/hand-over.ts"
import { registerHomed } from "../runtime/homed-kinds.ts"
import { NOTHING, type Party } from "../runtime/homes.ts"
import { Queue } from "../runtime/queue.ts"
import { HomedObject, NONE, type Served, WAITS } from "./object.ts"
import { Parties } from "./parties.ts"

export const SEND = 0
export const RECEIVE = 1
/** As RECEIVE; NOTHING at the end. */
export const ITEM = 2
export const CLOSE = 3
export const BALANCE = 4
export const VERBS = ["send to", "receive from", "iterate", "close", "ask"]

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
  readonly end: End | null
}

export class ChannelObject extends HomedObject {
  readonly kind = "channel"
  readonly #capacity: number
  readonly #overflow: Overflow
  /** Null until there is one. */
  #values: Queue<unknown> | null = null
  readonly #senders = new Parties()
  readonly #receivers = new Parties()
  /** Who wants to close it while somebody is asked. */
  #closers: Parties | null = null
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
    return operation === SEND
  }
  protected override get queues(): readonly Parties[] {
    return [this.#senders, this.#receivers]
  }
  protected override queueOf(operation: number): Parties {
    if (operation === SEND) return this.#senders
    if (operation !== CLOSE) return this.#receivers
    this.#closers ??= new Parties()
    return this.#closers
  }

  attempt(operation: number, argument: unknown): unknown {
    switch (operation) {
      case SEND:
        return this.#send(argument)
      case RECEIVE:
        return this.#receive()
      case ITEM:
        return this.#isOver && this.#end?.error === undefined ? NONE : this.#receive()
      case CLOSE:
        return this.busy ? WAITS : this.#close(argument as End)
      default:
        return this.#size + this.#senders.size - this.#receivers.size
    }
  }

  get #size(): number {
    return this.#values === null ? 0 : this.#values.length
  }
  #push(value: unknown): void {
    this.#values ??= new Queue()
    this.#values.push(value)
  }
  /** Nothing will come any more. */
  get #isOver(): boolean {
    return this.#end !== null && this.#size === 0 && !this.busy
  }
  #send(value: unknown): unknown {
    if (this.#end !== null) throw closed(this.#end.error)
    const receiver = this.#receivers.first
    if (receiver !== null) {
      // with a value here, somebody is being asked whether it wants that; who has a choice is asked first
      if (this.busy || this.#size > 0 || receiver.choice !== null) return WAITS
      this.#receivers.remove(receiver)
      receiver.settle(NEXT, value)
      return undefined
    }
    if (this.#senders.first !== null || (this.busy && this.#size >= this.#capacity)) return WAITS
    return this.#store(value) ? undefined : WAITS
  }
  /** False, and nothing changes, if whoever sends has to wait. */
  #store(value: unknown): boolean {
    if (this.#size < this.#capacity) this.#push(value)
    else if (this.#overflow === "block") return false
    else if (this.#overflow === "slide" && this.#capacity > 0) {
      this.#values?.shift()
      this.#push(value)
    }
    return true
  }
  #receive(): unknown {
    if (this.busy || this.#receivers.first !== null) return WAITS
    const sender = this.#senders.first
    if (this.#size > 0) {
      const value = this.#values?.shift()
      if (sender !== null) this.pump()
      return value
    }
    if (sender !== null) return sender.choice === null ? this.#accept(sender) : WAITS
    if (this.#end === null) return WAITS
    throw this.#end.error === undefined ? closed(undefined) : handOverError(this.#end.error)
  }
  /** What a sender has waited with; it goes on. */
  #accept(sender: Party): unknown {
    this.#senders.remove(sender)
    sender.settle(NEXT, undefined)
    return sender.argument
  }

  protected override serveNext(): boolean {
    const closer = this.#closers?.first ?? null
    if (closer !== null) {
      this.#closers?.remove(closer)
      closer.settle(NEXT, this.#close(closer.argument as End))
      return true
    }
    const sender = this.#senders.first
    const receiver = this.#receivers.first
    if (receiver !== null && this.#size > 0) {
      const value = this.#values?.oldest()
      this.match([{ party: receiver, value }], () => void this.#values?.shift())
      return true
    }
    if (sender === null) return this.#endReceivers()
    if (this.#end !== null) return this.#refuse(sender, this.#end)
    if (receiver !== null) {
      const pair = this.#pair(sender, receiver)
      if (pair !== null) this.match(pair, () => {})
      if (pair !== null) return true
    }
    if (this.#size >= this.#capacity && this.#overflow === "block") return false
    this.match([{ party: sender, value: undefined }], () => void this.#store(sender.argument))
    return true
  }
  /** The first two that can be had together: not both of one who chooses between sending and receiving. */
  #pair(first: Party, second: Party): readonly Served[] | null {
    const together = (sender: Party, receiver: Party): readonly Served[] => [
      { party: sender, value: undefined },
      { party: receiver, value: sender.argument },
    ]
    if (!isSameChoice(first, second)) return together(first, second)
    for (const receiver of this.#receivers) if (!isSameChoice(first, receiver)) return together(first, receiver)
    for (const sender of this.#senders) if (!isSameChoice(sender, second)) return together(sender, second)
    return null
  }

  /** Senders that wait have not sent; receivers that wait get nothing any more. */
  #close(end: End): boolean {
    if (this.#end !== null) return false
    this.#end = end
    this.pump()
    return true
  }
  #refuse(sender: Party, end: End): boolean {
    this.#senders.remove(sender)
    sender.settle(THROW, closed(end.error))
    return true
  }
  #endReceivers(): boolean {
    const receiver = this.#receivers.first
    const end = this.#end
    if (end === null || receiver === null) return false
    this.#receivers.remove(receiver)
    if (receiver.operation === ITEM && end.error === undefined) receiver.settle(NOTHING, undefined)
    else receiver.settle(THROW, end.error === undefined ? closed(undefined) : handOverError(end.error))
    return true
  }
}

/** Of a channel that nobody can send to any more. */
function closed(cause: unknown): RoveError {
  return new RoveError("ROVE_CHANNEL_CLOSED", "the channel is closed", cause === undefined ? undefined : { cause })
}

registerHomed("channel", state => ChannelObject.of(state as State))
