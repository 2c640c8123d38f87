/** Programs of simulated pools: what ordinary code does, and what must hold of it whatever the seed. */
import { fan, fib } from "../pool/programs.ts"
import { counts, Marks, naps, parent } from "./fibers.ts"
import type { Program } from "./simulate.ts"

export const forkJoin: Program = async pool => {
  const values = await Promise.all([pool.run(fib(12)), pool.run(fan(6, 500)), pool.run(fib(9))])
  return [values[0], values[1].sum, values[2]]
}

const FIBERS = 30
const WIDTH = 6

/**
 * A crowd of fibers of all sorts, some of which are interrupted at any time, while threads die. Throws if one of them ended
 * twice, never, or otherwise than it was seen to.
 */
export const storm: Program = async (pool, random) => {
  const marks = new Marks(FIBERS * (WIDTH + 1))
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
      for (let turns = random.below(40); turns > 0; turns--) await new Promise(resolve => setImmediate(resolve))
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
