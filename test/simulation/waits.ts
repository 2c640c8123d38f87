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
import type { Program, World } from "./simulate.ts"

/** The world outside is not simulated. */
const outside: readonly What[] = ["wait for a promise", "callAsync"]
/** Whose wait ends by itself. */
const timed: readonly What[] = ["sleep", "sleepUntil", "interval", "pause of a retry", "end of a child"]
const operations = (Object.keys(ways) as What[]).filter(what => !outside.includes(what))
type Run = ReturnType<Pool["run"]>
interface Scene {
  readonly pool: Pool
  readonly random: Random
  readonly world: World
}

/** Each gives what it gives on one thread, wherever its partner, its object and it are, whatever else happens there. */
export const waits: Program = async (pool, random, world) => {
  const scene: Scene = { pool, random, world }
  const scenes = operations.flatMap(what =>
    [interrupted, late, moved].map(async how => {
      try {
        await how(scene, what)
      } catch (error) {
        throw new Error(`${what}, ${how.name}: ${(error as Error).message}`, { cause: error })
      }
    }),
  )
  await Promise.all(scenes)
  return scenes.length
}

const some = ({ pool, random }: Scene): number => {
  const threads = pool.threads()
  return (threads[random.below(threads.length)] as { readonly id: number }).id
}
async function start(scene: Scene, tag: string, what: What): Promise<{ things: Things; keeps: Run }> {
  const { pool } = scene
  const things = await pool.run(makes(some(scene), `${tag} ${what}`))
  const keeps = pool.run(partner(what, things, some(scene)))
  await pool.run(partnerOf(things)) // it is there
  return { things, keeps }
}
/** It waits for what it is to wait for, and is not on its way there. */
async function parked({ world }: Scene, fiber: Run): Promise<void> {
  for (;;) {
    const { status, waitsFor } = await fiber.status()
    if (status === "done" || (waitsFor !== null && !/^(look up|tell|sleep of 2 ms)/.test(waitsFor))) return
    await world.pause()
  }
}
function expect(what: string, seen: unknown, expected: unknown): void {
  const [is, was] = [JSON.stringify(seen), JSON.stringify(expected)]
  if (is !== was) throw new Error(`${what}: ${is} in place of ${was}`)
}

async function interrupted(scene: Scene, what: What): Promise<void> {
  const { pool } = scene
  const { things, keeps } = await start(scene, "interrupted", what)
  const first = pool.run(waiter(what, things, some(scene)))
  const end = first.then(
    () => "returned",
    (error: { reason?: unknown }) => error.reason,
  )
  await parked(scene, first)
  const delivery = await first.interrupt("enough")
  const seen = await end
  // what ends by itself may have done so meanwhile, or may have no check any more that throws: time passes by being looked at
  if (!timed.includes(what) || seen !== "returned")
    expect(`${what}, interrupted`, [delivery, seen], ["delivered", "enough"])
  const second = pool.run(waiter(what, things, some(scene)))
  await parked(scene, second)
  await pool.run(goOn(things))
  expect(`${what}, the next one`, [(await second)[0], await keeps], [42, 42])
}
async function late(scene: Scene, what: What): Promise<void> {
  const { pool } = scene
  const { things, keeps } = await start(scene, "late", what)
  const seen = await pool.run(impatient(what, things, some(scene)))
  expect(`${what}, timed out`, [seen, await keeps], [["ROVE_TIMEOUT", 42], 42])
}
async function moved(scene: Scene, what: What): Promise<void> {
  const { pool } = scene
  const { things, keeps } = await start(scene, "moved", what)
  const first = pool.run(waiter(what, things, some(scene)))
  await parked(scene, first)
  // it may have ended before that is asked for
  const going = first.migrateTo(some(scene)).catch(() => {})
  await pool.run(goOn(things))
  await going
  expect(`${what}, moved`, [(await first)[0], await keeps], [42, 42])
}
