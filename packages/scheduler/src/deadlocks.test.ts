import { afterEach, expect, test, vi } from "vitest"
import { PlayedMesh } from "../../../test/support/played-mesh.ts"
import { Deadlocks } from "./deadlocks.ts"
import { mail, QUIET, QUIET_ASKED } from "./mail.ts"
import type { QuietAnswer } from "./quiet.ts"

/** The pool's; it has sent nothing to any of its threads. */
class Threads extends PlayedMesh {
  get asked(): number[] {
    return this.sent.filter(({ mail }) => mail.kind === QUIET_ASKED).map(({ to }) => to)
  }
  says(from: number, round: number, answer?: QuietAnswer): void {
    this.arrives(mail(QUIET, "", round, null, answer), from)
  }
}

function pool() {
  vi.useFakeTimers()
  const mesh = new Threads()
  const living = [{ id: 1 }, { id: 2 }]
  const told: string[] = []
  const deadlocks = new Deadlocks(
    mesh,
    () => living,
    error => told.push(error.code),
  )
  /** What a thread says that has sent so much to the other one, and read so much of it. */
  const answer = (peer: number, sent: number, read: number, isQuiet = true): QuietAnswer => {
    const waits = { lines: isQuiet ? ["  fiber 1 waits"] : [], more: 0 }
    return { isQuiet, waits, links: [{ peer, sent, read }] }
  }
  return { mesh, living, told, deadlocks, answer }
}
afterEach(() => vi.useRealTimers())

test("threads are asked once all have said that they are quiet, and nothing is told while mail between them is unread", () => {
  const { mesh, told, answer } = pool()
  mesh.says(1, 0)
  expect(mesh.asked).toEqual([])
  mesh.says(2, 0)
  expect(mesh.asked).toEqual([1, 2])
  mesh.says(1, 1, answer(2, 5, 3))
  mesh.says(2, 1, answer(1, 3, 4)) // the first has sent five
  expect(told).toEqual([])
  vi.advanceTimersByTime(100)
  expect(mesh.asked).toEqual([1, 2, 1, 2])
  mesh.says(1, 2, answer(2, 5, 3))
  mesh.says(2, 2, answer(1, 3, 5))
  expect(told).toEqual(["ROVE_DEADLOCK"])
})

test("a thread that is not quiet any more ends the round, and an answer of an earlier round says nothing", () => {
  const { mesh, told, answer } = pool()
  for (const thread of [1, 2]) mesh.says(thread, 0)
  mesh.says(1, 1, answer(2, 0, 0))
  mesh.says(2, 1, answer(1, 0, 0, false))
  mesh.says(2, 0) // it is again
  expect(mesh.asked).toEqual([1, 2, 1, 2])
  mesh.says(2, 2, answer(1, 0, 0))
  mesh.says(1, 1, answer(2, 0, 0))
  expect(told).toEqual([])
  mesh.says(1, 2, answer(2, 0, 0))
  expect(told).toEqual(["ROVE_DEADLOCK"])
})

test("when a thread is gone the others are asked anew, without its saying anything", () => {
  const { mesh, living, told, deadlocks, answer } = pool()
  for (const thread of [1, 2]) mesh.says(thread, 0)
  mesh.says(1, 1, answer(2, 4, 0))
  living.pop()
  deadlocks.lost(2)
  vi.advanceTimersByTime(100)
  expect(mesh.asked).toEqual([1, 2, 1])
  mesh.says(1, 2, { ...answer(2, 4, 0), links: [] })
  expect(told).toEqual(["ROVE_DEADLOCK"])
})
