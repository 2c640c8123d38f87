/**
 * Measures programs that spawn children all the way down, on two threads: beside the plain sequential program, and
 * beside the control row, two plain threads that share nothing, which says what the machine gives at that moment.
 */
import { Pool } from "rove"
import { Disturbance, type Disturbed, undisturbed } from "./lib/disturbance.ts"
import { plainSpeedup } from "./lib/machine.ts"
import { median } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { fib, plainFib, queens, search } from "./programs/fork-join.ts"
import { solutions } from "./programs/queens.ts"
import { rootOf, T1, T3, type Tree, visit } from "./programs/uts.ts"

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

interface Program {
  readonly name: string
  /** Runs in a row that count as one, so that short programs are not measured by themselves. */
  readonly times: number
  readonly sequential: () => number
  readonly parallel: (pool: Pool) => PromiseLike<number>
  readonly result: number
  readonly judged: boolean
}

const programs: readonly Program[] = [
  {
    name: "fib(30), cut off at 15",
    times: 10,
    sequential: () => plainFib(30),
    parallel: pool => pool.run(fib(30, 15)),
    result: 832_040,
    judged: true,
  },
  {
    name: "N-Queens 12, depth 3",
    times: 10,
    sequential: () => solutions(12, 0, 0, 0),
    parallel: pool => pool.run(queens(12, 3, 0, 0, 0)),
    result: 14_200,
    judged: true,
  },
  { ...tree("T1", T1), judged: false },
  { ...tree("T3", T3), judged: true },
]

function tree(name: "T1" | "T3", tree: Tree) {
  return {
    name: `UTS ${name}, grains of ${GRAIN.toLocaleString("en-US")} nodes`,
    times: 1,
    sequential: () => visit(tree, rootOf(tree), Number.POSITIVE_INFINITY).visited,
    parallel: (pool: Pool) => pool.run(search(name, GRAIN)),
    result: tree.nodes,
  }
}

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  await using pool = await Pool.start({ workers: 2 })
  const rows: Row[] = []
  const machine: number[] = []
  for (const program of programs) {
    const runs: Repetition[] = []
    // threads of the pool compile what they run each for itself, which takes a while
    for (const until = performance.now() + (quick ? 0 : WARM); performance.now() < until; )
      await time(program, () => program.parallel(pool))
    await time(program, program.sequential)
    const started = performance.now()
    const isEnough = (): boolean => {
      if (quick) return runs.length === 3
      if (runs.filter(({ others }) => others < DISTURBED).length >= WANTED) return true
      return runs.length >= LEAST && performance.now() - started > LONGEST
    }
    while (!isEnough()) {
      const disturbance = new Disturbance()
      const alone = await time(program, program.sequential)
      const together = await time(program, () => program.parallel(pool))
      runs.push({ alone, together, others: disturbance.others })
    }
    machine.push(await plainSpeedup())
    const counted = undisturbed(runs, 3, DISTURBED)
    rows.push(
      row({
        subject,
        case: program.name,
        value: median(counted.map(({ together }) => together)),
        unit: "ms",
        against: {
          peer: "the plain sequential program",
          value: median(counted.map(({ alone }) => alone)),
          ratio: median(counted.map(({ alone, together }) => alone / together)),
        },
        ...(program.judged ? { bar: 1.5, aim: 1.85 } : {}),
      }),
    )
  }
  rows.push(row({ subject, case: "two plain threads that only compute", value: median(machine), unit: "times one" }))
  return rows
}

/** Milliseconds. */
interface Repetition extends Disturbed {
  readonly alone: number
  readonly together: number
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
