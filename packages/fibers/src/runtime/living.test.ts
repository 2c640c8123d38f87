import { Closure, type Code, Computation, Context } from "@rove/core"
import { expect, test } from "vitest"
import { FiberState } from "./fiber.ts"
import { Living } from "./living.ts"

const code = { id: "t#f", name: "f" } as Code
const closure = new Closure(
  code,
  () => undefined,
  () => undefined,
  [],
)
const born = { thread: 3, prefix: "3." }
const fiber = (id: number) => new FiberState(id, null, born, new Computation(closure, undefined, []), new Context())
const ids = (living: Living) => [...living].map(({ id }) => id)

test("what lives is listed in the order in which it came, whoever ends in between", () => {
  const living = new Living()
  const [a, b, c, d] = [fiber(1), fiber(2), fiber(3), fiber(4)] as const
  for (const one of [a, b, c]) living.add(one)
  expect([ids(living), living.size]).toEqual([["3.1", "3.2", "3.3"], 3])
  living.remove(b)
  living.remove(b)
  expect([ids(living), living.size]).toEqual([["3.1", "3.3"], 2])
  living.remove(a)
  living.remove(c)
  living.remove(c)
  expect([ids(living), living.size]).toEqual([[], 0])
  living.add(d)
  expect(ids(living)).toEqual(["3.4"])
})

test("a fiber is found by its id while it lives, if it came before the first question or after it", () => {
  const living = new Living()
  const [a, b] = [fiber(1), fiber(2)]
  living.add(a)
  expect([living.get("3.1"), living.get("3.2")]).toEqual([a, undefined])
  living.add(b)
  living.remove(a)
  expect([living.get("3.1"), living.get("3.2")]).toEqual([undefined, b])
})
