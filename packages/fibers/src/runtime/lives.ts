/** Owns the rule that an id lives once: which fibers a record must not be resumed beside, or after. */
import { RoveError, whereabouts } from "@rove/core"
import type { FiberState, Outcome } from "./fiber.ts"

/** So many ends are remembered: of fibers of which there was a record, for others cannot come again. */
const REMEMBERED = 65_536

export class Lives {
  readonly #recorded = new Set<string>()
  readonly #ended = new Set<string>()

  /** There is a record of a fiber that lives here. */
  recorded(id: string): void {
    this.#recorded.add(id)
  }
  /** It ended here: for good, unless it became its record, which may be resumed here too. */
  ended(fiber: Pick<FiberState, "id">, outcome: Outcome | null): void {
    if (this.#recorded.size === 0) return
    const { id } = fiber
    if (!this.#recorded.delete(id) || hasLeft(outcome)) return
    this.#ended.add(id)
    if (this.#ended.size <= REMEMBERED) return
    const [oldest] = this.#ended
    this.#ended.delete(oldest as string)
  }

  /** Refuses a second life: `living` is the fiber of that id, if there is one. */
  refuse(id: string, living: FiberState | undefined): void {
    if (living !== undefined && living.status !== "done" && living.status !== "moved")
      throw alive(id, `${living.name === "" ? "" : `(${living.name}) `}${whereabouts(living)}`)
    if (this.#ended.has(id)) throw alive(id, "has ended in this runtime")
  }
}

function hasLeft(outcome: Outcome | null): boolean {
  try {
    return outcome?.kind === "failed" && outcome.error instanceof RoveError && outcome.error.code === "ROVE_RECORDED"
  } catch {
    return false // a proxy was thrown, and does not like to be asked
  }
}

/** The refusal of a record whose fiber is here, or was. */
export function alive(id: string, where: string): RoveError {
  return new RoveError("ROVE_ALIVE", `the record of fiber ${id} cannot be resumed: the fiber ${where}`)
}
