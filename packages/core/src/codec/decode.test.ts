import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { forged } from "../../../../test/support/forged.ts"
import { Binding, declareVariable, SHARED, Variables } from "../context/variables.ts"
import {
  Closure,
  Computation,
  Context,
  clone,
  decode,
  defineCode,
  encode,
  Frame,
  RecordError,
  RUNNING,
  registerKind,
  registerReference,
  StoppedFiber,
  stamp,
  stampOf,
} from "../index.ts"
import { T_LIST, VERSION } from "./format.ts"

/** Values with one of everything, whose bytes are then damaged. */
class Known {
  a = 1
}
registerReference("decode.test#Known", Known)
const seen: unknown[] = []
registerReference("decode.test#tempting", (...args: unknown[]) => seen.push(args))
class Ticket {
  readonly number: number
  constructor(number: number) {
    this.number = number
  }
}
registerKind<Ticket, { number: number }>({
  name: "decode.test.Ticket",
  test: value => value instanceof Ticket,
  take: ({ number }) => ({ number }),
  allocate(parts?) {
    if (typeof parts?.number !== "number") throw new TypeError("a ticket has a number")
    return new Ticket(parts.number)
  },
})

class WalkFrame extends Frame {
  n: unknown = undefined
  found: unknown = undefined
}
const point = { id: "yield", path: [], line: 1, column: 1, live: ["n", "found"], handled: [] }
const step = () => undefined
const walk = defineCode({
  id: "decode.test#walk",
  hash: "w1",
  name: "walk",
  url: "",
  kind: "generator",
  points: [{ ...point, id: "start" }, point],
  captures: [],
  Frame: WalkFrame,
  make: null,
})
walk.single = new Closure(walk, step, step, [])
walk.single.fn = stamp(function* walk() {}, walk.single)
const inner = defineCode({ ...walk, id: "decode.test#inner", captures: ["a", "b"], make: makeInner as never })
function makeInner(...env: unknown[]): object {
  const closure = new Closure(inner, step, step, env)
  closure.fn = stamp(() => seen.push(env), closure)
  if (env[0] === 1) Object.setPrototypeOf(closure.fn, null)
  return closure.fn
}

/** A fiber that stopped in two frames, one of a closure. */
function fiber(shared: object): StoppedFiber {
  const record = new StoppedFiber()
  const closure = stampOf(makeInner({ v: shared }, makeInner(1, 2))) as Closure
  const root = new Computation(walk.single as Closure, undefined, null)
  root.status = RUNNING
  const older = Object.assign(new WalkFrame(walk.single as Closure), {
    pc: 1,
    n: shared,
    found: closure.fn,
    caller: root,
  })
  const top = Object.assign(new WalkFrame(closure), { pc: 1, n: root, caller: older })
  const context = new Context(Variables.of([new Binding(declareVariable("v"), shared, SHARED)]))
  return Object.assign(record, { id: "1", root, top, context, inner: new Computation(closure, shared, [1, shared]) })
}

function thrown(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

function everything(): unknown {
  const shared = { text: "shared", list: [1, -1, 1e300, Number.NaN, -0, 12n] }
  const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer
  return Object.freeze({
    shared,
    // biome-ignore lint/suspicious/noSparseArray: holes are a kind
    array: [shared, , "é", "€", Symbol.iterator, Symbol.for("r"), Symbol("own")],
    map: new Map<unknown, unknown>([[shared, new Set([shared, "shared"])]]),
    date: new Date(5),
    regexp: /a+/giu,
    error: Object.assign(new TypeError("t", { cause: shared }), { extra: [1] }),
    views: [new Uint16Array(buffer, 2, 2), new DataView(buffer), new ArrayBuffer(3, { maxByteLength: 9 })],
    nothing: Object.assign(Object.create(null), { boxed: Object("b") }),
    known: new Known(),
    heir: Object.create({ inherited: shared }, { own: { value: 1 } }) as object,
    nodeError: thrown(() => Buffer.alloc(-1)),
    ticket: new Ticket(7),
    tempting: [Known],
    fiber: fiber(shared),
  })
}

/** Decodes; null for a refusal of the right kind, and everything else fails the test. */
function attempt(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { limits: { bytes: 1 << 20 } })
  } catch (error) {
    if (!(error instanceof RecordError)) throw error
    expect(error.offset).toBeGreaterThanOrEqual(0)
    expect(error.message).not.toBe("")
    return null
  }
}

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1e9)

/** A small generator of numbers, so that a failure can be repeated. */
function numbers(from: number): (below: number) => number {
  let state = from >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

describe(`hostile bytes (seed ${seed})`, () => {
  const original = new Uint8Array(encode(everything()).bytes)

  test("undamaged, they decode", () => {
    expect(decode(original)).toHaveProperty("fiber.top.caller.found")
  })

  test("every flipped bit and every missing byte is an error", () => {
    for (let at = 0; at < original.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = original.slice()
        bytes[at] = (bytes[at] as number) ^ (1 << bit)
        expect(() => decode(bytes), `bit ${bit} of byte ${at}`).toThrow(RecordError)
      }
      expect(() => decode(original.slice(0, at)), `cut off at ${at}`).toThrow(RecordError)
      const without = Uint8Array.from([...original.subarray(0, at), ...original.subarray(at + 1)])
      expect(() => decode(without), `without byte ${at}`).toThrow(RecordError)
    }
    expect(() => decode(Uint8Array.from([...original, 0]))).toThrow(RecordError)
  })

  test("forged bytes give an error or a value, pollute nothing and call nothing", () => {
    const next = numbers(seed)
    const before = Object.getOwnPropertyNames(Object.prototype).join()
    const arrayBefore = Object.getOwnPropertyNames(Array.prototype).join()
    let values = 0
    for (let round = 0; round < 30_000; round++) {
      const bytes = original.slice(0, next(8) === 0 ? next(original.length + 1) : original.length)
      for (let changes = next(4); changes >= 0; changes--) {
        const at = 12 + next(Math.max(1, bytes.length - 12))
        if (at < bytes.length) bytes[at] = next(3) === 0 ? next(256) : (bytes[at] as number) ^ (1 << next(8))
      }
      if (attempt(forged(bytes)) !== null) values++
    }
    expect(values).toBeGreaterThan(100)
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
    expect(Object.getOwnPropertyNames(Array.prototype).join()).toBe(arrayBefore)
    expect(seen).toEqual([])
  }, 60_000)

  test("random bytes give an error or a value", () => {
    const next = numbers(seed + 1)
    for (let round = 0; round < 20_000; round++) {
      const bytes = new Uint8Array(12 + next(60)).map(() => next(256))
      bytes.set(original.subarray(0, 4))
      new DataView(bytes.buffer).setUint32(8, 13 + next(bytes.length), true)
      attempt(forged(bytes))
    }
  })

  test("what comes out of forged bytes can be encoded and copied like any other value", { timeout: 90_000 }, () => {
    const next = numbers(seed + 2)
    for (let round = 0; round < 5_000; round++) {
      const bytes = original.slice()
      bytes[12 + next(bytes.length - 12)] = next(256)
      const value = attempt(forged(bytes))
      if (value === null) continue
      const once = encode(value)
      const twice = encode(decode(once.bytes))
      expect(Buffer.compare(Buffer.from(once.bytes), Buffer.from(twice.bytes)), `round ${round}`).toBe(0)
      clone(value)
    }
  })
})

test("forged nesting is refused instead of overflowing the stack", () => {
  const { bytes } = encode([])
  const table = new Uint8Array(bytes).slice(new DataView(bytes).getUint32(8, true))
  const deep = 200_000
  // a closure's function, a symbol's description, a boxed value, a prototype, a view's buffer, an array, each within itself
  for (const unit of [[19], [18], [44, 0], [32, 16], [43, 0, 1], [36, 0, 0, 1], [15, 44, 0], [T_LIST, 1]]) {
    const record = new Uint8Array(12 + deep * unit.length + table.length)
    record.set([0x52, 0x76, VERSION, 0])
    for (let i = 0; i < deep; i++) record.set(unit, 12 + i * unit.length)
    record.set(table, record.length - table.length)
    new DataView(record.buffer).setUint32(8, record.length - table.length, true)
    expect(() => decode(forged(record)), String(unit)).toThrow(unit[0] === 36 ? RecordError : /nested too deep/)
  }
})

test("a small record cannot ask for much memory", () => {
  const big = (bytes: ArrayBuffer, find: number[], replace: number[]) => {
    const array = new Uint8Array(bytes)
    const at = array.findIndex((_, i) => find.every((byte, j) => array[i + j] === byte))
    expect(at).toBeGreaterThan(0)
    array.set(replace, at)
    return forged(array)
  }
  // an array of 7 elements that claims more than there are bytes
  expect(() => decode(big(encode([1, 2, 3, 4, 5, 6, 7]).bytes, [T_LIST, 7], [T_LIST, 127]))).toThrow("cannot follow")
  expect(() =>
    decode(encode(new ArrayBuffer(1, { maxByteLength: 2 ** 21 })).bytes, { limits: { bytes: 2 ** 20 } }),
  ).toThrow("not allowed")
  expect(() => decode(encode("x".repeat(2000)).bytes, { limits: { bytes: 1000 } })).toThrow("larger than the limit")
})

test("another version and what is no record are told apart", () => {
  const bytes = new Uint8Array(encode(1).bytes)
  bytes[2] = 9
  expect(() => decode(bytes)).toThrow("version 9")
  expect(() => decode(new Uint8Array(40))).toThrow("not a record")
  expect(() => decode(new ArrayBuffer(0))).toThrow(expect.objectContaining({ code: "ROVE_RECORD", offset: 0 }))
})

test("unknown names are refused before anything is made", () => {
  class Gone {
    a = 1
  }
  registerReference("decode.test#Gone", Gone)
  const { bytes } = encode([new Ticket(1), new Gone()])
  const patched = new Uint8Array(bytes)
  const at = Buffer.from(patched).indexOf("Gone")
  patched.set(Buffer.from("Lost"), at)
  expect(() => decode(forged(patched))).toThrow(expect.objectContaining({ code: "ROVE_REFERENCE_UNKNOWN" }))
})

test("any value comes back equal, from bytes and from clone, and encodes to the same bytes", () => {
  const values = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
    maxDepth: 4,
  } as fc.ObjectConstraints)
  const property = fc.property(values, value => {
    const { bytes } = encode(value)
    const back = decode(bytes)
    expect(back).toStrictEqual(value)
    expect(clone(value)).toStrictEqual(value)
    expect(Buffer.compare(Buffer.from(bytes), Buffer.from(encode(back).bytes))).toBe(0)
  })
  fc.assert(property, { seed, numRuns: 1500 })
})

test("graphs with any aliasing come back with the same shape", () => {
  const graphs = fc.array(fc.tuple(fc.nat(4), fc.array(fc.nat(30), { maxLength: 4 })), { minLength: 1, maxLength: 30 })
  const property = fc.property(graphs, plan => {
    const nodes = plan.map(([kind]) => [{}, [], new Map(), new Set(), new Error("node")][kind] as object)
    plan.forEach(([, links], i) => {
      for (const [j, link] of links.entries())
        connect(nodes[i] as object, `edge${j}`, nodes[link % nodes.length] as object)
    })
    for (const copy of [decode(encode(nodes[0]).bytes), clone(nodes[0])])
      expect(shapeOf(copy)).toEqual(shapeOf(nodes[0]))
  })
  fc.assert(property, { seed, numRuns: 1000 })
})

function connect(from: object, edge: string, to: object): void {
  if (Array.isArray(from)) from.push(to)
  else if (from instanceof Map) from.set(to, edge).set(edge, to)
  else if (from instanceof Set) from.add(to)
  else (from as Record<string, unknown>)[edge] = to
}

/** Who refers to whom, by number of first visit. */
function shapeOf(root: unknown): unknown[] {
  const order = new Map<unknown, number>([[root, 0]])
  const shape: unknown[] = []
  for (const [node] of order) {
    if (typeof node !== "object" || node === null) {
      shape.push(node)
      continue
    }
    const parts = node instanceof Map ? [...node].flat() : node instanceof Set ? [...node] : Object.values(node)
    for (const part of parts) if (!order.has(part)) order.set(part, order.size)
    shape.push([Object.prototype.toString.call(node), ...parts.map(part => order.get(part))])
  }
  return shape
}

test("the prototype object of a class of the language is refused where a forged record asks for it by the class's name", () => {
  class Own {}
  registerReference("xx:Array", Own)
  const bytes = encode(Own.prototype).bytes
  expect(decode(bytes)).toBe(Own.prototype)
  const text = Buffer.from(bytes).toString("latin1").replace("xx:Array", "js:Array")
  const named = forged(new Uint8Array(Buffer.from(text, "latin1")))
  expect(() => decode(named)).toThrow(/the prototype object of a native class/)
})
