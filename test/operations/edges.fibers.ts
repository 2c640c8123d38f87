"use fibers"
/** What `edges.test.ts` runs: programs in which operations of several families meet. */
import {
  all,
  ask,
  channel,
  currentFiber,
  currentThread,
  type Fiber,
  migrateTo,
  mutex,
  noBlock,
  noSwitch,
  type Operation,
  Question,
  type Resumable,
  race,
  receive,
  register,
  retry,
  select,
  sleep,
  spawn,
  supervisor,
  tell,
  timeout,
} from "rove"

function* codeOf(operation: () => Operation<unknown>): Resumable<unknown> {
  try {
    return yield* operation()
  } catch (error) {
    return (error as { code?: string }).code ?? `${error}`
  }
}
const me = (): Fiber<unknown> => currentFiber() as Fiber<unknown>

function* gives(value: number, ms = 0): Resumable<number> {
  if (ms > 0) yield* sleep(ms)
  return value
}

export function* joinsAsBranches(): Resumable<unknown[]> {
  const fibers: Fiber<number>[] = []
  for (let i = 0; i < 4; i++) fibers.push(yield* spawn(gives(i, i)))
  const seen: unknown[] = [yield* all(fibers.map(fiber => fiber.join()))]
  const late = yield* spawn(gives(7, 20))
  seen.push(yield* race([late.join(), sleep(60_000)]), yield* all({ again: late.join(), by: late }))
  return seen
}

/** Each failure is caught, by a join that comes after the end, from another thread. */
export function* catchesLate(threads: readonly number[], rounds: number): Resumable<number> {
  let caught = 0
  for (let i = 0; i < rounds; i++) {
    const failing = yield* spawn(fails())
    yield* sleep(5)
    yield* migrateTo(threads.find(thread => thread !== currentThread().id) as number)
    try {
      yield* failing.join()
    } catch {
      caught++
    }
  }
  return caught
}
function* fails(): Resumable<never> {
  throw new RangeError("caught late")
}

export function* startsInOrder(names: readonly string[]): Resumable<unknown[]> {
  const parent = me()
  const boss = yield* spawn(supervisor({ children: names.map(name => ({ name, start: () => starts(name, parent) })) }))
  const seen: unknown[] = []
  for (const _ of names) seen.push(yield* receive())
  yield* boss.interrupt()
  return seen
}
function* starts(name: string, parent: Fiber<unknown>): Resumable<void> {
  yield* tell(parent, name)
  yield* receive()
}

export function* selectsWithoutWaiting(): Resumable<unknown[]> {
  const c = channel<number>({ capacity: 1 })
  const choose = () => select({ a: c.receive(), default: "none" })
  const seen: unknown[] = [
    yield* noBlock(function* () {
      return yield* choose()
    }),
    yield* noSwitch(function* () {
      return yield* choose()
    }),
  ]
  yield* c.send(1)
  seen.push(
    yield* noSwitch(function* () {
      return yield* choose()
    }),
  )
  return seen
}

export function* ownAsBranches(): Resumable<unknown[]> {
  const lock = mutex()
  const seen: unknown[] = []
  for (const operation of [() => lock.lock(), () => receive(), () => register("nobody's")])
    seen.push(yield* codeOf(() => race([operation(), sleep(60_000)])))
  const guard = yield* timeout(1_000, lock.lock())
  seen.push(guard.held)
  return seen
}

/** An interrupt that the program wraps is no failure to try again after. */
export function* wrapsInterrupts(): Resumable<unknown[]> {
  const attempts: number[] = []
  const end = yield* codeOf(() =>
    timeout(
      20,
      retry(
        function* (attempt) {
          attempts.push(attempt)
          try {
            yield* sleep(60_000)
          } catch (cause) {
            throw new Error("the request failed", { cause })
          }
        },
        { delay: 1 },
      ),
    ),
  )
  return [attempts, end === "ROVE_TIMEOUT" || end === "ROVE_SCOPE"]
}

export function* answersTwice(): Resumable<unknown[]> {
  const other = yield* spawn(replies(me()))
  const seen: unknown[] = [yield* ask(other, "?")]
  seen.push(yield* receive(), yield* other.join())
  const dying = yield* spawn(diesAsked())
  try {
    yield* ask(dying, "?")
  } catch (error) {
    seen.push(`${(error as Error).cause}`)
  }
  const mute = yield* spawn(isMute())
  try {
    yield* ask(mute, "?", { timeout: 10 })
  } catch (error) {
    seen.push((error as Error).message.replace(/fiber \S+/, "fiber"))
  }
  return seen
}
function* replies(to: Fiber<unknown>): Resumable<boolean> {
  const question = yield* receive(Question)
  yield* tell(to, yield* question.reply(1))
  return yield* question.reply(2)
}
function* diesAsked(): Resumable<void> {
  yield* receive(Question)
  throw new RangeError("asked too much")
}
function* isMute(): Resumable<void> {
  yield* receive(Question)
  yield* sleep(30)
}
