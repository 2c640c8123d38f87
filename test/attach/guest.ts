/** Owns threads that no pool made, and what is tried with one at many moments. */
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { Pool } from "@rove/scheduler"
import { expect } from "vitest"
import type { Order } from "./guest.worker.ts"

const register = new URL("../../packages/rove/src/register.ts", import.meta.url).href

export interface Guest {
  readonly worker: Worker
  tell(order: Order): Promise<{ value?: unknown; code?: string; text?: string }>
}

export async function startGuest(): Promise<Guest> {
  const worker = new Worker(new URL("./guest.worker.ts", import.meta.url), { execArgv: ["--import", register] })
  await once(worker, "online")
  return {
    worker,
    async tell(order) {
      const answer = once(worker, "message")
      worker.postMessage(order)
      return (await answer)[0]
    },
  }
}

/** A guest asks to be taken in, and so many pools are closed meanwhile, each somewhat later than the one before. */
export async function attachesWhileClosing({ tell }: Guest, moments: number): Promise<void> {
  const seen = new Set<string>()
  for (let i = 0; i < moments; i++) {
    const pool = await Pool.start({ workers: 1, grace: 2000, logger: { warn() {}, error() {} } })
    const answer = tell({ what: "attach", view: pool.view })
    await new Promise(resolve => setTimeout(resolve, (3 * i) / moments))
    await pool.close()
    const { code = "attached" } = await answer
    seen.add(code)
    if (code === "attached") await tell({ what: "release" })
  }
  for (const code of seen) expect(["attached", "ROVE_POOL_CLOSED"]).toContain(code)
}
