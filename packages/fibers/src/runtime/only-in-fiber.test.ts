import { describe, expect, test } from "vitest"
import { program } from "../../../../test/semantics/program.ts"
import type { Resumable } from "../types.ts"
import { ContextVar } from "../variables.ts"
import { LocalHost } from "./local-host.ts"

const tenant = new ContextVar("only in fibers", { default: "none" })

/** A generator that has begun in a fiber, inside of that, and rests at a yield: a clone that ordinary code has. */
function resting(inside: string): Promise<Generator<unknown>> {
  const { main } = program<{ main: () => Resumable<Generator<unknown>> }>(
    `function* values() { try { yield 1; yield tenant.get() } finally { tenant.get() } }
     function* given() { yield* ${inside} }
     function* main() { const it = given(); it.next(); return it }`,
    "({ main })",
    { tenant },
  )
  return new LocalHost().run(main())
}
const coded = expect.objectContaining({ code: "ROVE_NO_FIBER" })

describe("a generator that stands inside of an operation goes on in fibers only", () => {
  test.each([
    ["next", (it: Generator<unknown>) => it.next()],
    ["return", (it: Generator<unknown>) => it.return(1)],
    ["throw", (it: Generator<unknown>) => it.throw(new RangeError("thrown"))],
    ["for-of", (it: Generator<unknown>) => [...it]],
  ])("inside of run, %s of ordinary code is refused before its code sees other variables", async (_, goOn) => {
    const it = await resting('tenant.run("in", values())')
    expect(() => goOn(it)).toThrow(coded)
    expect(tenant.get()).toBe("none")
    expect(it.next()).toEqual({ value: undefined, done: true })
  })
  test.each(["scope(values)", "noBlock(values())", "timeout(1000, values)", "uninterruptible(values)"])(
    "at the end of %s, which nobody can leave there",
    async inside => {
      const it = await resting(inside)
      expect(it.next()).toEqual({ value: "none", done: false })
      expect(() => it.next()).toThrow(coded)
    },
  )
})
