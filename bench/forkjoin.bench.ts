/**
 * Measures programs that spawn children all the way down, on two threads: beside the plain sequential program, and
 * beside two plain threads that share nothing and run that program each, which says what the machine gives at that moment. Each thread
 * has a processor of its own, where the system can be told so (`cpuAffinity`); the same where the system places them is not judged.
 */
import { Pool } from "rove"
import { setApart } from "./lib/apart.ts"
import { Disturbance, type Disturbed, undisturbed } from "./lib/disturbance.ts"
import { PAIR, Pair } from "./lib/machine.ts"
import { median } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { fib, queens, search } from "./programs/fork-join.ts"
import { type Order, sequential } from "./programs/sequential.ts"
import { T1, T3, type Tree } from "./programs/uts.ts"

const subject = "forkjoin"
const GRAIN = 2_000
/** Milliseconds of running before anything counts. */
const WARM = 1_500
/**
 * Part of the processors that other programs may use. They take from two threads what they use, and more: the system likes to put
 * both on one processor then. From one thread they take nothing.
 */
const DISTURBED = 0.02
/** So many undisturbed repetitions, after at most so many milliseconds; so many in any case. */
const WANTED = 15
const LONGEST = 8_000
const LEAST = 5
/** Some systems keep two threads on one processor for as long as the shorter of these programs takes. */
const PLACED = ", placed by the system"

interface Program {
  readonly title: string
  /** Of the plain sequential program. */
  readonly name: Order["name"]
  /** Runs in a row that count as one, so that short programs are not measured by themselves. */
  readonly times: number
  readonly parallel: (pool: Pool) => PromiseLike<number>
  readonly result: number
  readonly judged: boolean
}

const programs: readonly Program[] = [
  {
    title: "fib(30), cut off at 15",
    name: "fib",
    times: 10,
    parallel: pool => pool.run(fib(30, 15)),
    result: 832_040,
    judged: true,
  },
  {
    title: "N-Queens 12, depth 3",
    name: "queens",
    times: 10,
    parallel: pool => pool.run(queens(12, 3, 0, 0, 0)),
    result: 14_200,
    judged: true,
  },
  { ...tree("T1", T1), judged: false },
  { ...tree("T3", T3), judged: true },
]

function tree(name: "T1" | "T3", tree: Tree) {
  return {
    title: `UTS ${name}, grains of ${GRAIN.toLocaleString("en-US")} nodes`,
    name,
    times: 1,
    parallel: (pool: Pool) => pool.run(search(name, GRAIN)),
    result: tree.nodes,
  }
}

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const placed = await rowsOn(false, quick)
  return [...(await rowsOn(true, quick)), ...placed]
}

async function rowsOn(own: boolean, quick: boolean): Promise<readonly Row[]> {
  await using pool = await Pool.start({ workers: 2, cpuAffinity: own })
  using pair = new Pair()
  await pair.run({ name: "fib", times: 1 })
  if (own) setApart(PAIR)
  const rows: Row[] = []
  for (const program of programs) rows.push(...(await rowsOf(program, pool, pair, quick, own ? "" : PLACED)))
  return rows
}

async function rowsOf(
  program: Program,
  pool: Pool,
  pair: Pair,
  quick: boolean,
  where: "" | typeof PLACED,
): Promise<readonly Row[]> {
  const { title } = program
  const judged = program.judged && where === ""
  const counted = undisturbed(await repetitions(program, pool, pair, quick), 3, DISTURBED)
  const middle = (figure: (run: Repetition) => number): number => median(counted.map(figure))
  const figures = {
    subject,
    case: title + where,
    value: middle(({ together }) => together),
    unit: "ms",
    against: {
      peer: "the plain sequential program",
      value: middle(({ alone }) => alone),
      ratio: middle(({ alone, together }) => alone / together),
    },
    ...(judged ? { bar: 1.5, aim: 1.85 } : {}),
  }
  const given = middle(({ alone, apart }) => (2 * alone) / apart)
  return [
    row(figures),
    row({ subject, case: "  two plain threads, each alone with it", value: given, unit: "times one" }),
  ]
}

async function repetitions(program: Program, pool: Pool, pair: Pair, quick: boolean): Promise<readonly Repetition[]> {
  const { name, times } = program
  const runs: Repetition[] = []
  const plain = sequential[name]
  // threads compile what they run each for itself, which takes a while
  for (const until = performance.now() + (quick ? 0 : WARM); performance.now() < until; )
    await time(program, () => program.parallel(pool))
  await time(program, plain)
  await pair.run({ name, times })
  const started = performance.now()
  const isEnough = (): boolean => {
    if (quick) return runs.length === 3
    if (runs.filter(({ others }) => others < DISTURBED).length >= WANTED) return true
    return runs.length >= LEAST && performance.now() - started > LONGEST
  }
  while (!isEnough()) {
    const disturbance = new Disturbance()
    const alone = await time(program, plain)
    const together = await time(program, () => program.parallel(pool))
    const apart = (await pair.run({ name, times })) / times
    runs.push({ alone, together, apart, others: disturbance.others })
  }
  return runs
}

/** Milliseconds. */
interface Repetition extends Disturbed {
  readonly alone: number
  readonly together: number
  /** For twice the work. */
  readonly apart: number
}

/** Milliseconds of one run; a wrong result is an error. */
async function time({ times, result }: Program, run: () => number | PromiseLike<number>): Promise<number> {
  const started = performance.now()
  for (let left = times; left > 0; left--) {
    const found = await run()
    if (found !== result) throw new Error(`a wrong result: ${found} and not ${result}`)
  }
  return (performance.now() - started) / times
}
