/** Owns shared words and channels between virtual threads: plain memory and queues, of which the simulator decides who sees what when. */
import type { MessagePort } from "node:worker_threads"
import { SharedWords, type Words } from "../../packages/scheduler/src/cells.ts"
import type { Payload } from "../../packages/scheduler/src/mail.ts"
import type { Port, Wiring } from "../../packages/scheduler/src/mailbox.ts"
import type { Actor, Simulator } from "./simulator.ts"

/** One end of a channel, before a thread has it. */
class End {
  readonly inbox: unknown[] = []
  other: End | null = null
  /** Of the thread that has it: tells its event loop that something is there. */
  arrived: () => void = () => {}
}

export function channel(): { port1: MessagePort; port2: MessagePort } {
  const [one, two] = [new End(), new End()]
  one.other = two
  two.other = one
  return { port1: one as unknown as MessagePort, port2: two as unknown as MessagePort }
}

export class VirtualWiring implements Wiring {
  readonly #simulator: Simulator
  readonly #actor: Actor
  #open = 0
  constructor(simulator: Simulator, actor: Actor) {
    this.#simulator = simulator
    this.#actor = actor
  }
  words(buffer: SharedArrayBuffer): Words {
    return new VirtualWords(this.#simulator, this.#actor, buffer)
  }
  port(port: MessagePort): Port {
    this.#open++
    return new VirtualPort(this.#actor, port as unknown as End, this.#closed)
  }
  /** A thread that has no open port any more has nothing to wait for. */
  readonly #closed = (): void => {
    if (--this.#open === 0 && this.#actor.id !== 0) this.#simulator.end(this.#actor)
  }
}

/** Of a thread that is dead nothing is seen any more, though what it was doing goes on for a moment. */
class VirtualWords implements Words {
  readonly #simulator: Simulator
  readonly #actor: Actor
  readonly #words: SharedWords
  constructor(simulator: Simulator, actor: Actor, buffer: SharedArrayBuffer) {
    this.#simulator = simulator
    this.#actor = actor
    this.#words = new SharedWords(buffer)
  }
  peek(at: number): number {
    this.#simulator.access(this.#actor)
    return this.#words.peek(at)
  }
  poke(at: number, value: number): void {
    if (this.#simulator.access(this.#actor)) this.#words.poke(at, value)
  }
  load(at: number): number {
    this.#simulator.access(this.#actor)
    return this.#words.load(at)
  }
  store(at: number, value: number): void {
    if (this.#simulator.access(this.#actor)) this.#words.store(at, value)
  }
  exchange(at: number, value: number): number {
    return this.#simulator.access(this.#actor) ? this.#words.exchange(at, value) : 0
  }
  swap(at: number, expected: number, value: number): boolean {
    return this.#simulator.access(this.#actor) && this.#words.swap(at, expected, value)
  }
}

class VirtualPort implements Port {
  readonly #actor: Actor
  readonly #end: End
  readonly #closed: () => void
  constructor(actor: Actor, end: End, closed: () => void) {
    this.#actor = actor
    this.#closed = closed
    this.#end = end
  }
  post(message: unknown): void {
    const copy = copied(message)
    const { other } = this.#end
    if (this.#actor.dead || other === null) return
    other.inbox.push(copy)
    other.arrived()
  }
  take(): { readonly message: unknown } | null {
    return this.#end.inbox.length === 0 ? null : { message: this.#end.inbox.shift() }
  }
  whenClosed(): void {}
  listen(listener: (message: unknown) => void): void {
    const queue: (() => void)[] = []
    this.#actor.queues.push(queue)
    // what was taken meanwhile is no event any more
    const event = (): void => {
      const taken = this.take()
      if (taken !== null) listener(taken.message)
    }
    this.#end.arrived = () => {
      if (!this.#actor.dead) queue.push(event)
    }
    for (const _ of this.#end.inbox) this.#end.arrived()
  }
  close(): void {
    this.#end.arrived = () => {}
    this.#end.inbox.length = 0
    const { other } = this.#end
    this.#end.other = null
    if (other !== null) other.other = null
    this.#closed()
  }
}

/** What is posted is cloned, but for channels, which are handed over. */
function copied(message: unknown): unknown {
  if (typeof message !== "object" || message === null) return message
  const { payload, object, ...rest } = message as { payload?: Payload | null; object?: unknown }
  const isPeer = typeof object === "object" && object !== null && "port" in object
  return { ...rest, payload: structuredClone(payload), object: isPeer ? object : structuredClone(object) }
}
