/** Owns the way to shared words and ports through turns: the objects that a thread of a search gets instead of the real ones. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads"
import { SharedWords, type Words } from "../../packages/scheduler/src/cells.ts"
import type { Port, Wiring } from "../../packages/scheduler/src/mailbox.ts"
import { READ, SLEEP, type Turns, WRITE } from "./turns.ts"

/** Words of a line of memory, of which the protocols use so many, from its beginning. Each is a location of its own. */
const LINE = 16
const USED = 2
/** Locations of a buffer. */
const LOCATIONS = 8 * USED
/** Ports have numbers as buffers have. */
const PORTS = 256

export class TurnWiring implements Wiring {
  readonly #turns: Turns
  readonly #buffers: readonly SharedArrayBuffer[]
  readonly #ports: readonly MessagePort[]
  readonly #torn: boolean
  readonly #made = new Map<MessagePort, TurnPort>()
  /** All threads have the same buffers in the same order; `ports`: ends of one channel are 2n and 2n+1, null where they are another thread's. */
  constructor(
    turns: Turns,
    buffers: readonly SharedArrayBuffer[],
    ports: readonly (MessagePort | null)[],
    torn: boolean,
  ) {
    this.#torn = torn
    this.#turns = turns
    this.#buffers = buffers
    this.#ports = ports as readonly MessagePort[]
  }
  words(buffer: SharedArrayBuffer): Words {
    return new TurnWords(this.#turns, buffer, this.#buffers.indexOf(buffer) * LOCATIONS, this.#torn)
  }
  port(port: MessagePort): Port {
    const made = new TurnPort(this.#turns, port, PORTS + this.#ports.indexOf(port))
    this.#made.set(port, made)
    return made
  }
  /** Waits as an event loop does until something has arrived there, and hands it over. */
  sleep(port: MessagePort): void {
    this.#made.get(port)?.sleep()
  }
}

class TurnWords implements Words {
  readonly #turns: Turns
  readonly #words: SharedWords
  readonly #base: number
  /** Planted: a swap that compares first and stores then. */
  readonly #torn: boolean
  constructor(turns: Turns, buffer: SharedArrayBuffer, base: number, torn: boolean) {
    this.#turns = turns
    this.#torn = torn
    this.#words = new SharedWords(buffer)
    this.#base = base
  }
  peek(at: number): number {
    this.#turn(READ, at)
    return this.#words.peek(at)
  }
  poke(at: number, value: number): void {
    this.#turn(WRITE, at)
    this.#words.poke(at, value)
  }
  load(at: number): number {
    this.#turn(READ, at)
    return this.#words.load(at)
  }
  store(at: number, value: number): void {
    this.#turn(WRITE, at)
    this.#words.store(at, value)
  }
  exchange(at: number, value: number): number {
    this.#turn(WRITE, at)
    return this.#words.exchange(at, value)
  }
  swap(at: number, expected: number, value: number): boolean {
    if (this.#torn) {
      if (this.load(at) !== expected) return false
      this.store(at, value)
      return true
    }
    this.#turn(WRITE, at)
    return this.#words.swap(at, expected, value)
  }
  #turn(kind: number, at: number): void {
    const inLine = at % LINE
    if (inLine >= USED) throw new Error(`word ${at} would be taken for another one`)
    this.#turns.turn(kind, this.#base + Math.floor(at / LINE) * USED + inLine)
  }
}

class TurnPort implements Port {
  readonly #turns: Turns
  readonly #port: MessagePort
  readonly #here: number
  #listener: (message: unknown) => void = () => {}
  constructor(turns: Turns, port: MessagePort, here: number) {
    this.#turns = turns
    this.#port = port
    this.#here = here
  }
  post(message: unknown): void {
    this.#turns.turn(WRITE, this.#here ^ 1)
    this.#port.postMessage(message)
    this.#turns.count(this.#here ^ 1, 1)
  }
  take(): { readonly message: unknown } | null {
    this.#turns.turn(WRITE, this.#here)
    return this.#taken()
  }
  whenClosed(): void {}
  listen(listener: (message: unknown) => void): void {
    this.#listener = listener
  }
  close(): void {}
  sleep(): void {
    this.#turns.turn(SLEEP, this.#here)
    this.#listener(this.#taken()?.message)
  }
  #taken(): { readonly message: unknown } | null {
    const taken = receiveMessageOnPort(this.#port) as { message: unknown } | undefined
    if (taken === undefined) return null
    this.#turns.count(this.#here, -1)
    return taken
  }
}
