"use fibers"
/** Loops whose rounds become dearer in the midst of a slice, in every way in which a round can; they count the dear ones. */
import { type Resumable, sleep } from "rove"

/** Ordinary code that takes as long whatever else the machine does. */
function turns(count: number): number {
  let x = count
  for (let i = 0; i < count; i++) x = (Math.imul(x, 48271) + i) | 0
  return x
}
const TRIED = 50_000
function fastest(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 40; i++) {
    const before = performance.now()
    run()
    best = Math.min(best, performance.now() - before)
  }
  return best
}
const perMs = TRIED / fastest(() => turns(TRIED))

/** Cheap for so many times, and then `ms` each, which is counted. */
export class Work {
  left: number
  readonly ms: number
  readonly count: Int32Array
  constructor(cheap: number, ms: number, buffer: SharedArrayBuffer) {
    this.left = cheap
    this.ms = ms
    this.count = new Int32Array(buffer)
  }
  get value(): number {
    return this.do()
  }
  valueOf(): number {
    return this.do()
  }
  do(): number {
    if (this.left-- > 0) return 1
    turns(perMs * this.ms)
    ;(this.count[0] as number)++
    return 1
  }
}

export function* calling(work: Work, n: number): Resumable<void> {
  for (let i = 0; i < n; i++) work.do()
}
export function* nested(work: Work, n: number): Resumable<void> {
  for (let i = 0; i < n; i += 10) for (let j = 0; j < 10; j++) work.do()
}
export function* overArray(work: Work, n: number): Resumable<void> {
  const list = Array.from({ length: n }, (_, i) => i)
  for (const _ of list) work.do()
}
export function* overMap(work: Work, n: number): Resumable<void> {
  const map = new Map(Array.from({ length: n }, (_, i) => [i, i]))
  for (const [_key, _value] of map) work.do()
}
export function* overString(work: Work, n: number): Resumable<void> {
  for (const _ of "x".repeat(n)) work.do()
}
export function* overKeys(work: Work, n: number): Resumable<void> {
  const keys = Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]))
  for (const _ in keys) work.do()
}
export function* overIterator(work: Work, n: number): Resumable<void> {
  let i = 0
  const iterable = { [Symbol.iterator]: () => ({ next: () => ({ done: i++ === n, value: work.do() }) }) }
  for (const _ of iterable) i += 0
}
function* counted(n: number): Resumable<void, number> {
  for (let i = 0; i < n; i++) yield i
}
export function* yielded(work: Work, n: number): Resumable<void> {
  for (const _ of counted(n)) work.do()
}
export function* recursive(work: Work, n: number): Resumable<void> {
  if (n <= 1) work.do()
  else {
    yield* recursive(work, n >> 1)
    yield* recursive(work, n - (n >> 1))
  }
}
export function* comparing(work: Work, n: number): Resumable<void> {
  for (let i = 0; i < n; i++) [2, 1].sort(() => work.do())
}
export function* replacing(work: Work, n: number): Resumable<void> {
  for (let i = 0; i < n; i++) "a".replace(/a/, () => `${work.do()}`)
}
export function* getting(work: Work, n: number): Resumable<number> {
  let sum = 0
  for (let i = 0; i < n; i++) sum += work.value
  return sum
}
export function* converting(work: Work, n: number): Resumable<number> {
  let sum = 0
  for (let i = 0; i < n; i++) sum += +work
  return sum
}
export function* trapped(work: Work, n: number): Resumable<number> {
  const proxy = new Proxy(work, { get: () => work.do() })
  let sum = 0
  for (let i = 0; i < n; i++) sum += proxy.value
  return sum
}

const loops = {
  calling,
  nested,
  overArray,
  overMap,
  overString,
  overKeys,
  overIterator,
  yielded,
  recursive,
  comparing,
  replacing,
  getting,
  converting,
  trapped,
}
export type LoopName = keyof typeof loops

/** Makes so many cheap rounds and then so many dear ones, of `ms` each. */
export function* becomesDear(
  name: LoopName,
  cheap: number,
  dear: number,
  ms: number,
  buffer: SharedArrayBuffer,
): Resumable<void> {
  yield* loops[name](new Work(cheap, ms, buffer), cheap + dear)
  Atomics.store(new Int32Array(buffer), 1, 1)
}

/** Goes on as often as it can until that has ended; the most dear rounds between two of its turns. */
export function* onlooker(buffer: SharedArrayBuffer): Resumable<number> {
  const count = new Int32Array(buffer)
  let [seen, most] = [0, 0]
  while (true) {
    const now = count[0] as number
    most = Math.max(most, now - seen)
    seen = now
    if (count[1] === 1) return most
    yield* sleep(0)
  }
}

/** The same, always ready, and preempted itself: it sees what ran in between. */
export function* watcher(buffer: SharedArrayBuffer): Resumable<number> {
  const count = new Int32Array(buffer)
  let [seen, most] = [0, 0]
  while (count[1] !== 1) {
    const now = count[0] as number
    most = Math.max(most, now - seen)
    seen = now
  }
  return most
}
