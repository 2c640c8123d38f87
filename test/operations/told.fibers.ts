"use fibers"
// What a new user writes by mistake, and what a fiber says of it.
import {
  all,
  barrier,
  type Channel,
  channel,
  currentFiber,
  defer,
  forEach,
  latch,
  map,
  mutex,
  type Operation,
  type Resumable,
  race,
  readWriteLock,
  reduce,
  register,
  retry,
  scope,
  select,
  semaphore,
  sleep,
  spawn,
  tell,
  timeout,
  wait,
} from "rove"

const asOperation = (value: unknown) => value as Operation<unknown>

export function* one(): Resumable<number> {
  yield* sleep(0)
  return 1
}

const GIVEN: Record<string, () => unknown> = {
  promise: () => Promise.resolve(1),
  function: () => one,
  "async generator": () => (async function* () {})(),
  self: () => currentFiber(),
  mutex,
  readWriteLock,
  semaphore: () => semaphore(1),
  latch: () => latch(1),
  barrier: () => barrier(1),
  number: () => 5,
}

/** What `yield*` says of it. */
export function* delegated(what: string): Resumable<unknown> {
  return yield* asOperation(GIVEN[what]?.())
}

export function* delegatedHandle(): Resumable<unknown> {
  const handle = yield* spawn(one())
  return yield* asOperation(handle)
}

const x = (value: unknown) => value as never
const five = () => x(5)

/** Wrong arguments: each throws in the fiber. */
const WRONG: Record<string, () => Generator<unknown, unknown, never>> = {
  *all() {
    return yield* all([one(), x(5)])
  },
  *"all, of an object"() {
    return yield* all({ a: x(Promise.resolve(1)) })
  },
  *race() {
    return yield* race([x("text")])
  },
  *map() {
    return yield* map([1], five)
  },
  *forEach() {
    return yield* forEach(
      [1],
      x(async () => {}),
    )
  },
  *reduce() {
    return yield* reduce([1, 2], five)
  },
  *defer() {
    yield* defer(five)
  },
  *"defer, in a scope"() {
    return yield* scope(function* () {
      yield* defer(five)
    })
  },
  *"defer, begun"() {
    const begun = one()
    begun.return(0)
    yield* defer(x(begun))
  },
  *"map, concurrency"() {
    yield* map([1], one, { concurrency: x("2") })
  },
  *"reduce, grain"() {
    yield* reduce([1, 2], five, { grain: x(Symbol("two")) })
  },
  *"channel, capacity"() {
    channel({ capacity: x("2") })
  },
  *"channel, overflow"() {
    channel({ overflow: x(Symbol("drop")) })
  },
  *"retry, none"() {
    return yield* retry(one, { attempts: 0 })
  },
  *"retry, text"() {
    return yield* retry(one, { delay: x("1s") })
  },
  *"retry, options first"() {
    return yield* retry(x({ attempts: 2 }), x(one))
  },
  *"retry, a computation"() {
    return yield* retry(x(one()))
  },
  *wait() {
    return yield* wait(x(5))
  },
  *"wait, a function"() {
    return yield* wait(five)
  },
  *"wait, a computation"() {
    return yield* wait(x(one()))
  },
  *"wait, a generator function"() {
    return yield* wait(x(one))
  },
  *select() {
    return yield* select({ a: x(Promise.resolve(1)) })
  },
  *"select, a computation"() {
    return yield* select({ a: x(one()) })
  },
  *"select, a fiber"() {
    return yield* select({ a: x(yield* spawn(one())) })
  },
  *"select, nothing"() {
    return yield* select(x(5))
  },
  *timeout() {
    return yield* timeout(x(one()), x(5))
  },
  *sleep() {
    yield* sleep(x(Object.create(null)))
  },
  *tell() {
    yield* tell(x(5), "message")
  },
  *register() {
    yield* register(x({}))
  },
  *result() {
    return one()
  },
}
export const wrongs = Object.keys(WRONG)

export function* wrong(which: string): Resumable<unknown> {
  return yield* (WRONG[which] as () => Resumable<unknown>)()
}

export function* makes(): Resumable<Channel<number>> {
  const it = channel<number>()
  yield* it.balance()
  return it
}
export function* receives(from: Channel<number>): Resumable<unknown> {
  return yield* from.receive()
}

/** What none of them can hand over, as a result. */
export function* leaves(what: "operation" | "argument"): Resumable<unknown> {
  const of = (_: unknown) => one()
  const result = what === "operation" ? { a: spawn(one()) } : { a: of(0), b: new WeakMap() }
  return result
}
export function* joinsOne(): Resumable<unknown> {
  return yield* (yield* spawn(leaves("operation"))).join()
}
