/**
 * Owns hand-written cases: a claim, and a program that shows it. Each is run in all variants; it must be a program, be
 * compiled, stop at least once and, unless it says otherwise, move whole at each stop.
 */
import { describe, expect, test } from "vitest"
import { type Action, compare, noMoves, runNatively } from "./variants.ts"

export interface Case {
  /** The body of `function* main()`. */
  readonly main: string
  /** What stands beside it at the top level. */
  readonly top?: string
  readonly actions?: readonly Action[]
  /** Holds something that is not portable, so that only frames move: what is in the way. */
  readonly partly?: string
  readonly sloppy?: boolean
  /** The claim is about other functions: `main` itself has no stop, or stays native. */
  readonly variants?: readonly string[]
}

/** For a claim about values that only ordinary code could carry: nothing moves. */
export const here: readonly string[] = ["compiled", "preempted"]

/** Variants in which something goes through bytes. */
const MOVING = /moved|kept|elsewhere/

/** A program as text is the body of `main`. */
export function part(title: string, cases: Readonly<Record<string, string | Case>>): void {
  describe(title, () => {
    for (const [claim, given] of Object.entries(cases)) {
      test(claim, () => check(typeof given === "string" ? { main: given } : given))
    }
  })
}

function check({ main, top = "", actions = [], partly, sloppy = false, variants }: Case): void {
  const source = `${sloppy ? "" : '"use strict";\n'}${top}\nfunction* main() {\n${main}\n}\n`
  const program = { source, actions }
  const native = runNatively(program)
  expect(native.filter(line => line.startsWith("yields")).length, "it stops").toBeGreaterThan(0)
  const moved = noMoves()
  expect(compare(program, variants, moved)).toBe("same")
  expect([...moved.partly.keys()].join("; ")).toMatch(partly === undefined ? /^$/ : partly)
  const moves = variants === undefined || variants.some(name => MOVING.test(name))
  if (moves) expect(moved.whole + moved.frames, "it moved").toBeGreaterThan(0)
}

export const next = (value?: unknown): Action => ({ kind: "next", value })
export const thrown = (value: unknown): Action => ({ kind: "throw", value })
export const returned = (value: unknown): Action => ({ kind: "return", value })
