/** Owns two OS threads of a test, with machine stacks of different sizes, between which fibers go to and fro as bytes. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { decode } from "@rove/core"
import type { SpawnOptions } from "rove"
import type { Job } from "./threads.worker.ts"

export interface End {
  readonly value?: unknown
  readonly error?: string
  readonly code?: string
}

export class Threads implements AsyncDisposable {
  readonly #workers: readonly Worker[]
  readonly #ends = new Map<number, { resolve(end: End): void; reject(error: unknown): void }>()
  #runs = 0
  private constructor(workers: readonly Worker[]) {
    this.#workers = workers
    for (const worker of workers) {
      worker.on("message", ({ run, bytes }: { run: number; bytes: ArrayBuffer }) => {
        const end = this.#ends.get(run)
        this.#ends.delete(run)
        try {
          end?.resolve(decode(bytes) as End)
        } catch (error) {
          end?.reject(error)
        }
      })
      // whose run it was nobody knows: a thread that is gone ends all of them
      worker.on("error", error => {
        for (const { reject } of this.#ends.values()) reject(error)
        this.#ends.clear()
      })
    }
  }

  /** `fibers` and `edits` are the URLs of modules: of the compiled functions, and of what can be done to records. */
  static async start(fibers: URL, edits: URL): Promise<Threads> {
    const { port1, port2 } = new MessageChannel()
    const file = new URL("./threads.worker.ts", import.meta.url)
    const register = new URL("../../packages/rove/src/register.ts", import.meta.url).href
    const workers = [port1, port2].map(
      (peer, i) =>
        new Worker(file, {
          workerData: { id: i + 1, peer, fibers: fibers.href, edits: edits.href },
          transferList: [peer],
          execArgv: ["--import", register],
          resourceLimits: { stackSizeMb: i === 0 ? 2 : 8 },
        }),
    )
    await Promise.all(workers.map(worker => once(worker, "online")))
    return new Threads(workers)
  }

  /** Runs a fiber from thread 1 (or `first`); each `suspend()` takes it to the other one, or, once, the `taking`. */
  run(
    fiber: string,
    { args = [], edit = null, taking = null, options = {}, first = 1 }: RunOptions = {},
  ): Promise<End> {
    const job: Job = { run: ++this.#runs, fiber, args, options, edit, taking }
    return new Promise((resolve, reject) => {
      this.#ends.set(job.run, { resolve, reject })
      ;(this.#workers[first - 1] as Worker).postMessage(job)
    })
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.map(worker => worker.terminate()))
  }
}

export interface RunOptions {
  readonly args?: readonly unknown[]
  readonly edit?: string | null
  readonly taking?: string | null
  readonly options?: SpawnOptions
  readonly first?: 1 | 2
}
