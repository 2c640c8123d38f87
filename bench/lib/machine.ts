/** Owns the control of every measurement on several threads: what the machine itself gives at that moment. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import type { Order } from "../programs/sequential.ts"

/** What the machine has to give at this moment: two threads that share nothing, beside one. */
export async function plainSpeedup(): Promise<number> {
  const text = `const { parentPort } = require("node:worker_threads")
    parentPort.on("message", () => {
      let hash = 0
      for (let i = 0; i < 3e8; i++) hash = Math.imul(hash ^ i, 16777619)
      parentPort.postMessage(hash)
    })`
  const workers = [new Worker(text, { eval: true }), new Worker(text, { eval: true })] as const
  const work = (worker: Worker): Promise<unknown> => {
    worker.postMessage("go")
    return new Promise(resolve => worker.once("message", resolve))
  }
  const time = async (what: () => Promise<unknown>): Promise<number> => {
    const started = performance.now()
    await what()
    return performance.now() - started
  }
  await Promise.all(workers.map(work))
  const alone = await time(() => work(workers[0]))
  const together = await time(() => Promise.all(workers.map(work)))
  await Promise.all(workers.map(worker => worker.terminate()))
  return (2 * alone) / together
}

/** Names of its threads. */
export const PAIR = ["alone-1", "alone-2"] as const

/** Two threads that share nothing, beside one: what the machine gives to a program of `programs/sequential.ts` at a moment. */
export class Pair implements Disposable {
  readonly #workers = PAIR.map(name => new Worker(new URL("../programs/sequential.ts", import.meta.url), { name }))

  /** Milliseconds until each has run it so often. */
  async run(order: Order): Promise<number> {
    const started = performance.now()
    await Promise.all(
      this.#workers.map(worker => {
        worker.postMessage(order)
        return once(worker, "message")
      }),
    )
    return performance.now() - started
  }
  [Symbol.dispose](): void {
    for (const worker of this.#workers) void worker.terminate()
  }
}
