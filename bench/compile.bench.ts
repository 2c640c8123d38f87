/**
 * Measures the compiler: a thousand lines warm, beside another transform of the same text, and output out of the cache. Its bar
 * is in milliseconds of the machine on which the bars were set, so it is judged by the pace of this one too: plain calls by turns.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { compile } from "@rove/compiler"
import { transformSync } from "esbuild"
import { Cache } from "../packages/compiler/src/cache.ts"
import { compare, measure } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { plainFib } from "./programs/fork-join.ts"

const LINES = 1_000
const subject = "compile"
/** Nanoseconds of a plain call on the machine on which the bars were set. */
const PLAIN_CALL = 1.7
const N = 24
/** Calls of one fib(24). */
const CALLS = 150_049

/** One of the functions, and one that it calls: 25 lines with what programs are made of. */
const functions = (i: number) => `
export function* work${i}(list: number[], options: { limit?: number } = {}): Generator<number, number, unknown> {
  let total = 0
  const seen = new Map<string, number>()
  for (const x of list) {
    if (x % 2 === 0) continue
    try {
      total += yield* helper${i}(x, total)
      seen.set(String(x), total)
    } catch (error) {
      total -= 1
      if (total < -10) throw error
    }
  }
  for (let j = 0; j < 10; j++) total += j * 2
  const above = (y: number) => y + total
  while (total > 100) {
    const step = yield total
    total -= Number(step)
  }
  return above(total) + (options.limit ?? 0)
}
function* helper${i}(x: number, least: number): Generator<number, number, unknown> {
  return x > least ? x : ((yield x) as number)
}
`

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const source = program()
  const own = () => {
    if (compile(source, "src/program.ts") === null) throw new Error("it was not compiled")
  }
  const peer = () => {
    transformSync(source, { loader: "ts", sourcemap: "external" })
  }
  warmUp(own, quick)
  const paced = await compare(repeat(own), repeat(plainCalls), { quick })
  // by turns with another process, which takes the caches along, it is not warm
  const found = await compare(repeat(own), repeat(peer), { quick })
  const title = `${LINES.toLocaleString("en-US")} lines, warm`
  return [
    row({ subject, case: title, value: paced.own / 1e6, unit: "ms", bar: 15, aim: 6 }),
    row({
      subject,
      case: `${title}, by turns with another process`,
      value: found.own / 1e6,
      unit: "ms",
      against: { peer: "esbuild takes the types away: times slower", value: found.peer / 1e6, ratio: found.slower },
    }),
    row({
      subject,
      case: `${title}, were a plain call ${PLAIN_CALL} ns (it is ${(paced.peer / CALLS).toFixed(1)})`,
      value: (paced.slower * CALLS * PLAIN_CALL) / 1e6,
      unit: "ms",
      bar: 15,
      aim: 6,
    }),
    await cached(source, quick),
  ]
}

function plainCalls(): void {
  if (plainFib(N) !== 46_368) throw new Error("a wrong result")
}

/**
 * Until the engine has compiled the compiler, which takes it eight seconds of work: after two, a compilation takes a third longer than
 * from then on. They are the processor's, so that it is as warm where other programs run too.
 */
function warmUp(work: () => void, quick: boolean): void {
  const begun = process.threadCpuUsage()
  const enough = quick ? 200_000 : 8_000_000
  for (let spent = 0; spent < enough; ) {
    work()
    const { user, system } = process.threadCpuUsage(begun)
    spent = user + system
  }
}

async function cached(source: string, quick: boolean): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), "rove-bench-"))
  try {
    const cache = new Cache(folder, "bench")
    const code = compile(source, "src/program.ts")?.code ?? null
    cache.write("program", [source], { code, format: "module", warnings: [] })
    const read = repeat(() => {
      if (cache.read("program", [source])?.code !== code) throw new Error("it is not in the cache")
    })
    const value = (await measure(read, { quick })) / 1e6
    return row({ subject, case: "the same out of the cache", value, unit: "ms", bar: 1, aim: 0.5 })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function program(): string {
  const lines = ['"use fibers"']
  for (let i = 0; lines.length < LINES; i++) lines.push(...functions(i).split("\n").slice(1))
  return lines.join("\n")
}

function repeat(work: () => void): (iterations: number) => void {
  return iterations => {
    for (let left = iterations; left > 0; left--) work()
  }
}
