"use fibers"
/**
 * Every operation that waits, with a partner on whatever thread that ends its wait with 42 once it is told to: what `waits.test.ts` and
 * `waits.long.test.ts` interrupt, time out, move, and bereave of its partner.
 */
import {
  all,
  allSettled,
  any,
  ask,
  type Barrier,
  barrier,
  type Channel,
  Coroutine,
  callAsync,
  channel,
  currentFiber,
  currentThread,
  deadline,
  type Fiber,
  forEach,
  type Guard,
  interval,
  type Latch,
  latch,
  type Mutex,
  map,
  migrateTo,
  mutex,
  now,
  type Operation,
  pin,
  Question,
  type ReadWriteLock,
  type Resumable,
  type Resumer,
  race,
  readWriteLock,
  receive,
  reduce,
  register,
  retry,
  type Semaphore,
  scope,
  select,
  semaphore,
  sleep,
  sleepUntil,
  spawn,
  supervisor,
  suspend,
  tell,
  timeout,
  wait,
  whereis,
} from "rove"

export interface Things {
  readonly values: Channel<number>
  readonly resumers: Channel<Resumer<number>>
  readonly mutex: Mutex
  readonly lock: ReadWriteLock
  readonly permits: Semaphore
  readonly latch: Latch
  readonly barrier: Barrier
  /** The registered name of the partner. */
  readonly partner: string
}

/** Objects whose home is that thread. */
export function* makes(thread: number | null, tag: string): Resumable<Things> {
  if (thread !== null) yield* migrateTo(thread)
  const things: Things = {
    values: channel(),
    resumers: channel({ capacity: 100 }),
    mutex: mutex(),
    lock: readWriteLock(),
    permits: semaphore(2),
    latch: latch(1),
    barrier: barrier(2),
    partner: `partner ${tag}`,
  }
  // the first use makes the home
  yield* things.values.balance()
  yield* things.resumers.balance()
  for (const taken of [things.mutex.tryLock(), things.lock.tryRead(), things.permits.tryAcquire()])
    ((yield* taken) as Guard).release()
  yield* select({ latch: things.latch.wait(), barrier: things.barrier.arrive(), default: "nobody is there" })
  return things
}

/** As who waits knows them. */
interface Known extends Things {
  readonly other: Fiber<number>
}
type Wait = (of: Known) => Resumable<unknown>
type End = (of: Things) => Resumable<unknown>

async function later(value: number): Promise<number> {
  await new Promise(resolve => setTimeout(resolve, 150))
  return value
}
function* guarded(lock: Operation<Guard>): Resumable<number> {
  using guard = yield* lock
  return guard.held ? 42 : 0
}
function* answers(): Resumable<number> {
  yield* sleep(150)
  return 42
}

/** How one waits. */
export const waits = {
  *sleep() {
    yield* sleep(150)
    return 42
  },
  *join({ other }) {
    return yield* other.join()
  },
  *"channel receive"({ values }) {
    return yield* values.receive()
  },
  *"channel next"({ values }) {
    return (yield* values.next()).value
  },
  *"channel send"({ values }) {
    yield* values.send(42)
    return 42
  },
  *select({ values, mutex }) {
    const x = yield* select({ value: values.receive(), message: receive(Map), guard: mutex.lock() })
    return x.value
  },
  *receive() {
    return (yield* receive({ kind: "value" as const })).value
  },
  *ask({ other }) {
    return yield* ask(other, "?")
  },
  *"mutex lock"({ mutex }) {
    return yield* guarded(mutex.lock())
  },
  *"read lock"({ lock }) {
    return yield* guarded(lock.read())
  },
  *"write lock"({ lock }) {
    return yield* guarded(lock.write())
  },
  *acquire({ permits }) {
    return yield* guarded(permits.acquire(2))
  },
  *latch({ latch }) {
    yield* latch.wait()
    return 42
  },
  *barrier({ barrier }) {
    yield* barrier.arrive()
    return 42
  },
  *suspend({ resumers }) {
    return yield* suspend<number>(function* (resume) {
      yield* resumers.send(resume)
    })
  },
  *"wait for a promise"() {
    return yield* wait(() => later(42))
  },
  *callAsync() {
    return yield* callAsync(later, 42)
  },
  *all({ values }) {
    return (yield* all([values.receive(), sleep(1)]))[0]
  },
  *race({ values }) {
    return yield* race([values.receive(), sleep(60_000)])
  },
  *scope({ values }) {
    return yield* scope(function* () {
      const child = yield* spawn(receives(values))
      return yield* child.join()
    })
  },
  *"end of a child"() {
    yield* spawn(answers())
    return 42
  },
  *allSettled({ values }) {
    const [settled] = yield* allSettled([values.receive()])
    if (settled.status === "rejected") throw settled.reason
    return settled.status === "fulfilled" ? settled.value : settled.reason
  },
  *any({ values }) {
    try {
      return yield* any([values.receive()])
    } catch (error) {
      throw error instanceof AggregateError ? error.errors[0] : error
    }
  },
  *map({ values }) {
    return (yield* map([values], receives))[0]
  },
  *forEach({ values }) {
    const got = channel<number>({ capacity: 1 })
    yield* forEach([got], function* (to) {
      yield* to.send(yield* values.receive())
    })
    return yield* got.receive()
  },
  *reduce({ values }) {
    return yield* reduce([1, 2, 3], function* (a, b) {
      return a + b < 6 ? a + b : yield* values.receive()
    })
  },
  *retry({ values }) {
    return yield* retry(() => values.receive())
  },
  *"pause of a retry"() {
    return yield* retry(fails, { delay: 150, jitter: 0 })
  },
  *timeout({ values }) {
    return yield* timeout(60_000, values.receive())
  },
  *deadline({ values }) {
    return yield* deadline(now() + 60_000, function* () {
      return yield* values.receive()
    })
  },
  *sleepUntil() {
    yield* sleepUntil(now() + 150)
    return 42
  },
  *interval() {
    for (const tick of interval(150)) return 42 + 0 * tick
    return 0
  },
  *"a loop over a generator"({ values }) {
    for (const value of received(values)) return value
    return 0
  },
  *"a coroutine"({ values }) {
    return yield* new Coroutine<Channel<number>, number>(receives).switchTo(values)
  },
  *supervisor({ values }) {
    const first = channel<number>({ capacity: 1 })
    yield* supervisor({
      children: [
        {
          restart: "temporary",
          *start() {
            try {
              yield* first.send(yield* values.receive())
            } catch (error) {
              yield* first.close(error)
            }
          },
        },
      ],
    })
    return yield* first.receive()
  },
} satisfies Record<string, Wait>
export type What = keyof typeof waits
function* receives(values: Channel<number>): Resumable<number> {
  return yield* values.receive()
}
function* received(values: Channel<number>): Resumable<void, number> {
  yield yield* values.receive()
}
function* fails(attempt: number): Resumable<number> {
  if (attempt === 1) throw new RangeError("at first")
  return 42
}

/** What it holds until it is told to go on. */
const holds: { readonly [K in What]?: (of: Things) => Operation<Guard> } = {
  select: ({ mutex }) => mutex.lock(),
  "mutex lock": ({ mutex }) => mutex.lock(),
  "read lock": ({ lock }) => lock.write(),
  "write lock": ({ lock }) => lock.read(),
  acquire: ({ permits }) => permits.acquire(),
}
/** From those who wait for a message. */
class Hello {
  readonly waiter: Fiber<unknown>
  constructor(waiter: Fiber<unknown>) {
    this.waiter = waiter
  }
}
const hello = () => select({ hello: receive(Hello), default: null })

const ends: { readonly [K in What]?: End } = {
  *join() {
    yield* sleep(50) // who was late joins it again before it ends
  },
  *"channel receive"({ values }) {
    yield* values.send(42)
  },
  *"channel send"({ values }) {
    yield* values.receive()
  },
  *receive() {
    for (let x = yield* hello(); x.key === "hello"; x = yield* hello())
      yield* tell(x.value.waiter, { kind: "value", value: 42 })
  },
  *ask() {
    // questions of those who have given up are answered to nobody
    while (!(yield* (yield* receive(Question)).reply(42)));
  },
  *latch({ latch }) {
    yield* latch.countDown()
  },
  *barrier({ barrier }) {
    yield* barrier.arrive()
  },
  *suspend({ resumers }) {
    while (!(yield* (yield* resumers.receive()).with(42)));
  },
}
/** They wait for a value of the channel, in their ways. */
for (const what of [
  ...(["channel next", "select", "all", "allSettled", "race", "any", "map", "forEach", "reduce", "retry"] as const),
  ...(["scope", "timeout", "deadline", "a loop over a generator", "a coroutine", "supervisor"] as const),
])
  Object.assign(ends, { [what]: ends["channel receive"] })

/** The partner: says where it is, and goes on when it is told to. */
export function* partner(what: What, things: Things, thread: number | null): Resumable<number> {
  if (thread !== null) yield* migrateTo(thread)
  using _ = pin("it is there that it lives and dies")
  const guard = yield* holding(what, things)
  yield* register(things.partner)
  yield* receive({ go: true })
  // in a select the lock is what is not chosen
  if (what !== "select") guard?.release()
  yield* ends[what]?.(things) ?? nothing()
  return 42
}
function* holding(what: What, things: Things): Resumable<Guard | null> {
  const held = holds[what]
  return held === undefined ? null : yield* held(things)
}
function* nothing(): Resumable<void> {}

/** Waits: what it got, and where. */
export function* waiter(what: What, things: Things, thread: number | null): Resumable<[unknown, number]> {
  if (thread !== null) yield* migrateTo(thread)
  const known = { ...things, other: yield* partnerOf(things) }
  if (what === "receive") yield* tell(known.other, new Hello(currentFiber() as Fiber<unknown>))
  const wait: Wait = waits[what]
  return [yield* wait(known), currentThread().id]
}
/** Waits for a moment in vain, has its partner go on, and waits again. */
export function* impatient(what: What, things: Things, thread: number | null): Resumable<unknown[]> {
  if (thread !== null) yield* migrateTo(thread)
  const known = { ...things, other: yield* partnerOf(things) }
  if (what === "receive") yield* tell(known.other, new Hello(currentFiber() as Fiber<unknown>))
  const wait: Wait = waits[what]
  const seen: unknown[] = []
  try {
    seen.push(yield* timeout(20, wait(known)))
  } catch (error) {
    seen.push((error as { code?: string }).code)
  }
  yield* goOn(things)
  return [...seen, yield* wait(known)]
}

export function* sleeps(ms: number): Resumable<void> {
  yield* sleep(ms)
}
export function* goOn(things: Things): Resumable<void> {
  yield* tell(yield* partnerOf(things), { go: true })
}
/** Once it is there. */
export function* partnerOf({ partner }: Things): Resumable<Fiber<number>> {
  for (;;) {
    const found = yield* whereis(partner)
    if (found !== null) return found as Fiber<number>
    yield* sleep(2)
  }
}
export function* dies(thread: number): Resumable<never> {
  yield* migrateTo(thread)
  return process.exit(3)
}
/** As `waiter`, tied to that thread: how it ended, as text. */
export function* told(what: What, things: Things, thread: number): Resumable<string> {
  yield* migrateTo(thread)
  using _ = pin("its thread lives on")
  try {
    yield* waiter(what, things, null)
    return "went on"
  } catch (error) {
    return `${(error as { code?: string }).code}`
  }
}
