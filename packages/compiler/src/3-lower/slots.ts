/** Owns the slots of a step function, which are its variables: they are numbered as they are taken. */

export class Slots {
  readonly names: string[] = []
  private readonly numbers = new Map<string, number>()

  /** The number of a slot, which is a new one if there is none of that name. */
  take(name: string): number {
    let slot = this.numbers.get(name)
    if (slot === undefined) {
      slot = this.names.length
      this.names.push(name)
      this.numbers.set(name, slot)
    }
    return slot
  }

  find(name: string): number | undefined {
    return this.numbers.get(name)
  }
}
