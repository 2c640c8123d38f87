"use fibers"
/** What a program uses of a pool: functions of all kinds, streams, and fibers to look at and to move. */
import { readFile } from "node:fs/promises"
import { byReference } from "@rove/core"
import {
  ContextVar,
  currentThread,
  type HookEvent,
  migrateTo,
  pin,
  pinned,
  type Resumable,
  setTrace,
  sleep,
  spawn,
  wait,
} from "@rove/fibers"

export const request = new ContextVar<{ id: number }>("request")

export function add(a: number, b: number): number {
  return a + b
}
export async function lengthOf(path: string): Promise<number> {
  return (await readFile(path)).length
}
export function* doubled(n: number): Resumable<number> {
  yield* sleep(1)
  return 2 * n
}
export function fails(text: string): never {
  throw new RangeError(text)
}
export async function rejects(text: string): Promise<never> {
  await Promise.resolve()
  throw new RangeError(text)
}
export function blocks(): never {
  for (;;);
}
export function size(text: string): number {
  return text.length
}
export function over(n: string): string
export function over(n: number): number
export function over(n: string | number): string | number {
  return n
}

export function* numbers(to: number): Resumable<string, number> {
  for (let i = 0; i < to; i++) yield i
  return `${to} numbers`
}
export function* objects(): Resumable<void, { at: number[] }> {
  const one = { at: [1] }
  yield one
  one.at.push(2)
  yield one
}
/** Yields from several threads. */
export function* wandering(
  threads: readonly number[],
  rounds: number,
): Resumable<number, { i: number; thread: number }> {
  let i = 0
  for (let round = 0; round < rounds; round++)
    for (const thread of threads) {
      yield* migrateTo(thread)
      yield { i: i++, thread: currentThread().id }
    }
  return i
}
export function* thenFails(to: number): Resumable<void, number> {
  for (let i = 0; i < to; i++) yield i
  throw new RangeError("after that")
}
export function* endless(cleaned: SharedArrayBuffer): Resumable<void, number> {
  try {
    for (let i = 0; ; i++) yield i
  } finally {
    new Int32Array(cleaned)[0] = 1
  }
}
/** Counts what it has yielded where everybody sees it. */
export function* counting(count: SharedArrayBuffer): Resumable<void, number> {
  const cells = new Int32Array(count)
  for (let i = 0; i < 1000; i++) {
    Atomics.add(cells, 0, 1)
    yield i
  }
}
export function* unportableYield(): Resumable<string, unknown> {
  try {
    yield new WeakMap()
  } catch (error) {
    return (error as { code: string }).code
  }
  return "it went"
}
export function* dying(): Resumable<void, number> {
  yield 1
  yield 2
  yield* sleep(50)
  process.exit(3)
}

export function* outer(secret: string): Resumable<string> {
  const cache = new WeakMap<object, number>([[{}, 1]])
  const value = yield* inner(secret.length)
  return `${value}${cache instanceof WeakMap}`
}
function* inner(length: number): Resumable<number> {
  const nested = { length, list: [1, 2, 3] }
  yield* sleep(60_000)
  return nested.length
}

export function* waitsForChild(): Resumable<void> {
  const child = yield* spawn(lingers(60_000))
  yield* child.join()
}
export function* whereAmI(): Resumable<number> {
  return currentThread().id
}
export function* lingers(ms: number): Resumable<number> {
  yield* sleep(ms)
  return currentThread().id
}
export function* tour(threads: readonly number[]): Resumable<number[]> {
  const seen: number[] = []
  for (const thread of threads) {
    yield* migrateTo(thread)
    seen.push(currentThread().id)
  }
  return seen
}
export function* pinnedTour(thread: number): Resumable<string> {
  using _ = pin("its socket")
  try {
    yield* migrateTo(thread)
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`
  }
  return "it went"
}
export function* preferring(thread: number): Resumable<number> {
  const child = yield* spawn(lingers(1), { prefer: thread })
  yield* sleep(30)
  return yield* child.join()
}
/** The child is joined before the other thread can have heard of it. */
export function* joinsPreferring(thread: number): Resumable<number> {
  const child = yield* spawn(begunAt(), { prefer: thread })
  return yield* child.join()
}
function* begunAt(): Resumable<number> {
  return currentThread().id
}
export function* asked(): Resumable<number> {
  const before = request.get().id
  const child = yield* spawn(read())
  return before + (yield* child.join()) + (yield* wait(later()))
}
function* read(): Resumable<number> {
  yield* sleep(1)
  return request.get().id
}
async function later(): Promise<number> {
  await Promise.resolve()
  return request.get().id
}
export function* cleansUp(): Resumable<void> {
  try {
    yield* sleep(60_000)
  } finally {
    yield* sleep(5)
  }
}

export function* spawnsMany(count: number): Resumable<string> {
  for (let i = 0; i < count; i++) {
    try {
      yield* spawn(sleeps())
    } catch (error) {
      return `${(error as { code: string }).code} after ${i}`
    }
  }
  return "no limit"
}
function* sleeps(): Resumable<void> {
  yield* sleep(20)
}
export function* hoards(): Resumable<number> {
  const hoard: number[][] = []
  while (hoard.length < 4000) {
    hoard.push(new Array(10_000).fill(hoard.length))
    if (hoard.length % 100 === 0) yield* sleep(0)
  }
  return hoard.length
}

/** Holds what cannot move, is refused, lets go of it, and goes. */
export function* lightens(): Resumable<[refused: string, moved: boolean, held: boolean]> {
  const there = currentThread().id === 1 ? 2 : 1
  let held: WeakMap<object, number> | null = new WeakMap()
  let refused = ""
  try {
    yield* migrateTo(there)
  } catch (error) {
    refused = (error as { code: string }).code
  }
  const kept = held instanceof WeakMap
  held = null
  yield* migrateTo(there)
  return [refused, currentThread().id === there, kept && held === null]
}

interface Heard {
  readonly kinds: string[]
}
/** Its hook is known to the thread on which it begins, and to no other; says how it went on, and what the hook heard behind the refusal. */
export function* hookedHere(there: number): Resumable<[string, string, boolean, string[]]> {
  const heard: Heard = { kinds: [] }
  const hook = byReference(`known to ${currentThread().name}`, ({ kind, name }: HookEvent, log: Heard): void => {
    log.kinds.push(`${kind} ${name}`)
  })
  yield* setTrace(hook, heard)
  const before = currentThread().id
  let refusal: { code?: string; message?: string } = {}
  try {
    yield* migrateTo(there)
  } catch (error) {
    refusal = error as { code?: string; message?: string }
  }
  heard.kinds.length = 0
  yield* leafOfHooked()
  yield* setTrace(null)
  return [`${refusal.code}`, `${refusal.message}`, currentThread().id === before, heard.kinds]
}
function* leafOfHooked(): Resumable<void> {}

export function* migratesPinned(): Resumable<string> {
  const there = currentThread().id === 1 ? 2 : 1
  try {
    yield* pinned("it holds a file", function* () {
      yield* migrateTo(there)
    })
    return "moved"
  } catch (error) {
    return (error as Error).message
  }
}
