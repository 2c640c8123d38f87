/**
 * Owns bells that are rung a little late: those of mail that a thread which sleeps has no use for at once. To ring one costs as much as
 * the first slices of a fiber that has come, and who is rung wakes up on a processor that somebody else runs on.
 */
import type { Peer } from "./mesh.ts"

/**
 * Milliseconds that a bell waits at most while its thread looks around; it does not outlast the burst. A fiber that goes to and fro
 * leaves sooner: whoever is rung then competes for a processor with the thread that it wakes.
 */
const LATEST = 1

export class LateBells {
  readonly #owed = new Set<Peer>()
  #since = Number.POSITIVE_INFINITY
  #open = false
  /** From now on bells may be late: somebody looks, and rings them at the end. */
  begin(): void {
    this.#open = true
  }
  /** Rings at once if nobody looks: the thread may be about to sleep. */
  owe(peer: Peer): void {
    if (this.#open) this.#owed.add(peer)
    else peer.link.ring()
  }
  /** Rings those that have waited long enough. */
  look(now: number): void {
    if (this.#owed.size === 0) return
    if (this.#since === Number.POSITIVE_INFINITY) this.#since = now
    else if (now - this.#since >= LATEST) this.#ring()
  }
  /** Rings them all; none may be late any more. */
  end(): void {
    this.#open = false
    this.#ring()
  }
  #ring(): void {
    if (this.#owed.size === 0) return
    for (const { link } of this.#owed) link.ring()
    this.#owed.clear()
    this.#since = Number.POSITIVE_INFINITY
  }
}
