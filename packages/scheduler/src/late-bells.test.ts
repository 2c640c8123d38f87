import { expect, test } from "vitest"
import { LateBells } from "./late-bells.ts"
import type { Peer } from "./mesh.ts"

function peer(): { readonly peer: Peer; readonly rung: () => number } {
  let times = 0
  const link = { ring: () => void times++ }
  return { peer: { link } as unknown as Peer, rung: () => times }
}

test("a bell that is owed rings once, 1 ms after the first look that saw it", () => {
  const bells = new LateBells()
  const { peer: sleeper, rung } = peer()
  bells.begin()
  bells.owe(sleeper)
  bells.owe(sleeper)
  for (const now of [5, 5.5, 5.9]) bells.look(now)
  expect(rung()).toBe(0)
  bells.look(6)
  bells.look(7)
  expect(rung()).toBe(1)
  bells.owe(sleeper)
  bells.look(7.5)
  expect(rung()).toBe(1)
})

test("at the end of a burst all that are owed ring at once, and no bell that is not owed", () => {
  const bells = new LateBells()
  const [one, other, third] = [peer(), peer(), peer()]
  bells.begin()
  bells.owe(one.peer)
  bells.owe(other.peer)
  bells.end()
  bells.end()
  expect([one, other, third].map(({ rung }) => rung())).toEqual([1, 1, 0])
})

test("a bell that is owed while no burst is under way rings at once: nobody would ring it later", () => {
  const bells = new LateBells()
  const { peer: sleeper, rung } = peer()
  bells.owe(sleeper)
  bells.begin()
  bells.end()
  bells.owe(sleeper)
  expect(rung()).toBe(2)
})
