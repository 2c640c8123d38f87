import { admit, currentContext, type FiberState, type Host, Recorder } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import { add } from "../../../test/pool/programs.ts"
import { Ending } from "./ending.ts"
import { EVICT, INTERRUPT_ALL, LEAVE, RECORD_ALL, RECORDED_ALL } from "./mail.ts"
import { Queues } from "./queues.ts"

/** A thread with so many fibers that have not begun; it gives away those whose numbers are said. */
function thread(count: number, gives: readonly number[]) {
  let ids = 0
  const ended: string[] = []
  const host = {
    birthplace: { thread: 1, prefix: "test-1." },
    nextId: () => ++ids,
    ended: ({ id }: FiberState) => void ended.push(id),
    ready: (fiber: FiberState) => queues.push(fiber),
  } as unknown as Host
  const queues = new Queues()
  const fibers = Array.from({ length: count }, (_, i) => admit(add(i, 1), "test", currentContext(), host, undefined))
  for (const fiber of fibers) queues.push(fiber)
  const given: number[] = []
  const shed = (fiber: FiberState): boolean => {
    const number = fibers.indexOf(fiber)
    if (gives.includes(number)) given.push(number)
    return gives.includes(number)
  }
  const recorder = new Recorder(host)
  const recorded: FiberState[] = []
  const answers: (() => void)[] = []
  const record = (fiber: FiberState, answered: () => void): void => {
    recorded.push(fiber)
    answers.push(answered)
  }
  const ending = new Ending(host, queues, recorder, record, shed, { underway: 0 })
  const turns = (): void => {
    for (let fiber = queues.next(); fiber !== null; fiber = queues.next()) ending.gives(fiber)
  }
  return { ending, fibers, given, recorder, recorded, answers, turns }
}
const hows = (fibers: readonly FiberState[]) => fibers.map(({ outcome }) => outcome?.kind ?? "unstarted")

test("a thread whose time to go is over still gives what can go, and interrupts only the rest", () => {
  const { ending, fibers, given, turns } = thread(3, [0, 2])
  ending.begin(LEAVE, () => {})
  ending.begin(EVICT, () => {})
  turns()
  expect(given.toSorted()).toEqual([0, 2])
  expect(hows(fibers)).toEqual(["unstarted", "interrupted", "unstarted"])
})

test("that a thread was to go does not change that its fibers become records, nor that they are interrupted", () => {
  const closing = thread(2, [0, 1])
  closing.ending.begin(RECORD_ALL, () => {})
  closing.ending.begin(LEAVE, () => {})
  closing.ending.begin(EVICT, () => {})
  closing.turns()
  expect(closing.given).toEqual([])
  expect(new Set(closing.recorded)).toEqual(new Set(closing.fibers))
  const ended = thread(2, [0, 1])
  ended.ending.begin(INTERRUPT_ALL, () => {})
  ended.ending.begin(EVICT, () => {})
  ended.turns()
  expect(hows(ended.fibers)).toEqual(["interrupted", "interrupted"])
})

test("a thread says that its records are made when the last one is that can be", () => {
  const { ending, answers } = thread(2, [])
  let told = 0
  ending.begin(
    RECORD_ALL,
    () => {},
    () => told++,
  )
  answers[1]?.()
  ending.idle()
  expect(told).toBe(0)
  answers[0]?.()
  expect(told).toBe(1)
  ending.idle()
  expect(told).toBe(1)
})

test("a thread that was to go is not empty while it has records that have yet to end", () => {
  const { ending, fibers, recorder, turns } = thread(1, [])
  const told: boolean[] = []
  const begin = (mode: number): void => ending.begin(mode, empty => void told.push(empty))
  begin(LEAVE)
  begin(RECORD_ALL)
  for (const fiber of fibers) {
    recorder.ask(fiber, "stop", () => {})
    expect(recorder.holds(fiber)).toBe(true)
  }
  turns()
  ending.idle()
  expect(told).toEqual([])
  begin(RECORDED_ALL)
  ending.idle()
  expect(told).toEqual([true])
})
