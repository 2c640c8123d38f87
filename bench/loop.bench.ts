/** Measures loops that never yield: in a fiber, where they can be preempted, beside the same text as plain functions. */
import { readFileSync } from "node:fs"
import { stripTypeScriptTypes } from "node:module"
import { join } from "node:path"
import { LocalHost } from "rove"
import { compare } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import * as compiled from "./programs/loop.ts"

/** What each is given, and how many rounds its innermost loops make then. */
const cases: Readonly<Record<keyof typeof compiled, readonly [name: string, n: number, rounds: number]>> = {
  spin: ["one loop, little work", 10_000_000, 10_000_000],
  digits: ["do-while", 10_000_000, 10_000_000],
  calling: ["calls of a plain function", 10_000_000, 10_000_000],
  guarded: ["try and catch in the loop, a throw each 1,000 rounds", 10_000_000, 10_000_000],
  words: ["a string is built", 2_000_000, 2_000_000],
  listed: ["for-of over an array, in a loop", 10_000, 10_000_000],
  characters: ["for-of over a string, in a loop", 50_000, 2_150_000],
  entries: ["for-of over a Map, taken apart, in a loop", 1_000, 1_000_000],
  members: ["for-of over a Set, in a loop", 2_000, 2_000_000],
  keys: ["for-in, in a loop", 50_000, 1_000_000],
  searching: ["binary search, in a loop", 1_000_000, 9_991_000],
  collatz: ["Collatz, nested loops", 100_000, 10_853_711],
  labelled: ["primes by division, continue with a label", 200_000, 2_745_694],
  bodies: ["bodies that attract each other, fields of objects", 100_000, 1_500_000],
  floats: ["Mandelbrot, three loops of floats", 300, 1_589_142],
  matrix: ["product of matrices, three loops", 200, 8_000_000],
  sorting: ["sorting by insertion: a round is a nanosecond", 3_000, 2_253_000],
  sieve: ["sieve of Eratosthenes: a round is one store", 3_000_000, 7_900_000],
}

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const host = new LocalHost()
  const programs = { ...compiled }
  const plain = plainFunctions()
  const rows: Row[] = []
  for (const [key, [name, n, rounds]] of Object.entries(cases)) {
    const own = programs[key as keyof typeof compiled]
    const peer = plain[key] as (n: number) => number
    const expected = peer(n)
    const check = (result: number) => {
      if (result !== expected) throw new Error("a wrong result")
    }
    const found = await compare(
      async iterations => {
        for (let left = iterations; left > 0; left--) check(await host.run(own(n)))
      },
      async iterations => {
        for (let left = iterations; left > 0; left--) check(await peer(n))
      },
      { quick },
    )
    rows.push(
      row({
        subject: "loop",
        case: name,
        value: found.own / rounds,
        unit: "ns",
        against: { peer: "plain functions: times slower", value: found.peer / rounds, ratio: found.slower },
        bar: 1.2,
        aim: 1.0,
      }),
    )
  }
  return rows
}

/** The programs without their stars. */
function plainFunctions(): Readonly<Record<string, (n: number) => number>> {
  const source = readFileSync(join(import.meta.dirname, "programs", "loop.ts"), "utf8")
  const text = stripTypeScriptTypes(source).replace('"use fibers"', "").replaceAll("export function*", "function")
  return new Function(`${text}\nreturn { ${Object.keys(cases).join(", ")} }`)()
}
