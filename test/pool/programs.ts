/** Programs for the pool's tests, importable by real workers. */

import type { Resumable } from "@rove/fibers"
import { currentThread, sleep, spawn, wait } from "@rove/fibers"
import { table } from "./compiled.ts"

const url = import.meta.url

export function plainFib(n: number): number {
  return n < 2 ? n : plainFib(n - 1) + plainFib(n - 2)
}

/** Fork-join: below the cut-off it runs the plain function. */
export const fib: (n: number, cutoff?: number) => Resumable<number> = table<[number, number?], number>(
  url,
  "fib",
  5,
  (n, cutoff = 2) => ({ n, cutoff }),
  (pc, l, v) => {
    switch (pc) {
      case 0:
        if (l.n < l.cutoff) return { result: plainFib(l.n) }
        return { perform: spawn(fib(l.n - 1, l.cutoff)), to: 1 }
      case 1:
        l.left = v
        return { perform: fib(l.n - 2, l.cutoff), to: 2 }
      case 2:
        l.right = v
        return { perform: l.left.join(), to: 3 }
      default:
        return { result: v + l.right }
    }
  },
)

/** A loop that can be preempted at each turn; the threads on which it was seen. */
export const loop = table<[number], { sum: number; threads: number[] }>(
  url,
  "loop",
  3,
  n => ({ n, i: 0, sum: 0, threads: [] }),
  (_, l) => {
    if (l.i % 1000 === 0) {
      const { id } = currentThread()
      if (l.threads.at(-1) !== id) l.threads.push(id)
    }
    if (l.i === l.n) return { result: { sum: l.sum, threads: l.threads } }
    l.sum = (l.sum + Math.imul(l.i++, 31)) | 0
    return { check: 1 }
  },
)

/** Spawns that many loops and adds up what they give. */
export const fan = table<[number, number], { sum: number; threads: number[] }>(
  url,
  "fan",
  4,
  (width, n) => ({ width, n, fibers: [], i: 0, sum: 0, threads: [] }),
  (pc, l, v) => {
    if (pc === 1) l.fibers.push(v)
    if (pc === 2) {
      l.sum = (l.sum + v.sum) | 0
      for (const t of v.threads) if (!l.threads.includes(t)) l.threads.push(t)
    }
    if (l.fibers.length < l.width) return { perform: spawn(loop(l.n)), to: 1 }
    if (l.i < l.width) return { perform: l.fibers[l.i++].join(), to: 2 }
    return { result: { sum: l.sum, threads: l.threads.sort() } }
  },
)

export const add = table<[number, number], number>(
  url,
  "add",
  1,
  (a, b) => ({ a, b }),
  (_, l) => ({ result: l.a + l.b }),
)

export const fail = table<[string], never>(
  url,
  "fail",
  1,
  text => ({ text }),
  (_, l) => {
    throw new TypeError(l.text)
  },
)

export const nap = table<[number], string>(
  url,
  "nap",
  2,
  ms => ({ ms }),
  (pc, l) => (pc === 0 ? { perform: sleep(l.ms), to: 1 } : { result: `slept ${l.ms}` }),
)

/** Waits for what never comes; in its handler it says so. */
export const stuck = table<[string?], string>(
  url,
  "stuck",
  3,
  log => ({ log }),
  (pc, l, v) => {
    if (pc === 0) return { perform: sleep(1e9), to: 1 }
    if (pc === 2) {
      if (l.log !== undefined) console.log(l.log)
      throw v
    }
    return { result: "woke" }
  },
  2,
)

/** Never stops at anything but checks. */
export const forever = table<[], never>(
  url,
  "forever",
  2,
  () => ({}),
  () => ({ check: 1 }),
)
/** Never stops at all. */
export const hog = table<[], never>(
  url,
  "hog",
  1,
  () => ({}),
  () => {
    for (;;);
  },
)

export const exit = table<[number], never>(
  url,
  "exit",
  1,
  code => ({ code }),
  (_, l) => process.exit(l.code),
)
export const throwOutside = table<[], void>(
  url,
  "throwOutside",
  2,
  () => ({}),
  pc => {
    setImmediate(() => {
      throw new Error("outside of any fiber")
    })
    return pc === 0 ? { perform: sleep(1e9), to: 1 } : { result: undefined }
  },
)
export const exhaust = table<[], never>(
  url,
  "exhaust",
  1,
  () => ({}),
  () => {
    const kept: unknown[] = []
    for (;;) kept.push(new Array(1e6).fill(kept.length))
  },
)
export const reject = table<[], string>(
  url,
  "reject",
  2,
  () => ({}),
  pc => {
    if (pc === 0) {
      void Promise.reject(new Error("nobody handles this"))
      return { perform: sleep(20), to: 1 }
    }
    return { result: "went on" }
  },
)
export const file = table<[string], number>(
  url,
  "file",
  2,
  path => ({ path }),
  (pc, l, v) =>
    pc === 0
      ? { perform: wait(import("node:fs/promises").then(fs => fs.readFile(l.path))), to: 1 }
      : { result: v.length },
)
export const print = table<[string], void>(
  url,
  "print",
  1,
  text => ({ text }),
  (_, l) => {
    console.log(l.text)
    return { result: undefined }
  },
)
/** A fiber of a socket: it cannot move. */
export const unportable = table<[number], number>(
  url,
  "unportable",
  3,
  n => ({ n, i: 0, socket: null }),
  (_, l) => {
    l.socket ??= () => "nobody knows this function"
    return l.i++ === l.n ? { result: l.i } : { check: 1 }
  },
)
export const threadOf = table<[], number>(
  url,
  "threadOf",
  1,
  () => ({}),
  () => ({ result: currentThread().id }),
)
/** Spawns children that sleep, and joins all. */
export const naps = table<[number, number], number>(
  url,
  "naps",
  4,
  (count, ms) => ({ count, ms, fibers: [], i: 0 }),
  (pc, l, v) => {
    if (pc === 1) l.fibers.push(v)
    if (l.fibers.length < l.count) return { perform: spawn(nap(l.ms)), to: 1 }
    return l.i < l.count ? { perform: l.fibers[l.i++].join(), to: 2 } : { result: l.i }
  },
)
/** A child that dies with its thread, joined from another one. */
export const orphan = table<[], string>(
  url,
  "orphan",
  5,
  () => ({}),
  (pc, l, v) => {
    if (pc === 0) return { perform: spawn(exitLater()), to: 1 }
    if (pc === 1) {
      l.child = v
      return { perform: loop(3_000_000), to: 2 }
    }
    if (pc === 2) return { perform: l.child.join(), to: 3 }
    return { result: pc === 4 ? `${v.code}` : "it ended" }
  },
  4,
)
export const exitLater = table<[], void>(
  url,
  "exitLater",
  2,
  () => ({ started: 0 }),
  (_, l) => {
    l.started ||= Date.now()
    if (Date.now() - l.started > 5) process.exit(3)
    return { check: 1 }
  },
)
