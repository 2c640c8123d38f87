/** Invariants 10 and 44 to 48: what a record must hold, whatever is in it, and what it cannot. */
import { CodeChangedError, decode, FiberRecord, registerKind, registerReference } from "@rove/core"
import { ContextVar, LocalHost, type Resumable, VirtualClock } from "@rove/fibers"
import { describe, expect, test } from "vitest"
import { program } from "../semantics/program.ts"
import { forged } from "../support/forged.ts"

const here = () => new LocalHost({ clock: new VirtualClock() })
const codeOf = (code: string) => expect.objectContaining({ code })
const travelled = <R>({ bytes }: FiberRecord<R>) => new FiberRecord<R>(structuredClone(bytes))

type Main = () => Resumable<unknown>
const modules = { count: 0 }
const taken: FiberRecord[] = []
/** `yield* stop()` takes a record of the fiber, which goes on. */
const stop = "function* stop() { const { resumed, record: made } = yield* record(); if (!resumed) give(made) }"
const given = { give: (made: FiberRecord) => taken.push(made) }
function make(body: string, id = `src/invariant${++modules.count}.js`): Main {
  return program<Main>(`${stop} function* main() { ${body} }`, "main", given, { id })
}

/** Each stops at all of its points, and gives a log of what it did. */
const corpus: Record<string, string> = {
  loops:
    "const log = []; for (const x of [1, 2]) { yield* stop(); for (let i = 0; i < x; i++) { log.push(i); yield* stop() } } return log",
  "built-in iterators": `const log = []; const m = new Map([[1, 'a'], [2, 'b'], [3, 'c']])
    for (const [k, v] of m) { yield* stop(); log.push(k + v); if (k === 1) { m.delete(2); m.set(9, 'z') } }
    for (const c of 'ab') { yield* stop(); log.push(c) } for (const k in { x: 1, y: 2 }) { yield* stop(); log.push(k) }
    for (const s of new Set([5, 6])) { log.push(s); yield* stop() } return log`,
  "try, catch and finally": `const log = []
    for (let i = 0; i < 3; i++) {
      try { yield* stop(); if (i) throw new RangeError('no ' + i); log.push('fine') }
      catch (e) { yield* stop(); log.push(e.message, e instanceof RangeError) }
      finally { yield* stop(); log.push('f' + i); if (i === 1) continue }
      log.push('behind')
    }
    return log`,
  "closures that share variables": `let n = 0; const up = () => ++n; const each = []
    for (let i = 0; i < 3; i++) { each.push(() => i++); yield* stop(); up() }
    yield* stop(); each[1](); return [n, up(), each.map(f => f())]`,
  "generators in generators": `function* inner(k) { try { for (let i = 0; i < k; i++) { yield* stop(); yield i } } finally { log.push('closed') } }
    const log = []; for (const x of inner(5)) { log.push(x); yield* stop(); if (x === 2) break }
    const g = inner(2); yield* stop(); log.push(...g); return log`,
  operands: `const o = { k: 1, m(x) { return this.k + x } }; o.k += (o.k = 10, yield* stop(), 5); return [o.k, o.m((yield* stop(), 1)), \`\${(yield* stop(), 2)}\`, [0, ...(yield* stop(), [1, 2])]]`,
  destructuring:
    "const { a = (yield* stop(), 1), b: [c, ...d], ...rest } = { b: [2, 3, 4], x: 5 }; yield* stop(); return [a, c, d, rest]",
  "recursion and classes": `class Tree { constructor(l, r) { this.l = l; this.r = r } *size() { yield* stop(); return 1 + (this.l ? yield* this.l.size() : 0) + (this.r ? yield* this.r.size() : 0) } }
    return yield* new Tree(new Tree(null, new Tree(null, null)), new Tree(null, null)).size()`,
  "values of all kinds": `const shared = { at: new Date(5) }; const view = new Uint16Array([1, 2, 3]); const all = [shared, shared, view, view.subarray(1), /x/gy, 10n, -0, NaN, [, 1], new Error('e', { cause: shared })]
    all.push(all); yield* stop(); view[1] = 7; yield* stop()
    return [all[0] === all[1], all[3][0], all[4].sticky, all[5], Object.is(all[6], -0), all[7], 0 in all[8], all[9].cause === shared, all[10] === all, shared.at.getTime()]`,
}

test("invariant 10: a fiber whose record is refused for a variable goes on where it is, with the value", async () => {
  const held = new ContextVar<object>("held", { transfer: "refuse" })
  const main = program<Main>(
    "function* main() { const own = {}; held.set(own); yield* sleep(5); return held.get() === own }",
    "main",
    { held },
    { id: "src/invariant10.js" },
  )
  const running = here().run(main())
  for (let i = 0; i < 20; i++) await null
  await expect(running.record()).rejects.toThrow(/the context variable "held" .* stays on its thread/)
  expect(await running).toBe(true)
})

describe("invariant 44: suspended, encoded, decoded and resumed at every point equals uninterrupted", () => {
  test.each(Object.entries(corpus))("%s", async (_, body) => {
    taken.length = 0
    const main = make(body)
    const expected = await here().run(main())
    const points = [...taken]
    expect(points.length).toBeGreaterThan(1)
    for (const point of points) expect(await here().resume(travelled(point))).toEqual(expected)
  })

  test("where a preemption stops it, in the middle of loops that never wait", async () => {
    const main = program<Main>(
      "function* main() { let n = 0; for (let i = 0; i < 40_000_000; i++) { if (i % 3 === 0) n += i; else n -= 1 } return n }",
      "main",
      {},
      { id: "src/invariant-loop.js" },
    )
    const expected = await here().run(main())
    const host = new LocalHost()
    let handle = host.run(main())
    let moves = 0
    for (; ; moves++) {
      await new Promise(setImmediate)
      const record: FiberRecord<unknown> | null = await handle.record().catch(() => null)
      if (record === null) break
      handle = host.resume(travelled(record))
    }
    expect([await handle, moves > 0]).toEqual([expected, true])
  })
})

test("invariant 45: aliasing and cycles survive, among locals, context, errors and the value that is waited for", async () => {
  const body = `const a = { name: 'a' }; a.self = a
    const error = new Error('e', { cause: a }); const map = new Map([[a, error]]); error.map = map
    const fn = () => a
    try { throw error } catch (caught) {
      yield* stop()
      const [handled] = yield* handledExceptions()
      return [a.self === a, error.cause === a, error.map.get(a) === error, fn() === a, caught === error, handled === error]
    }`
  taken.length = 0
  await here().run(make(body)())
  expect(await here().resume(travelled(taken[0] as FiberRecord))).toEqual(Array(6).fill(true))
})

test("invariant 46: a code mismatch is refused before any state is touched", async () => {
  const calls: string[] = []
  class Probe {}
  registerKind<Probe, { n: number }>({
    name: "invariant46.probe",
    test: value => value instanceof Probe,
    take: () => ({ n: 1 }),
    allocate: () => {
      calls.push("allocate")
      return new Probe()
    },
  })
  const source = (extra: string) =>
    `function* main() { const held = probe(); yield* sleep(5); ${extra} return held !== null }`
  const evaluate = (extra: string) =>
    program<Main>(source(extra), "main", { probe: () => new Probe() }, { id: "src/invariant46.js" })
  const host = here()
  const running = host.run(evaluate("")())
  for (let i = 0; i < 20; i++) await null
  const record = await running.record()
  evaluate("const added = 1; yield* sleep(added);")
  const other = host.run(make("yield* sleep(3); return 'unharmed'")())
  const refused = host.resume(travelled(record))
  await expect(refused).rejects.toThrow(CodeChangedError)
  expect([refused.id, calls]).toEqual(["", []])
  evaluate("")
  expect(await host.resume(travelled(record))).toBe(true)
  expect([await other, calls]).toEqual(["unharmed", ["allocate"]])
})

/** The same length, another name, and checksums that hold. */
function renamed({ bytes }: FiberRecord, from: string, to: string): FiberRecord {
  const copy = new Uint8Array(structuredClone(bytes))
  const at = Buffer.from(copy.buffer).indexOf(from)
  expect([at > 0, from.length]).toEqual([true, to.length])
  copy.set(new TextEncoder().encode(to), at)
  return new FiberRecord(forged(copy))
}

test("invariant 47: an unknown function, class, kind or version is a named error", async () => {
  class Ticket {
    number = 5
  }
  registerReference("invariant47.Ticket", Ticket)
  taken.length = 0
  const main = make("const ticket = new Ticket(); yield* stop(); return ticket.number", "src/invariant47.js")
  await expect(here().run(main())).rejects.toThrow("Ticket is not defined")
  const known = program<Main>(
    `${stop} function* main() { const ticket = new Ticket(); yield* stop(); return ticket.number }`,
    "main",
    { ...given, Ticket },
    { id: "src/invariant47.js" },
  )
  expect(await here().run(known())).toBe(5)
  const record = taken[0] as FiberRecord
  expect(await here().resume(travelled(record))).toBe(5)
  const refusals: [string, string, string][] = [
    ["invariant47.Ticket", "invariant47.Tocket", "ROVE_REFERENCE_UNKNOWN"],
    ["src/invariant47.js#main", "src/invariant47.js#mean", "ROVE_CODE_UNKNOWN"],
  ]
  for (const [from, to, code] of refusals) {
    const error: unknown = await here()
      .resume(renamed(record, from, to))
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code, message: expect.stringContaining(to) })
  }
  const bytes = new Uint8Array(structuredClone(record.bytes))
  bytes[2] = 99
  await expect(here().resume(new FiberRecord(bytes))).rejects.toThrow(/a record of version 99; this is Rove's codec/)
})

test("invariant 48: encoding what was decoded gives the same bytes; any flipped or missing byte is an error", async () => {
  taken.length = 0
  await here().run(make(corpus["try, catch and finally"] as string)())
  for (const record of taken) {
    const again = FiberRecord.of(travelled(record).open())
    expect(Buffer.from(again.bytes).equals(Buffer.from(record.bytes))).toBe(true)
  }
  const bytes = new Uint8Array((taken[0] as FiberRecord).bytes)
  const before = Object.getOwnPropertyNames(Object.prototype).length
  for (let at = 0; at < bytes.length; at++) {
    const flipped = bytes.slice()
    flipped[at] = (flipped[at] as number) ^ (1 << (at % 8))
    expect(() => new FiberRecord(flipped).open(), `byte ${at}`).toThrow(codeOf("ROVE_RECORD"))
    expect(() => new FiberRecord(flipped).toJSON(), `byte ${at}`).toThrow(codeOf("ROVE_RECORD"))
    expect(() => decode(bytes.slice(0, at))).toThrow(codeOf("ROVE_RECORD"))
  }
  expect(Object.getOwnPropertyNames(Object.prototype).length).toBe(before)
})
