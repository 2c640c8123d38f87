import { type FiberState, SeededRandom } from "@rove/fibers/scheduling"
import { expect, test } from "vitest"
import { Deque } from "./deque.ts"

interface Child {
  status: string
  readonly number: number
}
const asFiber = (child: Child): FiberState => child as unknown as FiberState
const numberOf = (fiber: FiberState | null): number | null => (fiber as unknown as Child | null)?.number ?? null

test("the owner takes the newest, thieves the oldest; what a join or an interrupt took is nobody's", () => {
  const deque = new Deque()
  const children = Array.from({ length: 6 }, (_, number): Child => ({ status: "unstarted", number }))
  for (const child of children) deque.push(asFiber(child))
  expect([numberOf(deque.popNewest()), numberOf(deque.takeOldest())]).toEqual([5, 0])
  const [, , claimed, interrupted] = children as [Child, Child, Child, Child]
  expect(deque.claim(asFiber(claimed))).toBe(true)
  claimed.status = "running"
  expect(deque.claim(asFiber(claimed))).toBe(false)
  interrupted.status = "done"
  expect([numberOf(deque.takeOldest()), numberOf(deque.takeOldest()), deque.takeOldest()]).toEqual([1, 4, null])
  expect([deque.popNewest(), deque.length]).toEqual([null, 0])
})

test("over 100,000 random steps each child is taken once, from the right end, and the deque keeps nothing that was taken", () => {
  const random = new SeededRandom(7)
  const deque = new Deque()
  let model: Child[] = []
  let made = 0
  for (let step = 0; step < 100_000; step++) {
    const what = random.below(10)
    if (what < 5) {
      const child = { status: "unstarted", number: made++ }
      model.push(child)
      deque.push(asFiber(child))
    } else if (what < 8) {
      const expected = what === 5 ? model.shift() : what === 6 ? model.pop() : undefined
      if (what === 7) {
        // a join, of the newest mostly
        const child = model.at(-1 - random.below(Math.min(3, model.length || 1)))
        if (child === undefined) continue
        expect(deque.claim(asFiber(child))).toBe(true)
        child.status = "running"
        model = model.filter(each => each !== child)
        continue
      }
      const taken = what === 5 ? deque.takeOldest() : deque.popNewest()
      if (numberOf(taken) !== (expected?.number ?? null)) expect(numberOf(taken)).toBe(expected?.number ?? null)
      if (expected !== undefined) expected.status = "running"
    } else if (what === 8 && random.below(50) === 0) {
      // all at once, as when a parent is interrupted
      for (const child of model.splice(0)) child.status = "done"
    }
    if (model.length > 0 && deque.length < model.length) expect(deque.length).toBeGreaterThanOrEqual(model.length)
  }
  const left: (number | null)[] = []
  for (let fiber = deque.takeOldest(); fiber !== null; fiber = deque.takeOldest()) left.push(numberOf(fiber))
  expect(left).toEqual(model.map(({ number }) => number))
  expect(deque.length).toBe(0)
})
