"use fibers"
/** What `passing.long.test.ts` runs: fibers that send in passing, lock, migrate, record themselves and end, as a seed says. */
import {
  type Fiber,
  type Guard,
  type Mutex,
  migrateTo,
  mutex,
  noBlock,
  noSwitch,
  type Resumable,
  receive,
  record,
  register,
  restorable,
  sleep,
  spawn,
  tell,
  timeout,
  uninterruptible,
  whereis,
} from "rove"
import { type Message, Numbers } from "./numbers.fibers.ts"

export interface World {
  readonly seed: number
  readonly names: readonly string[]
  readonly kills: boolean
  readonly senders: number
  readonly locks: readonly Mutex[]
  /** Of who is inside a lock. */
  readonly inside: SharedArrayBuffer
  readonly threads: readonly number[]
  readonly steps: number
}
interface Found extends World {
  readonly receivers: readonly Fiber<unknown>[]
}

function burn(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

/** Gives how many it has sent to each receiver. */
export function* sender(me: number, given: World): Resumable<number[]> {
  const random = new Numbers(given.seed * 1000 + me)
  const receivers: Fiber<unknown>[] = []
  for (const name of given.names) receivers.push(yield* find(name))
  const world: Found = { ...given, receivers }
  const sent = world.receivers.map(() => 0)
  const children = world.receivers.map(() => 0)
  for (let step = 0; step < world.steps; step++) yield* act(me, world, random, sent, children)
  return [...sent, ...children]
}

function* act(me: number, world: Found, random: Numbers, sent: number[], children: number[]): Resumable<void> {
  switch (random.below(14)) {
    case 0:
    case 1:
      return yield* noBlock(function* () {
        for (let i = random.below(4); i >= 0; i--) yield* send(me, world, random, sent)
        if (random.below(3) === 0) yield* sleep(0)
        yield* send(me, world, random, sent)
      })
    case 2:
      return yield* noSwitch(function* () {
        yield* send(me, world, random, sent)
        yield* send(me, world, random, sent)
      })
    case 3: {
      Array.from(native(me, world, random, sent))
      return
    }
    case 4:
    case 5:
      return yield* send(me, world, random, sent)
    case 6:
    case 7:
      return yield* goes(world, random)
    case 8:
      return yield* locks(me, world, random, sent)
    case 9:
      return yield* sleep(random.below(3))
    case 10: {
      // one after the other, each is there before the next begins: they count together
      const child = yield* spawn(sends(world.senders + me, world, random.below(1000), children))
      const now = yield* child.join()
      for (let i = 0; i < children.length; i++) children[i] = now[i] as number
      return
    }
    case 11: {
      yield* noBlock(function* () {
        yield* send(me, world, random, sent)
        if (random.below(2) === 0) yield* restorable()
        if (random.below(2) === 0) yield* record()
        for (let i = 0; i < 20_000; i++);
      })
      return
    }
    case 12: {
      try {
        yield* timeout(random.below(4), computes(me, world, random, sent))
      } catch (error) {
        if ((error as { code?: string }).code !== "ROVE_TIMEOUT") throw error
      }
      return
    }
    default:
      burn(random.below(3) / 4)
  }
}
function* native(me: number, world: Found, random: Numbers, sent: number[]): Generator<number, void> {
  yield* send(me, world, random, sent) as unknown as Generator<never, void>
  yield 1
  yield* send(me, world, random, sent) as unknown as Generator<never, void>
}
/** An interrupt comes before it, or behind it. */
function* send(me: number, world: Found, random: Numbers, sent: number[]): Resumable<void> {
  const to = random.below(sent.length)
  yield* uninterruptible(function* () {
    const n = sent[to] as number
    yield* tell(world.receivers[to] as Fiber<unknown>, { from: me, n } satisfies Message)
    sent[to] = n + 1
  })
}
function* find(name: string): Resumable<Fiber<unknown>> {
  for (;;) {
    const found = yield* whereis(name)
    if (found !== null) return found
    yield* sleep(1)
  }
}
function* sends(me: number, world: Found, seed: number, before: readonly number[]): Resumable<number[]> {
  const random = new Numbers(seed)
  const sent = [...before]
  yield* goes(world, random)
  yield* noBlock(function* () {
    yield* send(me, world, random, sent)
    yield* send(me, world, random, sent)
  })
  return sent
}
/** Nothing is sent where the time may be over: it could be over before. */
function* computes(me: number, world: Found, random: Numbers, sent: number[]): Resumable<void> {
  yield* noBlock(function* () {
    yield* send(me, world, random, sent)
    for (let i = random.below(300_000); i > 0; i--);
  })
}
function* goes(world: Found, random: Numbers): Resumable<void> {
  try {
    yield* migrateTo(world.threads[random.below(world.threads.length)] as number)
  } catch (error) {
    const { code } = error as { code?: string }
    if (code !== "ROVE_NO_THREAD" && code !== "ROVE_NOT_PORTABLE") throw error
  }
}
function* locks(me: number, world: Found, random: Numbers, sent: number[]): Resumable<void> {
  const at = random.below(world.locks.length)
  let guard: Guard
  try {
    guard = yield* (world.locks[at] as Mutex).lock()
  } catch (error) {
    if (world.kills && (error as { code?: string }).code === "ROVE_WORKER_LOST") return
    throw error
  }
  const inside = new Int32Array(world.inside)
  let isInside = true
  const leave = (): void => {
    if (!isInside) return
    isInside = false
    Atomics.sub(inside, at, 1)
    guard.release()
  }
  if (Atomics.add(inside, at, 1) !== 0) Atomics.add(inside, 15, 1)
  try {
    if (random.below(2) === 0) yield* goes(world, random)
    yield* noBlock(function* () {
      yield* send(me, world, random, sent)
      leave()
      yield* send(me, world, random, sent)
    })
  } finally {
    leave()
  }
}
/** One whose home is that thread. */
export function* lockAt(thread: number): Resumable<Mutex> {
  yield* migrateTo(thread)
  const made = mutex()
  const guard = yield* made.lock()
  guard.release()
  return made
}

/** Hears until it is told to stop. Gives what came in another order, or twice, and how many of each. */
export function* receiver(name: string, senders: number, gaps: boolean): Resumable<{ wrong: string[]; got: number[] }> {
  yield* register(name)
  const next = new Array<number>(senders).fill(0)
  const got = new Array<number>(senders).fill(0)
  const wrong: string[] = []
  for (;;) {
    const message = yield* receive<Message | "stop">()
    if (message === "stop") return { wrong, got }
    const { from, n } = message
    const expected = next[from] as number
    if (n !== expected && !(gaps && n > expected)) wrong.push(`${from}: ${n} in place of ${expected}`)
    next[from] = n + 1
    got[from] = (got[from] as number) + 1
    if (n % 7 === 0) burn(0.2)
  }
}
/** One whose home is a thread, and stays there. */
export function* receiverAt(
  thread: number,
  name: string,
  senders: number,
  gaps: boolean,
): Resumable<{ wrong: string[]; got: number[] }> {
  yield* migrateTo(thread)
  const child = yield* spawn(receiver(name, senders, gaps), { pinned: "its home" })
  return yield* child.join()
}
/** Until somebody has that name. */
export function* waitsFor(name: string): Resumable<void> {
  while ((yield* whereis(name)) === null) yield* sleep(1)
}
export function* stops(name: string): Resumable<void> {
  yield* tell(name, "stop")
}
export function* dies(thread: number): Resumable<void> {
  yield* migrateTo(thread)
  process.exit(1)
}
