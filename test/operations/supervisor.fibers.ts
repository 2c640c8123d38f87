"use fibers"
/** What `supervisor.test.ts` runs: children tell what they do, and end as they are told to. */
import {
  ask,
  currentFiber,
  type Fiber,
  FiberInterrupted,
  noBlock,
  Question,
  type Resumable,
  receive,
  register,
  type Strategy,
  sleep,
  spawn,
  supervisor,
  tell,
  whereis,
} from "rove"

type Restart = "permanent" | "transient" | "temporary"

function* child(name: string, to: Fiber<unknown>): Resumable<string> {
  yield* register(`child-${name}`)
  yield* tell(to, `${name} starts`)
  try {
    const how = yield* receive<string>()
    if (how === "fail") throw new RangeError(name)
    return "done"
  } catch (error) {
    if (error instanceof FiberInterrupted) yield* tell(to, `${name} stops`)
    throw error
  }
}

/** Sends children to their ends one after the other; so many messages are waited for each time, and at the end, when it is stopped (0: it ends by itself). */
export function* story(
  strategy: Strategy,
  restarts: readonly Restart[],
  ends: readonly (readonly [name: string, how: string, messages: number])[],
  intensity: number,
  messages: number,
): Resumable<string[]> {
  const me = currentFiber() as Fiber<unknown>
  const names = ["a", "b", "c"].slice(0, restarts.length)
  const boss = yield* spawn(
    supervisor({
      strategy,
      intensity,
      children: names.map((name, i) => ({ name, restart: restarts[i] as Restart, start: () => child(name, me) })),
    }),
  )
  const seen: string[] = []
  yield* listen(seen, names.length)
  for (const [name, how, count] of ends) {
    seen.push(`${name}: ${how}`)
    const one = yield* whereis(`child-${name}`)
    if (one !== null) yield* tell(one, how)
    yield* listen(seen, count)
  }
  if (messages > 0) {
    seen.push("stop")
    yield* boss.interrupt("stop")
  }
  let end = "ended"
  try {
    yield* boss.join()
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: unknown }
    end = `${code}${cause === undefined ? "" : ` because of ${cause}`}`
  }
  yield* listen(seen, messages)
  for (;;)
    try {
      seen.push(yield* receive<string>(undefined, { timeout: 0 }))
    } catch {
      seen.push(end)
      return seen
    }
}
function* listen(seen: string[], count: number): Resumable<void> {
  for (let i = 0; i < count; i++) seen.push(yield* receive<string>(undefined, { timeout: 10_000 }))
}

/** A child that does not want to end is left behind when its time is over. */
export function* stubborn(): Resumable<[string, boolean]> {
  const me = currentFiber() as Fiber<unknown>
  const boss = yield* spawn(supervisor({ children: [{ start: () => clings(me), shutdown: 30 }] }))
  yield* receive()
  yield* boss.interrupt("stop")
  const answer = yield* receive<string>(undefined, { timeout: 5_000 })
  let interrupted = false
  try {
    yield* boss.join()
  } catch (error) {
    interrupted = error instanceof FiberInterrupted
  }
  return [answer, interrupted]
}
function* clings(to: Fiber<unknown>): Resumable<void> {
  yield* tell(to, "here")
  try {
    yield* sleep(60_000)
  } catch {
    yield* sleep(120)
    yield* tell(to, "at last")
  }
}

/** A service that is found by its name, however often it was started. */
export function* service(): Resumable<unknown[]> {
  const boss = yield* spawn(supervisor({ intensity: 5, children: [{ start: () => counter() }] }))
  const seen: unknown[] = []
  for (const what of ["a", "b", "crash", "c"]) {
    while ((yield* whereis("counter")) === null) yield* sleep(1)
    try {
      seen.push(yield* ask("counter", what))
    } catch (error) {
      seen.push((error as { code?: string }).code)
    }
  }
  yield* boss.interrupt()
  return seen
}
function* counter(): Resumable<never> {
  yield* register("counter")
  for (let count = 1; ; count++) {
    const question = (yield* receive(Question)) as Question<string>
    if (question.message === "crash") throw new RangeError("crashed")
    yield* question.reply(`${question.message}${count}`)
  }
}

/** One child cannot be started: at first, or when it is to be started again. Gives what became of the other one, and of the supervisor. */
export function* unstartable(first: boolean): Resumable<string[]> {
  const me = currentFiber() as Fiber<unknown>
  const starts = [0]
  const bad = (): Resumable<string> => {
    if (first || (starts[0] as number)++ > 0) throw new TypeError("no such child")
    return child("b", me)
  }
  const boss = yield* spawn(supervisor({ intensity: 3, children: [{ start: () => child("a", me) }, { start: bad }] }), {
    pinned: "its children share what they count",
  })
  const seen: string[] = []
  if (!first) yield* listen(seen, 2)
  const other = first ? null : yield* whereis("child-b")
  if (other !== null) yield* tell(other, "fail")
  try {
    yield* boss.join()
  } catch (error) {
    seen.push(String(error))
  }
  if (!first) yield* listen(seen, 1)
  else
    try {
      seen.push(yield* receive<string>(undefined, { timeout: 300 }))
      yield* listen(seen, 1)
    } catch {} // it was stopped before it had begun
  return seen
}

/** Where it may not wait it ends at once. */
export function* waitsNowhere(): Resumable<string> {
  const me = currentFiber() as Fiber<unknown>
  try {
    yield* noBlock(supervisor({ children: [{ start: () => child("a", me) }, { start: () => child("b", me) }] }))
    return "it has waited"
  } catch (error) {
    return String((error as { code?: string }).code)
  }
}

/** A supervisor whose only child sleeps. */
export function* overSleeper(): Resumable<unknown> {
  function* sleeps(): Resumable<void> {
    yield* sleep(1_000_000)
  }
  return yield* supervisor({ children: [{ start: sleeps }] })
}
