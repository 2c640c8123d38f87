import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { decode, encode } from "../codec/index.ts"
import { Context } from "./context.ts"
import {
  Binding,
  DROPPED,
  declareVariable,
  EMPTY_VARIABLES,
  SHARED,
  VariableKey,
  Variables,
  variableKey,
} from "./variables.ts"

const key = (i: number): VariableKey => declareVariable(`module#${i}`)
const bound = (i: number, value: unknown): Binding => new Binding(key(i), value, SHARED)

describe("the map", () => {
  test("does what a Map does, for any sequence of sets and deletions", () => {
    const step = fc.record({ i: fc.nat(60), remove: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), steps => {
        let variables = EMPTY_VARIABLES
        const model = new Map<string, number>()
        for (const [n, { i, remove }] of steps.entries()) {
          variables = remove ? variables.without(key(i)) : variables.with(bound(i, n))
          if (remove) model.delete(key(i).key)
          else model.set(key(i).key, n)
        }
        const found = variables.bindings().map(({ variable, value }) => [variable.key, value] as const)
        expect(new Map(found)).toEqual(model)
        expect([variables.size, found.length]).toEqual([model.size, model.size])
        for (let i = 0; i <= 60; i++) expect(variables.get(key(i))?.value).toBe(model.get(key(i).key))
      }),
    )
  })

  test("never changes: who has it keeps what it had", () => {
    const one = EMPTY_VARIABLES.with(bound(1, "a"))
    const two = one.with(bound(1, "b")).with(bound(2, "c"))
    two.without(key(1))
    expect([one.get(key(1))?.value, one.size, two.get(key(1))?.value, two.size]).toEqual(["a", 1, "b", 2])
    expect(EMPTY_VARIABLES.size).toBe(0)
  })

  test("keeps apart variables whose hashes are the same", () => {
    class Clash extends VariableKey {
      override readonly hash = 7
    }
    const keys = ["a", "b", "c"].map(name => new Clash(name))
    let variables = Variables.of(keys.map(k => new Binding(k, k.key, SHARED)))
    expect(keys.map(k => variables.get(k)?.value)).toEqual(["a", "b", "c"])
    variables = variables.without(keys[1] as Clash)
    expect(keys.map(k => variables.get(k)?.value)).toEqual(["a", undefined, "c"])
    expect([variables.get(new Clash("d")), variables.size]).toEqual([undefined, 2])
  })

  test("has the same order whatever the order in which it was filled", () => {
    const numbers = Array.from({ length: 500 }, (_, i) => i)
    const there = Variables.of(numbers.map(i => bound(i, i)))
    const back = Variables.of(numbers.toReversed().map(i => bound(i, i)))
    const withMore = Variables.of([...numbers, 1000, 1001].map(i => bound(i, i)))
    const order = (map: Variables) => map.bindings().map(({ value }) => value)
    expect(order(back)).toEqual(order(there))
    expect(order(withMore.without(key(1000)).without(key(1001)))).toEqual(order(there))
  })

  test("is inherited as it is, without what stays behind", () => {
    const plain = EMPTY_VARIABLES.with(bound(1, "a"))
    expect(plain.inherited()).toBe(plain)
    const mixed = plain.with(new Binding(key(2), "b", DROPPED))
    expect(mixed.inherited().bindings()).toEqual(plain.bindings())
    expect(mixed.with(bound(2, "c")).inherited().size).toBe(2)
    expect(mixed.without(key(2)).inherited().size).toBe(1)
  })
})

test("a value of a variable that nothing has declared refuses the record, and is kept among threads of one program", () => {
  const [known, unknown] = [declareVariable("src/a.ts#known"), variableKey("file:///old/b.ts#unknown")]
  const context = (...keys: readonly VariableKey[]) =>
    encode(new Context(Variables.of(keys.map((key, i) => new Binding(key, i, SHARED))))).bytes
  expect((decode(context(known)) as Context).variables.get(known)?.value).toBe(0)
  expect(() => decode(context(known, unknown))).toThrow(
    expect.objectContaining({
      code: "ROVE_REFERENCE_UNKNOWN",
      message: expect.stringMatching(
        /^the context variable "unknown" .* as file:\/\/\/old\/b\.ts#unknown: .*"use fibers"/,
      ),
    }),
  )
  const kept = decode(context(known, unknown), { undeclared: "keep" }) as Context
  expect(kept.variables.get(declareVariable(unknown.key))?.value).toBe(1)
})
