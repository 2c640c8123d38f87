/**
 * Owns the inbox of a fiber at its home: messages in the order in which they came, and what the fiber hears of others' ends.
 * It is there as soon as somebody asks for it, as long as the fiber lives; wherever that is, it asks here for its messages.
 */

import { type Fiber, FiberRef } from "../operations/handle.ts"
import { handOverError } from "../runtime/hand-over.ts"
import { type Fibers, registerHomed, registerProvided } from "../runtime/homed-kinds.ts"
import { Sealed, type Whereabouts } from "../runtime/homes.ts"
import type { FiberAddress } from "../runtime/host.ts"
import { Queue } from "../runtime/queue.ts"
import { Listening } from "./listening.ts"
import { HomedObject, WAITS } from "./object.ts"
import { Parties } from "./parties.ts"
import { Down, Exit, KILLED, LinkExit, NORMAL, reasonOf } from "./signals.ts"

export const TELL = 0
export const RECEIVE = 1
export const LINK = 2
export const UNLINK = 3
export const MONITOR = 4
export const DEMONITOR = 5
export const TRAP = 6
/** Signals, by what the sender can see of the reason: "normal", "kill", or any other. */
export const EXIT_NORMAL = 7
export const EXIT_KILL = 8
export const EXIT = 9
/** What an inbox knew that died with its thread. */
export const RESTORE = 10
/** A link that its own fiber makes; gives which of those that it made have ended. */
export const TIE = 11
export const VERBS =
  "tell,receive from,link,unlink,monitor by,demonitor by,trap exits at,signal,signal,signal,restore,link".split(",")

/** What an inbox knows of others for its fiber. */
export interface Ties {
  readonly trapping: boolean
  readonly links: readonly Fiber<unknown>[]
  readonly monitors: readonly { readonly monitor: string; readonly fiber: Fiber<unknown> }[]
  /** How many it has had: no two have the same name. */
  readonly monitored: number
}

const SUFFIX = "/inbox"

/** The id of the inbox of a fiber. */
export function inboxId(fiber: string): string {
  return `${fiber}${SUFFIX}`
}

/** And back. */
export function fiberOf(inbox: string): string {
  return inbox.slice(0, -SUFFIX.length)
}

interface State {
  readonly messages: readonly unknown[]
  readonly links: readonly FiberRef<unknown>[]
  readonly monitors: readonly (readonly [number, FiberRef<unknown>])[]
  readonly monitored: number
  readonly trapping: boolean
  readonly tied: readonly string[]
  readonly untied: readonly string[]
}

export class InboxObject extends HomedObject {
  readonly kind = "inbox"
  readonly #fiber: FiberAddress
  readonly #fibers: Fibers
  readonly #messages = new Queue<unknown>()
  readonly #receivers = new Parties()
  readonly #links = new Map<string, Listening>()
  /** Links that its own fiber has made, which remembers them, and those of them that have ended since it made the last one. */
  readonly #tied = new Set<string>()
  #untied: string[] = []
  readonly #monitors = new Map<number, Listening>()
  #monitored = 0
  #trapping = false
  /** Its fiber has ended. */
  over = false
  constructor(id: string, home: number, fibers: Fibers) {
    super()
    this.#fiber = { id: fiberOf(id), name: "", home }
    this.#fibers = fibers
    // quietly: who gives a fiber something has not asked how it ends
    fibers.whenDone(this.#fiber, () => this.#end(), true)
  }
  static of(
    id: string,
    home: number,
    fibers: Fibers,
    { messages, links, monitors, monitored, trapping, tied, untied }: State,
  ): InboxObject {
    const inbox = new InboxObject(id, home, fibers)
    for (const message of messages) inbox.#messages.push(message)
    inbox.#trapping = trapping
    inbox.#untied = [...untied]
    for (const id of tied) inbox.#tied.add(id)
    inbox.#monitored = monitored
    for (const fiber of links) inbox.#link(fiber)
    for (const [number, fiber] of monitors) inbox.#watch(number, fiber)
    return inbox
  }
  override pack(seal: (value: unknown) => unknown): State {
    const messages: unknown[] = []
    while (this.#messages.length > 0) messages.push(seal(this.#messages.shift()))
    return {
      messages,
      links: [...this.#links.values()].map(({ fiber }) => fiber),
      monitors: [...this.#monitors].map(([number, { fiber }]) => [number, fiber] as const),
      monitored: this.#monitored,
      trapping: this.#trapping,
      tied: [...this.#tied],
      untied: this.#untied,
    }
  }
  /** A message, or a reason, is the fiber's own to look at. */
  override seals(operation: number): boolean {
    return operation === TELL || operation === EXIT_NORMAL || operation === EXIT_KILL || operation === EXIT
  }

  /** The oldest message is there, and needs no opening. */
  get isOpen(): boolean {
    return this.#messages.length > 0 && !this.busy && !Sealed.is(this.#messages.oldest())
  }
  attempt(operation: number, argument: unknown): unknown {
    switch (operation) {
      case TELL:
        return this.#put(argument)
      case RECEIVE:
        return this.#messages.length > 0 && !this.busy ? this.#messages.shift() : WAITS
      case LINK:
        return this.#link(argument as FiberRef<unknown>)
      case TIE:
        return this.#tie(argument as FiberRef<unknown>)
      case UNLINK:
        return this.#unlink((argument as FiberRef<unknown>).id)
      case MONITOR:
        this.#watch(++this.#monitored, argument as FiberRef<unknown>)
        return String(this.#monitored)
      case DEMONITOR:
        return this.#demonitor(argument as string)
      case TRAP: {
        const before = this.#trapping
        this.#trapping = argument === true
        return before
      }
      case RESTORE:
        return this.#restore(argument as Ties)
      default:
        return this.#signalled(operation, argument)
    }
  }
  protected override queueOf(): Parties {
    return this.#receivers
  }
  protected override get queues(): readonly Parties[] {
    return [this.#receivers]
  }
  protected override serveNext(): boolean {
    const party = this.#receivers.first
    if (party === null || this.#messages.length === 0) return false
    this.match([{ party, value: this.#messages.oldest() }], () => void this.#messages.shift())
    return true
  }

  /** A thread has died: of a fiber whose home it was, the next inbox does not know who is linked to it. */
  override bereaved(_: Whereabouts, thread: number): void {
    for (const { fiber } of [...this.#links.values()]) if (fiber.home === thread) this.#linkAgain(fiber)
  }
  #linkAgain({ id, home }: FiberRef<unknown>): void {
    const address = { id: inboxId(id), home, kind: "inbox" }
    const me = new FiberRef(this.#fiber)
    const inbox = this.homes?.find(address) ?? null
    if (inbox instanceof InboxObject) inbox.attempt(LINK, me)
    else this.homes?.tell(address, LINK, me)
  }
  #restore({ trapping, links, monitors, monitored }: Ties): void {
    this.#trapping = trapping
    this.#monitored = Math.max(this.#monitored, monitored)
    for (const fiber of links) this.#untied.push(...this.#tie(fiber as FiberRef<unknown>))
    for (const { monitor, fiber } of monitors) {
      const number = Number(monitor)
      if (!this.#monitors.has(number)) this.#watch(number, fiber as FiberRef<unknown>)
    }
  }

  #put(message: unknown): void {
    this.#messages.push(message)
    this.pump()
  }
  #link(fiber: FiberRef<unknown>): void {
    const { id } = fiber
    if (this.#links.has(id) || id === this.#fiber.id) return
    const link = new Listening(fiber, this.#fibers)
    this.#links.set(id, link)
    link.start(outcome => {
      this.#links.delete(id)
      if (this.#tied.delete(id)) this.#untied.push(id)
      this.#exit(fiber, reasonOf(outcome))
    })
  }
  #tie(fiber: FiberRef<unknown>): readonly string[] {
    this.#tied.add(fiber.id)
    this.#link(fiber)
    return this.#untied.splice(0)
  }
  /** Nothing comes of it any more. */
  #unlink(id: string): void {
    this.#tied.delete(id)
    this.#links.get(id)?.stop()
    this.#links.delete(id)
  }
  #watch(number: number, fiber: FiberRef<unknown>): void {
    const watch = new Listening(fiber, this.#fibers)
    this.#monitors.set(number, watch)
    watch.start(outcome => {
      this.#monitors.delete(number)
      this.#put(new Down(String(number), fiber, handOverError(reasonOf(outcome))))
    })
  }
  /** What it has said already, and nobody has read, is gone too. */
  #demonitor(monitor: string): void {
    const watch = this.#monitors.get(Number(monitor))
    watch?.stop()
    if (this.#monitors.delete(Number(monitor))) return
    for (let left = this.#messages.length; left > 0; left--) {
      const message = this.#messages.shift()
      if (!(message instanceof Down && message.monitor === monitor)) this.#messages.push(message)
    }
  }
  /** An exit signal, as the Erlang manual has it: trapped, or ignored if all is well, or the fiber's end. */
  #exit(from: FiberRef<unknown>, reason: unknown): void {
    if (this.#trapping) this.#put(new LinkExit(from, handOverError(reason)))
    else if (reason !== NORMAL) this.#fibers.interrupt(this.#fiber, reason)
  }
  #signalled(operation: number, argument: unknown): void {
    if (operation === EXIT_KILL) this.#fibers.interrupt(this.#fiber, KILLED)
    else if (this.#trapping) this.#put(argument)
    else if (operation === EXIT) this.#open(argument, ({ reason }) => this.#fibers.interrupt(this.#fiber, reason))
  }
  #open(argument: unknown, then: (exit: Exit) => void): void {
    if (Sealed.is(argument))
      this.homes?.open(argument, (_, value) =>
        then(value instanceof Exit ? value : new Exit(new FiberRef(this.#fiber), value)),
      )
    else then(argument as Exit)
  }
  #end(): void {
    this.over = true
    for (const listening of [...this.#links.values(), ...this.#monitors.values()]) listening.stop()
    this.#links.clear()
    this.#monitors.clear()
    this.homes?.forget(this)
  }
}

registerProvided("inbox", (id, home, fibers) => {
  const inbox = new InboxObject(id, home, fibers)
  return inbox.over ? null : inbox
})
registerHomed("inbox", (state, id, home, fibers) => InboxObject.of(id, home, fibers, state as State))
