"use fibers"
/** What `ends.test.ts` runs. */
import {
  type Channel,
  currentFiber,
  type Fiber,
  migrateTo,
  type Resumable,
  receive,
  register,
  spawn,
  tell,
  whereis,
} from "@rove/fibers"

function* same(n: number): Resumable<number> {
  return n
}

/** Joins its children from another thread than theirs, and then the first of them once more. */
export function* rejoins(there: number, count: number): Resumable<{ sum: number; again: string }> {
  const fibers: Fiber<number>[] = []
  for (let i = 0; i < count; i++) fibers.push(yield* spawn(same(i)))
  yield* migrateTo(there)
  let sum = 0
  for (const fiber of fibers) sum += yield* fiber.join()
  try {
    return { sum, again: `${yield* (fibers[0] as Fiber<number>).join()}` }
  } catch (error) {
    return { sum, again: (error as { code: string }).code }
  }
}

/** Becomes known under that name on one thread, and ends on another one when it is told to. */
export function* named(name: string, at: number, goesTo: number): Resumable<number> {
  yield* migrateTo(at)
  yield* register(name)
  yield* migrateTo(goesTo)
  yield* receive({ end: true })
  return 42
}
/** The same, as somebody's child: its address goes through a channel, from that thread alone. */
export function* parent(at: number, goesTo: number, to: Channel<Fiber<number>>): Resumable<number> {
  const child = yield* spawn(sent(at, goesTo, to))
  return yield* child.join()
}
function* sent(at: number, goesTo: number, to: Channel<Fiber<number>>): Resumable<number> {
  yield* migrateTo(at)
  yield* to.send(currentFiber() as Fiber<number>)
  yield* migrateTo(goesTo)
  yield* receive({ end: true })
  return 42
}
export function* received(from: Channel<Fiber<number>>): Resumable<Fiber<number>> {
  return yield* from.receive()
}
export function* found(name: string): Resumable<Fiber<number>> {
  return (yield* whereis(name)) as Fiber<number>
}
export function* ends(fiber: Fiber<number>): Resumable<void> {
  yield* tell(fiber, { end: true })
}
/** How it ended, from that thread, which may be the second to hear. */
export function* joins(fiber: Fiber<number>, at: number): Resumable<number | string> {
  yield* migrateTo(at)
  try {
    return yield* fiber.join()
  } catch (error) {
    return (error as { code: string }).code
  }
}
export function* dies(at: number): Resumable<never> {
  yield* migrateTo(at)
  return process.exit(3)
}
