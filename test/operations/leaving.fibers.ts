"use fibers"
/** What `leaving.long.test.ts` runs: fibers that send, lock, nest stacks and regions, and go, as a seed says, while their pool ends or shrinks. */
import {
  atomic,
  type Channel,
  Coroutine,
  Down,
  deadline,
  Exit,
  exit,
  type Fiber,
  type Mutex,
  migrateTo,
  noBlock,
  noSwitch,
  now,
  pinned,
  type Resumable,
  type Resumer,
  receive,
  record,
  register,
  type Semaphore,
  scope,
  select,
  sleep,
  spawn,
  suspend,
  ThreadMutex,
  tell,
  trapExits,
  uninterruptible,
  whereis,
} from "rove"
import { type Message, Numbers } from "./numbers.fibers.ts"

/** Words of all: whether it is over; who was where nobody else may be. */
export const [OVER, WRONG, INSIDE, PERMITS] = [0, 1, 2, 3]
/** From here on, for each: how often it has begun, and how often it has ended. */
export const [BEGUN, ENDED] = [16, 516]

export interface World {
  readonly seed: number
  readonly names: readonly string[]
  readonly walkers: number
  readonly steps: number
  readonly threads: readonly number[]
  readonly words: SharedArrayBuffer
  readonly lock: Mutex
  readonly permits: Semaphore
  readonly channels: readonly Channel<Message>[]
}
interface Found extends World {
  readonly receivers: readonly Fiber<unknown>[]
}

const codeOf = (error: unknown): string => (error as { readonly code?: string }).code ?? String(error)
/** What may come of an act whose partners are gone, or of another runtime. */
const GONE = [
  "ROVE_NO_THREAD",
  "ROVE_NOT_PORTABLE",
  "ROVE_UNKNOWN_FIBER",
  "ROVE_UNKNOWN_OBJECT",
  "ROVE_WORKER_LOST",
  "ROVE_CHANNEL_CLOSED",
  "ROVE_TIMEOUT",
  "ROVE_NO_PROCESS",
  "ROVE_POOL_CLOSED",
  "ROVE_RECORDED",
]

export interface Walked {
  /** To each receiver, by tells and signals. */
  readonly sent: number[]
  /** Through each channel. */
  readonly through: number[]
}
class State {
  readonly me: number
  readonly random: Numbers
  readonly sent: number[]
  readonly through: number[]
  constructor(me: number, seed: number, world: World) {
    this.me = me
    this.random = new Numbers(seed)
    this.sent = world.names.map(() => 0)
    this.through = world.channels.map(() => 0)
  }
}

export function* walker(me: number, given: World): Resumable<Walked> {
  const words = new Int32Array(given.words)
  Atomics.add(words, BEGUN + me, 1)
  try {
    const receivers: Fiber<unknown>[] = []
    for (const name of given.names) receivers.push(yield* find(name, words))
    const world: Found = { ...given, receivers }
    const state = new State(me, given.seed * 1000 + me, world)
    for (let step = 0; step < world.steps && Atomics.load(words, OVER) === 0; step++) {
      try {
        yield* act(state, world, state.random.below(17))
      } catch (error) {
        if (!GONE.includes(codeOf(error))) throw error
      }
    }
    return { sent: state.sent, through: state.through }
  } finally {
    Atomics.add(words, ENDED + me, 1)
  }
}
function* find(name: string, words: Int32Array): Resumable<Fiber<unknown>> {
  for (let left = 1000; left > 0 && Atomics.load(words, OVER) === 0; left--) {
    const found = yield* whereis(name)
    if (found !== null) return found
    yield* sleep(1)
  }
  throw new Error("nobody there")
}
function burn(n: number): void {
  for (const until = performance.now() + n / 10; performance.now() < until; );
}

/** One of what a fiber does. */
function* act(state: State, world: Found, what: number): Resumable<void> {
  const { random } = state
  switch (what) {
    case 0:
      return yield* noBlock(() => some(state, world))
    case 1:
      return yield* noSwitch(() => some(state, world))
    case 2:
      Array.from(native(state, world))
      return
    case 3:
      return yield* atomic(function* () {
        yield* some(state, world)
        if (random.below(2) === 0) yield* noBlock(() => some(state, world))
      })
    case 4:
      return yield* pinned("it is as if it held something", function* () {
        yield* noBlock(() => some(state, world))
        if (random.below(2) === 0) yield* sleep(1)
      })
    case 5:
      return yield* stacks(state, world)
    case 6:
      return yield* uninterruptible(function* (restore) {
        yield* noBlock(() => some(state, world))
        if (random.below(2) === 0) yield* goes(state, world)
        if (random.below(2) === 0) yield* restore(sleep(random.below(3)))
      })
    case 7:
    case 8:
      return yield* goes(state, world)
    case 9:
      return yield* locks(state, world)
    case 10:
      return yield* permits(state, world)
    case 11:
      return yield* scope(function* () {
        const first = yield* spawn(child(state.me, world, random.below(1000)))
        yield* spawn(child(state.me, world, random.below(1000)))
        yield* noBlock(() => some(state, world))
        if (random.below(2) === 0) yield* first.join()
      })
    case 12:
      return yield* deadline(now() + random.below(5), () => computes(state, world))
    case 13:
      return yield* channels(state, world)
    case 14: {
      yield* noBlock(function* () {
        yield* some(state, world)
        yield* record()
        yield* some(state, world)
      })
      return
    }
    case 15: {
      const thread = new ThreadMutex("of a walker")
      using _ = thread.lock()
      yield* some(state, world)
      burn(1)
      return
    }
    default:
      return yield* resumed(state, world)
  }
}
/** Sends one to three things: an interrupt comes before or behind each. */
function* some(state: State, world: Found): Resumable<void> {
  for (let i = state.random.below(3); i >= 0; i--) yield* send(state, world)
}
function* send(state: State, world: Found): Resumable<void> {
  const to = state.random.below(world.receivers.length)
  const signals = state.random.below(4) === 0
  yield* uninterruptible(function* () {
    const message: Message = { from: state.me, n: state.sent[to] as number }
    const fiber = world.receivers[to] as Fiber<unknown>
    if (signals) yield* exit(fiber, message)
    else yield* tell(fiber, message)
    state.sent[to] = message.n + 1
  })
}
function* native(state: State, world: Found): Generator<number, void> {
  yield* some(state, world) as unknown as Generator<never, void>
  yield 1
  yield* some(state, world) as unknown as Generator<never, void>
}
function* stacks(state: State, world: Found): Resumable<void> {
  const me = Coroutine.current<number>()
  const other = new Coroutine<number, number>(function* (first: number): Resumable<number> {
    let n = first
    for (let i = 0; i < 3; i++) {
      yield* noBlock(() => some(state, world))
      n = (yield* me.switchTo(n + 1)) as number
    }
    return n
  })
  for (let n = 0; other.status !== "ended"; ) {
    n = yield* other.switchTo(n)
    if (state.random.below(2) === 0) yield* noBlock(() => some(state, world))
    if (state.random.below(3) === 0) yield* goes(state, world)
  }
}
function* goes({ random }: State, { threads }: World): Resumable<void> {
  yield* migrateTo(threads[random.below(threads.length)] as number)
}
function* locks(state: State, world: Found): Resumable<void> {
  const words = new Int32Array(world.words)
  const guard = yield* world.lock.lock({ timeout: 200 })
  if (Atomics.add(words, INSIDE, 1) !== 0) Atomics.add(words, WRONG, 1)
  let inside = true
  const leave = (): void => {
    if (!inside) return
    inside = false
    Atomics.sub(words, INSIDE, 1)
    guard.release()
  }
  try {
    if (state.random.below(2) === 0) yield* goes(state, world)
    yield* noBlock(function* () {
      yield* some(state, world)
      leave()
      yield* some(state, world)
    })
  } finally {
    leave()
  }
}
function* permits(state: State, world: Found): Resumable<void> {
  const words = new Int32Array(world.words)
  const amount = 1 + state.random.below(3)
  using guard = yield* world.permits.acquire(amount, { timeout: 200 })
  if (Atomics.add(words, PERMITS, amount) + amount > 3) Atomics.add(words, WRONG, 1)
  try {
    yield* noBlock(() => some(state, world))
    if (state.random.below(2) === 0) yield* goes(state, world)
  } finally {
    Atomics.sub(words, PERMITS, amount)
    guard.release()
  }
}
/** Nothing is sent where the time may be over: it could be over before. */
function* computes(state: State, world: Found): Resumable<void> {
  yield* noBlock(function* () {
    yield* some(state, world)
    for (let i = state.random.below(300_000); i > 0; i--);
  })
  yield* sleep(state.random.below(4))
}
/** Sends through a channel, and chooses. */
function* channels(state: State, world: Found): Resumable<void> {
  const to = state.random.below(world.channels.length)
  const it = world.channels[to] as Channel<Message>
  yield* noBlock(() => some(state, world))
  yield* uninterruptible(function* () {
    const message: Message = { from: state.me, n: state.through[to] as number }
    const chosen = yield* select({ sent: it.send(message), late: sleep(5), never: receive(Down) })
    if (chosen.key === "sent") state.through[to] = message.n + 1
  })
}
/** Suspends until a child has it go on, which has something on its way. */
function* resumed(state: State, world: Found): Resumable<void> {
  const children: Fiber<unknown>[] = []
  const n = yield* suspend<number>(
    function* (resume) {
      children.push(yield* spawn(resumes(resume, world, state.me, state.random.below(1000))))
    },
    { timeout: 1000 },
  )
  if (n !== 7) Atomics.add(new Int32Array(world.words), WRONG, 1)
  for (const one of children) yield* one.join()
}
function* resumes(resume: Resumer<number>, world: Found, me: number, seed: number): Resumable<void> {
  yield* silent(me, world, seed)
  yield* resume.with(7)
}
/** Sends what is only noise. */
function* silent(me: number, world: Found, seed: number): Resumable<void> {
  const random = new Numbers(seed)
  yield* noBlock(function* () {
    for (let i = random.below(3); i >= 0; i--)
      yield* tell(world.receivers[random.below(world.receivers.length)] as Fiber<unknown>, `noise of ${me}`)
  })
}
function* child(me: number, world: Found, seed: number): Resumable<void> {
  const random = new Numbers(seed)
  try {
    if (random.below(2) === 0) yield* migrateTo(world.threads[random.below(world.threads.length)] as number)
  } catch (error) {
    if (codeOf(error) !== "ROVE_NO_THREAD" && codeOf(error) !== "ROVE_NOT_PORTABLE") throw error
  }
  yield* silent(me, world, seed)
  if (random.below(3) === 0) yield* sleep(random.below(3))
}

export interface Heard {
  readonly wrong: string[]
  readonly got: number[]
}
/** Hears until it is over. Gives what came in another order, or twice, and how many of each. */
export function* receiver(me: number, name: string, world: World, gaps: boolean, thread: number): Resumable<Heard> {
  const words = new Int32Array(world.words)
  Atomics.add(words, BEGUN + me, 1)
  try {
    try {
      if (thread > 0) yield* migrateTo(thread)
    } catch (error) {
      if (!GONE.includes(codeOf(error))) throw error
    }
    const hearing = yield* spawn(hears(name, world, gaps))
    return yield* hearing.join()
  } finally {
    Atomics.add(words, ENDED + me, 1)
  }
}
function* hears(name: string, { walkers, words }: World, gaps: boolean): Resumable<Heard> {
  yield* trapExits()
  yield* register(name)
  const next = new Array<number>(walkers).fill(0)
  const got = new Array<number>(walkers).fill(0)
  const wrong: string[] = []
  for (;;) {
    let message: unknown
    // who has ended may have told something that is still on its way, for as long as threads are slow
    const isLast = Atomics.load(new Int32Array(words), OVER) >= 2
    try {
      message = yield* receive(undefined, { timeout: isLast ? 1000 : 10 })
    } catch (error) {
      if (codeOf(error) !== "ROVE_TIMEOUT") throw error
      if (isLast) return { wrong, got }
      continue
    }
    if (typeof message === "string") continue
    const { from, n } = (message instanceof Exit ? message.reason : message) as Message
    const expected = next[from] as number
    if (n !== expected && !(gaps && n > expected)) wrong.push(`${from}: ${n} in place of ${expected}`)
    next[from] = n + 1
    got[from] = (got[from] as number) + 1
  }
}
/** Takes what comes through a channel, until it is closed. */
export function* taker(me: number, it: Channel<Message>, { walkers, words }: World): Resumable<Heard> {
  const all = new Int32Array(words)
  Atomics.add(all, BEGUN + me, 1)
  const next = new Array<number>(walkers).fill(0)
  const wrong: string[] = []
  try {
    for (;;) {
      const { from, n } = yield* it.receive()
      const expected = next[from] as number
      if (n !== expected) wrong.push(`${from}: ${n} in place of ${expected}`)
      next[from] = n + 1
    }
  } catch (error) {
    if (!(error instanceof RangeError) && !GONE.includes(codeOf(error))) throw error
    return { wrong, got: next }
  } finally {
    Atomics.add(all, ENDED + me, 1)
  }
}
export function* closes(it: Channel<Message>): Resumable<void> {
  yield* it.close(new RangeError("closed"))
}
/** Dies there: by itself, or of its memory. */
export function* dies(thread: number, byItself: boolean): Resumable<void> {
  yield* migrateTo(thread)
  if (byItself) process.exit(1)
  for (const all: number[][] = []; ; ) all.push(new Array<number>(100_000).fill(all.length + 0.5))
}
