import { expect, test } from "vitest"
import { StringCursor } from "./cursor.ts"

const text = "a\u{1f600}b\u{1f601}cd"

test.for([0, 1, 2, 3, 4, 5])(
  "a string that was lent is left behind %d rounds, and goes on at the next character",
  rounds => {
    const cursor = new StringCursor(text)
    const budget = 10
    let left = budget
    for (const _ of cursor.lend(budget) as Iterable<unknown>) {
      left--
      if (left === budget - rounds - 1) break
    }
    // a loop that is to stop does so behind a round
    expect(cursor.leave(budget - rounds)).toBe(true)
    const others: unknown[] = []
    while (cursor.more()) others.push(cursor.value)
    expect(others).toEqual([...text].slice(rounds))
  },
)

test("one of which a part was lent is at the end of the part when the budget is used up", () => {
  const cursor = new StringCursor("abcdef")
  expect([...(cursor.lend(2) as Iterable<unknown>)]).toEqual(["a", "b", "c"])
  expect(cursor.leave(-1)).toBe(true)
  expect([...(cursor.lend(9) as Iterable<unknown>)]).toEqual(["d", "e", "f"])
  expect(cursor.rest).toBe(false)
})
