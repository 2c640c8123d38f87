/** Joins of fibers of other homes: who is asked, and how often. */
import { expect, test } from "vitest"
import { Joins } from "./joins.ts"
import { END_ONLY } from "./mail.ts"
import { POOL } from "./mesh.ts"

function asking() {
  const sent: [to: number, id: string, quiet: boolean][] = []
  const joins = new Joins({
    homeOfFiber: ({ home }) => home,
    send: (to, { id, a }) => void sent.push([to, id, a === END_ONLY]),
  })
  return { joins, sent }
}
const first = (): void => {}
const second = (): void => {}

test("a home is asked once, and again when somebody wants to hear more than that it ended", () => {
  const { joins, sent } = asking()
  joins.ask("2.1", 2, first, true)
  joins.ask("2.1", 2, second, true)
  expect(sent).toEqual([[2, "2.1", true]])
  const [third, fourth, fifth] = [(): void => {}, (): void => {}, (): void => {}]
  joins.ask("2.1", 2, third, false)
  joins.ask("2.1", 2, fourth, false)
  joins.ask("2.1", 2, fifth, true)
  expect(sent.slice(1)).toEqual([[2, "2.1", false]])
  joins.unlisten("2.1", second)
  joins.unlisten("2.1", fourth)
  expect(joins.answered("2.1")).toEqual([first, third, fifth])
  expect(joins.answered("2.1")).toEqual([])
})

test("what was asked of a thread that is gone is asked of the pool, as it was meant", () => {
  const { joins, sent } = asking()
  joins.ask("2.1", 2, first, true)
  joins.ask("2.2", 2, first, false)
  joins.ask("3.1", 3, first, false)
  joins.orphan(2)
  expect(sent.slice(3)).toEqual([
    [POOL, "2.1", true],
    [POOL, "2.2", false],
  ])
})

test("the pool itself has them at once, and asks nobody any more", () => {
  const { joins } = asking()
  joins.ask("2.1", 2, first, true)
  joins.ask("3.1", 3, second, false)
  expect(joins.inherited(2)).toEqual([{ id: "2.1", home: 2, listeners: [first], quiet: true }])
  expect(joins.inherited(2)).toEqual([])
  expect(joins.answered("3.1")).toEqual([second])
})
