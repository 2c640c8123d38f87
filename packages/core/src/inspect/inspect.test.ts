import { describe, expect, test } from "vitest"
import { Closure, type Code, defineCode, stamp } from "../code.ts"
import { clone, DECODE, ENCODE, registerKind, registerReference } from "../codec/index.ts"
import { Computation, RUNNING } from "../computation.ts"
import { Context } from "../context/context.ts"
import { Binding, Variables, variableKey } from "../context/variables.ts"
import { AGAIN, Frame, THROW } from "../frame.ts"
import { FiberRecord } from "../record.ts"
import { StoppedFiber } from "../stopped.ts"
import { inspect, describe as textOf } from "./inspect.ts"
import { Sizes } from "./sizes.ts"
import { kindOfValue, textOfValue } from "./values.ts"

class PackFrame extends Frame {
  box: unknown = undefined
  caught: unknown = undefined
  $cursor: unknown = undefined
}
const step = () => undefined
const point = {
  path: ["loop", "handling"],
  line: 17,
  column: 3,
  live: ["box", "caught", "$cursor"],
  handled: ["caught"],
}
const code: Code = defineCode({
  id: "src/order.ts#Shop.pack~2",
  hash: "h1",
  name: "pack",
  url: "file:///src/order.ts",
  kind: "generator",
  points: [
    { ...point, id: "start", live: ["box"], handled: [] },
    { ...point, id: "yield* sleep" },
  ],
  captures: [],
  Frame: PackFrame,
  make: null,
})
code.single = new Closure(code, step, step, [])
code.single.fn = stamp(function* pack() {}, code.single)

/** A stopped fiber whose youngest frame holds that. */
function stopped(box: unknown, fields: Partial<StoppedFiber> = {}): StoppedFiber {
  const root = new Computation(code.single as Closure, undefined, null)
  root.status = RUNNING
  const top = Object.assign(new PackFrame(code.single as Closure), {
    pc: 1,
    box,
    caught: new RangeError("no room"),
    $cursor: [1, 2],
    caller: root,
  })
  const variables = Variables.of([new Binding(variableKey("src/order.ts#customer"), "Ada", 0)])
  const context = Object.assign(new Context(), { variables, recursionLimit: 500 })
  return Object.assign(
    new StoppedFiber(),
    { id: "1.2", name: "order", status: "ready", root, context, top, topDepth: 1 },
    fields,
  )
}
const viewOf = (box: unknown, fields?: Partial<StoppedFiber>) => FiberRecord.of(stopped(box, fields)).toJSON()
const boxOf = (box: unknown) => viewOf(box).frames[0]?.locals[0]

class Ticket {
  #secret = 5
  label = "";
  [ENCODE]() {
    return { secret: this.#secret, label: this.label }
  }
  [DECODE](): void {
    throw new Error("the program's own code is not run")
  }
}
registerReference("inspect.test#Ticket", Ticket)
class Plain {
  a = 1
}
registerReference("inspect.test#Plain", Plain)
for (const early of [true, false]) {
  const Made = class {
    early = early
  }
  const forbidden = (): never => {
    throw new Error("the program's own code is not run")
  }
  registerKind({
    name: `inspect.test.${early ? "early" : "late"}`,
    test: value => value instanceof Made,
    take: () => ({ part: 1 }),
    allocate: early ? (_parts?: object) => forbidden() : () => forbidden(),
  })
  Object.assign(globalThis, { [`inspect${early ? "Early" : "Late"}`]: Made })
}

describe("a record shows, without the program", () => {
  test("a view of memory that goes beside the bytes, while that is there", () => {
    const shared = new Int32Array(new SharedArrayBuffer(8))
    expect(boxOf(shared)).toMatchObject({ name: "box", text: expect.stringContaining("Int32Array") })
  })
  test("its frames with places, points, surroundings, and live locals by name with sizes", () => {
    const { frames, status, resume, context, bytes } = viewOf("lamp")
    expect(frames).toEqual([
      {
        name: "pack",
        function: "src/order.ts#Shop.pack~2",
        hash: "h1",
        file: "src/order.ts",
        line: 17,
        column: 3,
        point: "yield* sleep",
        path: ["loop", "handling"],
        locals: [
          { name: "box", kind: "string", text: '"lamp"', size: 6 },
          { name: "caught", kind: "RangeError", text: "RangeError: no room", size: expect.any(Number) },
          { name: "$cursor", kind: "Array", text: "Array(2)", size: expect.any(Number) },
        ],
        captured: [],
      },
    ])
    expect([status, resume.kind, bytes]).toEqual(["ready", "next", expect.any(Number)])
    expect(context).toEqual({
      variables: [{ name: "src/order.ts#customer", kind: "string", text: '"Ada"', size: 5 }],
      priority: "normal",
      recursion: { depth: 1, limit: 500 },
      handled: [expect.objectContaining({ text: "RangeError: no room" })],
    })
  })

  test("instances, kinds and functions by their names, running nothing of theirs", () => {
    const { inspectEarly, inspectLate } = globalThis as unknown as Record<string, new () => object>
    expect(boxOf(new Ticket())).toMatchObject({ kind: "inspect.test#Ticket", text: expect.stringContaining("state") })
    expect(boxOf(new Plain())).toMatchObject({ kind: "inspect.test#Plain", text: "inspect.test#Plain { a }" })
    for (const Made of [inspectEarly, inspectLate] as (new () => object)[])
      expect(boxOf(new Made())).toMatchObject({
        kind: expect.stringMatching(/^inspect\.test\.(early|late)$/),
        text: expect.stringContaining("part"),
      })
    expect(boxOf(code.single?.fn)).toMatchObject({ kind: "function", text: "function pack" })
    expect(boxOf(Math.max)).toMatchObject({ kind: "function", text: "function js:Math.max" })
  })

  test("how it goes on, why it is interrupted, and what it will run if it has not begun", () => {
    const failing = viewOf(1, { resumeKind: THROW, resumeValue: new TypeError("later") })
    expect(failing.resume).toMatchObject({ kind: "throw", value: { text: "TypeError: later" } })
    const waiting = { resumeKind: AGAIN, resumeValue: new Plain() } as const
    expect(viewOf(1, waiting)).toMatchObject({ status: "waiting", resume: { kind: "again" } })
    expect(String(FiberRecord.of(stopped(1, waiting)))).toMatch(/^fiber 1\.2 \(order\), \d+ bytes, waiting\n/)
    const root = new Computation(code.single as Closure, undefined, [1, { two: 2 }])
    const fresh = viewOf(1, { status: "unstarted", root, top: null })
    expect(fresh).toMatchObject({
      frames: [],
      start: { function: code.id, arguments: [{ text: "1" }, { text: "{ two }" }] },
    })
  })

  test("where it was spawned, as the record has it", () => {
    const context = new Context()
    const plain = viewOf(1, { context })
    context.more().origin = ["main (src/order.ts:3:5)"]
    const tracked = stopped(1, { context })
    expect([plain.origin, viewOf(1, { context }).origin]).toEqual([null, ["main (src/order.ts:3:5)"]])
    expect(String(FiberRecord.of(tracked))).toMatch(/\n {2}spawned at main \(src\/order\.ts:3:5\)(\n|$)/)
  })

  test("a stopped fiber that has no bytes, with the reason why it is pinned", () => {
    expect(inspect(stopped(new WeakMap(), { pinned: "it holds a lock" }))).toMatchObject({
      bytes: null,
      pinned: "it holds a lock",
      frames: [{ locals: [{ kind: "WeakMap" }, {}, {}] }],
    })
  })
})

test("as text: for people, one line per frame, local and variable", () => {
  expect(textOf({ ...viewOf("lamp"), bytes: 321, pinned: "it holds a lock" }).split("\n")).toEqual([
    "fiber 1.2 (order), 321 bytes, ready",
    "  at pack (src/order.ts:17:3) yield* sleep in loop › handling",
    '      box = "lamp" (6 bytes)',
    expect.stringMatching(/^ {6}caught = RangeError: no room \(\d+ bytes\)$/),
    expect.stringMatching(/^ {6}the compiler's own: \d+ bytes$/),
    '  variable src/order.ts#customer = "Ada" (5 bytes)',
    "  handling RangeError: no room",
    "  depth 1 of 500",
    "  pinned: it holds a lock",
  ])
  expect(String(FiberRecord.of(stopped(1)))).toMatch(/^fiber 1\.2 \(order\), \d+ bytes/)
})

test("sizes: what one value leads to is not counted again, and buffers count whole", () => {
  const sizes = new Sizes()
  const big = new Uint8Array(10_000)
  const shared = { big }
  expect(sizes.of([shared])).toBeGreaterThan(10_000)
  expect(sizes.of([shared])).toBeLessThan(20)
  let chain: object | null = null
  for (let i = 0; i < 200_000; i++) chain = { chain }
  expect(new Sizes().of(chain)).toBeGreaterThan(200_000)
  const view = viewOf(big).frames[0]?.locals[0]
  expect(view).toMatchObject({ kind: "Uint8Array", text: "Uint8Array(10000 bytes)" })
  expect(view?.size).toBeGreaterThan(10_000)
})

test("values in a few words; nothing of theirs runs", () => {
  const hostile = Object.defineProperty({}, "constructor", { get: () => expect.fail("a getter ran") })
  expect(kindOfValue(hostile)).toBe("Object")
  const words = [
    undefined,
    null,
    -0,
    12n,
    Symbol("s"),
    new Map([[1, 2]]),
    new Date(0),
    [],
    { a: 1 },
    "x".repeat(99),
  ].map(textOfValue)
  expect(words).toEqual([
    "undefined",
    "null",
    "-0",
    "12n",
    "Symbol(s)",
    "Map(1)",
    "1970-01-01T00:00:00.000Z",
    "Array(0)",
    "{ a }",
    `"${"x".repeat(60)}…"`,
  ])
})

test("values that only look like what they inherit from, have lost their content, or say otherwise themselves", () => {
  const lying = Object.defineProperty(new ArrayBuffer(3), "byteLength", { get: () => expect.fail("a getter ran") })
  const text = { toString: () => expect.fail("a method ran") }
  const lost = new DataView(new ArrayBuffer(3))
  structuredClone(lost.buffer, { transfer: [lost.buffer] })
  const heirs = [Date, Map, Set, ArrayBuffer, DataView, Uint8Array].map(made => Object.create(made.prototype) as object)
  expect(heirs.map(textOfValue)).toEqual([
    "Date {}",
    "Map {}",
    "Set {}",
    "ArrayBuffer {}",
    "DataView {}",
    "Uint8Array {}",
  ])
  const said = [new Date(Number.NaN), lying, lost, Object.assign(new Error(), { message: text })].map(textOfValue)
  expect(said).toEqual(["Invalid Date", "ArrayBuffer(3 bytes)", "DataView {}", "Error: Object"])
  expect(textOfValue(Object.defineProperty(() => {}, "name", { value: text }))).toBe("function Object")
  expect(new Sizes().of(lying)).toBeGreaterThan(7)
  expect(boxOf(new Date(Number.NaN))).toMatchObject({ kind: "Date", text: "Invalid Date" })
})

test("a value that is no fiber, damaged bytes and forged ones are refused, never worse", () => {
  expect(() => new FiberRecord(new ArrayBuffer(8)).toJSON()).toThrow(expect.objectContaining({ code: "ROVE_RECORD" }))
  const record = FiberRecord.of(stopped({ list: [1, "two", new Plain()] }))
  expect(clone(record).toJSON()).toEqual(record.toJSON())
  const bytes = new Uint8Array(record.bytes)
  for (let at = 0; at < bytes.length; at++) {
    const flipped = bytes.slice()
    flipped[at] = (flipped[at] as number) ^ 1
    expect(() => new FiberRecord(flipped).toJSON()).toThrow(expect.objectContaining({ code: "ROVE_RECORD" }))
  }
})
