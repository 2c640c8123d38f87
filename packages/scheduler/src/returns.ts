/**
 * Owns how far fibers had gone that are records now. One that is resumed in the same pool goes on counting from there: mail about
 * its former life that is still under way is older than all that is said of the new one.
 */

/** Such mail takes milliseconds; so many records that are resumed elsewhere, or never, are kept. */
const KEPT = 65_536

export class Returns {
  readonly #hops = new Map<string, number>()

  recorded(id: string, hops: number): void {
    this.#hops.delete(id) // the newest are last
    this.#hops.set(id, hops)
    if (this.#hops.size <= KEPT) return
    const [oldest] = this.#hops.keys()
    this.#hops.delete(oldest as string)
  }
  /** Where it goes on; 0 if it never was a record here. */
  resumed(id: string): number {
    const hops = this.#hops.get(id) ?? 0
    if (hops > 0) this.#hops.delete(id)
    return hops
  }
}
