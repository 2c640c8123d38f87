/**
 * Owns that what a fiber has sent without waiting is on its way. Until it has arrived the fiber neither leaves its thread, since what it
 * sends from elsewhere could come before, nor ends, since others could hear of that first.
 */
export class Underway {
  readonly reason = "what it has sent has yet to arrive"
  #count = 0
  #heard: (() => void)[] = []
  add(): void {
    this.#count++
  }
  /** One thing has arrived, or never will. True if that was the last. */
  arrived(): boolean {
    this.#count--
    return this.#count === 0
  }
  /** Calls it once all has arrived. */
  whenArrived(heard: () => void): void {
    this.#heard.push(heard)
  }
  tell(): void {
    for (const heard of this.#heard.splice(0)) heard()
  }
}

/** All has arrived, or time is over: the fiber waits for nothing of that any more. */
export function settleArrival(fiber: { underway: Underway | null }): void {
  const { underway } = fiber
  if (underway === null) return
  fiber.underway = null
  underway.tell()
}
