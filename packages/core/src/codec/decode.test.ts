import fc from "fast-check"
import { expect, test } from "vitest"
import { Ticket } from "../../../../test/support/everything.ts"
import { forged } from "../../../../test/support/forged.ts"
import { seed, testHostileBytes } from "../../../../test/support/hostile-bytes.ts"
import { clone, decode, encode, RecordError, registerReference } from "../index.ts"
import { T_LIST, VERSION } from "./format.ts"

testHostileBytes({ forged: 6000, random: 5000, copied: 1000 })

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
  fc.assert(property, { seed, numRuns: 800 })
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
