/** The record of a fiber: whatever is not as most fibers have it comes back all the same. */
import { expect, test } from "vitest"
import { forged } from "../../../../../test/support/forged.ts"
import { Closure, defineCode } from "../../code.ts"
import { Computation, RUNNING } from "../../computation.ts"
import { Frame, RETURN, THROW } from "../../frame.ts"
import { StoppedFiber } from "../../stopped.ts"
import { T_NULL, T_TRUE } from "../format.ts"
import { decode, encode, RecordError } from "../index.ts"

const step = () => undefined
const code = defineCode({
  id: "stopped.test.ts#f",
  hash: "1",
  name: "f",
  url: "",
  kind: "generator",
  points: [{ id: "start", path: [], line: 1, column: 1, live: [], handled: [] }],
  captures: [],
  Frame: class extends Frame {},
  make: null,
})
code.single = new Closure(code, step, step, [])

function computation(fields: object = {}): Computation {
  return Object.assign(new Computation(code.single as Closure, undefined, null), { status: RUNNING }, fields)
}

const usual = { id: "1-1", name: "f", home: 1, status: "ready", topDepth: 1 } as const

test.each<[string, object]>([
  ["nothing", {}],
  ["status", { status: "unstarted" }],
  ["resumeKind", { resumeKind: THROW }],
  ["resumeKind", { resumeKind: RETURN, resumeValue: [1] }],
  ["resumeValue", { resumeValue: null }],
  ["interrupt", { interrupt: "why" }],
  ["interrupt", { interrupt: "why", interruptPending: true }],
  ["interruptPending", { interruptPending: true }],
  ["lifetime", { lifetime: { children: [] } }],
  ["inner", { inner: computation() }],
  ["inner", { inner: null, root: computation() }],
  ["root", { root: null, inner: null }],
])("a fiber with another %s than most comes back as it was", (_, fields) => {
  const root = computation()
  const fiber = Object.assign(new StoppedFiber(), usual, { root, inner: root }, fields)
  const back = decode(encode(fiber).bytes) as StoppedFiber
  expect(back).toEqual(fiber)
  expect(back.inner === back.root).toBe(fiber.inner === fiber.root)
})

const driver = computation()
test.each<[string, object]>([
  ["nothing", {}],
  ["self", { status: 0, self: "me", args: [] }],
  ["args", { status: 0, args: [1, 2] }],
  ["top", { top: computation() }],
  ["height", { height: 3 }],
  ["baseDepth", { baseDepth: 4 }],
  ["driver", { driver }],
  ["returning", { returning: computation() }],
  ["caller", { caller: driver }],
])("a computation with another %s than most comes back as it was", (_, fields) => {
  const one = computation(fields)
  expect(decode(encode(one).bytes)).toEqual(one)
})

test("what is no frame and no context is refused where a fiber has one: it could not be written again", () => {
  const bytesOf = (fields: object) => new Uint8Array(encode(Object.assign(new StoppedFiber(), usual, fields)).bytes)
  const empty = bytesOf({ root: null, inner: null })
  const whole = bytesOf({ root: computation(), inner: null })
  // behind the header they differ in the byte of what is usual, and then in the root; its context and its top follow
  const differs = (from: number) => empty.findIndex((byte, i) => i >= from && byte !== whole[i])
  const root = differs(differs(12) + 1)
  expect([...empty.subarray(root, root + 3)]).toEqual([T_NULL, T_NULL, T_NULL])
  const refusals = [0, 1, 2].map(i => {
    const bytes = empty.slice()
    bytes[root + i] = T_TRUE
    return refusalOf(() => decode(forged(bytes)))
  })
  expect(refusals).toEqual([
    expect.stringContaining("not a frame"),
    expect.stringContaining("not the context of a fiber"),
    expect.stringContaining("not a frame"),
  ])
})

function refusalOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof RecordError) return error.message
    throw error
  }
  return "taken"
}
