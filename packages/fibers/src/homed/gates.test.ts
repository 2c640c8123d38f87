import { expect, test } from "vitest"
import type { Answer, Choice } from "../runtime/choice.ts"
import type { Party } from "../runtime/homes.ts"
import { ARRIVE, BarrierObject } from "./gates.ts"

/** One who arrives; with a choice, the test answers for it. A plain one that wants to leave does when it may. */
class Arriving implements Party {
  older: Party | null = null
  newer: Party | null = null
  queue: object | null = null
  held = false
  readonly operation = ARRIVE
  readonly argument = undefined
  readonly patient = true
  place: unknown = null
  leaves: BarrierObject | null = null
  readonly answers: Answer[] = []
  readonly choice: Choice<Party> | null
  constructor(order: number | null = null) {
    const ask = (answer: Answer): void => void this.answers.push(answer)
    this.choice =
      order === null
        ? null
        : {
            thread: 1,
            number: order,
            hold: (_, answer) => ask(answer),
            release: () => {},
            offer: (_party, _kind, value, answer) => {
              this.place = value
              ask(answer)
            },
          }
  }
  settle(_: number, value: unknown): void {
    this.place = value
  }
  freed(): void {
    this.held = false
    this.leaves?.withdraw(this)
  }
}

test("who is asked about again at a barrier stays until the answer, also where another one leaves in between", () => {
  const barrier = new BarrierObject(3)
  const [leaving, stays, late] = [new Arriving(), new Arriving(), new Arriving()]
  const [first, second] = [new Arriving(1), new Arriving(2)]
  leaving.leaves = barrier
  for (const party of [leaving, stays, first, late, second]) barrier.enqueue(party)
  first.answers[0]?.(false) // it has chosen something else
  expect([leaving.queue, stays.held, late.held]).toEqual([null, true, true])
  second.answers[0]?.(true)
  expect([stays.place, late.place, second.place]).toEqual([0, 1, 2])
})
