/**
 * Owns the way of mail from this thread to another and back: the only file with `postMessage`.
 *
 * A mail goes through the ring if it is small and has no handles, else through the port. Sequence numbers, one line of
 * them for both ways, give the receiver the order in which they were sent: what travels by the port is posted before
 * its number is published. The port is the doorbell too, and it rings only if the receiver is parked.
 */
import { MessagePort, postMessageToThread, receiveMessageOnPort } from "node:worker_threads"
import { type PeerCells, SharedWords, type Words } from "./cells.ts"
import { EarlyBell } from "./early-bell.ts"
import type { Mail, Payload } from "./mail.ts"
import { KnownNames, SentNames } from "./names.ts"
import { type Entry, RingReader, RingWriter } from "./ring.ts"

const BELL = 0

/**
 * How this thread reaches what it shares with others: words of memory, and one end of a channel. An object that is
 * passed in; a simulation and a search over interleavings pass their own.
 */
export interface Wiring {
  words(buffer: SharedArrayBuffer): Words
  port(port: MessagePort): Port
}
/** One end of a channel. */
export interface Port {
  /** Throws, and sends nothing, if the message cannot be cloned. */
  post(message: unknown): void
  /** What has arrived first and was not handed over yet; null if there is nothing. */
  take(): { readonly message: unknown } | null
  /** Hands over what arrives while the thread is in its event loop. While one listens, the thread does not end. */
  listen(listener: (message: unknown) => void): void
  /** Calls back once when either end has been closed, or its thread is gone. */
  whenClosed(listener: () => void): void
  close(): void
}

export const realWiring: Wiring = { words: buffer => new SharedWords(buffer), port: port => new RealPort(port) }

/** Hands a thread of this process one end of a channel. Rejects if the thread is gone, or takes none. */
export function knock(thread: number, message: object, port: MessagePort): Promise<void> {
  return postMessageToThread(thread, { ...message, port }, [port])
}

class RealPort implements Port {
  readonly #port: MessagePort
  constructor(port: MessagePort) {
    this.#port = port
  }
  post(message: Posted | typeof BELL): void {
    if (message === BELL) this.#port.postMessage(message)
    else this.#port.postMessage(message, transferable(message.payload, message.object))
  }
  take(): { readonly message: unknown } | null {
    return receiveMessageOnPort(this.#port) ?? null
  }
  listen(listener: (message: unknown) => void): void {
    this.#port.on("message", listener)
  }
  whenClosed(listener: () => void): void {
    this.#port.once("close", listener)
  }
  close(): void {
    this.#port.close()
  }
}

export type Bell = "ring" | "quiet" | "loud"

/** One side of a connection, as it is given to a thread when it starts or when a peer appears. */
export interface LinkParts {
  readonly out: SharedArrayBuffer
  readonly in: SharedArrayBuffer
  readonly port: MessagePort
}

interface Posted extends Mail {
  readonly sequence: number
}

/**
 * What the mail holds cannot be posted, for the reason in `cause`: it was not sent. Whatever else `send` throws may have come
 * when it was, so that nobody may take the mail back. A port that has been moved is such a thing, and cannot be told from others before.
 */
export class Unposted extends Error {
  constructor(cause: unknown) {
    super(`a value cannot be handed to another thread: ${cause}`, { cause })
  }
}

export class Link {
  readonly #cells: PeerCells
  readonly #out: RingWriter
  readonly #in: RingReader
  readonly #port: Port
  #sequence = 0
  #expected = 1
  /** Arrived by the port, not yet due. */
  readonly #arrived: Posted[] = []
  #closed = false
  /** Rung for a receiver that slept. */
  bells = 0
  readonly #names = new SentNames()
  readonly #known = new KnownNames()
  readonly #early = new EarlyBell()

  /** `onBell` is called when something arrived while this thread was in its event loop. */
  constructor(parts: LinkParts, cells: PeerCells, wiring: Wiring, onBell: () => void) {
    this.#cells = cells
    this.#out = new RingWriter(parts.out, wiring.words(parts.out))
    this.#in = new RingReader(parts.in, wiring.words(parts.in))
    this.#port = wiring.port(parts.port)
    this.#port.listen(message => {
      if (message !== BELL) this.#arrived.push(message as Posted)
      onBell()
    })
  }

  /**
   * Sends; a parked receiver is woken. `quiet`: the mail can wait for the next. `loud`: the bell rings in any case; a
   * thread that died may have woken the receiver in words, and taken the bell along. Throws Unposted.
   */
  send(mail: Mail, bell: Bell = "ring"): void {
    if (this.#closed) return
    const sequence = (this.#sequence + 1) | 0
    this.#sequence = sequence
    const { payload } = mail
    const text = payload === null ? mail.text : this.#names.brief(payload.modules)
    const byRing =
      mail.object === undefined &&
      (payload === null || payload.handles.length === 0) &&
      this.#out.write(sequence, mail.kind, mail.a, mail.b, mail.id, text, payload?.bytes ?? null)
    if (byRing && payload !== null) this.#names.went(text)
    if (!byRing) this.#post({ sequence, ...mail, payload: payload === null ? null : ownBytes(payload) })
    this.#out.publish(sequence)
    this.#cells.raise()
    // Also for what went by the port: the receiver may have looked at its number before it was published.
    if (bell === "ring") this.#early.sent(this.ring())
    else if (bell === "loud") {
      this.#cells.wake()
      this.#port.post(BELL)
    }
  }
  /** Wakes the receiver if it is parked: what was sent quietly is there. True if it was. */
  ring(): boolean {
    if (this.#closed || !this.#cells.wake()) return false
    this.bells++
    this.#port.post(BELL)
    return true
  }
  /** Wakes it for a mail that is about to be sent, if that is likely to pay; `send` wakes it in any case. */
  ringEarly(): void {
    if (this.#early.asks() && this.ring()) this.#early.rang()
  }

  #post(posted: Posted): void {
    try {
      this.#port.post(posted)
    } catch (error) {
      this.#sequence = (this.#sequence - 1) | 0 // it was not sent: the number is free again
      throw new Unposted(error)
    }
  }

  /** Hands over what has arrived, in the order in which it was sent. */
  receive(deliver: (mail: Mail) => void): void {
    while (!this.#closed && ((this.#in.sent - this.#expected) | 0) >= 0) {
      const mail = this.#next()
      if (mail === null) return
      this.#expected = (this.#expected + 1) | 0
      deliver(mail)
    }
  }

  #next(): Mail | null {
    const entry = this.#in.read(this.#expected)
    if (entry !== null) return this.#toMail(entry)
    for (;;) {
      if (this.#arrived[0]?.sequence === this.#expected) return this.#arrived.shift() as Posted
      const posted = this.#port.take()
      if (posted === null) return null
      if (posted.message !== BELL) this.#arrived.push(posted.message as Posted)
    }
  }

  #toMail({ kind, id, a, b, bytes, text }: Entry): Mail {
    if (bytes === null) return { kind, id, a, b, payload: null, object: undefined, text: text as string }
    const payload = { bytes, handles: NONE, modules: this.#known.listOf(text) }
    return { kind, id, a, b, payload, object: undefined, text: "" }
  }

  /** Mail that was sent so far, and that was read. */
  get sent(): number {
    return this.#sequence
  }
  get read(): number {
    return (this.#expected - 1) | 0
  }
  whenClosed(listener: () => void): void {
    this.#port.whenClosed(listener)
  }
  close(): void {
    this.#closed = true
    this.#port.close()
  }
}

/** One for all: payloads may be kept for long. */
const NONE: readonly never[] = []

/** Bytes are parts of memory in which there is much more, of which a post would send all. These are the port's to take. */
function ownBytes(payload: Payload): Payload {
  return { ...payload, bytes: payload.bytes.slice() }
}

/** What moves instead of being copied: bytes, ports and buffers among the handles, ports in the object of a new peer and in those of a new thread. */
function transferable(payload: Payload | null, object: unknown): (MessagePort | ArrayBuffer)[] {
  const found: (MessagePort | ArrayBuffer)[] = payload === null ? [] : [payload.bytes.buffer as ArrayBuffer]
  for (const handle of payload?.handles ?? [])
    if (handle instanceof MessagePort || handle instanceof ArrayBuffer) found.push(handle)
  if (typeof object !== "object" || object === null) return found
  const peers: readonly unknown[] = "peers" in object && Array.isArray(object.peers) ? object.peers : [object]
  for (const { port } of peers as { readonly port?: unknown }[]) if (port instanceof MessagePort) found.push(port)
  return found
}
