/** Owns a program of simulated pools in which every operation that waits is interrupted, timed out, and moved while it does. */
import type { Pool } from "@rove/scheduler"
import type { Random } from "../../packages/fibers/src/runtime/random.ts"
import {
  goOn,
  impatient,
  makes,
  partner,
  partnerOf,
  type Things,
  type What,
  waiter,
  waits as ways,
} from "../operations/waits.fibers.ts"
import type { Program } from "./simulate.ts"

/** The world outside is not simulated. */
const outside: readonly What[] = ["wait for a promise", "callAsync"]
const operations = (Object.keys(ways) as What[]).filter(what => !outside.includes(what))
type Run = ReturnType<Pool["run"]>

/** Each gives what it gives on one thread, wherever its partner, its object and it are, whatever else happens there. */
export const waits: Program = async (pool, random) => {
  const scenes = operations.flatMap(what =>
    // who joins again may come behind the end, which is not kept of what ordinary code has started
    (what === "join" ? [interrupted, moved] : [interrupted, late, moved]).map(async how => {
      try {
        await how(pool, random, what)
      } catch (error) {
        throw new Error(`${what}, ${how.name}: ${(error as Error).message}`, { cause: error })
      }
    }),
  )
  await Promise.all(scenes)
  return scenes.length
}

const some = (pool: Pool, random: Random): number => {
  const threads = pool.threads()
  return (threads[random.below(threads.length)] as { readonly id: number }).id
}
async function start(pool: Pool, random: Random, tag: string, what: What): Promise<{ things: Things; keeps: Run }> {
  const things = await pool.run(makes(some(pool, random), `${tag} ${what}`))
  const keeps = pool.run(partner(what, things, some(pool, random)))
  await pool.run(partnerOf(things)) // it is there
  return { things, keeps }
}
/** It waits for what it is to wait for, and is not on its way there. */
async function parked(fiber: Run): Promise<void> {
  for (;;) {
    const { status, waitsFor } = await fiber.status()
    if (status === "done" || (waitsFor !== null && !/^(look up|tell|sleep of 2 ms)/.test(waitsFor))) return
    await new Promise(resolve => setImmediate(resolve))
  }
}
function expect(what: string, seen: unknown, expected: unknown): void {
  const [is, was] = [JSON.stringify(seen), JSON.stringify(expected)]
  if (is !== was) throw new Error(`${what}: ${is} in place of ${was}`)
}

async function interrupted(pool: Pool, random: Random, what: What): Promise<void> {
  const { things, keeps } = await start(pool, random, "interrupted", what)
  const first = pool.run(waiter(what, things, some(pool, random)))
  const end = first.then(
    () => "returned",
    (error: { reason?: unknown }) => error.reason,
  )
  await parked(first)
  const delivery = await first.interrupt("enough")
  // what ends by itself may have done so meanwhile: time passes by being looked at
  expect(`${what}, interrupted`, await end, delivery === "delivered" ? "enough" : "returned")
  const second = pool.run(waiter(what, things, some(pool, random)))
  await parked(second)
  await pool.run(goOn(things))
  expect(`${what}, the next one`, [(await second)[0], await keeps], [42, 42])
}
async function late(pool: Pool, random: Random, what: What): Promise<void> {
  const { things, keeps } = await start(pool, random, "late", what)
  const seen = await pool.run(impatient(what, things, some(pool, random)))
  expect(`${what}, timed out`, [seen, await keeps], [["ROVE_TIMEOUT", 42], 42])
}
async function moved(pool: Pool, random: Random, what: What): Promise<void> {
  const { things, keeps } = await start(pool, random, "moved", what)
  const first = pool.run(waiter(what, things, some(pool, random)))
  await parked(first)
  // it may have ended before that is asked for
  const going = first.migrateTo(some(pool, random)).catch(() => {})
  await pool.run(goOn(things))
  await going
  expect(`${what}, moved`, [(await first)[0], await keeps], [42, 42])
}
