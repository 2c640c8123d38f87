import { Closure, type Code, Computation, Context } from "@rove/core"
import { expect, test } from "vitest"
import { FiberState, settle } from "./fiber.ts"
import type { Host } from "./host.ts"
import { adopt, asLifetime, forget, Lifetime, ownerOf } from "./lifetime.ts"

const code = { id: "t#f", name: "f" } as Code
const step = () => undefined
let ids = 0
const make = () =>
  new FiberState(
    ++ids,
    null,
    { thread: 3, prefix: "3." },
    new Computation(new Closure(code, step, step, []), null, []),
    new Context(),
  )
const host = {} as Host
const end = (fiber: FiberState) => settle(fiber, { kind: "returned", value: 1 })

/** Spawns one; what became of it is up to the test. */
function spawned(parent: FiberState): FiberState {
  const child = make()
  adopt(parent, child, host)
  return child
}

test("nothing is made for a parent that joins its children as they come", () => {
  const parent = make()
  for (let i = 0; i < 10; i++) {
    const outer = spawned(parent)
    const inner = spawned(parent)
    expect(parent.lifetime).toBe(inner)
    for (const child of [inner, outer]) {
      end(child)
      forget(parent, child)
    }
    expect(parent.lifetime).toBe(null)
  }
})

test("a parent of many has a lifetime, with its children in the order in which it had them", () => {
  const parent = make()
  const children = Array.from({ length: 10 }, () => spawned(parent))
  expect(asLifetime(parent.lifetime)?.children).toEqual(children)
})

test.each(["at once", "late", "in another order"])("children that end %s are forgotten, and the living kept", when => {
  const parent = make()
  const living = Array.from({ length: 3 }, () => spawned(parent))
  let before: FiberState[] = []
  for (let i = 0; i < 2000; i++) {
    const child = spawned(parent)
    if (when === "at once") end(child)
    else {
      before.push(child)
      if (before.length < 8) continue
      if (when === "late") before.forEach(end)
      else before.toReversed().forEach(end)
      before = []
    }
  }
  let kept = 0
  if (parent.lifetime instanceof Lifetime) kept = parent.lifetime.children.length
  else for (let at = parent.lifetime; at !== null; at = at.sibling as FiberState | null) kept++
  expect(kept).toBeLessThan(40)
  const left = asLifetime(parent.lifetime)?.living ?? []
  expect(left.slice(0, 3)).toEqual(living)
  expect(left.every(child => child instanceof FiberState && child.status !== "done")).toBe(true)
})

test("what is spawned in a part that takes no children belongs to the next one around it", () => {
  const parent = make()
  const part = new Lifetime({ owns: false, mask: 1 })
  parent.lifetime = part
  const child = spawned(parent)
  expect(part.outer).toBe(child)
  expect(ownerOf(parent).children).toEqual([child])
  expect(parent.lifetime).toBe(part)
})

test("of many children that end nothing is kept, although their parent does nothing", () => {
  const parent = make()
  const children = Array.from({ length: 1000 }, () => spawned(parent))
  const lifetime = parent.lifetime as Lifetime
  expect(lifetime.children.length).toBe(1000)
  for (const child of children.slice(10)) end(child)
  expect(lifetime.children.length).toBeLessThan(40)
  expect(lifetime.children.slice(0, 10)).toEqual(children.slice(0, 10))
})
