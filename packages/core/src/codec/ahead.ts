/**
 * Owns what is found out about the plain objects and arrays in frames before the frames are written: all of them are
 * asked one question before the next. A question takes twice as long where the processor did something else in between.
 *
 * Nothing depends on it but time: what nobody looked at ahead is looked at when it is written.
 */
import type { Frame, FrameFields } from "../frame.ts"
import { PLAIN_ARRAY, PLAIN_OBJECT, plainKind } from "./classify.ts"
import type { FrameLink } from "./links.ts"
import { Pile } from "./list.ts"
import { isProxy } from "./platform.ts"
import { hasSymbols, isOrdinary, namesOf } from "./properties.ts"
import { isDense } from "./rows/plain.ts"

const { getPrototypeOf } = Object
const { clz32 } = Math

/** Stands for the names of an array that has elements and nothing else. */
export const ELEMENTS: readonly string[] = []

export class Ahead {
  /** What frames hold, in the order in which they are written. */
  readonly #values = new Pile<object>()
  /** Of each of them, the names of a plain object, {@link ELEMENTS}, or null for all else. */
  readonly #proofs = new Pile<readonly string[] | null>()
  /** The next of them to be written. */
  #next = 0

  /** Takes what may be plain of a frame: the fields that held objects when such a frame was last written. */
  note(frame: Frame, { live, objects }: FrameLink): void {
    const fields = frame as FrameFields
    for (let left = objects; left !== 0; left &= left - 1) {
      const value = fields[live[31 - clz32(left & -left)] as string]
      if (typeof value === "object" && value !== null) this.#values.add(value)
    }
  }

  /** Asks what was taken since. */
  look(): void {
    const from = this.#proofs.count
    const { count } = this.#values
    if (from === count) return
    const values = this.#values.items as ArrayLike<object>
    const proofs = this.#proofs.items as { [index: number]: readonly string[] | null }
    for (let i = from; i < count; i++) this.#proofs.add(candidate(values[i] as object))
    for (let i = from; i < count; i++) if (proofs[i] === CANDIDATE) proofs[i] = namesOf(values[i] as object)
    for (let i = from; i < count; i++) {
      const names = proofs[i]
      if (names !== null && names !== ELEMENTS && !isOrdinary(values[i] as object, names as readonly string[]))
        proofs[i] = null
    }
    for (let i = from; i < count; i++) {
      const names = proofs[i]
      if (names !== null && names !== ELEMENTS && hasSymbols(values[i] as object)) proofs[i] = null
    }
    for (let i = from; i < count; i++) if (proofs[i] === ELEMENTS && !isDense(values[i] as unknown[])) proofs[i] = null
  }

  /** What was found out about the value that is written next; null if nobody looked, or it is nothing plain. */
  of(value: object): readonly string[] | null {
    const next = this.#next
    if (next >= this.#proofs.count || this.#values.items[next] !== value) return null
    this.#next = next + 1
    return this.#proofs.items[next] as readonly string[] | null
  }

  clear(): void {
    this.#values.clear()
    this.#proofs.clear()
    this.#next = 0
  }
}

const CANDIDATE: readonly string[] = []

/** What inherits as objects and arrays by literals do. */
function candidate(value: object): readonly string[] | null {
  if (isProxy(value)) return null
  const kind = plainKind(getPrototypeOf(value) as object | null, value)
  return kind === PLAIN_OBJECT ? CANDIDATE : kind === PLAIN_ARRAY ? ELEMENTS : null
}
