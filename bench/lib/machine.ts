/** Owns the control of every measurement on several threads: what the machine itself gives at that moment. */
import { Worker } from "node:worker_threads"

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
