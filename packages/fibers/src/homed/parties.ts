/** Owns a queue of those who wait at an object: in and out in constant time, also from its middle. */
import type { Party } from "../runtime/homes.ts"

export class Parties {
  first: Party | null = null
  #last: Party | null = null
  size = 0
  add(party: Party): void {
    const last = this.#last
    party.queue = this
    party.older = last
    if (last === null) this.first = party
    else last.newer = party
    this.#last = party
    this.size++
  }
  /** It is in this queue. */
  remove(party: Party): void {
    const { older, newer } = party
    if (older === null) this.first = newer
    else older.newer = newer
    if (newer === null) this.#last = older
    else newer.older = older
    party.older = party.newer = null
    party.queue = null
    this.size--
  }
  *[Symbol.iterator](): Iterator<Party> {
    for (let party = this.first; party !== null; ) {
      const { newer } = party
      yield party
      party = newer
    }
  }
}
