/**
 * Owns the question whether memory stays flat: what the heap of the pool's own thread holds after a collection, and what the
 * process takes in all, at the first third of a soak, the second and the end.
 */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

const MEGABYTE = 1 << 20
/** What the heap may differ by between thirds, of its size. */
const TOLERANCE = 0.1
/** What the whole process may have on top of its first third: pages of threads that have just died are given back late. */
const PAGES = 1.25

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as () => void

interface Sample {
  readonly heap: number
  readonly outside: number
  readonly rss: number
}

export class Memory {
  readonly #samples: Sample[] = []
  /** When nothing of the soak is under way: what a collection leaves is what somebody holds. */
  sample(): void {
    collect()
    collect()
    const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage()
    this.#samples.push({
      heap: heapUsed / MEGABYTE,
      outside: (external + arrayBuffers) / MEGABYTE,
      rss: rss / MEGABYTE,
    })
  }
  report(): string {
    const last = this.#samples.at(-1)
    if (last === undefined) return "no memory read yet"
    return `heap ${last.heap.toFixed(2)} MB, outside of it ${last.outside.toFixed(1)} MB, process ${Math.round(last.rss)} MB`
  }
  /** Throws if the heap is not flat from the first third to the second and the end, or the process has grown. */
  check(): void {
    const { length } = this.#samples
    if (length < 12) return
    const width = Math.floor(length / 6)
    const [first, second, third] = [1 / 3, 2 / 3, 1].map(part => {
      const end = Math.floor(length * part)
      return this.#samples.slice(end - width, end)
    }) as [Sample[], Sample[], Sample[]]
    // the first may hold what the engine drops later, so the end is compared with both
    const pairs = [
      [first, second],
      [first, third],
      [second, third],
    ] as const
    for (const [early, late] of pairs) {
      compare("the heap of the pool's thread", 1 + TOLERANCE, median(early, "heap"), median(late, "heap"))
      compare("the process", PAGES, median(early, "rss"), median(late, "rss"))
    }
  }
}

function compare(what: string, factor: number, early: number, late: number): void {
  if (late > early * factor) throw new Error(`${what} grew from ${early.toFixed(2)} MB to ${late.toFixed(2)} MB`)
}

function median(samples: readonly Sample[], what: keyof Sample): number {
  const list = samples.map(sample => sample[what]).toSorted((a, b) => a - b)
  return list[list.length >> 1] ?? 0
}
