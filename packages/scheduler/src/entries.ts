/** Owns what a thread writes down of fibers: of those of its home, wherever they are, and of residents. */
import type { Delivery, FiberState, Listeners, Outcome } from "@rove/fibers/scheduling"
import type { Payload } from "./mail.ts"

export type Listener = (outcome: Outcome) => void
export type Tell = (delivery: Delivery) => void

/** An interrupt that was asked for, and how many hops were known of then. */
interface Asked {
  readonly payload: Payload
  readonly since: number
  /** It has not reached the fiber, and follows it. */
  follows: boolean
}

/** A fiber of this home that has not ended. */
export interface Entry {
  readonly id: string
  /** What local handles hold. */
  readonly fiber: FiberState | null
  /** The fiber where it can be run: the same, or what it came back as; null while it is elsewhere. */
  local: FiberState | null
  place: number
  hops: number
  /** Its address is known elsewhere, so its end is kept. */
  shared: boolean
  listeners: Listeners | null
  /** Of lists, as of these others, most stay empty, and there may be very many: see `added`. */
  watchers: readonly number[]
  /** One of these wants to know how it ends. */
  heard: boolean
  interrupt: Asked | null
  /** Who asked for the interrupt, and has not heard yet what became of it. */
  askers: readonly Tell[]
}
const NONE: readonly never[] = []

/** The list with one more. */
export function added<T>(list: readonly T[], item: T): readonly T[] {
  if (list === NONE) return [item]
  ;(list as T[]).push(item)
  return list
}

export interface Resident {
  readonly fiber: FiberState
  hops: number
  /** Came while the fiber was on its way; needed if it stays. */
  interrupt: Payload | null
  /** Its address became known elsewhere while it was away from home: the home hears so with its end. */
  shared: boolean
}

/** Of the fibers of a home. */
export class Entries extends Map<string, Entry> {
  readonly #home: number
  constructor(home: number) {
    super()
    this.#home = home
  }
  /** Of a fiber that is here. */
  ensure(fiber: FiberState): Entry {
    const known = this.get(fiber.id)
    if (known !== undefined) return known
    const made = this.make(fiber.id, fiber, this.#home)
    made.local = fiber
    return made
  }
  /** Of a fiber that is nobody's here. */
  entry(id: string, place: number): Entry {
    return this.get(id) ?? this.make(id, null, place)
  }
  make(id: string, fiber: FiberState | null, place: number): Entry {
    const entry: Entry = {
      id,
      fiber,
      local: null,
      place,
      hops: 0,
      shared: fiber === null,
      listeners: null,
      watchers: NONE,
      heard: false,
      interrupt: null,
      askers: NONE,
    }
    this.set(id, entry)
    return entry
  }
}

/** The interrupt of a fiber follows it from when it is asked for until it has reached it; once more if it is asked for again. */
export function follow(entry: Entry, begins: boolean, told: ((begins: boolean) => void) | undefined): void {
  const { interrupt } = entry
  if (interrupt === null || interrupt.follows === begins) return
  interrupt.follows = begins
  told?.(begins)
}

/** What became of the interrupt, to those who have not heard yet. */
export function tellAskers(entry: Entry, delivery: Delivery): void {
  const { askers } = entry
  if (askers.length === 0) return
  entry.askers = NONE
  for (const tell of askers) tell(delivery)
}
