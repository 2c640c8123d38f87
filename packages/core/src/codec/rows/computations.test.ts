import { expect, test } from "vitest"
import {
  Closure,
  Computation,
  type ComputationStatus,
  DONE,
  decode,
  defineCode,
  encode,
  Frame,
  RESTING,
  RUNNING,
  UNSTARTED,
} from "../../index.ts"

const point = { id: "yield", path: [], line: 1, column: 1, live: [], handled: [] }
const points = [{ ...point, id: "start" }, point]
const info = { hash: "1", url: "", kind: "generator", captures: [], Frame, make: null, points } as const
function closureOf(name: string, more: object = {}): Closure {
  const code = defineCode({ ...info, id: `computations.test#${name}`, name, ...more })
  code.single = new Closure(
    code,
    () => undefined,
    () => undefined,
    [],
  )
  return code.single
}
const closure = closureOf("gen")
const ours = closureOf("ours", { fields: {}, begins: (_: unknown, [n]: readonly unknown[]) => n === 1 })

/** One that rests in two frames, with these fields. */
function resting(fields: object = {}): Computation {
  const c = new Computation(closure, undefined, null)
  const older = Object.assign(new Frame(closure), { pc: 1, caller: c })
  const top = Object.assign(new Frame(closure), { pc: 1, caller: older })
  return Object.assign(c, { status: RESTING, top, height: 2 }, fields)
}
function made(status: ComputationStatus, fields: object = {}, of = closure): Computation {
  return Object.assign(new Computation(of, undefined, status === UNSTARTED ? [] : null), { status }, fields)
}
const through = (value: unknown) => () => decode(encode({ held: [value] }).bytes)

test("computations in every state come back, wherever they lie", () => {
  const good = [resting(), made(UNSTARTED), made(DONE), made(RUNNING), made(RUNNING, { args: [1] })]
  for (const c of [...good, made(UNSTARTED, { args: [1] }, ours)]) expect(through(c)).not.toThrow()
})

const other = resting()
const frame = Object.assign(new Frame(closure), { pc: 1 })
const fresh = resting()
Object.assign((fresh.top as Frame).caller as Frame, { pc: 0 })
const sparse: unknown[] = []
sparse.length = 2 ** 31
const forgeries: readonly [string, Computation][] = [
  ...[-1, 0, 1, 3, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY].map(
    height => [`height ${height}`, resting({ height })] as [string, Computation],
  ),
  ...[-1, 0.5, Number.NaN, 2 ** 53].map(
    baseDepth => [`base ${baseDepth}`, made(RUNNING, { baseDepth })] as [string, Computation],
  ),
  ["no frames where it rests", resting({ top: null })],
  ["frames that lead nowhere", resting({ top: frame })],
  ["frames of another one", resting({ top: other.top })],
  ["a frame that has not begun", fresh],
  ["a driver while it rests", resting({ driver: other })],
  ["a caller while it rests", resting({ caller: frame })],
  ["frames before it has begun", made(UNSTARTED, { top: frame })],
  ["frames when it has ended", made(DONE, { top: frame })],
  ["nothing to begin with", made(UNSTARTED, { args: null })],
  ["arguments while it rests", resting({ args: [] })],
  ["billions of arguments", made(UNSTARTED, { args: sparse })],
  ["arguments with methods", made(UNSTARTED, { args: Object.assign([], { map: 1 }) })],
  ["arguments that are none of its function's", made(UNSTARTED, { args: [2] }, ours)],
]

test.each(forgeries)("one with %s is refused", (_, forged) => {
  expect(through(forged)).toThrow(expect.objectContaining({ code: "ROVE_RECORD" }))
})

test("what is no generator has no computations", () => {
  const c = new Computation(closureOf("plain", { Frame: null, kind: "function" }), undefined, [])
  expect(through(c)).toThrow(/is no generator/)
})
