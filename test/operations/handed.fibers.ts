"use fibers"
/** What `handed.test.ts` runs: computations that compiled code hands to `all` and its like without a generator object around them. */
import { all, allSettled, currentThread, migrateTo, type Resumable, race, sleep } from "rove"

function* give<T>(value: T): Resumable<T> {
  return value
}
function* fill(list: number[]): Resumable<number[]> {
  list.push(list.length)
  return list
}
function* where(n: number): Resumable<string> {
  return `${n} of ${currentThread().id}`
}
const text = (value: unknown): string => Object.prototype.toString.call(value)
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The list is half made when its fiber moves, and again when it waits. */
export function* halves(threads: readonly number[]): Resumable<string[]> {
  const list: Resumable<string>[] = []
  for (const [i, thread] of threads.entries()) {
    list.push(where(i))
    yield* migrateTo(thread)
    yield* sleep(1)
  }
  const found = yield* all(list)
  return found.map(one => one.split(" ")[0] as string)
}

/** Waits with a list that nobody has taken. */
export function* waiting(): Resumable<number[]> {
  const list = [give(1)]
  list.push(give(2))
  yield* sleep(300)
  return yield* all(list)
}

export function* shares(): Resumable<unknown> {
  const given = [7]
  const [a, b] = yield* all([fill(given), fill(given)])
  return [given, a, b]
}

export function* twice(): Resumable<string> {
  const list: Resumable<number>[] = []
  list.push(give(1))
  yield* all(list)
  list.push(give(2))
  try {
    yield* all(list)
    return "taken"
  } catch (error) {
    return messageOf(error)
  }
}

export function* byKey(): Resumable<unknown> {
  const { x, y } = yield* all({ x: give(1), y: give("two") })
  const settled = yield* allSettled([give(3)])
  return [x, y, settled, yield* race([give(4), sleep(60_000)])]
}

/** What a method of the program's is given that stands where the engine's did. */
export function* changedPush(): Resumable<readonly string[]> {
  const seen: string[] = []
  const own = Array.prototype.push
  const list: Resumable<number>[] = []
  list.push(give(1))
  Array.prototype.push = function (...items: unknown[]) {
    seen[seen.length] = items.map(text).join()
    return own.apply(this, items)
  }
  try {
    list.push(give(2))
  } finally {
    Array.prototype.push = own
  }
  const sum = (yield* all(list)).join()
  return [...seen, sum]
}

export function* setter(): Resumable<readonly string[]> {
  const seen: string[] = []
  const list: Resumable<number>[] = []
  list.push(give(1))
  Object.defineProperty(Array.prototype, 1, {
    configurable: true,
    set(value) {
      seen[0] = text(value)
      Object.defineProperty(this, 1, { value, writable: true, enumerable: true, configurable: true })
    },
  })
  try {
    list.push(give(2))
  } finally {
    Reflect.deleteProperty(Array.prototype, 1)
  }
  return [...seen, (yield* all(list)).join()]
}

/** As `setter`, which an argument installs: after it was asked whether there is one. */
export function* lateSetter(how: "setter" | "proxy"): Resumable<readonly string[]> {
  const seen = [""] // its own element: no setter is asked
  const list: Resumable<number>[] = []
  const before = Object.getPrototypeOf(Array.prototype)
  const install = (n: number): number => {
    const set = (target: object, value: unknown) => {
      seen[0] += text(value)
      Object.defineProperty(target, 0, { value, writable: true, enumerable: true, configurable: true })
      return true
    }
    if (how === "setter")
      Object.defineProperty(Array.prototype, 0, {
        configurable: true,
        set(value) {
          set(this, value)
        },
      })
    else
      Object.setPrototypeOf(
        Array.prototype,
        new Proxy(before, { set: (_, key, value, target) => (key === "0" ? set(target, value) : true) }),
      )
    return n
  }
  try {
    list.push(give(install(1)))
  } finally {
    Reflect.deleteProperty(Array.prototype, 0)
    Object.setPrototypeOf(Array.prototype, before)
  }
  list.push(give(2))
  return [...seen, (yield* all(list)).join()]
}

/** The iterator is the program's when `all` looks at the list. */
export function* changedIteration(): Resumable<readonly string[]> {
  const seen: string[] = []
  const own = Array.prototype[Symbol.iterator]
  const list: Resumable<number>[] = []
  list.push(give(1))
  const values = function* (this: unknown[]) {
    for (let i = 0; i < this.length; i++) {
      if (this.length === 1) seen[seen.length] = text(this[i])
      yield this[i]
    }
  }
  Array.prototype[Symbol.iterator] = values as never
  try {
    yield* all(list)
  } finally {
    Array.prototype[Symbol.iterator] = own
  }
  return seen
}

/** The library's own look at the list is not seen as one at what there is instead of generator objects. */
export function* changedStep(): Resumable<readonly unknown[]> {
  const seen = new Set<unknown>()
  const prototype = Object.getPrototypeOf([].values())
  const own = prototype.next
  const list: Resumable<number>[] = []
  list.push(give(1))
  prototype.next = function () {
    const result = own.call(this)
    const { value } = result
    seen.add(Array.isArray(value) ? text(value[1]) : text(value))
    return result
  }
  try {
    yield* all(list)
  } finally {
    prototype.next = own
  }
  seen.delete(text(undefined))
  return Array.from(seen)
}

export function* noFunction(): Resumable<string> {
  const missing = undefined as unknown as (n: number) => Resumable<number>
  try {
    yield* all([give(1), missing(2)])
    return "begun"
  } catch (error) {
    return messageOf(error)
  }
}
