/**
 * Owns the answer to a question, at the home of the fiber that asked: the first that is given, or that whoever was asked has ended
 * without one. It listens to that end as long as an answer is of interest, also where it goes when its home does.
 */
import { RoveError, THROW } from "@rove/core"
import type { FiberRef } from "../operations/handle.ts"
import type { Outcome } from "../runtime/fiber.ts"
import { handOverError } from "../runtime/hand-over.ts"
import { type Fibers, registerHomed } from "../runtime/homed-kinds.ts"
import { Listening } from "./listening.ts"
import { RESUME, type Resumption, ResumptionObject, type ResumptionState } from "./resumption.ts"
import { reasonOf } from "./signals.ts"

interface State extends ResumptionState {
  readonly asked: FiberRef<unknown>
}

export class AnswerObject extends ResumptionObject {
  override readonly kind = "answer"
  readonly #asked: FiberRef<unknown>
  readonly #listening: Listening
  constructor({ asked, ...state }: State, fibers: Fibers) {
    super(state)
    this.#asked = asked
    this.#listening = new Listening(asked, fibers)
    if (!state.decided) this.#listening.start(outcome => void this.attempt(RESUME, nobody(asked, outcome)), true)
  }
  /** Whoever answers now finds nobody. */
  protected override over(): void {
    this.#listening.stop()
    this.homes?.forget(this)
  }
  override pack(seal: (value: unknown) => unknown): State {
    this.#listening.stop()
    return { ...super.pack(seal), asked: this.#asked }
  }
}

/** What becomes of a question to a fiber that has ended. */
function nobody({ id, name }: FiberRef<unknown>, outcome: Outcome): Resumption {
  const cause = handOverError(reasonOf(outcome))
  const what = `fiber ${id} (${name}) has ended, and has not answered`
  return { how: THROW, value: new RoveError("ROVE_NO_PROCESS", what, { cause }) }
}

registerHomed("answer", (state, _id, _home, fibers) => new AnswerObject(state as State, fibers))
