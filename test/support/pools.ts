/**
 * Lends pools to the tests of a file: to start threads takes most of a short test's time, so one that a test leaves as it
 * was given to it is the next one's. What a test has changed (a thread gone, a fiber that lives on, an end) is its own only.
 */
import { Pool, type PoolOptions } from "@rove/scheduler"
import { afterAll, afterEach } from "vitest"

export type Lend = (options?: PoolOptions) => Promise<Pool>

/** To be called once, at the top of a file. Pools with the same options are the same to whoever asks for one. */
export function lending(defaults: PoolOptions): Lend {
  const shelf = new Map<string, Pool[]>()
  const lent: { readonly pool: Pool; readonly options: PoolOptions }[] = []
  afterEach(async () => {
    const returned = lent.splice(0)
    await Promise.all(
      returned.map(({ pool, options }) => (isAsGiven(pool, options) ? shelve(pool, options) : pool.close())),
    )
  })
  afterAll(async () => {
    await Promise.all([...shelf.values()].flat().map(pool => pool.close()))
  })
  function shelve(pool: Pool, options: PoolOptions): void {
    const key = JSON.stringify(options)
    shelf.set(key, [...(shelf.get(key) ?? []), pool])
  }
  return async given => {
    const options = { ...defaults, ...given }
    const pool = shelf.get(JSON.stringify(options))?.pop() ?? (await Pool.start(options))
    lent.push({ pool, options })
    return pool
  }
}

/** Whether all its threads are those that it began with, nothing lives on them, and its options say all there is to them. */
function isAsGiven(pool: Pool, options: PoolOptions): boolean {
  const { threads, pending, deaths } = pool.stats()
  const living = threads.reduce((sum, { started, ended }) => sum + started - ended, 0)
  const plain = Object.values(options).every(option => typeof option !== "object" && typeof option !== "function")
  const whole = threads.length === options.workers && threads.every(({ alive }) => alive)
  return plain && whole && living === 0 && pending === 0 && deaths === 0
}
