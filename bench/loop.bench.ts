/** Measures loops that never yield: in a fiber, where they can be preempted, beside the same loops in plain functions. */
import { LocalHost } from "rove"
import { compare } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { collatz, spin } from "./programs/loop.ts"

function plainSpin(n: number): number {
  let s = 0
  for (let i = 0; i < n; i++) s = (s + i * 7) ^ (i >> 3)
  return s
}

function plainCollatz(limit: number): number {
  let longest = 0
  for (let start = 1; start < limit; start++) {
    let steps = 0
    for (let n = start; n !== 1; steps++) n = n % 2 === 0 ? n / 2 : 3 * n + 1
    if (steps > longest) longest = steps
  }
  return longest
}

const cases = [
  { name: "one loop, little work", compiled: spin, plain: plainSpin, n: 10_000_000, rounds: 10_000_000 },
  // the inner loop's rounds are those that count
  { name: "nested loops, Collatz", compiled: collatz, plain: plainCollatz, n: 100_000, rounds: 10_853_711 },
] as const

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const host = new LocalHost()
  const rows: Row[] = []
  for (const { name, compiled, plain, n, rounds } of cases) {
    const expected = plain(n)
    const check = (result: number) => {
      if (result !== expected) throw new Error("a wrong result")
    }
    const { own, peer, slower } = await compare(
      async iterations => {
        for (let left = iterations; left > 0; left--) check(await host.run(compiled(n)))
      },
      async iterations => {
        for (let left = iterations; left > 0; left--) check(await plain(n))
      },
      { quick },
    )
    rows.push(
      row({
        subject: "loop",
        case: name,
        value: own / rounds,
        unit: "ns",
        against: { peer: "plain functions: times slower", value: peer / rounds, ratio: slower },
        bar: 1.2,
        aim: 1.0,
      }),
    )
  }
  return rows
}
