import { describe, expect, test } from "vitest"
import { Binding, declareVariable, SHARED, Variables } from "../../context/variables.ts"
import {
  Closure,
  type Code,
  Computation,
  Context,
  clone,
  decode,
  defineCode,
  encode,
  Frame,
  RUNNING,
  registerReference,
  StoppedFiber,
  stamp,
  stampOf,
  UNSTARTED,
} from "../../index.ts"

const step = () => undefined

/** A generator function at module level, as the compiler defines one: parameters n, then locals total and inner. */
class WalkFrame extends Frame {
  n: unknown = undefined
  total: unknown = undefined
  inner: unknown = undefined
}

function defineWalk(hash = "h1", live = ["n", "total"], points = 3): Code {
  const point = { id: "yield", path: [], line: 14, column: 2, live, handled: [] }
  const code = defineCode({
    id: "app/walk.ts#walk",
    hash,
    name: "walk",
    url: "file:///app/walk.ts",
    kind: "generator",
    points: [{ ...point, id: "start", live: ["n"] }, point, { ...point, id: "yield* walk", live: ["inner"] }].slice(
      0,
      points,
    ),
    captures: [],
    Frame: WalkFrame,
    make: null,
  })
  code.single = new Closure(code, step, step, [])
  code.single.fn = stamp(function* walk() {}, code.single)
  stamp((code.single.fn as { prototype: object }).prototype, code.single)
  return code
}

/** A closure that counts: `() => ++count.v + step` in a compiled generator. */
const counter = defineCode({
  id: "app/walk.ts#walk.counter",
  hash: "c1",
  name: "counter",
  url: "file:///app/walk.ts",
  kind: "function",
  points: [],
  captures: ["count", "by"],
  Frame: null,
  make: (count: { v: number }, by: unknown) => {
    const closure = new Closure(counter, step, step, [count, by])
    closure.fn = stamp(() => ++count.v + Number(typeof by === "function" ? by() : by), closure)
    return closure.fn
  },
})
type Count = () => number
const makeCounter = counter.make as unknown as (count: { v: number }, by: unknown) => Count

function frameOf(code: Code, pc: number, fields: object, caller: Frame | null = null): WalkFrame {
  return Object.assign(new WalkFrame(code.single as Closure), fields, { pc, caller })
}

const ways: [string, <T>(value: T) => T][] = [
  ["decode(encode)", value => decode(encode(value).bytes) as typeof value],
  ["clone", clone],
]

describe.each(ways)("%s", (_, go) => {
  test("functions at module level are themselves, and so is the prototype of their generators", () => {
    const { single } = defineWalk()
    const fn = single?.fn as { prototype: object }
    const back = go([fn, single, fn.prototype])
    expect(back[0] === fn && back[1] === single && back[2] === fn.prototype).toBe(true)
  })

  test("two closures that share a variable share it again, and not with the first two", () => {
    const cell = { v: 10 }
    const [one, two] = go([makeCounter(cell, 0), makeCounter(cell, 0)]) as [Count, Count]
    expect([one(), two(), one()]).toEqual([11, 12, 13])
    expect(cell.v).toBe(10)
    expect(stampOf(one)?.code).toBe(counter)
  })

  test("a closure that captures a closure, itself, and the frame it belongs to", () => {
    const cell: { v: unknown } = { v: null }
    const self = makeCounter(cell as { v: number }, makeCounter({ v: 1 }, 5))
    cell.v = self
    const frame = frameOf(defineWalk(), 1, { n: self, total: cell })
    const back = go(frame)
    expect((back.total as { v: unknown }).v).toBe(back.n)
    expect(back.n).not.toBe(self)
  })

  test("frames and other objects, by turns and more than a few, are each found again", () => {
    const code = defineWalk()
    const shared = Array.from({ length: 60 }, (_, i) => ({ i }))
    let caller: WalkFrame | null = null
    const frames: WalkFrame[] = []
    for (let i = 0; i < 60; i++) {
      caller = frameOf(code, 1, { n: shared[i], total: [shared[59 - i], frames[i >> 1], Symbol.iterator] }, caller)
      frames.push(caller)
    }
    const back = go({ frames, shared, symbol: Symbol("own"), top: caller })
    expect(back.top).toBe(back.frames[59])
    back.frames.forEach((frame, i) => {
      const [other, earlier] = frame.total as unknown[]
      expect([frame.n, other, earlier, frame.caller]).toEqual([
        back.shared[i],
        back.shared[59 - i],
        i === 0 ? undefined : back.frames[i >> 1],
        i === 0 ? null : back.frames[i - 1],
      ])
      expect(frame.n === back.shared[i] && other === back.shared[59 - i]).toBe(true)
      expect(earlier === back.frames[i >> 1] || i === 0).toBe(true)
      expect(frame.caller === (back.frames[i - 1] ?? null)).toBe(true)
    })
  })

  test("a hundred thousand closures, each captured by the next", () => {
    let chain = makeCounter({ v: 0 }, 1)
    for (let i = 0; i < 100_000; i++) chain = makeCounter({ v: i }, chain)
    let depth = 0
    for (let at: unknown = go(chain); typeof at === "function"; at = stampOf(at)?.env[1]) depth++
    expect(depth).toBe(100_001)
  })

  test("a function made by compiled code keeps its own properties", () => {
    const fn = Object.assign(makeCounter({ v: 0 }, 0), { label: { text: "x" } })
    const back = go(fn)
    expect(back.label).toEqual({ text: "x" })
    expect(back.label).not.toBe(fn.label)
  })

  test("a function whose prototype was changed keeps the new one: null, an object, or another function", () => {
    const base = { inherited: 1 }
    const parent = makeCounter({ v: 0 }, 0)
    const make = (prototype: object | null) => Object.setPrototypeOf(makeCounter({ v: 0 }, 0), prototype) as Count
    const [bare, heir, child, to, parentTo] = go([make(null), make(base), make(parent), base, parent])
    expect([bare, heir, child].map(fn => Object.getPrototypeOf(fn) as unknown)).toEqual([null, to, parentTo])
    expect((heir as unknown as { inherited: number }).inherited).toBe(1)
  })

  test("frames keep resume point, live locals and caller, and nothing that is dead", () => {
    const code = defineWalk()
    const shared = { entries: ["a"] }
    const older = frameOf(code, 2, { n: new WeakMap(), inner: shared })
    const back = go(frameOf(code, 1, { n: shared, total: 3, inner: new WeakMap() }, older))
    expect(back).toBeInstanceOf(WalkFrame)
    expect([back.pc, back.total, back.inner, back.closure]).toEqual([1, 3, undefined, code.single])
    const caller = back.caller as WalkFrame
    expect([caller.pc, caller.n, caller.caller]).toEqual([2, undefined, null])
    expect(caller.inner).toBe(back.n)
  })

  test("a computation with its frames, arguments and driver, in a circle through its bottom frame", () => {
    const code = defineWalk()
    const closure = code.single as Closure
    const unstarted = new Computation(closure, { self: true }, [1, [2]])
    const running = new Computation(closure, undefined, null)
    running.status = RUNNING
    running.top = frameOf(code, 1, { n: unstarted }, running)
    running.driver = unstarted
    running.height = 1
    running.baseDepth = 4
    const back = go(running)
    expect([back.status, back.height, back.baseDepth, back.of]).toEqual([RUNNING, 1, 4, closure])
    expect(back.top?.caller).toBe(back)
    expect((back.top as WalkFrame).n).toBe(back.driver)
    expect([back.driver?.args, back.driver?.self, back.driver?.status]).toEqual([[1, [2]], { self: true }, UNSTARTED])
  })

  test("a record of a fiber is one graph", () => {
    const code = defineWalk()
    const shared = Object.freeze({ tenant: "acme" })
    const record = new StoppedFiber()
    const root = new Computation(code.single as Closure, undefined, null)
    root.status = RUNNING
    const context = new Context(Variables.of([new Binding(declareVariable("tenant"), shared, SHARED)]), 500)
    Object.assign(record, {
      id: "1-2",
      name: "walk",
      status: "ready",
      root,
      context,
      top: frameOf(code, 1, { n: shared }, root),
    })
    const back = go(record)
    expect(back).toEqual(record)
    expect(back.context?.variables.get(declareVariable("tenant"))?.value).toBe((back.top as WalkFrame).n)
    expect(back.top?.caller).toBe(back.root)
  })

  test("a frame of a closure keeps the closure's captured variables", () => {
    class InnerFrame extends Frame {
      x: unknown = undefined
    }
    const point = { id: "yield", path: [], line: 1, column: 1, live: ["x"], handled: [] }
    const inner = defineCode({
      id: "app/walk.ts#walk.inner",
      hash: "i1",
      name: "inner",
      url: "",
      kind: "generator",
      points: [point],
      captures: ["cell"],
      Frame: InnerFrame,
      make: (cell: unknown) => stamp(function* () {}, new Closure(inner, step, step, [cell])),
    })
    const closure = stampOf((inner.make as (cell: unknown) => object)({ v: 1 })) as Closure
    const frame = Object.assign(new InnerFrame(closure), { x: closure.env[0] })
    const back = go([frame, new Computation(closure, undefined, [])] as const)
    expect(back[0].closure).not.toBe(closure)
    expect(back[0].x).toBe(back[0].closure.env[0])
    expect(back[1].of).toBe(back[0].closure)
  })
})

test("the modules of all codes are named, each once", () => {
  const code = defineWalk()
  registerReference("code.test#sentinel", Symbol.for("x"), "file:///app/other.ts")
  const { modules } = encode([frameOf(code, 1, {}), code.single?.fn, makeCounter({ v: 0 }, 0), [Symbol.for("x")]])
  expect(modules).toEqual(["file:///app/walk.ts"])
})

test("a registered constant is carried by name", () => {
  const uninitialized = Symbol("uninitialized")
  registerReference("code.test#uninitialized", uninitialized)
  expect((decode(encode({ local: uninitialized }).bytes) as { local: symbol }).local).toBe(uninitialized)
  expect(clone([uninitialized])[0]).toBe(uninitialized)
})

test("code that changed, moved or is missing is refused by a code of its own, before anything is made", () => {
  const { bytes } = encode(frameOf(defineWalk(), 1, { n: 1, total: 2 }))
  const refusal = (code: string, text: string) =>
    expect.objectContaining({ code, message: expect.stringContaining(text) })
  defineWalk("h2")
  expect(() => decode(bytes)).toThrow(refusal("ROVE_CODE_CHANGED", "app/walk.ts#walk: its hash was h1 and is h2"))
  defineWalk("h1", ["n", "other"])
  expect(() => decode(bytes)).toThrow(
    refusal(
      "ROVE_CODE_CHANGED",
      "live locals there that are no more: total\n    live locals there that are new: other",
    ),
  )
  defineWalk("h1", ["n"], 1)
  expect(() => decode(bytes)).toThrow(refusal("ROVE_CODE_CHANGED", 'stood at "yield" (line 14), which it has no more'))
  defineWalk()
  expect(decode(bytes)).toMatchObject({ n: 1, total: 2 })
  const other = new Uint8Array(encode(defineWalk().single?.fn).bytes)
  expect(decode(other)).toBeTypeOf("function")
  const late = defineCode({ ...defineWalk(), id: "app/late.ts#late" })
  late.single = new Closure(late, step, step, [])
  late.single.fn = stamp(() => 0, late.single)
  const single = encode(late.single.fn).bytes
  late.single = null
  expect(() => decode(single)).toThrow(refusal("ROVE_CODE_UNKNOWN", "has not run yet"))
})
