import { expect, test } from "vitest"
import { Closure, decode, defineCode, encode, Frame, isText, RecordError, registerRole } from "../index.ts"

const nothing = () => undefined

/** A frame of a function with these locals; `made`: what a frame of it begins with. */
function frameOf(name: string, locals: Record<string, unknown>, made: object = {}, more: object = {}): Frame {
  class Made extends Frame {
    constructor(closure: Closure) {
      super(closure)
      Object.assign(this, made)
    }
  }
  const point = { id: "yield", path: [], line: 1, column: 1, live: Object.keys(locals), handled: [] }
  const points = [{ ...point, id: "start", live: [] }, point]
  const id = `frame-checks.test#${name}`
  const code = defineCode({
    id,
    hash: "1",
    name,
    url: "",
    kind: "generator",
    points,
    captures: [],
    Frame: Made,
    make: null,
    ...more,
  })
  const closure = new Closure(code, nothing, nothing, [])
  code.single = closure
  return Object.assign(new Made(closure), { pc: 1 }, locals)
}
const through = (frame: Frame) => () => decode(encode(frame).bytes)
registerRole("$frame-checks-test", isText)

test("a local that always is a number is one in a record", () => {
  expect(through(frameOf("number", { n: 1.5 }, { n: 0 }))).not.toThrow()
  expect(through(frameOf("number", { n: "1" }, { n: 0 }))).toThrow(
    expect.objectContaining({ code: "ROVE_RECORD", message: expect.stringContaining("has a n that it cannot have") }),
  )
  expect(through(frameOf("number", { n: "1" }, { n: undefined }))).not.toThrow()
})

test("what the compiler keeps in locals of its own is what the runtime says of them, with or without a number", () => {
  for (const name of ["$frame-checks-test", "$frame-checks-test$2"]) {
    expect(through(frameOf("role", { [name]: "text" }))).not.toThrow()
    expect(through(frameOf("role", { [name]: {} }))).toThrow(RecordError)
    // the program calls a variable of its own so
    expect(through(frameOf("plain", { [name]: {} }, {}, { plain: [name] }))).not.toThrow()
  }
})

test("a frame of ours has what its function says, and does not stand where none stands", () => {
  const fields = { held: isText }
  expect(through(frameOf("ours", { held: "text" }, {}, { fields }))).not.toThrow()
  expect(through(frameOf("ours", { held: 1 }, {}, { fields }))).toThrow(RecordError)
  const nowhere = Object.assign(frameOf("ours", { held: "text" }, {}, { fields }), { pc: 0 })
  expect(through(nowhere)).toThrow(expect.objectContaining({ message: expect.stringContaining("has a place") }))
})
