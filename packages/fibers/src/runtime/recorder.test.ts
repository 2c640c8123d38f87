import { expect, test } from "vitest"
import { add } from "../../../../test/pool/programs.ts"
import { admit, currentContext, type FiberState, type Host, interruptFiber, Recorder } from "../scheduling.ts"
import { Performable } from "./performable.ts"

test("while all are recorded together, a fiber whose record two ask for is one record", () => {
  const ended: string[] = []
  const host = {
    birthplace: { thread: 1, prefix: "test-1." },
    nextId: () => 1,
    ended: ({ id }: { readonly id: string }) => void ended.push(id),
  } as unknown as Host
  const recorder = new Recorder(host)
  const fiber = admit(add(1, 1), "test", currentContext(), host, undefined)
  const answers: string[] = []
  recorder.hold()
  for (const name of ["one", "two"])
    recorder.await(fiber, "stop", ({ record }) => void answers.push(`${name}: ${record ? "a record" : "none"}`))
  expect(recorder.ready(fiber)).toBe(true)
  expect(answers).toEqual(["one: a record"])
  recorder.release()
  recorder.ended(fiber)
  expect([answers, ended]).toEqual([["one: a record", "two: none"], [fiber.id]])
})

class WaitForEnds extends Performable<void> {
  override get awaitsEnds(): boolean {
    return true
  }
  perform(): void {}
}

test("who asks for the record of a fiber that is back is not answered for its former life, when word for that comes late", () => {
  const told: (() => void)[] = []
  const host = { caughtUp: (then: () => void) => void told.push(then) } as unknown as Host
  const recorder = new Recorder(host)
  const life = () => ({ id: "1", status: "parked", park: { again: () => new WaitForEnds() } }) as unknown as FiberState
  const answers: string[] = []
  const ask = (fiber: FiberState, name: string): void =>
    recorder.ask(fiber, "stop", ({ record }) => void answers.push(`${name}: ${record ? "a record" : "none"}`))
  for (const gone of ["done", "moved"]) {
    const former = life()
    ask(former, "former")
    Object.assign(former, { status: gone })
    recorder.ended(former)
    ask(life(), "back")
    told.shift()?.()
    expect(answers).toEqual(["former: none"])
    recorder.clear()
    answers.length = told.length = 0
  }
})

test("a fiber that is a record, and has yet to end where it was, cannot be interrupted: it ended as both", () => {
  const host = {
    birthplace: { thread: 1, prefix: "test-1." },
    nextId: () => 1,
    ended() {},
    isRecord: (fiber: FiberState) => recorder.holds(fiber),
  } as unknown as Host
  const recorder = new Recorder(host)
  const fiber = admit(add(1, 1), "test", currentContext(), host, undefined)
  recorder.hold()
  recorder.ask(fiber, "stop", () => {})
  expect(interruptFiber(fiber, "now", host)).toBe(false)
  recorder.release()
  expect(fiber.outcome).toMatchObject({ kind: "failed", error: { code: "ROVE_RECORDED" } })
})
