/** Owns the slots of a step function, which are its variables: they are numbered as they are taken. */

import { invariant } from "@rove/core"

/** First letters are told apart by their last bits. */
const LETTERS = 63
/** A list is copied faster than a typed one is made, and each function has one. */
const NO_LENGTHS: readonly number[] = Array.from({ length: LETTERS + 1 }, () => 0)

function bitOf(length: number): number {
  return 1 << Math.min(length, 31)
}

export class Slots {
  readonly names: string[] = []
  /** What each is called in records. */
  readonly bases: string[] = []
  private readonly numbers = new Map<string, number>()
  /** By first letters, which lengths there are. */
  private readonly lengths = NO_LENGTHS.slice()

  /** The number of a slot, which is a new one if there is none of that name; records call it by its base from now on. */
  take(name: string, base = name): number {
    let slot = this.numbers.get(name)
    if (slot === undefined) {
      invariant(!name.includes("."), "Slots.take", "a slot is a variable")
      slot = this.names.length
      this.names.push(name)
      this.numbers.set(name, slot)
      const letter = name.charCodeAt(0) & LETTERS
      this.lengths[letter] = (this.lengths[letter] as number) | bitOf(name.length)
    }
    this.bases[slot] = base
    return slot
  }

  /** The slot that a part of a text names. Most names are none: few have the same first letter and length as a slot. */
  findIn(text: string, from: number, to: number): number | undefined {
    const lengths = this.lengths[text.charCodeAt(from) & LETTERS] as number
    return (lengths & bitOf(to - from)) === 0 ? undefined : this.numbers.get(text.slice(from, to))
  }

  find(name: string): number | undefined {
    return this.numbers.get(name)
  }
}
