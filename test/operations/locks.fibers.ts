"use fibers"
/** What fibers do with locks and gates, on whichever threads they and these are. */
import {
  type Barrier,
  barrier,
  type Guard,
  type Latch,
  latch,
  type Mutex,
  migrateTo,
  mutex,
  pin,
  type ReadWriteLock,
  type Resumable,
  readWriteLock,
  type Semaphore,
  select,
  semaphore,
  sleep,
  spawn,
  suspend,
  ThreadMutex,
} from "@rove/fibers"

/** Of all kinds, at home on that thread. */
export function* all(thread: number): Resumable<{
  mutex: Mutex
  rw: ReadWriteLock
  semaphore: Semaphore
  latch: Latch
  barrier: Barrier
}> {
  yield* migrateTo(thread)
  using _ = pin("its home is to be this thread")
  const made = { mutex: mutex(), rw: readWriteLock(), semaphore: semaphore(2), latch: latch(3), barrier: barrier(3) }
  for (const take of [made.mutex.tryLock(), made.rw.tryRead(), made.semaphore.tryAcquire()]) (yield* take)?.release()
  yield* select({ open: made.latch.wait(), arrived: made.barrier.arrive(), default: 0 })
  return made
}
/** Increments without care for others but the lock: `cells[0]` is the counter, `cells[1]` how many were inside at once at most. */
export function* increments(thread: number, it: Mutex, shared: SharedArrayBuffer, times: number): Resumable<void> {
  yield* migrateTo(thread)
  const cells = new Int32Array(shared)
  for (let i = 0; i < times; i++) {
    using _ = yield* it.lock()
    const before = cells[0] as number
    if (i % 4 === 0) yield* sleep(0)
    cells[0] = before + 1
  }
}
/** Locks on that thread, goes to the other, and ends there without giving back. */
export function* takesAlong(it: Mutex, from: number, to: number): Resumable<boolean> {
  yield* migrateTo(from)
  const guard = yield* it.lock()
  yield* migrateTo(to)
  return guard.held
}
/** As `takesAlong`, in blocks that it leaves on the other thread. */
export function* takesAlongInBlocks(it: Mutex, from: number, to: number): Resumable<boolean[]> {
  yield* migrateTo(from)
  const locks = [readWriteLock(), semaphore(1)] as const
  {
    using guard = yield* it.lock()
    using reads = yield* locks[0].read()
    using permit = yield* locks[1].acquire()
    yield* migrateTo(to)
    if (!(guard.held && reads.held && permit.held)) return []
  }
  const takes = [it.tryLock(), locks[0].tryWrite(), locks[1].tryAcquire()]
  const free: boolean[] = []
  for (const take of takes) free.push((yield* take) !== undefined)
  return free
}
export function* locksAndSleeps(thread: number, it: Mutex, inside: SharedArrayBuffer): Resumable<void> {
  yield* migrateTo(thread)
  using _ = yield* it.lock()
  Atomics.store(new Int32Array(inside), 0, 1)
  yield* sleep(100_000)
}
export function* tries(thread: number, it: Mutex, timeout?: number): Resumable<string> {
  yield* migrateTo(thread)
  try {
    using _ = yield* it.lock(timeout === undefined ? undefined : { timeout })
    return "locked"
  } catch (error) {
    return (error as { code: string }).code
  }
}
export function* dies(thread: number, it: Mutex): Resumable<void> {
  yield* migrateTo(thread)
  using _ = yield* it.lock()
  process.exit(3)
}
export function* locally(): Resumable<unknown[]> {
  const it = mutex()
  const seen: unknown[] = []
  const guard = yield* it.lock()
  seen.push(guard.held, yield* it.tryLock())
  try {
    yield* it.lock()
  } catch (error) {
    seen.push((error as { code: string }).code)
  }
  const other = yield* spawn(releasesOthers(guard))
  seen.push(yield* other.join())
  guard.release()
  guard.release()
  seen.push(guard.held, (yield* it.tryLock())?.held)
  return seen
}
export function* lends(): Resumable<[boolean, boolean, Guard]> {
  const guard = yield* mutex().lock()
  const inOther = yield* (yield* spawn(looksAt(guard))).join()
  return [guard.held, inOther, guard]
}
function* looksAt(guard: Guard): Resumable<boolean> {
  yield* sleep(1)
  return guard.held
}
function* releasesOthers(guard: Guard): Resumable<string> {
  try {
    guard.release()
    return "released"
  } catch (error) {
    return (error as { code: string }).code
  }
}
/** In which order they come in: writers are not overtaken by readers that came later. */
export function* readersAndWriters(): Resumable<string> {
  const it = readWriteLock()
  const log = { text: "" }
  const inside = new Int32Array(new SharedArrayBuffer(8))
  const order: ["read" | "write", number][] = [
    ["read", 1],
    ["read", 2],
    ["write", 3],
    ["read", 4],
  ]
  const guard = yield* it.write()
  const fibers = []
  for (const [how, n] of order) fibers.push(yield* spawn(enters(it, how, n, inside)))
  yield* sleep(1)
  guard.release()
  for (const fiber of fibers) log.text += yield* fiber.join()
  return log.text
}
function* enters(it: ReadWriteLock, how: "read" | "write", n: number, inside: Int32Array): Resumable<string> {
  using _ = how === "read" ? yield* it.read() : yield* it.write()
  const own = how === "read" ? 0 : 1
  Atomics.add(inside, own, 1)
  yield* sleep(1)
  const seen = `${n}:${inside[0]}r${inside[1]}w `
  Atomics.sub(inside, own, 1)
  return seen
}
export function* permits(): Resumable<unknown[]> {
  const it = semaphore(3)
  const two = yield* it.acquire(2)
  const waits = yield* spawn(acquires(it, 2))
  yield* sleep(1)
  const seen: unknown[] = [yield* it.tryAcquire(1)] // there is one, but the other came first
  two.release()
  seen.push(yield* waits.join(), (yield* it.tryAcquire(3))?.held)
  try {
    yield* it.acquire(4)
  } catch (error) {
    seen.push((error as { code: string }).code)
  }
  return seen
}
function* acquires(it: Semaphore, n: number): Resumable<boolean> {
  const guard = yield* it.acquire(n)
  return guard.held
}
/** Two of three come, one leaves, two more come. */
export function* gates(it: Latch, wall: Barrier): Resumable<unknown[]> {
  const open = yield* spawn(waits(it))
  const seen: unknown[] = [yield* it.countDown(2), yield* it.countDown()]
  yield* open.join()
  const leaves = yield* spawn(arrives(wall, 5))
  const stays = yield* spawn(arrives(wall))
  seen.push(yield* leaves.join())
  const others = [yield* spawn(arrives(wall)), yield* spawn(arrives(wall))]
  const places = [yield* stays.join()]
  for (const other of others) places.push(yield* other.join())
  return [...seen, places.toSorted()]
}
function* waits(it: Latch): Resumable<void> {
  yield* it.wait()
}
function* arrives(wall: Barrier, timeout?: number): Resumable<number | string> {
  try {
    return yield* wall.arrive(timeout === undefined ? undefined : { timeout })
  } catch (error) {
    return (error as { code: string }).code
  }
}
/** What a select says of locks that its fiber never gets, on that thread. */
export function* choosesInVain(thread: number, mutex: Mutex, semaphore: Semaphore): Resumable<unknown[]> {
  yield* migrateTo(thread)
  using _ = yield* mutex.lock()
  const said: unknown[] = []
  for (const wanted of [() => mutex.lock(), () => semaphore.acquire(100)])
    try {
      said.push((yield* select({ lock: wanted(), tick: sleep(500) })).key)
    } catch (error) {
      said.push((error as { code: string }).code)
    }
  return said
}
/** The lock that is free, of two; of the other nothing is left behind. */
export function* chooses(a: Mutex, b: Mutex): Resumable<unknown[]> {
  const held = yield* a.lock()
  const other = yield* spawn(choosesOne(a, b))
  const key = yield* other.join()
  held.release()
  return [key, (yield* a.tryLock())?.held, (yield* b.tryLock())?.held]
}
function* choosesOne(a: Mutex, b: Mutex): Resumable<string> {
  const { key, value } = yield* select({ a: a.lock(), b: b.lock() })
  return `${key} ${value.held}`
}
const table = new ThreadMutex("the table")
function codeOf(error: unknown): string {
  const { code, message } = error as { code: string; message: string }
  return `${code}${message.includes("the table") ? " the table" : ""}`
}
/** Stops, in all ways, where it holds a lock of its thread; then without. */
export function* stopsWithThreadLock(): Resumable<string[]> {
  const seen: string[] = []
  const child = yield* spawn(idle())
  {
    using _ = table.lock()
    for (const stops of [sleep(1), suspend(), child.join(), mutex().lock()]) {
      try {
        yield* stops
        seen.push("went on")
      } catch (error) {
        seen.push(codeOf(error))
      }
    }
    try {
      table.lock()
    } catch (error) {
      seen.push(codeOf(error))
    }
    const end = performance.now() + 30
    while (performance.now() < end); // longer than a slice
  }
  yield* sleep(1)
  seen.push(String(table.locked))
  return seen
}
function* idle(): Resumable<void> {
  yield* sleep(0)
}

/** Gives it back, goes to another thread, and locks it anew at once: what it gave back may come later than what it asks for. */
export function* locksElsewhere(
  it: Mutex,
  table: ReadWriteLock,
  threads: readonly number[],
  times: number,
): Resumable<number> {
  const seats = semaphore(2)
  for (let i = 0; i < times; i++) {
    const guard = yield* it.lock()
    const tried = yield* seats.tryAcquire(2)
    if (tried === undefined) throw new Error("its own permits were not free")
    tried.release()
    const reader = i % 2 === 0 ? yield* table.read() : yield* table.write()
    reader.release()
    guard.release()
    yield* migrateTo(threads[i % threads.length] as number)
  }
  return times
}
