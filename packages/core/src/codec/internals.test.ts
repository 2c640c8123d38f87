import { expect, test } from "vitest"
import { Context, decode, encode, registerOwnClass, Variables } from "../index.ts"

class Own {}
registerOwnClass("internals.test#Own", Own, {})
class Open {}
registerOwnClass("internals.test#Open", Open, {}, { open: true })

const through = (value: unknown) => () => decode(encode(value).bytes)

test.each([
  ["a context", new Context()],
  ["variables", new Variables()],
  ["an object of a class of ours", new Own()],
])("nothing in a record inherits from %s", (_, object) => {
  expect(through({ object })).not.toThrow()
  const heir = Object.create(object, { step: { value: 1, enumerable: true } })
  expect(through({ heir })).toThrow(
    expect.objectContaining({ code: "ROVE_RECORD", message: expect.stringContaining("nothing inherits") }),
  )
  expect(through({ heirs: Object.create(heir) })).toThrow(/nothing inherits/)
})

test("what the program has in its hands may be inherited from", () => {
  expect(through(Object.create(new Open()))).not.toThrow()
  expect(through(Object.create({ plain: 1 }))).not.toThrow()
})
