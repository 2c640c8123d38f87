/**
 * Owns knowing of other copies of Rove on this thread, as an application and a package of it may have installed: each has a
 * machine of its own, and what one makes the other takes for a stranger's.
 */
import { machine } from "./thread.ts"

interface Copy {
  readonly url: string
  /** Whether a fiber of it runs at the moment. */
  runs(): boolean
}

const KEY = Symbol.for("rove.copies")

let own: Copy | null = null

/** This copy is there, and has a module at that URL: said by each of its entries, as a thread may load any of them. */
export function announce(url: string): void {
  if (own !== null) return
  const copies = known()
  own = { url, runs: () => machine.fiber !== null }
  try {
    Object.defineProperty(globalThis, KEY, { value: [...copies, own], configurable: true })
  } catch {
    // frozen: then nobody hears of this copy
  }
}

/** Says, where an operation of this copy is performed in a fiber of another one, that this is so; else nothing. */
export function hintOfCopies(): string {
  const other = known().find(copy => copy !== own && copy.runs())
  if (own === null || other === undefined) return ""
  return ` There are two copies of Rove: the fiber is of ${other.url}, the operation of ${own.url}; install one for both (npm ls rove, npm dedupe)`
}

function known(): readonly Copy[] {
  const copies: unknown = Reflect.get(globalThis, KEY)
  return Array.isArray(copies) ? copies : []
}
