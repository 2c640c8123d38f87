/** Measures calls through `yield*`: beside native generators, and beside plain functions. */
import { compare } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { fib } from "./programs/calls.ts"
import { plainFib } from "./programs/fork-join.ts"

const N = 30
/** Calls of one fib(30). */
const CALLS = 2_692_537

function* nativeFib(n: number): Generator<never, number, unknown> {
  return n < 2 ? n : (yield* nativeFib(n - 1)) + (yield* nativeFib(n - 2))
}

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const effort = { quick, milliseconds: 1 }
  const compiled = repeat(() => fib(N).next().value)
  const native = await compare(
    compiled,
    repeat(() => nativeFib(N).next().value),
    effort,
  )
  const plain = await compare(
    compiled,
    repeat(() => plainFib(N)),
    effort,
  )
  const common = { subject: "calls", unit: "ns" }
  return [
    row({
      ...common,
      case: "fib(30), a call through yield*",
      value: native.own / CALLS,
      against: { peer: "native generators: times faster", value: native.peer / CALLS, ratio: native.faster },
      bar: 3,
      aim: 5,
    }),
    row({
      ...common,
      case: "fib(30), a call through yield*",
      value: plain.own / CALLS,
      against: { peer: "plain functions: times slower", value: plain.peer / CALLS, ratio: plain.slower },
      bar: 3,
      aim: 1.8,
    }),
  ]
}

/** The result is looked at, so that the work cannot be left out. */
function repeat(work: () => unknown): (iterations: number) => void {
  return iterations => {
    for (let left = iterations; left > 0; left--) if (work() !== 832_040) throw new Error("a wrong result")
  }
}
