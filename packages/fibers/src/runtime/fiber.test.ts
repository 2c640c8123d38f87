import { Closure, type Code, Computation, Context } from "@rove/core"
import { expect, test } from "vitest"
import { FiberState, settle } from "./fiber.ts"
import { release } from "./lifetime.ts"

const code = { id: "t#f", name: "f" } as Code
const step = () => undefined
const root = () => new Computation(new Closure(code, step, step, []), { me: 1 }, [1])
const make = () => new FiberState(7, null, { thread: 3, prefix: "3." }, root(), new Context())

test("the id of a fiber is its number behind the prefix of where it was spawned, its name that of its function", () => {
  const fiber = make()
  expect([fiber.id, fiber.name, fiber.home]).toEqual(["3.7", "f", 3])
  const named = new FiberState("9.1", "mine", 9, root(), new Context())
  expect([named.id, named.name, named.home]).toEqual(["9.1", "mine", 9])
})

test("what few fibers have reads as if all had it", () => {
  const fiber = make()
  const empty = [null, null, null, false, null]
  const read = () => [fiber.pinned, fiber.inner, fiber.interrupted, fiber.interruptPending, fiber.listeners]
  expect(read()).toEqual(empty)
  fiber.pinned = "a lock"
  fiber.inner = fiber.root
  expect([fiber.pinned, fiber.inner]).toEqual(["a lock", null])
  const inner = root()
  fiber.inner = inner
  expect(fiber.inner).toBe(inner)
  fiber.pinned = fiber.inner = null
  expect(read()).toEqual(empty)
})

test("a fiber that ended here keeps its outcome, although another thread says afterwards that it has the fiber", () => {
  const fiber = make()
  const heard: unknown[] = []
  fiber.listen(outcome => heard.push(outcome))
  fiber.resumeValue = "what it waited for"
  expect(fiber.outcome).toBe(null)
  const outcome = { kind: "failed", error: new Error("the thread is gone") } as const
  expect(settle(fiber, outcome)).toBe(true)
  release(fiber)
  expect([fiber.outcome, heard, fiber.root.args]).toEqual([outcome, [outcome], null])
})

test("of a fiber that another thread has nothing is kept", () => {
  const fiber = make()
  fiber.resumeValue = { large: true }
  release(fiber)
  expect([fiber.resumeValue, fiber.root.args, fiber.root.self, fiber.outcome]).toEqual([
    undefined,
    null,
    undefined,
    null,
  ])
})

test("a refusal to leave holds until the next slice, then for two, four …, and ties it to nothing", () => {
  const fiber = make()
  const slicesUntilFree = () => {
    fiber.stays("a socket")
    let slices = 0
    for (; fiber.pinned !== null; slices++) {
      expect([fiber.pinned, fiber.tied]).toEqual(["a socket", null])
      fiber.begins()
    }
    return slices
  }
  expect(Array.from({ length: 13 }, slicesUntilFree)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1024, 1024])
})
