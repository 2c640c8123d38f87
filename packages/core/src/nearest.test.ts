import { expect, test } from "vitest"
import { nearest } from "./nearest.ts"

const all = ["run", "check", "inspect", "compile", "line-events"]

test.each([
  ["chekc", "check"],
  ["Compile", "compile"],
  ["insp", "inspect"],
  ["lineevents", "line-events"],
])("%s was probably %s", (given, meant) => {
  expect(nearest(given, all)).toBe(meant)
})

test("a name that is near to none was none of them", () => {
  for (const given of ["start", "x", ""]) expect(nearest(given, all)).toBeNull()
})
