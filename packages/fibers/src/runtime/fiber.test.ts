import { Closure, type Code, Computation, Context } from "@rove/core"
import { expect, test } from "vitest"
import { FiberState, type Outcome, settle } from "./fiber.ts"
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

test("the text of an id is made when somebody asks for it, and a fiber ends without", () => {
  const fiber = make()
  expect(fiber.hasText).toBe(false)
  fiber.status = "running"
  settle(fiber, { kind: "returned", value: 1 })
  expect([fiber.hasText, fiber.hasFailed]).toEqual([false, false])
  expect([fiber.id, fiber.hasText]).toEqual(["3.7", true])
  expect(new FiberState("9.1", null, 9, root(), new Context()).hasText).toBe(true)
})

test("only a fiber that ended with an error has failed", () => {
  const outcomes: Outcome[] = [
    { kind: "returned", value: { kind: "failed" } },
    { kind: "failed", error: 1 },
    { kind: "interrupted", reason: 1 },
  ]
  const failed = outcomes.map(outcome => {
    const fiber = make()
    fiber.resumeValue = { kind: "failed" }
    const before = fiber.hasFailed
    fiber.status = "running"
    settle(fiber, outcome)
    return [before, fiber.hasFailed]
  })
  expect(failed).toEqual([
    [false, false],
    [false, true],
    [false, false],
  ])
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
