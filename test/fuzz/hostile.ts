/** Owns the attack on `decode`: records with one of every kind, damaged in every way, and what must hold for each of them. */
import { compile } from "@rove/compiler"
import { clone, decode, encode, NotPortableError, RecordError, registerReference } from "@rove/core"
import * as rove from "@rove/fibers/runtime"
import { forged } from "../support/forged.ts"

/** What a run of the attack came to. */
export interface Tally {
  cases: number
  /** Damaged bytes that were a record all the same. */
  values: number
  /** Milliseconds of the slowest case. */
  slowest: number
}

const calls: unknown[] = []
registerReference("fuzz#tempting", (...args: unknown[]) => calls.push(args))
class Known {
  a = 1
  set b(value: unknown) {
    calls.push(value)
  }
}
registerReference("fuzz#Known", Known)

/** A program that stands in the middle of everything: frames, closures, generators, loops and iterators. */
const program = `
function* main(tempting) {
  const list = [1, 2, 3], map = new Map([[list, "a"], [{ list }, "b"]]), set = new Set(["x", map])
  let count = 0
  const bump = by => (count += by), it = list.entries(), entries = map.values(), members = set.values()
  const helper = list.values().map(x => x + count).filter(bump).drop(1), matches = "a1b2".matchAll(/[a-z]/g)
  it.next(); entries.next(); helper.next(); matches.next()
  function* inner(a, ...rest) { for (const x of map) for (const y of "ab") { try { yield [a, x, y, rest] } finally { bump(1) } } }
  const running = inner(bump, it)
  running.next()
  const heir = Object.create({ inherited: list }, { own: { value: 1 } })
  yield* function* () { for (const [k, v] of map) yield [k, v, tempting, list, helper, matches, members, entries, running, heir, it] }()
}`

const LIMIT = 1 << 20

/** Records to damage. */
export function samples(): Uint8Array[] {
  const compiled = compile(program, "fuzz.js", { sourceType: "script", always: true, runtime: { global: "rove" } })
  const main = new Function("rove", `${compiled?.code}\nreturn main`)(rove) as (tempting: unknown) => Generator
  const generator = main(Known)
  generator.next()
  return [generator, everything()].map(value => new Uint8Array(encode(value).bytes))
}

function everything(): unknown {
  const shared = { text: "shared", list: [1, -1, 1e300, Number.NaN, -0, 12n] }
  const { buffer } = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])
  return Object.freeze({
    shared,
    array: [shared, "é", "€", Symbol.iterator, Symbol.for("r"), Symbol("own")],
    map: new Map<unknown, unknown>([[shared, new Set([shared, "shared"])]]),
    others: [new Date(5), /a+/giu, Object("b"), Object.assign(Object.create(null), { a: 1 })],
    error: Object.assign(new TypeError("t", { cause: shared }), { extra: [1] }),
    views: [new Uint16Array(buffer, 2, 2), new DataView(buffer), new ArrayBuffer(3, { maxByteLength: 9 })],
    known: [new Known(), Known, Math.max],
  })
}

/** Numbers that a seed makes again. */
function numbers(from: number): (below: number) => number {
  let state = from >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** One damaged record: changed, cut off, with parts moved about, or random from the header on; most have checksums that hold. */
function damaged(original: Uint8Array, next: (below: number) => number): Uint8Array {
  const way = next(10)
  if (way === 0)
    return forged(Uint8Array.from({ length: 12 + next(80) }, (_, i) => (i < 4 ? (original[i] as number) : next(256))))
  let bytes = original.slice()
  if (way === 1) bytes = bytes.slice(0, next(bytes.length))
  if (way === 2) bytes.copyWithin(12 + next(bytes.length - 12), 12 + next(bytes.length - 12), next(bytes.length))
  if (way === 3)
    bytes = Uint8Array.from([...bytes.subarray(0, next(bytes.length)), ...bytes.subarray(next(bytes.length))])
  for (let changes = next(5); changes >= 0; changes--) {
    const at = next(30) === 0 ? next(12) : 12 + next(Math.max(1, bytes.length - 12))
    if (at < bytes.length) bytes[at] = next(3) === 0 ? next(256) : (bytes[at] as number) ^ (1 << next(8))
  }
  return next(16) === 0 ? bytes : forged(bytes)
}

/** Runs `cases` attacks; throws at the first that does anything but refuse or give a value. */
export function attack(cases: number, seed: number, report: (tally: Tally) => void = () => {}): Tally {
  const originals = samples()
  const before = surroundings()
  const tally: Tally = { cases: 0, values: 0, slowest: 0 }
  for (; tally.cases < cases; tally.cases++) {
    const next = numbers(seed + tally.cases)
    const bytes = damaged(originals[next(originals.length)] as Uint8Array, next)
    const started = performance.now()
    try {
      if (survives(bytes)) tally.values++
    } catch (error) {
      throw new Error(`case ${tally.cases} of seed ${seed}: ${Buffer.from(bytes).toString("base64")}`, { cause: error })
    }
    tally.slowest = Math.max(tally.slowest, performance.now() - started)
    if (calls.length > 0) throw new Error(`case ${tally.cases} of seed ${seed} called something`)
    if (tally.cases % 1000 === 999) {
      if (surroundings() !== before)
        throw new Error(`prototypes were changed before case ${tally.cases} of seed ${seed}`)
      report(tally)
    }
  }
  return tally
}

/** Whether the bytes are a record. What comes out of them is a value like any other: it has a stable encoding, or is refused with a path. */
function survives(bytes: Uint8Array): boolean {
  let value: unknown
  try {
    value = decode(bytes, { limits: { bytes: LIMIT } })
  } catch (error) {
    if (!(error instanceof RecordError) || !(error.offset >= 0) || error.message === "") throw error
    return false
  }
  try {
    const once = encode(value).bytes
    const twice = encode(decode(once)).bytes
    if (!Buffer.from(once).equals(Buffer.from(twice))) throw new Error("its encoding is not stable")
    clone(value)
  } catch (error) {
    if (!(error instanceof NotPortableError)) throw error
  }
  return true
}

/** All that a record must not change. */
function surroundings(): string {
  const roots = [Object, Array, Function, Map, Set, Error, RegExp, Promise, Symbol, Known]
  return roots.flatMap(root => [root, root.prototype].map(x => Reflect.ownKeys(x).map(String).join())).join(";")
}
