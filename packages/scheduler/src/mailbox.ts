/**
 * Owns the way of mail from this thread to another and back: the only file with `postMessage`.
 *
 * A mail goes through the ring if it is small and has no handles, else through the port. Sequence numbers, one line of
 * them for both ways, give the receiver the order in which they were sent: what travels by the port is posted before
 * its number is published. The port is the doorbell too, and it rings only if the receiver is parked.
 */
import { MessagePort, receiveMessageOnPort } from "node:worker_threads"
import type { PeerCells } from "./cells.ts"
import type { Mail } from "./mail.ts"
import { type Entry, RingReader, RingWriter } from "./ring.ts"

const BELL = 0
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

export class Link {
  readonly #cells: PeerCells
  readonly #out: RingWriter
  readonly #in: RingReader
  readonly #port: MessagePort
  #sequence = 0
  #expected = 1
  /** Arrived by the port, not yet due. */
  readonly #arrived: Posted[] = []
  #closed = false

  /** `onBell` is called when something arrived while this thread was in its event loop. */
  constructor(parts: LinkParts, cells: PeerCells, onBell: () => void) {
    this.#cells = cells
    this.#out = new RingWriter(parts.out)
    this.#in = new RingReader(parts.in)
    this.#port = parts.port
    this.#port.on("message", (message: Posted | typeof BELL) => {
      if (message !== BELL) this.#arrived.push(message)
      onBell()
    })
  }

  /**
   * Sends; a parked receiver is woken. `quiet`: the mail can wait for the next. `loud`: the bell rings in any case; a
   * thread that died may have woken the receiver in words, and taken the bell along.
   */
  send(mail: Mail, bell: Bell = "ring"): void {
    if (this.#closed) return
    const sequence = (this.#sequence + 1) | 0
    this.#sequence = sequence
    const { payload } = mail
    const byRing =
      mail.object === undefined &&
      (payload === null || payload.handles.length === 0) &&
      this.#out.write(
        sequence,
        mail.kind,
        mail.a,
        mail.b,
        mail.id,
        payload?.modules.join("\n") ?? "",
        payload?.bytes ?? null,
      )
    if (!byRing) this.#post({ sequence, ...mail })
    this.#out.publish(sequence)
    this.#cells.raise()
    // Also for what went by the port: the receiver may have looked at its number before it was published.
    if (bell === "ring") this.ring()
    else if (bell === "loud") {
      this.#cells.wake()
      this.#port.postMessage(BELL)
    }
  }
  /** Wakes the receiver if it is parked: what was sent quietly is there. */
  ring(): void {
    if (!this.#closed && this.#cells.wake()) this.#port.postMessage(BELL)
  }

  #post(posted: Posted): void {
    try {
      this.#port.postMessage(posted, transferable(posted.payload?.handles, posted.object))
    } catch (error) {
      this.#sequence = (this.#sequence - 1) | 0 // it was not sent: the number is free again
      throw error
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
    if (entry !== null) return toMail(entry)
    for (;;) {
      if (this.#arrived[0]?.sequence === this.#expected) return this.#arrived.shift() as Posted
      const posted = receiveMessageOnPort(this.#port) as { message: Posted | typeof BELL } | undefined
      if (posted === undefined) return null
      if (posted.message !== BELL) this.#arrived.push(posted.message)
    }
  }

  close(): void {
    this.#closed = true
    this.#port.close()
  }
}

function toMail(entry: Entry): Mail {
  const { kind, id, a, b, bytes, modules } = entry
  const payload = bytes === null ? null : { bytes, handles: [], modules: modules === "" ? [] : modules.split("\n") }
  return { kind, id, a, b, payload, object: undefined }
}

/** What moves instead of being copied: ports among the handles and in the object of a new peer. */
function transferable(handles: readonly unknown[] | undefined, object: unknown): (MessagePort | ArrayBuffer)[] {
  const found: (MessagePort | ArrayBuffer)[] = []
  for (const handle of handles ?? [])
    if (handle instanceof MessagePort || handle instanceof ArrayBuffer) found.push(handle)
  if (typeof object === "object" && object !== null && "port" in object && object.port instanceof MessagePort)
    found.push(object.port)
  return found
}
