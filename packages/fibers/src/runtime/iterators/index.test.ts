/** What compiled code makes against what the language makes: the same steps on both must give the same, moves included. */
import { clone, decode, encode, NotPortableError } from "@rove/core"
import { describe, expect, test } from "vitest"
import { call } from "../callees.ts"
import "../index.ts"

type AnyIterator = Iterator<unknown> & Record<string, (...args: unknown[]) => AnyIterator>
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9)

function numbers(from: number): (below: number) => number {
  let state = from >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** The same method, called as the language does it, or as compiled code does. */
type Call = (self: unknown, name: PropertyKey, ...args: unknown[]) => unknown
const natively: Call = (self, name, ...args) =>
  (self as Record<PropertyKey, (...a: unknown[]) => unknown>)[name]?.(...args)
const compiled: Call = (self, name, ...args) => call((self as Record<PropertyKey, unknown>)[name], self, "it", ...args)

/** Of errors the class: helpers and loops of the engine have different texts for the same one. */
function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error instanceof Error ? error.name : error
  }
}

/** Steps, the source's changes in between, and moves: iterator and source are moved together. */
function drive(make: Call, random: (below: number) => number, moves: (<T>(value: T) => T) | null): unknown[] {
  const log: unknown[] = []
  let state = begin(make, random)
  for (let i = 0; i < 14; i++) {
    const action = random(10)
    // the same numbers with and without moves
    if (moves !== null && random(2) === 0) state = moves(state)
    else if (moves === null) random(2)
    if (action < 6) log.push(outcome(() => state.it.next()))
    else if (action === 6) log.push(outcome(() => [...[0].map(() => state.it.return?.())]))
    else change(state.source, random)
  }
  return [...log, outcome(() => state.it.next()), outcome(() => state.it.next())]
}

interface State {
  readonly source: unknown
  readonly it: AnyIterator
}

function begin(make: Call, random: (below: number) => number): State {
  const list = Array.from({ length: random(5) }, (_, i) => i)
  const names = ["values", "keys", "entries", Symbol.iterator] as const
  const name = names[random(4)] as PropertyKey
  switch (random(6)) {
    case 0:
    case 1:
      return { source: list, it: make(list, name) as AnyIterator }
    case 2: {
      const map = new Map(list.map(x => [x, `v${x}`]))
      return { source: map, it: make(map, name) as AnyIterator }
    }
    case 3: {
      const set = new Set(list)
      return { source: set, it: make(set, name) as AnyIterator }
    }
    case 4: {
      const text = ["", "abcabc", "aXbXc", "\u{1f600}a"][random(4)] as string
      const pattern = [/[a-c]/g, /(?:)/gu, /X?/g, /z/g][random(4)]
      return { source: [], it: make(text, "matchAll", pattern) as AnyIterator }
    }
    default: {
      const bytes = Uint8Array.from(list)
      return { source: bytes, it: make(bytes, name) as AnyIterator }
    }
  }
}

function change(source: unknown, random: (below: number) => number): void {
  const n = random(5)
  if (Array.isArray(source)) n === 0 ? source.splice(random(3)) : n < 3 ? source.push(n) : source.shift()
  else if (source instanceof Map) n === 0 ? source.clear() : n < 3 ? source.set(n, n) : source.delete(n - 2)
  else if (source instanceof Set) n === 0 ? source.clear() : n < 3 ? source.add(n) : source.delete(n - 2)
  else if (source instanceof Uint8Array && source.length > 0) source[0] = n
}

const byBytes = <T>(value: T): T => decode(encode(value).bytes) as T

describe(`iterators of the language (seed ${seed})`, () => {
  for (const [how, move] of [
    ["stay", null],
    ["decode(encode)", byBytes],
    ["clone", clone],
  ] as const) {
    test(`made by compiled code, they step as natively: ${how}`, () => {
      for (let i = 0; i < 1500; i++) {
        const native = drive(natively, numbers(seed + i), null)
        expect(drive(compiled, numbers(seed + i), move), `seed ${seed + i}`).toEqual(native)
      }
    })
  }

  test("methods of iterators do the same to what lies beneath, whatever throws", () => {
    for (let i = 0; i < 3000; i++) {
      expect(chain(compiled, numbers(seed + i)), `seed ${seed + i}`).toEqual(chain(natively, numbers(seed + i)))
    }
  })

  test("encoding leaves an iterator where it stands", () => {
    for (let i = 0; i < 500; i++) {
      const one = begin(compiled, numbers(seed + i))
      const two = begin(natively, numbers(seed + i))
      for (let n = 0; n < 6; n++) {
        encode(one.it)
        expect(() => encode([one, new WeakMap()])).toThrow(NotPortableError)
        expect(one.it.next()).toEqual(two.it.next())
      }
    }
  })
})

/** A source that tells what is done to it and may throw, under two methods of iterators. */
function chain(make: Call, random: (below: number) => number): unknown[] {
  const log: unknown[] = []
  let it = source(log, random)
  for (let depth = 0; depth < 1 + random(2); depth++) {
    const throwsAt = random(8)
    const fn = (value: unknown, index: number) => {
      log.push(`fn ${String(value)} ${index}`)
      if (index === throwsAt) throw "fn"
      return random(2) === 0
    }
    const methods: [string, unknown][] = [
      ["map", fn],
      ["filter", fn],
      ["take", random(4)],
      ["drop", random(4)],
      ["flatMap", (value: unknown, index: number) => (fn(value, index) ? [value, index] : source(log, random))],
      ["flatMap", () => (random(3) === 0 ? 5 : "text")],
      ["take", [-1, Number.NaN, "2", Number.POSITIVE_INFINITY][random(4)]],
    ]
    const [name, argument] = methods[random(methods.length)] as [string, unknown]
    const made = outcome(() => make(it, name, argument))
    if (typeof made !== "object") return [...log, made]
    it = made as AnyIterator
  }
  for (let i = 0; i < 7; i++) log.push(outcome(() => (random(8) === 0 ? it.return?.() : it.next())))
  return log
}

function source(log: unknown[], random: (below: number) => number): AnyIterator {
  let n = 0
  const [end, throwsAt, closing] = [random(6), random(9), random(6)]
  const own = {
    next() {
      log.push("next")
      if (n === throwsAt) throw "next"
      return n === 4 && closing === 5 ? 7 : { value: n++, done: n > end }
    },
    return() {
      log.push("return")
      if (closing === 0) throw "return"
      return closing === 1 ? 3 : {}
    },
  }
  return Object.setPrototypeOf(own, Iterator.prototype) as AnyIterator
}

test("an iterator that compiled code did not make is refused with a reason", () => {
  for (const it of [
    [1].values(),
    "a"[Symbol.iterator](),
    new Map().keys(),
    "a".matchAll(/a/g),
    [1].values().map(x => x),
  ])
    expect(() => encode({ it })).toThrow(
      /^\.it: \w+( String)? (Iterator|Helper)( Helper)? is not portable \(no compiled code made it\)$/,
    )
})
