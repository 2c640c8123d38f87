/**
 * Owns which ends of fibers a home remembers. Whoever has the address of a fiber may join it after its end, once or again, and
 * nobody knows whether anyone still has it. So an end is kept until so many others have come since: few, if somebody was told
 * of it (who joins twice does so soon), and very many, if nobody has asked yet.
 */

/**
 * How many a home keeps. `told` is a little less than 8,192: the engine's tables keep the places of deleted entries until they are
 * full, and then double unless half of a power of two are such places; with 10,000 they took twice the memory.
 */
export const KEPT = { told: 8000, untold: 1_000_000 }

export class KeptOutcomes {
  readonly #told = new Set<string>()
  readonly #untold = new Set<string>()
  readonly #limits: { readonly told: number; readonly untold: number }
  readonly #drop: (id: string) => void
  constructor(limits: { readonly told: number; readonly untold: number }, drop: (id: string) => void) {
    this.#limits = limits
    this.#drop = drop
  }
  add(id: string, told: boolean): void {
    if (told) this.#push(this.#told, this.#limits.told, id)
    else this.#push(this.#untold, this.#limits.untold, id)
  }
  /** It is not the end of that fiber any more. */
  forget(id: string): void {
    this.#told.delete(id)
    this.#untold.delete(id)
    this.#drop(id)
  }
  /** Somebody was told of it. */
  tell(id: string): void {
    if (this.#untold.delete(id)) this.add(id, true)
  }
  #push(ids: Set<string>, limit: number, id: string): void {
    ids.add(id)
    if (ids.size <= limit) return
    const [oldest] = ids
    ids.delete(oldest as string)
    this.#drop(oldest as string)
  }
}
