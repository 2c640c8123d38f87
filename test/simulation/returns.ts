/** A program of simulated pools: fibers that move are interrupted, stopped and resumed under their ids, all at any time. */
import type { FiberHandle, FiberRecord } from "rove"
import { wanders } from "./returns.fibers.ts"
import type { Program } from "./simulate.ts"

const FIBERS = 8
const LIVES = 6

/**
 * Throws unless each fiber ends as its interrupts were answered: by the first of those that were said to be delivered, and otherwise
 * by itself. Whoever asked for one that came too late for a life must not end the next one. Gives how often there was one.
 */
export const returns: Program = async (pool, random) => {
  const counts = { resumed: 0, delivered: 0, "too late": 0, unknown: 0 }
  const some = (turns: number): Promise<void> => pause(random.below(turns))
  const lives = Array.from({ length: FIBERS }, async (_, i) => {
    let handle: FiberHandle<string> = pool.run(wanders(i, 400))
    let delivered: string | null = null
    for (let life = 1; life <= LIVES; life++) {
      const present = handle
      present.catch(() => {}) // one that was stopped says so
      await some(60)
      const reason = `in life ${life} of ${i}`
      const asked = random.below(2) === 0 ? present.interrupt(reason) : null
      await some(3)
      const [record, delivery] = await Promise.all([taken(present), asked])
      if (delivery !== null) counts[delivery as "delivered"]++
      if (delivery === "delivered") delivered ??= reason
      if (record === null) break
      counts.resumed++
      handle = pool.resume(record)
    }
    const end = await handle.catch((error: { reason?: unknown }) => error.reason ?? error)
    const expected = delivered ?? "arrived"
    if (end !== expected) throw new Error(`fiber ${i} ended with "${end}", not with "${expected}"`)
  })
  await Promise.all(lives)
  return counts
}

/** Null if it has ended. */
function taken(handle: FiberHandle<string>): Promise<FiberRecord<string> | null> {
  return handle.record().catch(() => null) as Promise<FiberRecord<string> | null>
}
async function pause(turns: number): Promise<void> {
  for (let left = turns; left > 0; left--) await new Promise(resolve => setImmediate(resolve))
}
