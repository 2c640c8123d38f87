import { isDeepStrictEqual } from "node:util"
import { describe, expect, test } from "vitest"
import {
  Closure,
  Computation,
  clone,
  DECODE,
  decode,
  defineCode,
  describe as describeRecord,
  ENCODE,
  encode,
  FiberRecord,
  Frame,
  framesSeen,
  inspect,
  NotPortableError,
  RecordError,
  RUNNING,
  registerReference,
  StoppedFiber,
  stamp,
} from "../index.ts"

const GLOBALS = [
  "AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError Float32Array",
  "Float64Array Function Int16Array Int32Array Int8Array Iterator JSON Map Math Number Object Promise Proxy RangeError",
  "Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError TextDecoder TextEncoder TypeError URIError Uint16Array",
  "Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet",
].flatMap(line => line.split(" "))
const iterators = [[].values(), "".matchAll(/a/g), ""[Symbol.iterator](), new Map().values(), new Set().values()]
const { getPrototypeOf } = Object

/** All objects of the language that have functions. */
const homes: object[] = [
  globalThis,
  ...GLOBALS.map(name => (globalThis as unknown as Record<string, { prototype?: object }>)[name] ?? {}).flatMap(made =>
    made.prototype === undefined ? [made] : [made, made.prototype],
  ),
  ...iterators.map(getPrototypeOf),
  ...[Uint8Array, Uint8Array.prototype].map(getPrototypeOf),
  getPrototypeOf(getPrototypeOf((function* () {})())),
]

/** Every function there that a program can replace; a `constructor` belongs to its class, and `prepareStackTrace` is a program's. */
const replaceable = homes.flatMap(home =>
  Reflect.ownKeys(home).flatMap(key => {
    const own = Object.getOwnPropertyDescriptor(home, key) as PropertyDescriptor
    const isTaken = typeof own.value === "function" && (own.configurable || own.writable)
    const isLanguages = home === globalThis ? GLOBALS.includes(String(key)) : key !== "constructor"
    return isTaken && isLanguages && key !== "prepareStackTrace" ? [{ home, key, own }] : []
  }),
)

const { defineProperty, getOwnPropertyDescriptor } = Object
const Failure = Error
const toText = String

/** Runs `work` while every one of them is replaced by a function that throws; gives what was called, and what was not there any more afterwards. */
function withAllReplaced(work: () => void): { called: string[]; lost: PropertyKey[] } {
  const called: string[] = []
  const lost: PropertyKey[] = []
  let calls = 0
  let losses = 0
  const { prepareStackTrace } = Failure
  Failure.prepareStackTrace = undefined as never
  const replacements: (() => never)[] = []
  for (let i = 0; i < replaceable.length; i++) {
    const { home, key, own } = replaceable[i] as (typeof replaceable)[0]
    const value = (): never => {
      called[calls++] = toText(key)
      throw new Failure(`${toText(key)} was called`)
    }
    replacements[i] = value
    const { writable, enumerable, configurable } = own as Required<PropertyDescriptor>
    defineProperty(home, key, { value, writable, enumerable, configurable })
  }
  try {
    work()
  } finally {
    for (let i = 0; i < replaceable.length; i++) {
      const { home, key, own } = replaceable[i] as (typeof replaceable)[0]
      if (getOwnPropertyDescriptor(home, key)?.value !== replacements[i]) lost[losses++] = key
      defineProperty(home, key, own)
    }
    Failure.prepareStackTrace = prepareStackTrace
  }
  return { called, lost }
}

class Point {
  x = 1
  next: unknown = null
}
class Packed {
  state: unknown
  constructor(state: unknown) {
    this.state = state
  }
  [ENCODE](): unknown {
    return this.state
  }
  [DECODE](state: unknown): void {
    this.state = state
  }
}
registerReference("pristine.test.Point", Point)
registerReference("pristine.test.Packed", Packed)

/** A generator function at module level, as the compiler defines one, and a closure that captures. */
class WalkFrame extends Frame {
  n: unknown = undefined
  $e: unknown = undefined
}
const step = () => undefined
const point = { id: "yield", path: ["try"], line: 14, column: 2, live: ["n", "$e"], handled: ["$e"] }
const walk = defineCode({
  ...{ id: "pristine/walk.ts#walk", hash: "h1", name: "walk", url: "file:///walk.ts", kind: "generator" },
  ...{ points: [point], captures: [], Frame: WalkFrame, make: null },
})
walk.single = new Closure(walk, step, step, [])
const counter = defineCode({
  ...{ id: "pristine/walk.ts#walk.counter", hash: "c1", name: "counter", url: "file:///walk.ts", kind: "function" },
  ...{ points: [], captures: ["count"], Frame: null },
  make: (count: { v: number }) => {
    const closure = new Closure(counter, step, step, [count])
    closure.fn = stamp(() => ++count.v, closure)
    return closure.fn
  },
})
const makeCounter = counter.make as unknown as (count: { v: number }) => () => number

function stoppedFiber(): StoppedFiber {
  const root = Object.assign(new Computation(walk.single as Closure, undefined, null), { status: RUNNING })
  const frame = (n: unknown, caller: Frame) =>
    Object.assign(new WalkFrame(walk.single as Closure), { n, caller, pc: 0 })
  const top = frame(new Map([["a", [1, 2]]]), frame({ text: "b" }, root))
  const fields = { id: "1-1", name: "f", home: 1, status: "ready", topDepth: 2, root, inner: root, top } as const
  return Object.assign(new StoppedFiber(), fields)
}

function someErrors(): unknown {
  const cause = Object.assign(new Error("b"), { code: "E" })
  const errors = [cause, new TypeError("a", { cause }), new AggregateError([cause], "all")]
  // their text is written when somebody asks for it, by the platform
  for (const error of errors) void error.stack
  return errors
}

const cyclic: Record<string, unknown> = { list: [1, 2.5, -3, 0, -0, "text", null, undefined, true, 10n ** 20n] }
cyclic.self = cyclic
const buffer = new ArrayBuffer(16)
const hidden = { value: 2, enumerable: false }
const HIDDEN = { writable: true, enumerable: false, configurable: true }

const values: Readonly<Record<string, () => unknown>> = {
  "plain objects and arrays": () => cyclic,
  "wide strings and long ones": () => [
    "a".repeat(100),
    "é".repeat(100),
    "€".repeat(50),
    "ü",
    "日本",
    "x".repeat(20_000),
  ],
  "a long chain": () => Array.from({ length: 100 }).reduce((next: unknown) => ({ next }), null),
  "many objects": () => Array.from({ length: 200 }, (_, i) => ({ id: i, name: `item ${i}` })),
  // biome-ignore lint/suspicious/noSparseArray: holes are the subject
  "holes and far elements": () => [[1, , 3, , ,], Object.assign([], { 1000: 1, tag: "x" })],
  "Maps and Sets": () => new Map<unknown, unknown>([[{ a: 1 }, new Set([1, cyclic])]]),
  symbols: () => [Symbol.for("registered"), Symbol.iterator],
  "Dates and regular expressions": () => [new Date(5), Object.assign(/a(b)/gi, { lastIndex: 2 })],
  "boxed primitives": () => [Object(1), Object("ab"), Object(true), Object(1n), Object(Symbol.iterator)],
  "buffers and views": () => [buffer, new Uint8Array(buffer, 4, 8), new DataView(buffer), new Float64Array(2)],
  "resizable buffers and Node's": () => [Buffer.from("abc"), new Uint8Array(new ArrayBuffer(8, { maxByteLength: 16 }))],
  errors: someErrors,
  "attributes and integrity": () => Object.freeze(Object.defineProperty({ a: 1, b: Object.seal([1]) }, "c", hidden)),
  "objects without a prototype, or with one of their own": () => [
    Object.assign(Object.create(null), { a: 1 }),
    Object.create({ inherited: [1] }),
  ],
  "arguments objects": () =>
    (function (..._: unknown[]) {
      // biome-ignore lint/complexity/noArguments: they are the subject
      return arguments
    })(1, {}),
  "functions of the language": () => [Math, JSON],
  "instances of registered classes": () => [Object.assign(new Point(), { next: new Point() }), new Packed({ a: [1] })],
  "the record of a fiber": stoppedFiber,
}

describe("where a program has replaced all functions of the language, none of its own is called for", () => {
  test.each(Object.entries(values))("%s", (_, make) => {
    const value = make()
    let results: unknown[] = []
    const { called, lost } = withAllReplaced(() => {
      const { bytes } = encode(value)
      results = [decode(bytes), clone(value)]
    })
    expect(called).toEqual([])
    expect(lost).toEqual([])
    expect(results.map(result => isDeepStrictEqual(result, value))).toEqual([true, true])
  })

  test("closures", () => {
    const count = { v: 10 }
    const counters = [makeCounter(count), makeCounter(count)]
    let results: (typeof counters)[] = []
    const { called } = withAllReplaced(() => {
      results = [decode(encode(counters).bytes) as typeof counters, clone(counters)]
    })
    expect(called).toEqual([])
    expect(results.map(([a, b]) => [a?.(), b?.()])).toEqual([
      [11, 12],
      [11, 12],
    ])
  })

  test("what is shown of a record", () => {
    const record = encode(stoppedFiber())
    let view: unknown
    expect(withAllReplaced(() => (view = inspect(record))).called).toEqual([])
    expect(view).toMatchObject({ id: "1-1", frames: [{ name: "walk" }, { name: "walk" }] })
  })

  test("the same as text, and the frames of a fiber that is not saved", () => {
    const fiber = stoppedFiber()
    const view = inspect(encode(fiber))
    let text = ""
    let frames: unknown
    const { called } = withAllReplaced(() => {
      text = describeRecord(view)
      frames = framesSeen(fiber)
    })
    expect(called).toEqual([])
    expect(text).toBe(describeRecord(view))
    expect(frames).toEqual(framesSeen(fiber))
  })

  test("a record of given bytes", () => {
    const { view } = encode(stoppedFiber())
    let record: FiberRecord | undefined
    let opened: unknown
    const { called } = withAllReplaced(() => {
      record = new FiberRecord(view)
      opened = record.open()
    })
    expect(called).toEqual([])
    expect(opened).toBeInstanceOf(StoppedFiber)
  })

  test("options, and a flat object where objects are registered", () => {
    const constants = { limit: 5 }
    registerReference("pristine.test.constants", constants)
    const local = {}
    let results: unknown[] = []
    const { called } = withAllReplaced(() => {
      const { bytes } = encode([local], { reference: value => (value === local ? "local" : undefined), label: "it" })
      results = [decode(bytes, { resolve: () => local }), clone({ a: 1 }), clone(constants)]
    })
    expect(called).toEqual([])
    expect(results).toEqual([[local], { a: 1 }, constants])
    expect(results[2]).toBe(constants)
  })

  test("what is refused: the path and the reason are as they would be without", () => {
    const { bytes } = encode({ a: new Map([[1, "x"]]) })
    const damaged = new Uint8Array(bytes.slice(0)).fill(0, 20)
    const unfit = { list: [new Map([["key", { deep: [() => 1] }]])] }
    const works = [() => encode(unfit), () => clone(unfit), () => decode(damaged)]
    const errors: unknown[] = []
    const { called } = withAllReplaced(() => {
      for (let i = 0; i < works.length; i++) {
        try {
          ;(works[i] as () => unknown)()
        } catch (error) {
          errors[i] = error
        }
      }
    })
    expect(called).toEqual([])
    expect(errors.map(error => (error as Error).constructor)).toEqual([NotPortableError, NotPortableError, RecordError])
    expect((errors[0] as Error).message).toMatch(
      /^\.list › \[0\] › Map value of "key" › \.deep › \[0\]: an anonymous function/,
    )
  })
})

/** Places where the language asks for what it has nothing of. */
const places = (home: object, ...keys: PropertyKey[]) => keys.map(key => ({ home, key }))
const ASKED = [
  ...places(String.prototype, Symbol.split, Symbol.replace, Symbol.match, Symbol.matchAll, Symbol.search),
  ...places(getPrototypeOf(getPrototypeOf([].values())) as object, "return"),
].map(place => ({ ...place, own: getOwnPropertyDescriptor(place.home, place.key) }))

/** Runs `work` while a program has something there; gives what was asked for. */
function withAllAdded(work: () => void): PropertyKey[] {
  const asked: PropertyKey[] = []
  let asking = 0
  for (let i = 0; i < ASKED.length; i++) {
    const { home, key } = ASKED[i] as (typeof ASKED)[0]
    const get = (): undefined => {
      asked[asking++] = key
    }
    defineProperty(home, key, { get, configurable: true })
  }
  try {
    work()
  } finally {
    for (let i = 0; i < ASKED.length; i++) {
      const { home, key, own } = ASKED[i] as (typeof ASKED)[0]
      if (own === undefined) Reflect.deleteProperty(home, key)
      else defineProperty(home, key, own)
    }
  }
  return asked
}

describe("what a program has added where the language asks for it is not asked", () => {
  test.each(Object.entries(values))("%s", (_, make) => {
    const value = make()
    let results: unknown[] = []
    const asked = withAllAdded(() => {
      const { bytes } = encode(value)
      results = [decode(bytes), clone(value)]
    })
    expect(asked).toEqual([])
    expect(results.map(result => isDeepStrictEqual(result, value))).toEqual([true, true])
  })

  test("what is shown of a record and of a fiber", () => {
    const fiber = stoppedFiber()
    const record = encode(fiber)
    const texts = () => [describeRecord(inspect(record)), framesSeen(fiber)]
    const native = texts()
    let shown: unknown
    expect(withAllAdded(() => (shown = texts()))).toEqual([])
    expect(shown).toEqual(native)
  })
})

describe("a program keeps what it has done to the language:", () => {
  const home = Array.prototype as unknown as Record<PropertyKey, unknown>
  const value = { list: [1, [2]], map: new Map([["a", new Set([1])]]) }

  /** Does something to it and tells what is left of that after our work. */
  function left(change: () => void, key: PropertyKey): PropertyDescriptor | undefined {
    const own = getOwnPropertyDescriptor(home, key) as PropertyDescriptor
    let copies: unknown[] = []
    change()
    try {
      copies = [decode(encode(value).bytes), clone(value)]
      return getOwnPropertyDescriptor(home, key)
    } finally {
      defineProperty(home, key, own)
      expect(copies).toEqual([value, value])
    }
  }

  test("what it has taken away", () => {
    expect(left(() => delete home[Symbol.iterator], Symbol.iterator)).toBeUndefined()
    expect(left(() => delete home.map, "map")).toBeUndefined()
  })
  test("what it has replaced, with its attributes", () => {
    const change = { value: () => [], writable: false, enumerable: true, configurable: true }
    expect(left(() => defineProperty(home, "map", change), "map")).toEqual(change)
  })
  test("what it has replaced by an accessor", () => {
    const change = { get: () => () => [], enumerable: false, configurable: true }
    expect(left(() => defineProperty(home, "map", change), "map")).toMatchObject(change)
  })

  test("what it has there, although another function cannot even be read, and neither can it then", () => {
    const unreadable = {
      get(): never {
        throw new Failure("not here")
      },
      ...{ enumerable: false, configurable: true },
    }
    const at = () => undefined
    const ownAt = getOwnPropertyDescriptor(home, "at") as PropertyDescriptor
    try {
      // the one is found to be replaced before the other is read, or the other way round
      for (const key of ["with", "concat"]) {
        const change = () => {
          defineProperty(home, "at", { ...ownAt, value: at })
          defineProperty(home, key, unreadable)
        }
        expect(left(change, key)).toMatchObject(unreadable)
        expect(home.at).toBe(at)
      }
    } finally {
      defineProperty(home, "at", ownAt)
    }
  })

  test("what one of its functions has put there while it ran within a call, or taken away", () => {
    const [before, later] = [() => [], () => []]
    const changes: [result: PropertyDescriptor | undefined, change: () => void][] = [
      [{ value: later, ...HIDDEN }, () => defineProperty(home, "map", { value: later, ...HIDDEN })],
      [undefined, () => delete home.map],
    ]
    for (const [result, change] of changes) {
      class Changing extends Packed {
        override [ENCODE](): unknown {
          change()
          return null
        }
      }
      registerReference("pristine.test.Changing", Changing)
      expect(
        left(() => {
          defineProperty(home, "map", { value: before, ...HIDDEN })
          encode(new Changing(null))
        }, "map"),
      ).toEqual(result)
    }
  })
})

describe("saving, restoring and copying go on where a program", () => {
  const octets = Uint8Array.prototype
  const typed = getPrototypeOf(octets) as object
  const value = { bytes: new Uint8Array([1, 2]), map: new Map([["a", Symbol.iterator]]), list: ["ä", 1n] }
  function refuses(): never {
    throw new Failure("asked")
  }

  test.each<readonly [string, object, PropertyKey, PropertyDescriptor]>([
    ["gave arrays of bytes another length", typed, "length", { get: () => 0 }],
    ["gave arrays of bytes a length of their own that throws", octets, "length", { get: refuses }],
    ["gave them another length in bytes", typed, "byteLength", { get: refuses }],
    ["made the length of arrays of bytes a constant", typed, "length", { value: 1 }],
    ["gave arrays of bytes another constructor", octets, "constructor", { value: getPrototypeOf(Uint8Array) }],
    ["gave arrays of bytes parts of their own", octets, "subarray", { value: refuses }],
  ])("%s, and it has that afterwards", (_, home, key, change) => {
    const own = getOwnPropertyDescriptor(home, key)
    let copies: unknown[] = []
    let left: PropertyDescriptor | undefined
    defineProperty(home, key, { ...change, configurable: true })
    try {
      copies = [decode(encode(value).bytes), clone(value)]
      left = getOwnPropertyDescriptor(home, key)
    } finally {
      if (own === undefined) Reflect.deleteProperty(home, key)
      else defineProperty(home, key, own)
    }
    expect(copies).toEqual([value, value])
    expect(left).toMatchObject(change)
  })

  test("took the constructor of arrays of bytes away", () => {
    const own = getOwnPropertyDescriptor(octets, "constructor") as PropertyDescriptor
    Reflect.deleteProperty(octets, "constructor")
    let copy: unknown
    try {
      copy = decode(encode(value).bytes)
      expect(Object.hasOwn(octets, "constructor")).toBe(false)
    } finally {
      defineProperty(octets, "constructor", own)
    }
    expect(copy).toEqual(value)
  })
})
