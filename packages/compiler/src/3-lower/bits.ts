/** Owns sets of small numbers, a bit each: of the slots of a function, which liveness joins by the thousand. */

export class Bits {
  private readonly words: number[]
  constructor(words: number[] = [0]) {
    this.words = words
  }

  has(index: number): boolean {
    return ((this.words[index >>> 5] ?? 0) & (1 << index)) !== 0
  }

  add(index: number): void {
    const { words } = this
    const word = index >>> 5
    while (words.length <= word) words.push(0)
    words[word] = (words[word] as number) | (1 << index)
  }

  /** Adds those of another set, but for some; gives whether any of them were new. */
  addAll(others: Bits, but: Bits | null = null): boolean {
    const { words } = this
    let isChanged = false
    for (let i = 0; i < others.words.length; i++) {
      const before = words[i] ?? 0
      const after = before | ((others.words[i] as number) & ~(but?.words[i] ?? 0))
      if (after === before) continue
      while (words.length <= i) words.push(0)
      words[i] = after
      isChanged = true
    }
    return isChanged
  }

  /** Leaves those that the other set has too. */
  keepAll(others: Bits): void {
    const { words } = this
    for (let i = 0; i < words.length; i++) words[i] = (words[i] as number) & (others.words[i] ?? 0)
  }

  copy(): Bits {
    return new Bits(this.words.slice())
  }
}
