/**
 * Owns interrupts of fibers whose home is elsewhere, at the thread that asks: each is answered once. Whoever gets one
 * answers it when the fiber has it, when it has ended, or when nothing is known of it; a home that dies is asked again at
 * the pool, which adopts its fibers.
 */
import type { Delivery } from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import { INTERRUPT, INTERRUPTED, type Mail, mail, type Payload } from "./mail.ts"
import { type Mesh, POOL } from "./mesh.ts"

/** As mail says them. */
const DELIVERIES: readonly Delivery[] = ["delivered", "too late", "unknown"]

type Tell = (delivery: Delivery) => void

interface Question {
  readonly home: number
  readonly payload: Payload
  readonly tells: Tell[]
}

export class Interrupts {
  readonly #mesh: Mesh
  readonly #asked = new Map<string, Question>()
  readonly #codec: Codec
  constructor(mesh: Mesh, codec: Codec) {
    this.#mesh = mesh
    this.#codec = codec
  }
  ask(id: string, home: number, payload: Payload, tell: Tell): void {
    const asked = this.#asked.get(id)
    if (asked !== undefined) return void asked.tells.push(tell)
    this.#asked.set(id, { home, payload, tells: [tell] })
    this.#send(home, mail(INTERRUPT, id, 0, payload))
  }
  /** The thread is gone: the pool knows what became of the fibers whose home it was. */
  orphan(thread: number): void {
    for (const [id, { home, payload }] of this.#asked)
      if (home === thread) this.#send(POOL, mail(INTERRUPT, id, 0, payload))
  }
  answered(id: string, delivery: Delivery): void {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    for (const tell of asked?.tells ?? []) tell(delivery)
  }
  #send(to: number, interrupt: Mail): void {
    pass(this.#mesh, this.#codec, to, interrupt)
  }
}

/** An interrupt is sent, whether or not its reason can be. */
export function pass(mesh: Mesh, codec: Codec, to: number, interrupt: Mail): void {
  mesh.send(to, interrupt, undefined, why => ({ ...interrupt, payload: codec.encode(why) }))
}
/** `hops`: of the fiber that has it, for its home. */
export function answer(mesh: Mesh, to: number, id: string, delivery: Delivery, hops = 0): void {
  mesh.send(to, { ...mail(INTERRUPTED, id, DELIVERIES.indexOf(delivery)), b: hops })
}
export function deliveryOf(a: number): Delivery {
  return DELIVERIES[a] as Delivery
}

/** What cannot be handed over says what it is. */
export function reasonFor(codec: Codec, reason: unknown): Payload {
  try {
    return codec.encode(reason)
  } catch {
    return codec.encode(String(reason))
  }
}
export function reasonIn(codec: Codec, payload: Payload): unknown {
  try {
    return codec.decode(payload)
  } catch (error) {
    return error
  }
}
