/** Programs of simulated pools: what ordinary code does, and what must hold of it whatever the seed. */
import type { Pool } from "@rove/scheduler"
import type { Random } from "../../packages/fibers/src/runtime/random.ts"
import { fan, fib } from "../pool/programs.ts"
import { counts, leaver, Marks, naps, parent, together } from "./fibers.ts"
import type { Program } from "./simulate.ts"

export const forkJoin: Program = async pool => {
  const values = await Promise.all([pool.run(fib(12)), pool.run(fan(6, 500)), pool.run(fib(9))])
  return [values[0], values[1].sum, values[2]]
}

interface Ends {
  readonly returned: number
  readonly interrupted: number
  readonly lost: number
}

const FIBERS = 30
const WIDTH = 6

/**
 * A crowd of fibers of all sorts, some of which are interrupted at any time, while threads die. Throws if one of them ended
 * twice, never, or otherwise than it was seen to.
 */
export const storm: Program = (pool, random) => crowd(pool, random, new Marks(FIBERS * (WIDTH + 1)))

async function crowd(pool: Pool, random: Random, marks: Marks): Promise<Ends> {
  const ends = { returned: 0, interrupted: 0, lost: 0 }
  const lives = Array.from({ length: FIBERS }, async (_, i) => {
    const number = i * (WIDTH + 1)
    const kind = random.below(3)
    const { buffer } = marks
    const made =
      kind === 0 ? counts(buffer, number, 1000) : kind === 1 ? naps(buffer, number, 3) : parent(buffer, number, WIDTH)
    const handle = pool.run(made)
    const end = handle.then(
      () => null,
      (error: { code?: string }) => ({ error }),
    )
    if (random.below(4) === 0) {
      await turns(random.below(40))
      handle.interrupt("enough")
    }
    const failed = await end
    if (failed?.error.code === "ROVE_WORKER_LOST") ends.lost++
    else if (failed?.error.code === "ROVE_INTERRUPTED") ends.interrupted++
    else if (failed !== null) throw failed.error
    else {
      ends.returned++
      for (let one = number; one <= number + (kind === 2 ? WIDTH : 0); one++) {
        const { began, ended } = marks.of(one)
        if (began !== 1 || ended !== 1)
          throw new Error(`fiber ${one} returned, began ${began} and ended ${ended} times`)
      }
    }
  })
  await Promise.all(lives)
  for (let i = 0; i < FIBERS * (WIDTH + 1); i++) {
    const { began, ended } = marks.of(i)
    if (began > 1 || ended > began) throw new Error(`fiber ${i} began ${began} and ended ${ended} times`)
  }
  return ends
}

/** Closes while fibers join others, of other threads too: each has returned, is one record, or is lost with its thread. Gives how many. */
export const records: Program = async (pool, random) => {
  const marks = new Marks(FIBERS * (WIDTH + 1))
  const runs = Array.from({ length: FIBERS }, (_, i) => pool.run(parent(marks.buffer, i * (WIDTH + 1), WIDTH)))
  const ends = Promise.allSettled(runs)
  await turns(random.below(60))
  const { records: made } = await pool.close({ mode: "record" })
  const ids = new Set(made.map(record => record.toJSON().id))
  if (ids.size !== made.length) throw new Error("there are two records of a fiber")
  let lost = 0
  for (const [i, end] of (await ends).entries()) {
    const how = end.status === "fulfilled" ? "returned" : (end.reason as { code?: string }).code
    if (how === "ROVE_WORKER_LOST") lost++
    else if (how !== "returned" && how !== "ROVE_RECORDED") throw (end as PromiseRejectedResult).reason
    if (ids.has(runs[i]?.id ?? "") !== (how === "ROVE_RECORDED")) throw new Error(`a record, or none, of what ${how}`)
  }
  return { made: made.length, lost }
}

const FAMILIES = 12

/** Fibers that wait for their children in all ways that there are: each child has ended when its parent has. */
export const families: Program = async (pool, random) => {
  const marks = new Marks(FAMILIES * 2 * (WIDTH + 1))
  const lives = Array.from({ length: FAMILIES * 2 }, async (_, i) => {
    const number = i * (WIDTH + 1)
    const made = random.below(4) === 0 ? leaver(marks.buffer, number, WIDTH) : together(marks.buffer, number, WIDTH)
    const handle = pool.run<unknown, never>(made)
    const end = handle.then(
      () => "returned",
      (error: { code?: string }) => error.code ?? String(error),
    )
    if (random.below(6) === 0) {
      await turns(random.below(40))
      handle.interrupt("enough")
    }
    const how = await end
    for (let one = number; one <= number + WIDTH; one++) {
      const { began, ended } = marks.of(one)
      const lost = how === "ROVE_WORKER_LOST" || pool.stats().deaths > 0
      if (began > 1 || ended > began || (how === "returned" && !lost && (began !== 1 || ended !== 1)))
        throw new Error(`the parent of fiber ${one}: ${how}; it began ${began} and ended ${ended} times`)
    }
    return how
  })
  const ends: Record<string, number> = {}
  for (const how of await Promise.all(lives)) ends[how] = (ends[how] ?? 0) + 1
  return ends
}

/** Turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise(resolve => setImmediate(resolve))
}

/**
 * The same while threads come and go: some that the pool did not make, and some that it starts and lets go. Nobody dies of that, so
 * nothing is lost, unless threads die besides.
 */
export const comings: Program = async (pool, random, world) => {
  const marks = new Marks(FIBERS * (WIDTH + 1))
  const guests = Array.from({ length: 3 }, async () => {
    await turns(random.below(30))
    const leave = await world.attach(pool)
    await turns(random.below(60))
    await leave()
  })
  const sizes = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      await turns(random.below(30))
      await pool.resize(1 + random.below(4))
    }
  }
  const [ends] = await Promise.all([crowd(pool, random, marks), sizes(), ...guests])
  await pool.close({ mode: "drain" })
  if (ends.lost > 0 && world.deaths === 0) throw new Error(`${ends.lost} fibers were lost, and no thread died`)
  return ends
}
