/** Owns the ends of fibers that a home remembers, in the form in which they travel; which of them, and for how long, is `KeptOutcomes`'s. */
import type { RoveError } from "@rove/core"
import { type FiberState, KeptOutcomes, type Outcome } from "@rove/fibers/scheduling"
import type { Codec } from "./codec.ts"
import { brief, type Mail, mail, type Payload } from "./mail.ts"
import type { Mesh } from "./mesh.ts"
import type { Modules } from "./modules.ts"
import { decodeOutcome, encodeOutcome } from "./outcome.ts"
import { outcomeOf, shortOutcome } from "./short-form.ts"

/** An outcome as it travels, and is kept: most are short, and then they are text. */
export type End = Payload | string

/** How many the pool keeps of fibers whose home died: whoever had their address mostly died with it. */
export const ADOPTED = { told: 250, untold: 2000 }

/** `fiber`: whose it is, if that is here. */
export function endOf(codec: Codec, outcome: Outcome, fiber: FiberState | null = null): End {
  return shortOutcome(outcome) ?? encodeOutcome(codec, outcome, fiber)
}
/** The end itself, if all that it holds can go there: a port goes to one. */
export function sendEnd(mesh: Mesh, codec: Codec, to: number, kind: number, id: string, a: number, end: End): void {
  const failed = (why: RoveError): Mail => mail(kind, id, a, encodeOutcome(codec, { kind: "failed", error: why }))
  mesh.send(to, typeof end === "string" ? brief(kind, id, a, 0, end) : mail(kind, id, a, end), undefined, failed)
}
/** What came by `sendEnd`. */
export function endIn({ payload, text }: Mail): End {
  return payload ?? text
}
/** The modules that it takes have been imported. */
export function outcomeIn(codec: Codec, end: End): Outcome {
  return typeof end === "string" ? outcomeOf(end) : decodeOutcome(codec, end)
}

/** Decodes it, after its modules are there. Never fails: an error is the outcome then. */
export function open(
  codec: Codec,
  modules: Pick<Modules, "load">,
  end: End,
  listener: (outcome: Outcome) => void,
): void {
  const loading = typeof end === "string" ? null : modules.load(end.modules)
  if (loading === null) return void listener(outcomeIn(codec, end))
  loading.then(
    () => listener(outcomeIn(codec, end)),
    error => listener({ kind: "failed", error }),
  )
}

export class Ends {
  readonly #ends = new Map<string, End>()
  /** Fibers of this thread that have not returned: somebody may still hear of that, and it needs no report then. */
  readonly #fibers = new Map<string, FiberState>()
  readonly #kept: KeptOutcomes
  constructor(limits: { readonly told: number; readonly untold: number }) {
    this.#kept = new KeptOutcomes(limits, id => {
      this.#ends.delete(id)
      this.#fibers.delete(id)
    })
  }
  keep(id: string, end: End, told: boolean, fiber: FiberState | null = null): void {
    if (fiber !== null) this.#fibers.set(id, fiber)
    this.#ends.set(id, compact(end))
    this.#kept.add(id, told)
  }
  /** The fiber is back. */
  forget(id: string): void {
    if (this.#ends.has(id)) this.#kept.forget(id)
  }
  has(id: string): boolean {
    return this.#ends.has(id)
  }
  /** The end, for somebody who is told of it. */
  tell(id: string): End | undefined {
    const end = this.#ends.get(id)
    if (end !== undefined) this.#kept.tell(id)
    return end
  }
  /** Of those that have not returned. */
  fiber(id: string): FiberState | undefined {
    return this.#fibers.get(id)
  }
  all(): Iterable<readonly [id: string, end: End]> {
    return this.#ends
  }
}

/** The fiber, if it has not returned. */
export function failed(fiber: FiberState): FiberState | null {
  return fiber.outcome?.kind === "returned" ? null : fiber
}

/** Bytes are parts of memory in which there is much more, and would keep all of it. */
function compact(end: End): End {
  if (typeof end === "string" || end.bytes.byteLength * 2 > end.bytes.buffer.byteLength) return end
  return { ...end, bytes: end.bytes.slice() }
}
