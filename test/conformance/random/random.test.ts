/** A thousand random programs in all variants. Set ROVE_SEED to see a run again; `npm run conformance` looks at many more. */
import fc from "fast-check"
import { expect, test } from "vitest"
import { noMoves } from "../variants.ts"
import { choiceLists, program } from "./program.ts"
import { outcome, shrunk } from "./shrink.ts"

// fixed, so that a change is judged by what it changed; the long command draws another one each time
const seed = Number(process.env.ROVE_SEED ?? 20261121)
const PROGRAMS = 1000

test(`${PROGRAMS} random programs do the same in all variants (seed ${seed})`, { timeout: 600_000 }, () => {
  // nothing below depends on the clock: what a program may take is counted in time of this thread
  const moved = noMoves()
  let compared = 0
  const property = fc.property(choiceLists, list => {
    const verdict = outcome(program(list), undefined, moved)
    if (verdict === "same") compared++
    return typeof verdict === "string"
  })
  const { counterexample } = fc.check(property, { seed, numRuns: PROGRAMS, endOnFailure: true })
  if (counterexample !== null) {
    const tried = program(counterexample[0])
    const verdict = outcome(tried)
    expect.fail(
      `seed ${seed}: ${typeof verdict === "string" ? verdict : `${verdict.variant}\n${shrunk(tried, verdict)}`}`,
    )
  }
  // a generator of programs that no longer parse or never stop would agree with everything
  expect(compared).toBeGreaterThan(PROGRAMS * 0.9)
  expect(moved.whole).toBeGreaterThan(PROGRAMS * 5)
})
