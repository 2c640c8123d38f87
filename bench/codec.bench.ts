/** Measures the codec: a suspended fiber to bytes and back, and handing a value over, beside what the platform has. */

import { deserialize, serialize } from "node:v8"
import {
  Binding,
  Closure,
  type Code,
  Computation,
  Context,
  clone,
  declareVariable,
  decode,
  defineCode,
  encode,
  Frame,
  RUNNING,
  SHARED,
  StoppedFiber,
  Variables,
} from "@rove/core"
import { Packr } from "msgpackr"
import { compare, measure } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"

type Fields = Record<string, unknown>

/** What the six frames hold: what a program that walks a tree of files would. */
const locals: readonly Fields[] = [
  { path: "/srv/data/a/b/c.txt", size: 18_221, line: 14, word: "strand" },
  { entry: { name: "c.txt", kind: "file", size: 18_221 }, index: 3, count: 12 },
  { directory: "/srv/data/a/b", entries: ["a.txt", "b.txt", "c.txt", "d.txt"], found: 2, ratio: 0.75 },
  { directory: "/srv/data/a", depth: 2, seen: { files: 112, folders: 9, bytes: 1_802_313 } },
  { root: "/srv/data", options: { hidden: false, follow: true, limit: 1_000 }, started: 1_790_000_000_123 },
  { attempt: 1, result: null, tags: ["survey", "nightly"] },
]

/** The frames' classes, with named fields as the compiler generates them. */
const classes: readonly (new (closure: Closure) => Frame)[] = [
  class extends Frame {
    declare path: unknown
    declare size: unknown
    declare line: unknown
    declare word: unknown
    constructor(closure: Closure) {
      super(closure)
      this.path = undefined
      this.size = undefined
      this.line = undefined
      this.word = undefined
    }
  },
  class extends Frame {
    declare entry: unknown
    declare index: unknown
    declare count: unknown
    constructor(closure: Closure) {
      super(closure)
      this.entry = undefined
      this.index = undefined
      this.count = undefined
    }
  },
  class extends Frame {
    declare directory: unknown
    declare entries: unknown
    declare found: unknown
    declare ratio: unknown
    constructor(closure: Closure) {
      super(closure)
      this.directory = undefined
      this.entries = undefined
      this.found = undefined
      this.ratio = undefined
    }
  },
  class extends Frame {
    declare directory: unknown
    declare depth: unknown
    declare seen: unknown
    constructor(closure: Closure) {
      super(closure)
      this.directory = undefined
      this.depth = undefined
      this.seen = undefined
    }
  },
  class extends Frame {
    declare root: unknown
    declare options: unknown
    declare started: unknown
    constructor(closure: Closure) {
      super(closure)
      this.root = undefined
      this.options = undefined
      this.started = undefined
    }
  },
  class extends Frame {
    declare attempt: unknown
    declare result: unknown
    declare tags: unknown
    constructor(closure: Closure) {
      super(closure)
      this.attempt = undefined
      this.result = undefined
      this.tags = undefined
    }
  },
]

/** A compiled function at module level, as the compiler would define it. */
function codeOf(index: number): Code {
  const name = `walk${index}`
  const point = {
    id: "yield* walk",
    path: ["loop"],
    line: 14,
    column: 2,
    live: Object.keys(locals[index] as Fields),
    handled: [],
  }
  const code = defineCode({
    id: `bench/walk.ts#${name}`,
    hash: `${name}-0123456789abcdef`,
    name,
    url: "",
    kind: "generator",
    points: [{ ...point, live: [] }, point],
    captures: [],
    Frame: classes[index] as new (closure: Closure) => Frame,
    make: null,
  })
  const step = () => undefined
  code.single = new Closure(code, step, step, [])
  return code
}

function sixFrames(): StoppedFiber {
  const codes = locals.map((_, i) => codeOf(i))
  const root = new Computation(codes[5]?.single as Closure, undefined, null)
  root.status = RUNNING
  let caller: Frame = root
  for (let i = 5; i >= 0; i--) {
    const closure = codes[i]?.single as Closure
    const frame = Object.assign(new closure.Frame(closure), locals[i], { pc: 1, caller })
    caller = frame
  }
  const context = new Context(
    Variables.of([new Binding(declareVariable("bench/walk.ts#tenant"), "acme", SHARED)]),
    100_000,
  )
  const fields = {
    id: "1-42",
    name: "walk",
    home: 1,
    status: "ready",
    root,
    context,
    top: caller,
    topDepth: 6,
  } as const
  return Object.assign(new StoppedFiber(), fields, { inner: root, resumeValue: 7 })
}

/** The same as plain data: what somebody would write who keeps frames in objects. */
function samePlainData(): object {
  return {
    version: 1,
    id: "1-42",
    name: "walk",
    home: 1,
    status: "ready",
    frames: locals.map((live, i) => ({
      code: `bench/walk.ts#walk${i}`,
      hash: `walk${i}-0123456789abcdef`,
      pc: 1,
      live,
    })),
    context: { variables: new Map([["bench/walk.ts#tenant", "acme"]]), recursionLimit: 100_000 },
    topDepth: 6,
    resume: { kind: 0, value: 7 },
    interrupt: null,
  }
}

const WARM_UP = 20_000

function repeat(run: () => unknown): (iterations: number) => void {
  return iterations => {
    for (let i = 0; i < iterations; i++) run()
  }
}

export default async function bench({ quick }: { readonly quick: boolean }): Promise<Row[]> {
  // v8.serialize makes Buffers, and what collecting them takes is a third of its price: ours paid it, whose turn it was then
  const effort = { quick, collects: true }
  const record = sixFrames()
  const plain = samePlainData()
  const rows: Row[] = []

  const beside = async (
    name: string,
    own: () => unknown,
    peer: string,
    other: () => unknown,
    bar: number,
    aim: number,
  ) => {
    const result = await compare(repeat(own), repeat(other), effort)
    rows.push(
      row({
        subject: "codec",
        case: name,
        value: result.own / 1000,
        unit: "µs",
        against: { peer, value: result.peer / 1000, ratio: result.faster },
        bar,
        aim,
      }),
    )
  }
  const there = () => decode(encode(record).view)
  // beyond what measuring warms up: on a busy machine the engine's compiler comes late
  repeat(there)(WARM_UP)
  await beside("six frames, encode + decode", there, "structuredClone", () => structuredClone(plain), 1, 2)
  await beside("six frames, encode + decode", there, "v8.serialize", () => deserialize(serialize(plain)), 2, 4)
  // shared structures are the fastest that it has; `moreTypes` is what Maps need
  const packr = new Packr({ structures: [], moreTypes: true })
  await beside("six frames, encode + decode", there, "msgpackr", () => packr.unpack(packr.pack(plain)), 0.4, 1)
  await beside(
    "the same as plain data",
    () => decode(encode(plain).view),
    "structuredClone",
    () => structuredClone(plain),
    1,
    2,
  )
  await beside(
    "the same as plain data, clone",
    () => clone(plain),
    "structuredClone",
    () => structuredClone(plain),
    1,
    2,
  )
  await beside(
    "{a: 1, b: 2}, clone",
    () => clone({ a: 1, b: 2 }),
    "structuredClone",
    () => structuredClone({ a: 1, b: 2 }),
    2,
    4,
  )
  const list = Array.from({ length: 1000 }, (_, i) => ({ id: i, name: `item ${i}`, price: i * 1.1 }))
  await beside(
    "1,000 objects, encode + decode",
    () => decode(encode(list).view),
    "structuredClone",
    () => structuredClone(list),
    1,
    2,
  )

  const alone = async (name: string, run: () => unknown, bar: number, aim: number) => {
    const value = (await measure(repeat(run), effort)) / 1000
    rows.push(row({ subject: "codec", case: name, value, unit: "µs", bar, aim }))
  }
  const small = { a: 1, b: 2 }
  await alone("clone of {a: 1, b: 2}", () => clone(small), 0.5, 0.25)
  await alone("clone of a number", () => clone(1), 0.05, 0.01)
  const { bytes } = encode(record)
  rows.push(row({ subject: "codec", case: "six frames", value: bytes.byteLength, unit: "bytes" }))
  await alone("six frames, encode", () => encode(record), 20, 4)
  await alone("six frames, decode", () => decode(bytes), 20, 4)
  return rows
}
