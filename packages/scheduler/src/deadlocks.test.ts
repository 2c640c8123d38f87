import { afterEach, expect, test, vi } from "vitest"
import { ThreadCells } from "./cells.ts"
import { Deadlocks } from "./deadlocks.ts"
import { type Mail, mail, QUIET, QUIET_ASKED } from "./mail.ts"
import { Mesh, type Peer, POOL } from "./mesh.ts"
import type { QuietAnswer } from "./quiet.ts"

/** The pool's, whose threads are played by the test; it has sent nothing to any of them. */
class Played extends Mesh {
  readonly asked: number[] = []
  #handler: (mail: Mail, from: Peer) => void = () => {}
  constructor() {
    super("00000000", POOL, POOL, new ThreadCells(), () => {})
  }
  override on(_: number, handler: (mail: Mail, from: Peer) => void): void {
    this.#handler = handler
  }
  override send(to: number, { kind }: Mail): void {
    if (kind === QUIET_ASKED) this.asked.push(to)
  }
  says(from: number, round: number, answer?: QuietAnswer): void {
    this.#handler(mail(QUIET, "", round, null, answer), { id: from } as Peer)
  }
}

function pool() {
  vi.useFakeTimers()
  const mesh = new Played()
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
