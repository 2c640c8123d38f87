import { NEXT, THROW } from "@rove/core"
import { describe, expect, test } from "vitest"
import type { Answer, Choice } from "../runtime/choice.ts"
import { ABSENT, NOTHING, type Party } from "../runtime/homes.ts"
import { ChannelObject, CLOSE, ITEM, RECEIVE, SEND } from "./channel.ts"
import { NONE, WAITS } from "./object.ts"

/** One who waits, elsewhere if it has a choice: what it is asked is answered by the test. */
class Tested implements Party {
  older: Party | null = null
  newer: Party | null = null
  queue: object | null = null
  held = false
  got: readonly [kind: number, value: unknown] | null = null
  freedTimes = 0
  readonly questions: { readonly what: "hold" | "offer"; readonly value: unknown; readonly answer: Answer }[] = []
  released = 0
  readonly operation: number
  readonly argument: unknown
  readonly patient: boolean
  readonly choice: Choice<Party> | null = null
  constructor(operation: number, argument?: unknown, order: number | null = null, patient = true) {
    this.operation = operation
    this.argument = argument
    this.patient = patient
    const { questions } = this
    if (order === null) return
    this.choice = {
      thread: 1,
      number: order,
      hold: (_, answer) => void questions.push({ what: "hold", value: undefined, answer }),
      offer: (_, _kind, value, answer) => void questions.push({ what: "offer", value, answer }),
      release: () => void this.released++,
    }
  }
  settle(kind: number, value: unknown): void {
    this.got = [kind, value]
  }
  freed(): void {
    this.held = false
    this.freedTimes++
  }
}

const rendezvous = () => new ChannelObject(0, "block")

describe("who has a choice", () => {
  test("is offered the value, which stays in its place until the answer: others wait for that, and get it after a no", () => {
    const channel = new ChannelObject(2, "block")
    const chooser = new Tested(RECEIVE, undefined, 1)
    channel.enqueue(chooser)
    const sender = new Tested(SEND, "a")
    channel.serve(SEND, "a", sender)
    const [question] = chooser.questions
    expect([question?.what, question?.value, sender.held, sender.got]).toEqual(["offer", "a", true, null])
    const next = new Tested(RECEIVE)
    channel.serve(RECEIVE, undefined, next)
    expect(next.got).toBeNull()
    question?.answer(false)
    expect([next.got, sender.got, chooser.got, sender.freedTimes]).toEqual([[NEXT, "a"], [NEXT, undefined], null, 1])
  })
  test("has it after a yes, and nobody else has", () => {
    const channel = rendezvous()
    const chooser = new Tested(RECEIVE, undefined, 1)
    const sender = new Tested(SEND, "a")
    channel.enqueue(chooser)
    channel.serve(SEND, "a", sender)
    chooser.questions[0]?.answer(true)
    expect([sender.got, chooser.queue, channel.attempt(RECEIVE, undefined)]).toEqual([[NEXT, undefined], null, WAITS])
  })
  test("is asked in the same order by everybody, whichever side it is on: held first, and released if the other says no", () => {
    for (const [sends, receives] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const channel = rendezvous()
      const sender = new Tested(SEND, "a", sends)
      const receiver = new Tested(RECEIVE, undefined, receives)
      channel.enqueue(sender)
      channel.enqueue(receiver)
      const [first, second] = sends < receives ? [sender, receiver] : [receiver, sender]
      expect([first.questions[0]?.what, second.questions.length]).toEqual(["hold", 0])
      first.questions[0]?.answer(true)
      expect(second.questions[0]?.what).toBe("offer")
      second.questions[0]?.answer(false)
      expect([first.released, first.got, first.queue !== null, second.queue]).toEqual([1, null, true, null])
    }
  })
  test("that wants to send and to receive does not meet itself", () => {
    const channel = rendezvous()
    const [sender, receiver] = [new Tested(SEND, "a", 1), new Tested(RECEIVE, undefined, 1)]
    channel.enqueue(sender)
    channel.enqueue(receiver)
    expect([sender.questions, receiver.questions]).toEqual([[], []])
  })
  test("makes those wait a little who would not wait: what becomes of it is said as soon as it is known", () => {
    const channel = rendezvous()
    const chooser = new Tested(RECEIVE, undefined, 1)
    channel.enqueue(chooser)
    const first = new Tested(SEND, "a", null, false)
    const second = new Tested(SEND, "b", null, false)
    channel.serve(SEND, "a", first)
    channel.serve(SEND, "b", second)
    expect([first.got, second.got]).toEqual([null, null])
    chooser.questions[0]?.answer(true)
    expect([first.got, second.got]).toEqual([
      [NEXT, undefined],
      [ABSENT, undefined],
    ])
  })
  test("and closing: it is closed when the answer is there", () => {
    const channel = rendezvous()
    const chooser = new Tested(RECEIVE, undefined, 1)
    channel.enqueue(chooser)
    const sender = new Tested(SEND, "a")
    channel.serve(SEND, "a", sender)
    const closer = new Tested(CLOSE, { error: undefined })
    channel.serve(CLOSE, { error: undefined }, closer)
    expect(closer.got).toBeNull()
    chooser.questions[0]?.answer(false)
    expect([closer.got, sender.got?.[0]]).toEqual([[NEXT, true], THROW])
  })
})

test("the end is nothing for who iterates, and an error for who receives, behind what is left", () => {
  const channel = new ChannelObject(1, "block")
  const waits = [new Tested(ITEM), new Tested(RECEIVE)]
  for (const party of waits) channel.serve(party.operation, undefined, party)
  channel.attempt(CLOSE, { error: undefined })
  expect(waits.map(({ got }) => got?.[0])).toEqual([NOTHING, THROW])
  expect(channel.attempt(ITEM, undefined)).toBe(NONE)
})
test("what it is made of makes it anew", () => {
  const channel = new ChannelObject(2, "slide")
  for (const value of [1, 2, 3]) channel.attempt(SEND, value)
  channel.attempt(CLOSE, { error: "over" })
  const other = ChannelObject.of(channel.pack(value => value))
  expect([other.attempt(RECEIVE, undefined), other.attempt(RECEIVE, undefined)]).toEqual([2, 3])
  expect(() => other.attempt(RECEIVE, undefined)).toThrow("over")
})

test.each(["drop", "slide"] as const)("without capacity, %s gives up a value that no receiver waits for", overflow => {
  const channel = new ChannelObject(0, overflow)
  expect(channel.attempt(SEND, 1)).toBeUndefined()
  expect(channel.attempt(RECEIVE, undefined)).toBe(WAITS)
})
