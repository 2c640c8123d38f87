/**
 * Owns noticing that ordinary code holds a thread: between two checks of a fiber there was a long time, in which nobody else
 * had a turn, neither fibers nor the event loop. Nothing can stop such code, so it is named.
 */
import { limitStacks } from "@rove/core"
import type { FiberState } from "@rove/fibers/scheduling"
import type { Clock } from "./clock.ts"
import { ownFunction, written } from "./own-function.ts"

/** Milliseconds. */
const LONG = 10
/** Milliseconds after which the processor time is read anew: a thread that had no processor held nobody up. */
const FRESH = 1
/** Functions that are named, at most. */
const NAMED = 1000

export class Watch {
  readonly #clock: Clock
  readonly #tell: (fiber: FiberState, text: string) => void
  readonly #named = new Set<string>()
  #cpu = 0
  #readAt = Number.NEGATIVE_INFINITY
  #whenSlept = 0
  #isWoken = false
  constructor(clock: Clock, tell: (fiber: FiberState, text: string) => void) {
    this.#clock = clock
    this.#tell = tell
  }
  /** Before a slice: what the processor time is now. */
  begin(now: number): void {
    const isWoken = this.#isWoken
    this.#isWoken = false
    if (now - this.#readAt < FRESH || this.#clock.cpu === undefined) return
    this.#readAt = now
    this.#cpu = isWoken ? this.#whenSlept : this.#clock.cpu()
  }
  /** The thread is about to sleep, which takes no processor time: to ask for it takes microseconds that who wakes the thread would wait for. */
  sleeps(): void {
    this.#whenSlept = this.#clock.cpu?.() ?? 0
    this.#isWoken = false
  }
  /** It has slept, and done nothing else since, such as importing a module. */
  woken(): void {
    this.#isWoken = true
  }
  /** That fiber ran for so long without a check, until now. True if it held the thread. */
  looked(fiber: FiberState | null, held: number): boolean {
    if (held < LONG || fiber === null || this.#clock.cpu === undefined) return false
    if (this.#clock.cpu() - this.#cpu < LONG) return false
    const where = placeOf(fiber)
    if (this.#named.has(where) || this.#named.size === NAMED) return true
    this.#named.add(where)
    this.#tell(fiber, `${where} held the thread for ${Math.round(held)} ms without a check`)
    return true
  }
}

/** The youngest function of the program on the stack of a check; behind a slice, the fiber's own. */
function placeOf(fiber: FiberState): string {
  const lines = stackHere().split("\n")
  const poll = lines.findIndex(line => /^ {4}at poll /.test(line))
  const [, place] = /^ {4}at (.*)$/.exec(poll === -1 ? "" : (lines[poll + 1] ?? "")) ?? []
  if (place !== undefined) return place
  const own = ownFunction(fiber)
  return own === null ? fiber.name : written(own)
}

/** Empty where the program writes stacks, and not as text, or fails at it. */
function stackHere(): string {
  const { stackTraceLimit } = Error
  limitStacks(30)
  try {
    const { stack }: { stack?: unknown } = new Error()
    return typeof stack === "string" ? stack : ""
  } catch {
    return ""
  } finally {
    limitStacks(stackTraceLimit)
  }
}
