/** Owns the peers of the throughput bench: each is a pool of two threads that gives a number back. */
import { setTimeout } from "node:timers/promises"
import { Worker } from "node:worker_threads"
import { Piscina } from "piscina"
import { FixedThreadPool } from "poolifier"
import { Tinypool } from "tinypool"

/** One pool, whoever made it. */
export interface Echo {
  readonly name: string
  run(value: number): PromiseLike<number>
  close(): Promise<unknown>
}

export function piscina(name: string, perThread: number): Echo {
  const filename = new URL("./no-op.mjs", import.meta.url).href
  const pool = new Piscina({ filename, minThreads: 2, maxThreads: 2, concurrentTasksPerWorker: perThread })
  return { name, run: value => pool.run(value), close: () => pool.destroy() }
}

export function tinypool(): Echo {
  const filename = new URL("./no-op.mjs", import.meta.url).href
  const pool = new Tinypool({ filename, minThreads: 2, maxThreads: 2 })
  return { name: "tinypool", run: value => pool.run(value), close: () => pool.destroy() }
}

export function poolifier(): Echo {
  const pool = new FixedThreadPool<number, number>(2, `${import.meta.dirname}/no-op.poolifier.mjs`)
  return { name: "poolifier", run: value => pool.execute(value), close: () => atMost(5_000, pool.destroy()) }
}

/** Its `destroy` once waited for ever for threads that had ended: the process does not outlive the bench in any case. */
function atMost(ms: number, end: Promise<unknown>): Promise<unknown> {
  return Promise.race([end, setTimeout(ms)])
}

/** Two threads and a Map of promises: what one writes who wants no library. */
export function raw(): Echo {
  const workers = [0, 1].map(() => new Worker(new URL("./no-op.raw.mjs", import.meta.url)))
  const waiting = new Map<number, (value: number) => void>()
  let ids = 0
  for (const worker of workers)
    worker.on("message", ({ id, value }: { id: number; value: number }) => {
      waiting.get(id)?.(value)
      waiting.delete(id)
    })
  return {
    name: "plain postMessage",
    run: value =>
      new Promise(resolve => {
        const id = ids++
        waiting.set(id, resolve)
        workers[id & 1]?.postMessage({ id, value })
      }),
    close: () => Promise.all(workers.map(worker => worker.terminate())),
  }
}
