/**
 * Owns claims: one who waits for several things, of which one is to happen, is asked before an object serves it. Where two such
 * are to be served together, both are asked in the same order by everybody, so that no two objects wait for each other's.
 */

/** Hears whether it may be served; at once if that is decided on this thread. */
export type Answer = (yes: boolean) => void

/** Who may get only one of several things. */
export interface Choice<P> {
  /** Claims are made in this order: by thread, then by number. */
  readonly thread: number
  readonly number: number
  /** Keeps the choice for this party, until it is settled or released. */
  hold(party: P, answer: Answer): void
  release(party: P): void
  /** Settles the party, unless something else was chosen. */
  offer(party: P, kind: number, value: unknown, answer: Answer): void
}

export function compareChoices(a: Choice<never>, b: Choice<never>): number {
  return a.thread - b.thread || a.number - b.number
}

interface Chooser {
  readonly choice: Choice<never> | null
}

/** Whether it is one who waits for both: it cannot have them together. */
export function isSameChoice(a: Chooser, b: Chooser): boolean {
  return a.choice !== null && b.choice !== null && compareChoices(a.choice, b.choice) === 0
}
