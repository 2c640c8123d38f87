"use fibers"
/** Fibers of simulated pools that tell each other things, hear of each other's ends, contend for names, and hand over resumers. */
import {
  type Channel,
  Coroutine,
  channel,
  currentFiber,
  Down,
  Exit,
  exit,
  type Fiber,
  link,
  migrateTo,
  monitor,
  noBlock,
  type Resumable,
  type Resumer,
  receive,
  register,
  select,
  sleep,
  spawn,
  supervisor,
  suspend,
  tell,
  trapExits,
  unregister,
} from "@rove/fibers"

const me = (): Fiber<unknown> => currentFiber() as Fiber<unknown>

/** What is told is `teller * 100 + i`; each is marked when it is received. Throws if what one teller told comes in another order. */
export function* listens(name: string, marks: SharedArrayBuffer): Resumable<never> {
  yield* register(name)
  const words = new Int32Array(marks)
  const last: number[] = []
  for (let n = 0; ; n++) {
    const x = yield* select({ even: receive(isEven), odd: receive(isOdd) })
    const teller = Math.floor(x.value / 100)
    // each kind in its order: they are two selective receives
    const pair = 2 * teller + (x.value % 2)
    if (x.value <= (last[pair] ?? -1)) throw new Error(`${x.value} came behind ${last[pair]}`)
    last[pair] = x.value
    Atomics.add(words, x.value, 1)
    if (n % 5 === 4) yield* sleep(1)
  }
}
const isEven = (message: unknown): message is number => typeof message === "number" && message % 2 === 0
const isOdd = (message: unknown): message is number => typeof message === "number" && message % 2 === 1

/** Tells whoever has the name at that time. How many found somebody. */
export function* tells(name: string, teller: number, count: number): Resumable<number> {
  let found = 0
  for (let i = 0; i < count; i++) {
    try {
      yield* tell(name, teller * 100 + i)
      found++
    } catch (error) {
      if ((error as { code?: string }).code !== "ROVE_NO_PROCESS") throw error
      yield* sleep(1)
    }
  }
  return found
}

function* ends(how: number): Resumable<void> {
  if (how % 2 === 0) yield* sleep(how % 5)
  if (how % 3 === 0) throw new RangeError("fails")
  if (how % 3 === 1) yield* exit(me(), "leaves")
  if (how % 3 === 1) yield* sleep(60_000)
}
/** Monitors and is linked to so many, on all threads; hears of each end once by either way. Gives how many monitors and links said so. */
export function* hears(width: number): Resumable<[down: number, exits: number]> {
  yield* trapExits()
  const monitors = new Set<string>()
  const links = new Set<string>()
  for (let i = 0; i < width; i++) {
    const child = yield* spawn(ends(i))
    monitors.add(yield* monitor(child))
    yield* link(child)
    links.add(child.id)
  }
  let down = 0
  let exits = 0
  while (down < width || exits < width) {
    const x = yield* select({ down: receive(Down), exit: receive(Exit) })
    if (x.key === "down") {
      if (!monitors.delete(x.value.monitor)) throw new Error(`a second Down of monitor ${x.value.monitor}`)
      down++
    } else {
      if (!links.delete(x.value.fiber.id)) throw new Error(`a second Exit of fiber ${x.value.fiber.id}`)
      exits++
    }
  }
  const late = yield* select({ any: receive(), tick: sleep(50) })
  if (late.key === "any") throw new Error("somebody's end was heard of once more")
  return [down, exits]
}

/** What was told in a region that forbids to wait comes in order, and before the end of who told it. Gives how much came. */
export function* unwaited(threads: readonly number[], count: number): Resumable<number> {
  const teller = yield* spawn(tellsInPassing(me(), threads, count))
  yield* monitor(teller)
  for (let came = 0, last = -1; ; came++) {
    const message = yield* receive<number | Down>()
    if (message instanceof Down) return came
    if (message <= last) throw new Error(`${message} came behind ${last}`)
    last = message
  }
}
function* tellsInPassing(to: Fiber<unknown>, threads: readonly number[], count: number): Resumable<void> {
  for (let i = 0; i < count; i++) {
    yield* migrateTo(threads[i % threads.length] as number)
    const send = function* (): Resumable<void> {
      yield* tell(to, i)
    }
    if (i % 3 === 0) yield* noBlock(send)
    else yield* tell(to, i)
  }
}

/** Those of a chain are linked, one to the next; the last one fails, and so all of them end. */
export function* chain(length: number, ended: SharedArrayBuffer): Resumable<void> {
  try {
    if (length === 0) {
      yield* sleep(3)
      throw new RangeError("the last one fails")
    }
    const next = yield* spawn(chain(length - 1, ended))
    yield* link(next)
    yield* sleep(60_000)
  } finally {
    Atomics.add(new Int32Array(ended), length, 1)
  }
}

/** Has the name for a moment: nobody else has it then. */
export function* owns(name: string, owners: SharedArrayBuffer, times: number): Resumable<number> {
  const words = new Int32Array(owners)
  let had = 0
  for (let i = 0; i < times; i++) {
    try {
      yield* register(name)
    } catch {
      yield* sleep(1)
      continue
    }
    had++
    if (Atomics.add(words, 0, 1) !== 0) throw new Error(`two fibers have the name ${name}`)
    yield* sleep(i % 3)
    Atomics.add(words, 0, -1)
    yield* unregister(name)
  }
  return had
}

/** Those whose partners are dead are to end some time. */
const patiently = { timeout: 100_000 }

/** Hands its resumer to two who race to use it. Gives the one value that it got. */
function* waits(to: Channel<Resumer<number>>): Resumable<number> {
  const hands = function* (resume: Resumer<number>): Resumable<void> {
    yield* to.send(resume, patiently)
    yield* to.send(resume, patiently)
  }
  return yield* suspend<number>(hands, patiently)
}
function* resumes(from: Channel<Resumer<number>>, count: number, value: number): Resumable<number> {
  let first = 0
  for (let i = 0; i < count; i++) if (yield* (yield* from.receive(patiently)).with(value)) first++
  return first
}
/** Gives how many were resumed, and how many were told that they were first. */
export function* resumers(width: number): Resumable<[resumed: number, first: number]> {
  const it = channel<Resumer<number>>({ capacity: 2 })
  const waiting: Fiber<number>[] = []
  for (let i = 0; i < width; i++) waiting.push(yield* spawn(waits(it)))
  const resuming: Fiber<number>[] = []
  for (let i = 0; i < 2; i++) resuming.push(yield* spawn(resumes(it, width, i + 1)))
  let resumed = 0
  for (const one of waiting) if ((yield* one.join()) > 0) resumed++
  let first = 0
  for (const one of resuming) first += yield* one.join()
  return [resumed, first]
}

/** Coroutines that hand a number round, while their fiber sleeps and moves. Gives the sum of the rounds. */
export function* rounds(count: number, threads: readonly number[]): Resumable<number> {
  const main = Coroutine.current<number, number>()
  const all: Coroutine<number>[] = []
  for (let i = 0; i < 3; i++)
    all.push(
      new Coroutine(function* (first: number): Resumable<void> {
        let n = first
        for (;;) {
          if (n % 4 === i) yield* sleep(1)
          if (n % 5 === i) yield* goes(threads, n)
          n =
            n === count
              ? yield* main.switchTo(n)
              : yield* (all[(i + 1) % 3] as Coroutine<number, number>).switchTo(n + 1)
        }
      }),
    )
  return yield* (all[0] as Coroutine<number, number>).switchTo(1)
}
function* goes(threads: readonly number[], n: number): Resumable<void> {
  try {
    yield* migrateTo(threads[n % threads.length] as number)
  } catch {
    // that thread is gone
  }
}

function* naps(began: SharedArrayBuffer, at: number): Resumable<void> {
  Atomics.add(new Int32Array(began), at, 1)
  yield* sleep(at)
  if (at === 2) throw new RangeError("fails")
}
/** Three children, which end again and again and are started again. */
export function* keeps(began: SharedArrayBuffer): Resumable<void> {
  yield* supervisor({
    strategy: "rest for one",
    intensity: 1_000_000,
    children: [1, 2, 3].map(at => ({ name: `child ${at}`, start: () => naps(began, at), shutdown: 60_000 })),
  })
}
