/** Owns the question whether memory stays flat: what the process has, over time, compared between its beginning and its end. */

const MEGABYTE = 1 << 20
/** What may come on top of the beginning: caches that fill, threads that have just died. */
const FACTOR = 1.3
const SLACK = 100

export class Memory {
  readonly #samples: number[] = []
  sample(): void {
    this.#samples.push(process.memoryUsage.rss() / MEGABYTE)
  }
  report(): string {
    return `${Math.round(this.#samples.at(-1) ?? 0)} MB`
  }
  /** Throws if the last third of the samples lies above the second sixth, when all was warm. */
  check(): void {
    const { length } = this.#samples
    if (length < 12) return
    const early = median(this.#samples.slice(Math.floor(length / 6), Math.floor(length / 3)))
    const late = median(this.#samples.slice(-Math.floor(length / 3)))
    if (late > early * FACTOR + SLACK)
      throw new Error(`memory grew from ${Math.round(early)} MB to ${Math.round(late)} MB`)
  }
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0
}
