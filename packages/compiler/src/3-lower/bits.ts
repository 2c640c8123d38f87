/** Owns sets of small numbers, a bit each: of the slots of a function, which liveness joins by the thousand. */

const WORD = 32

export class Bits {
  /** The numbers below 32, which is all that most functions need. */
  private low = 0
  /** Words of those above. */
  private rest: number[] | null = null

  has(index: number): boolean {
    const word = index < WORD ? this.low : (this.rest?.[(index >>> 5) - 1] ?? 0)
    return (word & (1 << index)) !== 0
  }

  add(index: number): void {
    if (index < WORD) {
      this.low |= 1 << index
      return
    }
    this.rest ??= []
    const word = (index >>> 5) - 1
    while (this.rest.length <= word) this.rest.push(0)
    this.rest[word] = (this.rest[word] as number) | (1 << index)
  }

  /** Adds those of another set, but for some; gives whether any of them were new. */
  addAll(others: Bits, but: Bits | null = null): boolean {
    const before = this.low
    this.low = before | (but === null ? others.low : others.low & ~but.low)
    const isChanged = this.low !== before
    return others.rest === null ? isChanged : this.addRest(others.rest, but?.rest ?? null) || isChanged
  }

  private addRest(others: readonly number[], but: readonly number[] | null): boolean {
    this.rest ??= []
    let isChanged = false
    for (let i = 0; i < others.length; i++) {
      const before = this.rest[i] ?? 0
      const after = before | ((others[i] as number) & ~(but?.[i] ?? 0))
      if (after !== before) isChanged = true
      this.rest[i] = after
    }
    return isChanged
  }

  /** Leaves those that the other set has too. */
  keepAll(others: Bits): void {
    this.low &= others.low
    const { rest } = this
    if (rest !== null) for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] as number) & (others.rest?.[i] ?? 0)
  }

  copy(): Bits {
    const copy = new Bits()
    copy.low = this.low
    copy.rest = this.rest?.slice() ?? null
    return copy
  }
}
