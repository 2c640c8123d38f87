import { describe, expect, test } from "vitest"
import { optionNames, refuseUnknown } from "./options.ts"

const known = optionNames<{ name?: string; timeout?: number; recursionLimit?: number }>({
  name: true,
  timeout: true,
  recursionLimit: true,
})
const check = (options: unknown) => () => refuseUnknown(options, known, "spawn")

describe("an option that there is not is refused", () => {
  test("with the nearest that there is, and the list", () => {
    expect(check({ timeuot: 120 })).toThrow(
      'spawn has no option "timeuot": did you mean "timeout"? It has name, timeout, recursionLimit',
    )
    expect(check({ timeuot: 120 })).toThrow(expect.objectContaining({ code: "ROVE_INVALID_ARGUMENT" }))
  })

  test.each([
    ["nmae", "name"],
    ["Timeout", "timeout"],
    ["time", "timeout"],
    ["recursion_limit", "recursionLimit"],
    ["timeoutMs", "timeout"],
  ])("%s is near to %s", (given, meant) => {
    expect(check({ [given]: 1 })).toThrow(`did you mean "${meant}"?`)
  })

  test("without a guess where none is near", () => {
    expect(check({ priority: 1 })).toThrow('spawn has no option "priority"; it has name, timeout, recursionLimit')
  })

  test("also one that every object inherits, and one whose value is undefined", () => {
    expect(check({ toString: 1 })).toThrow('no option "toString"')
    expect(check({ nmae: undefined })).toThrow('no option "nmae"')
  })
})

test("what there is passes, and what is inherited is not looked at", () => {
  expect(check({ name: "a", timeout: undefined })).not.toThrow()
  expect(check(Object.create({ nmae: 1 }))).not.toThrow()
})

test.each([null, "name", 3, () => 1])("what is no object of options is refused: %s", options => {
  expect(check(options)).toThrow("spawn takes its options as an object, not ")
})
