/** Storms of fibers that send where they may not wait: nothing is lost or doubled but with a thread that died, and all that one sends comes in order. */
import { expect, test } from "vitest"
import { passing } from "./passing.ts"

const STORIES = {
  "are recorded and migrated": { kills: false, resizes: false },
  "are on threads that go": { kills: false, resizes: true },
  "are on threads that die": { kills: true, resizes: false },
  "are on threads that go and die": { kills: true, resizes: true },
}
const stories = Object.entries(STORIES).flatMap(([what, story]) => [1, 2, 3].map(seed => ({ what, seed, ...story })))

test.each(stories)("fibers that send in passing and $what (seed $seed)", { timeout: 120_000 }, async story => {
  expect(await passing(story)).toEqual([])
})
