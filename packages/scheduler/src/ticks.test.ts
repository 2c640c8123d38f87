import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { ThreadCells } from "./cells.ts"
import { Ticker, Ticks } from "./ticks.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test("threads that are awake are told that their slice may be over; when all sleep, that ends", () => {
  const [busy, sleeping] = [new ThreadCells(), new ThreadCells()]
  sleeping.park()
  const ticker = new Ticker(() => [{ cells: busy }, { cells: sleeping }])
  ticker.start()
  ticker.start()
  vi.advanceTimersByTime(10)
  expect(busy.due[0]).toBeGreaterThan(1 << 30)
  expect([busy.ticks(), sleeping.ticks(), sleeping.due[0]]).toEqual([5, 0, 0])
  busy.park()
  vi.advanceTimersByTime(1000)
  expect([busy.ticks(), vi.getTimerCount()]).toEqual([5, 0])
})

test("a pool that closes ticks no more", () => {
  const cells = new ThreadCells()
  const ticker = new Ticker(() => [{ cells }])
  ticker.start()
  ticker.stop()
  expect(vi.getTimerCount()).toBe(0)
})

test("a thread asks for ticks once its burst lasts, and again only if none come for long", () => {
  const cells = new ThreadCells()
  let asked = 0
  const ticks = new Ticks(cells, () => asked++)
  ticks.look(100.5, 100)
  expect(asked).toBe(0)
  ticks.look(101.5, 100)
  ticks.look(102, 100)
  expect(asked).toBe(1)
  cells.tick()
  ticks.look(300, 100)
  expect(asked).toBe(1)
  ticks.look(303, 100)
  expect(asked).toBe(1)
  ticks.look(310, 100)
  expect(asked).toBe(2)
})
