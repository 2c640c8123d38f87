/**
 * Owns the question whether memory stays flat: what the heap of the pool's own thread holds after a collection, and what the
 * process takes in all, at the first third of a soak, the second and the end.
 */
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

const MEGABYTE = 1 << 20
/** How much the heap of the pool's thread may grow from one third to the next, of its size: a soak knows it to a percent. */
const HEAP = 1.04
/**
 * Megabytes besides, up to the second third: the ends of fibers whose home died fill the room that they have (see `ADOPTED` in the
 * directory; 2,250 of some 250 bytes), which takes the longer the slower threads die.
 */
const ROOM = 0.6
/**
 * The same of the least that the whole process has in a third, once it has what its threads need: above that is what they are about to
 * collect, which grows with their pace, and pages of threads that have just died, which are given back late.
 */
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
  /** Throws if the heap is not flat from the end of the first third to that of the second and the last, or the process grows after the second. */
  check(): string {
    const { length } = this.#samples
    if (length < 12) return "too few samples to judge memory by"
    const width = Math.floor(length / 6)
    const thirds = [1 / 3, 2 / 3, 1].map(part => {
      const end = Math.floor(length * part)
      const third = this.#samples.slice(end - 2 * width, end)
      return { heap: median(third.slice(width), "heap"), rss: Math.min(...third.map(({ rss }) => rss)) }
    })
    const [first, second, third] = thirds as [Third, Third, Third]
    compare("the heap of the pool's thread", HEAP, first.heap + ROOM, second.heap)
    compare("the heap of the pool's thread", HEAP, second.heap, third.heap)
    compare("the process", PAGES, second.rss, third.rss)
    const list = (of: keyof Third, digits: number) => thirds.map(each => each[of].toFixed(digits)).join(", ")
    return `flat: heap of the pool's thread ${list("heap", 2)} MB at the ends of the thirds, process at least ${list("rss", 0)} MB in them`
  }
}

interface Third {
  readonly heap: number
  readonly rss: number
}

function compare(what: string, factor: number, early: number, late: number): void {
  if (late > early * factor) throw new Error(`${what} grew from ${early.toFixed(2)} MB to ${late.toFixed(2)} MB`)
}

function median(samples: readonly Sample[], what: keyof Sample): number {
  const list = samples.map(sample => sample[what]).toSorted((a, b) => a - b)
  return list[list.length >> 1] ?? 0
}
