import {
  AGAIN,
  Binding,
  Closure,
  Computation,
  Context,
  clone,
  declareVariable,
  decode,
  defineCode,
  encode,
  FiberInterrupted,
  Frame,
  RETURN,
  RUNNING,
  SHARED,
  type StoppedFiber,
  Variables,
} from "@rove/core"
import { expect, test } from "vitest"
import { FiberState } from "./fiber.ts"
import { restore, save } from "./save.ts"

class LocalFrame extends Frame {
  n: unknown = undefined
}
const point = { id: "yield", path: [], line: 1, column: 1, live: ["n"], handled: [] }
const code = defineCode({
  id: "save.test.ts#f",
  hash: "1",
  name: "f",
  url: "",
  kind: "generator",
  points: [point, point],
  captures: [],
  Frame: LocalFrame,
  make: null,
})
const closure = new Closure(
  code,
  () => undefined,
  () => undefined,
  [],
)
code.single = closure

/** Two frames, the younger one of a computation that the older one's drives. */
function stopped(): FiberState {
  const root = new Computation(closure, undefined, null)
  const inner = new Computation(closure, undefined, null)
  root.status = inner.status = RUNNING
  const shared = Object.freeze({ count: 1 })
  const older = Object.assign(new LocalFrame(closure), { pc: 1, n: shared, caller: root })
  const younger = Object.assign(new LocalFrame(closure), { pc: 1, n: shared, caller: inner })
  Object.assign(inner, { caller: older, driver: root, baseDepth: 1 })
  const fiber = new FiberState(
    "7-1",
    "f",
    7,
    root,
    new Context(Variables.of([new Binding(declareVariable("v"), shared, SHARED)]), 50),
  )
  const interrupted = new FiberInterrupted("enough")
  const state = { status: "ready", top: younger, topDepth: 2, inner, resumeKind: RETURN, resumeValue: shared } as const
  return Object.assign(fiber, state, { interrupted, interruptPending: true })
}

const copies: [string, (record: StoppedFiber) => StoppedFiber][] = [
  ["as it is", record => record],
  ["through bytes", record => decode(encode(record).bytes) as StoppedFiber],
  ["cloned", clone],
]

test.each(copies)("a stopped fiber comes back with all of its state, %s", (_, copy) => {
  const fiber = stopped()
  const back = restore(copy(save(fiber)))
  expect(back).toEqual(fiber)
  expect(back.top?.caller?.caller?.caller).toBe(back.root)
  expect(back.inner?.driver).toBe(back.root)
  expect(back.context.variables.get(declareVariable("v"))?.value).toBe((back.top as LocalFrame).n)
  expect(back.resumeValue).toBe((back.top as LocalFrame).n)
})

test.each(copies)("a fiber that has not begun comes back with its arguments, %s", (_, copy) => {
  const fiber = new FiberState("7-2", "f", 7, new Computation(closure, { me: 1 }, [1, { two: 2 }]), new Context())
  const back = restore(copy(save(fiber)))
  expect(back).toEqual(fiber)
  expect(back.root.args).toEqual([1, { two: 2 }])
})

test("saving changes nothing, and a pinned fiber is refused with its reason", () => {
  const fiber = stopped()
  const record = save(fiber)
  expect(fiber).toEqual(stopped())
  expect(encode(record).bytes).toEqual(encode(save(fiber)).bytes)
  fiber.pinned = "it holds a lock"
  expect(() => save(fiber)).toThrow("fiber 7-1: it is pinned: it holds a lock")
  expect(() => save(Object.assign(stopped(), { status: "running" }))).toThrow("broken invariant in save")
})

test("a record that does not hold together is refused", () => {
  const forge = (fields: object) => () => restore(Object.assign(save(stopped()), fields))
  const loop = new LocalFrame(closure)
  loop.caller = loop
  const lost = new LocalFrame(closure)
  for (const fields of [
    { version: 1 },
    { id: 5 },
    { status: "done" },
    { root: null },
    { context: {} },
    { top: {} },
    { top: null },
    { top: loop },
    { top: lost },
    { topDepth: -1 },
    { inner: new LocalFrame(closure) },
    { status: "unstarted" },
    { resumeKind: 4 },
    { resumeKind: AGAIN, resumeValue: {} },
    { interrupt: new Error("no interrupt") },
  ]) {
    expect(forge(fields), JSON.stringify(Object.keys(fields))).toThrow(expect.objectContaining({ code: "ROVE_RECORD" }))
  }
  expect(() => restore({ id: "1" })).toThrow("not the record of a fiber")
})

const frameForgeries: readonly [string, (record: StoppedFiber) => void][] = [
  ...[0, 1, 3, 1.5, Number.NaN, 2 ** 40].map(
    depth =>
      [`depth ${depth}`, record => Object.assign(record, { topDepth: depth })] as [
        string,
        (record: StoppedFiber) => void,
      ],
  ),
  ["a caller that has not begun", record => Object.assign(record.top?.caller?.caller as object, { pc: 0 })],
  ["a youngest frame that has not begun and returns", record => Object.assign(record.top as object, { pc: 0 })],
  ["another base of a driven computation", record => Object.assign(record.inner as object, { baseDepth: 0 })],
  ["a negative base", record => Object.assign(record.inner as object, { baseDepth: -1 })],
  ["a driven computation that rests", record => Object.assign(record.inner as object, { status: 1 })],
  ["a driven computation without its driver", record => Object.assign(record.inner as object, { driver: null })],
]

test.each(frameForgeries)("a record with %s is refused", (_, forge) => {
  const record = clone(save(stopped()))
  expect(() => restore(clone(record))).not.toThrow()
  forge(record)
  expect(() => restore(record)).toThrow(expect.objectContaining({ code: "ROVE_RECORD" }))
})
