/** Owns a program of simulated pools in which fibers tell, link, monitor, supervise and resume each other. */
import type { Pool } from "@rove/scheduler"
import type { Random } from "../../packages/fibers/src/runtime/random.ts"
import { chain, hears, keeps, listens, owns, resumers, rounds, tells, unwaited } from "./processes.sim.ts"
import type { Program } from "./simulate.ts"

const TELLERS = 4
const EACH = 20
const WIDTH = 6
const LENGTH = 5

/** Unless a thread has died, each part is to give what it gives natively; if one has, it may end with that alone. */
export const processes: Program = async (pool, random) => {
  const parts = [told, heard, linked, named, resumed, switched, supervised, passing]
  const results = await Promise.all(parts.map(part => part(pool, random)))
  return Object.fromEntries(parts.map((part, i) => [part.name, results[i]]))
}

/** What it gave; null if that was lost with a thread. */
async function given<R>(pool: Pool, run: PromiseLike<R>): Promise<R | null> {
  try {
    return await run
  } catch (error) {
    if (pool.stats().deaths > 0 && isLoss(error)) return null
    throw error
  }
}
function isLoss(error: unknown): boolean {
  const { code, errors, reason, cause } = error as {
    readonly code?: string
    readonly errors?: readonly unknown[]
    readonly reason?: unknown
    readonly cause?: unknown
  }
  if (["ROVE_WORKER_LOST", "ROVE_UNKNOWN_FIBER", "ROVE_UNKNOWN_OBJECT"].includes(code ?? "")) return true
  return [...(errors ?? []), reason, cause].some(part => typeof part === "object" && part !== null && isLoss(part))
}
function expect(what: string, seen: unknown, expected: unknown): void {
  const [is, was] = [JSON.stringify(seen), JSON.stringify(expected)]
  if (is !== was) throw new Error(`${what}: ${is} in place of ${was}`)
}
async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise(resolve => setImmediate(resolve))
}

/** Listeners are interrupted at any time, and others take their names: each message is received once at most, in order. */
async function told(pool: Pool, random: Random): Promise<number> {
  const marks = new SharedArrayBuffer(4 * 100 * TELLERS)
  let over = false
  const listening = ["a", "b"].map(async name => {
    while (!over) {
      const listener = pool.run(listens(name, marks))
      const end = listener.then(
        () => null,
        (error: { code?: string; message: string }) => error,
      )
      for (let left = 20 + random.below(100); left > 0 && !over; left--) await turns(1)
      listener.interrupt("enough")
      const { code, message } = (await end) ?? { code: undefined, message: "a listener returned" }
      // its name may not be free again yet
      if (code === undefined) throw new Error(message)
    }
  })
  const found = await Promise.all(
    Array.from({ length: TELLERS }, (_, i) => given(pool, pool.run(tells(i % 2 === 0 ? "a" : "b", i, EACH)))),
  )
  over = true
  await Promise.all(listening)
  if (new Int32Array(marks).some(times => times > 1)) throw new Error("a message was received twice")
  return found.reduce<number>((sum, one) => sum + (one ?? 0), 0)
}
async function heard(pool: Pool): Promise<void> {
  const seen = await given(pool, pool.run(hears(WIDTH)))
  if (seen !== null) expect("ends that were heard of", seen, [WIDTH, WIDTH])
}
/** Whoever is linked to one that fails ends, and says so once. */
async function linked(pool: Pool): Promise<void> {
  const ended = new SharedArrayBuffer(4 * (LENGTH + 1))
  const end = await pool.run(chain(LENGTH, ended)).then(
    () => "returned",
    (error: { code?: string; reason?: unknown }) => error.code ?? "failed",
  )
  const words = [...new Int32Array(ended)]
  if (words.some(times => times > 1)) throw new Error("a fiber of a chain ended twice")
  if (pool.stats().deaths > 0) return
  expect("the end of a chain", [end, words], ["ROVE_INTERRUPTED", Array(LENGTH + 1).fill(1)])
}
async function named(pool: Pool): Promise<void> {
  const owners = new SharedArrayBuffer(4)
  const runs = Array.from({ length: 4 }, () => pool.run(owns("one at a time", owners, 6)))
  try {
    const had = await Promise.all(runs.map(run => given(pool, run)))
    if (had.every(times => times === 0)) throw new Error("nobody ever had the name")
  } catch (error) {
    // one that died with the name has not said so
    if (pool.stats().deaths === 0) throw error
    await Promise.allSettled(runs)
  }
}
async function resumed(pool: Pool): Promise<void> {
  const seen = await given(pool, pool.run(resumers(WIDTH)).catch(late(pool)))
  if (seen !== null) expect("those that were resumed", seen, [WIDTH, WIDTH])
}
/** Whose resumer died with another thread would wait for ever, which nobody can know, and so has a timeout. */
function late(pool: Pool): (error: { code?: string }) => null {
  return error => {
    if (error.code === "ROVE_TIMEOUT" && pool.stats().deaths > 0) return null
    throw error
  }
}
async function switched(pool: Pool): Promise<void> {
  const threads = pool.threads().map(({ id }) => id)
  const sum = await given(pool, pool.run(rounds(40, threads)))
  if (sum !== null) expect("what coroutines handed round", sum, 40)
}
/** Children are started again until the supervisor is interrupted; then none of them is. */
async function supervised(pool: Pool, random: Random): Promise<void> {
  const began = new SharedArrayBuffer(16)
  const boss = pool.run(keeps(began))
  let over = false
  const end = boss
    .catch(() => {})
    .then(() => {
      over = true
    })
  // of one that was lost there is nothing to wait for, and perhaps nothing else happens
  for (let left = 100 + random.below(200); left > 0 && !over; left--) await turns(1)
  boss.interrupt("enough")
  await end
  const words = new Int32Array(began)
  const seen = [...words]
  await turns(30) // fewer than the simulator waits for something to happen
  if (pool.stats().deaths > 0) return
  expect("children of a supervisor that has ended", [...words], seen)
}
async function passing(pool: Pool): Promise<void> {
  const threads = pool.threads().map(({ id }) => id)
  const came = await given(pool, pool.run(unwaited(threads, EACH)).catch(gone(pool)))
  if (pool.stats().deaths === 0) expect("what was told in passing", came, EACH)
}
/** It wanted to go to a thread that had died. */
function gone(pool: Pool): (error: { code?: string }) => null {
  return error => {
    if (error.code === "ROVE_NO_THREAD" && pool.stats().deaths > 0) return null
    throw error
  }
}
