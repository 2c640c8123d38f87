"use fibers"
/** What `shutdown.test.ts` runs. */
import { writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { all, currentThread, type Fiber, migrateTo, pin, type Resumable, sleep, spawn, wait } from "@rove/fibers"

export function* sumOfNaps(width: number, ms: number): Resumable<number> {
  const naps: Fiber<number>[] = []
  for (let i = 0; i < width; i++) naps.push(yield* spawn(nap(ms)))
  let sum = 0
  for (const one of naps) sum += yield* one.join()
  return sum
}
function* nap(ms: number): Resumable<number> {
  yield* sleep(ms)
  return ms
}
export function* waits(ms: number): Resumable<number> {
  yield* wait(new Promise(resolve => setTimeout(resolve, ms)))
  return currentThread().id
}
/** Sleeps until it is told in shared memory that it may end. */
function* told(word: SharedArrayBuffer): Resumable<number> {
  while (Atomics.load(new Int32Array(word), 0) === 0) yield* sleep(5)
  return 600
}
/** Of two children the quick one is joined when the slow one has been. */
export function* joinsLate(word: SharedArrayBuffer): Resumable<number> {
  const [slow, quick] = [yield* spawn(told(word)), yield* spawn(nap(1))]
  return (yield* slow.join()) + (yield* quick.join())
}
export function* joinsAtOnce(word: SharedArrayBuffer): Resumable<number> {
  const [slow, quick] = [yield* spawn(told(word)), yield* spawn(nap(1))]
  const first = yield* quick.join()
  return first + (yield* slow.join())
}
export function* branches(word: SharedArrayBuffer): Resumable<number> {
  const [slow, quick] = yield* all([told(word), nap(1)])
  return slow + quick
}
export function* pinnedNap(ms: number): Resumable<boolean> {
  using _ = pin("it has a handle")
  const { id } = currentThread()
  yield* sleep(ms)
  return currentThread().id === id
}
export function* spawnsAndTells(): Resumable<Fiber<string>> {
  const child = yield* spawn(says())
  yield* sleep(20)
  return child
}
function* says(): Resumable<string> {
  yield* sleep(1)
  return "the child's"
}
export function* joins(child: Fiber<string>): Resumable<string> {
  return yield* child.join()
}
export function* tree(depth: number, leaf: number): Resumable<number> {
  if (depth === 0) return leaf
  const left = yield* spawn(tree(depth - 1, leaf))
  if (depth === 3) yield* sleep(leaf % 7)
  const right = yield* tree(depth - 1, leaf)
  return (yield* left.join()) + right
}
export function* parent(ms: number): Resumable<string> {
  const one = yield* spawn(child(ms))
  yield* sleep(1)
  return `parent of ${yield* one.join()}`
}
function* child(ms: number): Resumable<string> {
  yield* sleep(ms * 20)
  return `child after ${ms}`
}
/** The child waits before its parent does; on another thread, if one is named. */
export function* hasty(ms: number, thread: number | null): Resumable<string> {
  const one = yield* spawn(there(ms, thread))
  return `hasty one of ${yield* one.join()}`
}
function* there(ms: number, thread: number | null): Resumable<string> {
  if (thread !== null) yield* migrateTo(thread)
  yield* sleep(ms * 20)
  return `child after ${ms}`
}
export function* loops(n: number): Resumable<number> {
  let i = 0
  while (i < n) i++
  yield* sleep(0)
  while (i < n + 2e9) {
    i++
    if (i % 1e6 === 0) yield* sleep(1)
    if (i > n + 1e7) break
  }
  return n
}
export function* later(i: number): Resumable<number> {
  yield* sleep(i % 50)
  return i
}
export function* waitsAndCleans(cleaned: SharedArrayBuffer): Resumable<void> {
  try {
    yield* wait(new Promise(() => {}))
  } finally {
    new Int32Array(cleaned)[0] = 1
  }
}
export function plain(): number {
  return 1
}

/** Keeps its thread awake, by an interval and a server, and begins to write when it is interrupted. */
export function* keepsAwake(file: string, bytes: number): Resumable<void> {
  setInterval(() => {}, 1000)
  createServer().listen(0)
  try {
    yield* sleep(60_000)
  } finally {
    void writeFile(file, "x".repeat(bytes))
  }
}

/** Catches whatever comes and goes on. */
export function* stubborn(caught: SharedArrayBuffer): Resumable<void> {
  for (;;)
    try {
      yield* sleep(60_000)
    } catch {
      new Int32Array(caught)[0]! += 1
    }
}
/** Holds its thread, as ordinary code that nothing can stop. */
export function* holdsThread(begun: SharedArrayBuffer): Resumable<void> {
  held(new Int32Array(begun))
}
function held(words: Int32Array): void {
  Atomics.add(words, 0, 1)
  Atomics.wait(words, 1, 0)
}
