/** Owns a program of simulated pools in which fibers exchange values while threads die, come and go. */

import type { Pool } from "@rove/scheduler"
import type { Random } from "../../packages/fibers/src/runtime/random.ts"
import { hub, receives, sends } from "./exchange.fibers.ts"
import type { Program } from "./simulate.ts"

const SENDERS = 8
const RECEIVERS = 6
const EACH = 12
/** In the buffer of each of the two channels, at most: what lies there at the end was not received. */
const ROOM = 2

type End = { readonly code?: string; readonly message?: string } | null

/**
 * Some choose between two channels and some do not, on both sides; receivers are interrupted at any time, and others take their
 * place, of those too whose thread died. Throws if a value was received twice, in the wrong order, or was sent to a channel that lives and never received.
 */
export const exchange: Program = async (pool, random) => {
  const ends = await exchanged(pool, random)
  if (pool.stats().deaths === 0 && (ends.lost > 0 || ends.received < SENDERS * EACH - 2 * ROOM))
    throw new Error(`nobody died, and ${ends.lost} senders were lost; ${ends.received} values were received`)
  return ends
}
/** The same while the pool has fewer and more threads: channels go to the pool with what is in them. */
export const comings: Program = async (pool, random) => {
  const sizes = async (): Promise<void> => {
    for (let i = 0; i < 4; i++) {
      for (let turns = random.below(40); turns > 0; turns--) await new Promise(resolve => setImmediate(resolve))
      await pool.resize(1 + random.below(3))
    }
  }
  const [ends] = await Promise.all([exchanged(pool, random), sizes()])
  if (ends.lost > 0 || ends.received < SENDERS * EACH - 2 * ROOM)
    throw new Error(`${ends.lost} senders were lost; ${ends.received} values were received`)
  return ends
}

async function exchanged(pool: Pool, random: Random): Promise<{ readonly received: number; readonly lost: number }> {
  const channels = await pool.run(hub(random.below(ROOM + 1)))
  const marks = new SharedArrayBuffer(4 * 100 * SENDERS)
  const ended = (run: PromiseLike<unknown>): Promise<End> =>
    Promise.resolve(run).then(
      () => null,
      (error: End) => error,
    )
  const some = (i: number) => (i % 3 === 0 ? channels : [channels[i % 2] as (typeof channels)[0]])
  let over = false
  const receiving = Array.from({ length: RECEIVERS }, async (_, i) => {
    while (!over) {
      const receiver = pool.run(receives(some(i), marks))
      const end = ended(receiver)
      for (let turns = random.below(60); turns > 0 && !over; turns--)
        await new Promise(resolve => setImmediate(resolve))
      receiver.interrupt("enough")
      const error = await end
      if (error?.code === undefined) throw new Error(error?.message ?? "a receiver returned")
    }
  })
  const sent = await Promise.all(Array.from({ length: SENDERS }, (_, i) => ended(pool.run(sends(some(i), i, EACH)))))
  over = true
  await Promise.all(receiving)
  const words = new Int32Array(marks)
  if (words.some(times => times > 1)) throw new Error("a value was received twice")
  const lost = sent.filter(error => error !== null)
  for (const error of lost) if (error.code !== "ROVE_WORKER_LOST") throw new Error(`a sender failed: ${error.message}`)
  return { received: words.reduce((sum, times) => sum + times), lost: lost.length }
}
