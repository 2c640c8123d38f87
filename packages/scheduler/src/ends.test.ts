import { expect, test } from "vitest"
import { codec } from "./codec.ts"
import { type End, Ends, endOf, outcomeIn } from "./ends.ts"

test("an end is there, told or not, until it has to make room", () => {
  const ends = new Ends({ told: 1, untold: 2 })
  const has = () => [..."abcd"].filter(id => ends.has(id)).join("")
  for (const id of ["a", "b", "c"]) ends.keep(id, `["${id}"]`, false)
  expect(has()).toBe("bc")
  expect(ends.tell("b")).toBe('["b"]')
  expect(ends.tell("b")).toBe('["b"]')
  ends.keep("d", "[]", true)
  expect(has()).toBe("cd")
  expect(ends.tell("b")).toBeUndefined()
  expect([...ends.all()].map(([id]) => id)).toEqual(["c", "d"])
})

test("an end that is kept holds its own bytes and not those of others that were made beside it", () => {
  const ends = new Ends({ told: 2, untold: 4 })
  const outcome = { kind: "returned", value: new Map([[1, "one"]]) } as const
  const end = endOf(codec, outcome) as Exclude<End, string>
  expect(end.bytes.buffer.byteLength).toBeGreaterThan(1000)
  ends.keep("a", end, false)
  const kept = ends.tell("a") as Exclude<End, string>
  expect(kept.bytes.buffer.byteLength).toBeLessThan(1000)
  expect(outcomeIn(codec, kept)).toEqual(outcome)
})

test("values as they are in most ends are kept as text", () => {
  for (const value of [undefined, null, 1.5, "text", true])
    expect(outcomeIn(codec, String(endOf(codec, { kind: "returned", value })))).toEqual({ kind: "returned", value })
  expect(endOf(codec, { kind: "returned", value: -0 })).toBeTypeOf("object")
})
