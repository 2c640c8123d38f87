/** Owns what tests of loops that count share: numbers of every kind, and looks at what a loop does and at how often it stops. */
import { isDeepStrictEqual } from "node:util"
import { expect } from "vitest"
import { program } from "../semantics/program.ts"
import { Stepper } from "./stepper.ts"

const far = [1e9, -1e9, 2147483647, -2147483648, 4294967296, 9007199254740990, 1e300, Infinity, -Infinity, NaN]
export const starts: readonly number[] = [0, 1, -1, 7, 0.5, -0, 60, 3.7, -3.2, 90.5, ...far]
const distances = [0, 1, 2, 10, -10, 50, 51, 52, 90, 100.5, 0.25, -0.25]

/** Bounds for a loop that starts there, and what is no number. */
export function boundsFor(from: number): readonly unknown[] {
  return [...starts, ...distances.map(x => from + x), "12", null, undefined, 15n]
}

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (e) {
    return e
  }
  throw new Error("nothing was thrown")
}

type Main = (from: number, n: unknown, third: number) => Generator

/** Programs that throw what they saw: the compiled one, which stops at each 50th check, throws the same. */
export function throwsTheSame(plain: Main, own: Main, given: Parameters<Main>): void {
  const expected = thrownBy(() => plain(...given))
  const found = thrownBy(() => new Stepper(own(...given), { budget: 50 }).next(undefined))
  if (!isDeepStrictEqual(found, expected)) expect({ given, found }).toEqual({ given, found: expected })
}

/** What a program yields, and how often it stops with 50 checks at a time. */
export function run(body: string): { value: unknown; stops: number } {
  const stepper = new Stepper(program<() => Generator>(`function* main() { ${body} }`, "main")(), { budget: 50 })
  return { value: stepper.next(undefined).value, stops: stepper.stops }
}

/** A loop up to `n` that has no end, in one that is to have it stop: it does, often enough. */
export function stopsForEver(loop: string): void {
  const main = program<(n: number) => Generator>(
    `function* main(n) { for (let i = 0; i < 2; i++) { ${loop} } }`,
    "main",
  )
  let stops = 0
  const stepper = new Stepper(main(Infinity), {
    budget: 50,
    stop: stopped => {
      if (++stops === 20) throw new Error("stopped often enough")
      return stopped
    },
  })
  expect(() => stepper.next(undefined)).toThrow("often enough")
}
