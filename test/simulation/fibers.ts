/** Fibers of simulated pools. Each has a number, and marks in shared memory that it began and that it came to its end. */
import {
  all,
  allSettled,
  type FiberHandle,
  map,
  type Resumable,
  race,
  scope,
  sleep,
  spawn,
  timeout,
} from "@rove/fibers"
import { table } from "../pool/compiled.ts"

const url = import.meta.url

/** Marks of so many fibers: how often each began, and how often each came to its end. */
export class Marks {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  constructor(given: SharedArrayBuffer | number) {
    this.buffer = typeof given === "number" ? new SharedArrayBuffer(given * 8) : given
    this.#words = new Int32Array(this.buffer)
  }
  begin(number: number): void {
    Atomics.add(this.#words, 2 * number, 1)
  }
  end(number: number): void {
    Atomics.add(this.#words, 2 * number + 1, 1)
  }
  of(number: number): { readonly began: number; readonly ended: number } {
    return { began: this.#words[2 * number] as number, ended: this.#words[2 * number + 1] as number }
  }
}

/** Counts, and can be preempted at each step. */
export const counts = table<[SharedArrayBuffer, number, number], number>(
  url,
  "counts",
  2,
  (marks, number, n) => ({ marks, number, n, i: 0 }),
  (pc, l) => {
    if (pc === 0) new Marks(l.marks).begin(l.number)
    if (l.i++ < l.n) return { check: 1 }
    new Marks(l.marks).end(l.number)
    return { result: l.number }
  },
)
/** Sleeps a little, a few times. */
export const naps = table<[SharedArrayBuffer, number, number], number>(
  url,
  "naps",
  2,
  (marks, number, times) => ({ marks, number, times }),
  (pc, l) => {
    if (pc === 0) new Marks(l.marks).begin(l.number)
    if (l.times-- > 0) return { perform: sleep(l.times), to: 1 }
    new Marks(l.marks).end(l.number)
    return { result: l.number }
  },
)
/** Has children that count and nap, whose numbers follow its own; joins them, the newest first. */
export const parent = table<[SharedArrayBuffer, number, number], number>(
  url,
  "parent",
  4,
  (marks, number, width) => ({ marks, number, width, children: [] as FiberHandle<number>[], sum: 0 }),
  (pc, l, v) => {
    if (pc === 0) new Marks(l.marks).begin(l.number)
    if (pc === 1) l.children.push(v)
    if (pc === 2) l.sum += v
    const next = l.number + 1 + l.children.length
    if (pc < 2 && l.children.length < l.width) {
      const child = next % 3 === 0 ? naps(l.marks, next, 2) : counts(l.marks, next, 200 * (next % 5))
      return { perform: spawn(child), to: 1 }
    }
    if (l.children.length > 0) return { perform: l.children.pop().join(), to: 2 }
    new Marks(l.marks).end(l.number)
    return { result: l.sum }
  },
)

function* range(from: number, count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield from + i
}
const one = (marks: SharedArrayBuffer, number: number): Resumable<number> =>
  number % 3 === 0 ? naps(marks, number, 2) : counts(marks, number, 200 * (number % 5))

/** As `parent`, and joins none of its children: it ends after them. */
export const leaver = table<[SharedArrayBuffer, number, number], number>(
  url,
  "leaver",
  2,
  (marks, number, width) => ({ marks, number, width, begun: 0 }),
  (pc, l) => {
    if (pc === 0) new Marks(l.marks).begin(l.number)
    if (l.begun++ < l.width) return { perform: spawn(one(l.marks, l.number + l.begun)), to: 1 }
    new Marks(l.marks).end(l.number)
    return { result: l.number }
  },
)
/** Begins nothing of its own number: what is in a scope. */
const inside = table<[SharedArrayBuffer, number, number], string>(
  url,
  "inside",
  2,
  (marks, number, width) => ({ marks, number, width, begun: 0 }),
  (_, l) =>
    l.begun++ < l.width ? { perform: spawn(one(l.marks, l.number + l.begun)), to: 1 } : { result: "from the scope" },
)
const late = table<[], string>(
  url,
  "late",
  2,
  () => ({}),
  pc => (pc === 0 ? { perform: timeout(3, sleep(1e9)), to: 0 } : { result: "late" }),
  1,
)
/** Waits for its children in each of the ways that there are. */
export const together = table<[SharedArrayBuffer, number, number], unknown>(
  url,
  "together",
  2,
  (marks, number, width) => ({ marks, number, width }),
  (pc, l, v) => {
    const { marks, number, width } = l
    if (pc === 1) {
      new Marks(marks).end(number)
      return { result: v }
    }
    new Marks(marks).begin(number)
    const children = [...range(number + 1, width)].map(child => one(marks, child))
    const ways = [
      () => all(children),
      () => allSettled(children),
      () => map([...range(number + 1, width)], child => one(marks, child), { concurrency: 2 }),
      () => scope(() => inside(marks, number, width) as Resumable<string>),
      () => all({ many: scope(() => inside(marks, number, width) as Resumable<string>), one: late() }),
      () => race([sleep(1e9), timeout(1e6, all(children))]),
    ]
    return { perform: ways[(number / (width + 1)) % ways.length]?.(), to: 1 }
  },
)
