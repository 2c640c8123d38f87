/** Programs of the tests of fairness: what they count is work and turns, which a busy machine does not change. */
import { sleep } from "@rove/fibers"
import { table } from "./compiled.ts"

const url = import.meta.url

/** Ordinary code that takes as long whatever else the machine does. */
function turns(count: number): number {
  let x = count
  for (let i = 0; i < count; i++) x = (Math.imul(x, 48271) + i) | 0
  return x
}
const TRIED = 50_000
const fastest = Math.min(
  ...Array.from({ length: 40 }, () => {
    const before = performance.now()
    turns(TRIED)
    return performance.now() - before
  }),
)
/** Ordinary code that takes that many milliseconds, if it has a processor. */
function work(ms: number): void {
  turns((TRIED * ms) / fastest)
}

/** Works so many times for `ms`, with a check in between, and counts that. */
export const bodies = table<[SharedArrayBuffer, number, number], void>(
  url,
  "bodies",
  2,
  (buffer, n, ms) => ({ buffer, n, ms }),
  (_, l) => {
    const count = new Int32Array(l.buffer)
    if (count[0] === l.n) return { result: undefined }
    work(l.ms)
    ;(count[0] as number)++
    return { check: 1 }
  },
)
/** Goes on as often as it can until so many were counted; the most that were counted between two of its turns. */
export const onlooker = table<[SharedArrayBuffer, number], number>(
  url,
  "onlooker",
  2,
  (buffer, n) => ({ buffer, n, seen: 0, most: 0 }),
  (_, l) => {
    const count = new Int32Array(l.buffer)[0] as number
    l.most = Math.max(l.most, count - l.seen)
    l.seen = count
    return count >= l.n ? { result: l.most } : { perform: sleep(0), to: 1 }
  },
)
export const holds = table<[number], string>(
  url,
  "holds",
  2,
  ms => ({ ms }),
  (pc, l) => {
    if (pc === 1) return { result: "held" }
    work(l.ms)
    return { check: 1 }
  },
)
/** Works until told to stop. */
export const hog = table<[SharedArrayBuffer], void>(
  url,
  "hog",
  2,
  buffer => ({ stop: new Int32Array(buffer) }),
  (_, l) => {
    if ((l.stop as Int32Array)[0] !== 0) return { result: undefined }
    work(0.1)
    return { check: 1 }
  },
)
/** Tells the hogs to stop, after so many turns of its own. */
export const stopper = table<[SharedArrayBuffer, number], string>(
  url,
  "stopper",
  2,
  (buffer, n) => ({ buffer, n }),
  (_, l) => {
    if (l.n-- > 0) return { perform: sleep(0), to: 1 }
    Atomics.store(new Int32Array(l.buffer), 0, 1)
    return { result: "had its turns" }
  },
)
/** In which order they begin. */
export const begins = table<[SharedArrayBuffer], number>(
  url,
  "begins",
  2,
  buffer => ({ buffer }),
  (_, l) => ({ result: Atomics.add(new Int32Array(l.buffer), 0, 1) }),
)
/** Ordinary code that does not return for so long by the clock. */
export const spins = table<[number], string>(
  url,
  "spins",
  1,
  ms => ({ ms }),
  (_, l) => {
    for (const until = performance.now() + l.ms; performance.now() < until; );
    return { result: "returned" }
  },
)
