import { expect, test } from "vitest"
import { EndedThreads } from "./ended-threads.ts"
import { StatCells } from "./stats.ts"

function threadThatDid(id: number, slices: number, longestBurst: number) {
  const cells = new StatCells()
  for (let i = 0; i < slices; i++) cells.slice()
  cells.burst(longestBurst)
  return cells.read(id, `t-${id}`, false)
}

test("of a thousand threads that ended the last 64 have their own counters, and nothing of the earlier ones is lost", () => {
  const ended = new EndedThreads()
  for (let id = 1; id <= 1000; id++) ended.add(threadThatDid(id, 3, id === 17 ? 40 : 1))
  expect(ended.last.map(({ id }) => id)).toEqual(Array.from({ length: 64 }, (_, i) => 937 + i))
  expect(ended.earlier).toMatchObject({ threads: 936, slices: 3 * 936, longestBurst: 40, busy: 935 + 40, parks: 0 })
})

test("without ended threads there is nothing", () => {
  const { last, earlier } = new EndedThreads()
  expect(last).toEqual([])
  expect(earlier).toMatchObject({ threads: 0, slices: 0, busy: 0 })
})
