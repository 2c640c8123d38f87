/**
 * Owns whether other threads wake the pool's own for where fibers are: only while something follows one of its fibers, an interrupt or a
 * question. Each wake costs a processor that fibers would have, and a fiber that goes to and fro would cost one each time.
 */
import type { OwnCells } from "./cells.ts"

export class Following {
  readonly #cells: Pick<OwnCells, "follow">
  readonly #read: () => void
  /** Fibers that are followed, each as often as somebody follows it. */
  #count = 0
  /** `read`: has the mail read, soon. */
  constructor(cells: Pick<OwnCells, "follow">, read: () => void) {
    this.#cells = cells
    this.#read = read
  }
  readonly change = (begins: boolean): void => {
    this.#count += begins ? 1 : -1
    if (this.#count !== (begins ? 1 : 0)) return
    this.#cells.follow(begins)
    if (begins) this.#read() // what was sent before rang no bell
  }
}
