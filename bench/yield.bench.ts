/** Measures a yield and its resumption beside native generators: inside a fiber, and driven by ordinary code. */
import { LocalHost } from "rove"
import { compare } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { count, sumOf } from "./programs/yield.ts"

const N = 100_000
const SUM = sum(N)

function* nativeCount(n: number): Generator<number, void, number | undefined> {
  for (let i = 0; i < n; i++) yield i
}

function* nativeSumOf(n: number): Generator<never, number, unknown> {
  let sum = 0
  for (const value of nativeCount(n)) sum = (sum + value) | 0
  return sum
}

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const host = new LocalHost()
  const inFiber = await compare(
    async iterations => {
      for (let left = iterations; left > 0; left--) check(await host.run(sumOf(N)))
    },
    async iterations => {
      for (let left = iterations; left > 0; left--) check(await nativeSumOf(N).next().value)
    },
    { quick },
  )
  const stream = await compare(
    async iterations => {
      for (let left = iterations; left > 0; left--) await host.run(count(N))
    },
    drive(nativeCount),
    { quick },
  )
  const byHand = await compare(drive(count), drive(nativeCount), { quick })
  const beside = (name: string, { own, peer, faster }: typeof byHand, judged: object): Row =>
    row({
      subject: "yield",
      case: name,
      value: own / N,
      unit: "ns",
      against: { peer: "native generators: times faster", value: peer / N, ratio: faster },
      ...judged,
    })
  return [
    beside("yield + resume, for-of in a fiber", inFiber, { bar: 1, aim: 1.5 }),
    beside("yield + resume, output of a fiber against next()", stream, { bar: 1, aim: 1.5 }),
    // not a bar: native generator objects stand in front, so that nobody can tell the difference
    beside("yield + resume, next() of ordinary code", byHand, {}),
  ]
}

/** Calls `next` by hand, as ordinary code does. */
function drive(counter: typeof nativeCount): (iterations: number) => void {
  return iterations => {
    for (let left = iterations; left > 0; left--) {
      const generator = counter(N)
      let total = 0
      for (let result = generator.next(); result.done !== true; result = generator.next(result.value))
        total = (total + result.value) | 0
      check(total)
    }
  }
}

/** The result is looked at, so that the work cannot be left out. */
function check(result: unknown): void {
  if (result !== SUM) throw new Error("a wrong result")
}

function sum(n: number): number {
  let result = 0
  for (let i = 0; i < n; i++) result = (result + i) | 0
  return result
}
