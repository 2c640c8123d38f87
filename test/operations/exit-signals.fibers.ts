"use fibers"
/** What `exit-signals.test.ts` runs: one row of the table of exit signals, with receiver and sender on threads that the test names. */
import {
  all,
  allSettled,
  currentFiber,
  Exit,
  exit,
  type Fiber,
  FiberInterrupted,
  link,
  migrateTo,
  pin,
  type Resumable,
  receive,
  sleep,
  spawn,
  tell,
  trapExits,
  unlink,
} from "rove"

type Row = (partner: Fiber<unknown>) => Resumable<unknown>
const me = (): Fiber<unknown> => currentFiber() as Fiber<unknown>

function* linked(partner: Fiber<unknown>, end: string): Resumable<void> {
  yield* link(partner)
  yield* tell(partner, end)
}
/** What the receiver does, whose partner then does as it is told. */
const rows: { readonly [name: string]: Row } = {
  *"link: normal"(partner) {
    yield* linked(partner, "return")
  },
  *"link: error"(partner) {
    yield* linked(partner, "fail")
  },
  *"link: exit signal"(partner) {
    yield* linked(partner, "wait")
    yield* exit(partner, "other")
  },
  *"link: kill"(partner) {
    yield* linked(partner, "wait")
    yield* exit(partner, "kill")
  },
  *"link: interrupt"(partner) {
    yield* linked(partner, "wait")
    yield* partner.interrupt("enough")
  },
  *"link: reason kill of another"(partner) {
    // an exit with the reason "kill" that comes through a link can be trapped, and is no kill
    yield* linked(partner, "die of kill")
  },
  *"link: inactive"(partner) {
    yield* link(partner)
    yield* unlink(partner)
    yield* tell(partner, "fail")
  },
  *"link: to one that has failed"(partner) {
    yield* tell(partner, "fail")
    try {
      yield* partner.join()
    } catch {}
    yield* link(partner)
  },
  *"signal: normal"(partner) {
    yield* tell(partner, "normal")
  },
  *"signal: other"(partner) {
    yield* tell(partner, "other")
  },
  *"signal: kill"(partner) {
    yield* tell(partner, "kill")
  },
  *"signal to itself: normal"() {
    yield* exit(me(), "normal")
  },
  *"signal to itself: other"() {
    yield* exit(me(), "other")
  },
  *"signal to itself: kill"() {
    yield* exit(me(), "kill")
  },
}

function* partner(receiver: Fiber<unknown>, thread: number | null): Resumable<void> {
  if (thread !== null) yield* migrateTo(thread)
  using _ = pin("the table says where it is")
  const word = yield* receive<string>()
  if (word === "fail") throw new RangeError("failed")
  if (word === "wait") yield* sleep(60_000)
  if (word === "die of kill") throw "kill"
  if (word !== "return") yield* exit(receiver, word)
}
function* receiver(
  name: string,
  traps: boolean,
  here: number | null,
  there: number | null,
  patience: number,
): Resumable<string> {
  if (here !== null) yield* migrateTo(here)
  using _ = pin("the table says where it is")
  yield* trapExits(traps)
  const other = yield* spawn(partner(me(), there))
  try {
    yield* (rows[name] as Row)(other)
    const { reason } = yield* receive(Exit, { timeout: patience })
    return `message ${reason}`
  } catch (error) {
    if (error instanceof FiberInterrupted) throw error
    return "nothing"
  } finally {
    yield* other.interrupt("over")
    // how it ended is heard of
    yield* allSettled([other])
  }
}
function* outcome(
  name: string,
  traps: boolean,
  here: number | null,
  there: number | null,
  isQuiet: boolean,
): Resumable<string> {
  const fiber = yield* spawn(receiver(name, traps, here, there, isQuiet ? 100 : 10_000))
  try {
    return yield* fiber.join()
  } catch (error) {
    return `ends with ${(error as FiberInterrupted).reason}`
  }
}
/** A row of the table: what comes of it if exits are not trapped, and if they are. */
export type Expected = readonly [name: string, untrapped: string, trapped: string]

/** All rows at once. Where nothing is to come, it is waited for less long. */
export function* table(
  here: number | null,
  there: number | null,
  expected: readonly Expected[],
): Resumable<Expected[]> {
  return yield* all(expected.map(one => row(one, here, there)))
}
function* row([name, untrapped, trapped]: Expected, here: number | null, there: number | null): Resumable<Expected> {
  const first = yield* outcome(name, false, here, there, untrapped === "nothing")
  return [name, first, yield* outcome(name, true, here, there, trapped === "nothing")]
}
