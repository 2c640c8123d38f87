/**
 * Owns the start of a worker in a thread of its own. What it imports is what every worker loads: neither effect nor pino
 * nor the parser.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import { availableParallelism } from "node:os"
import { workerData } from "node:worker_threads"
import { machine } from "@rove/fibers/scheduling"
import { takeProcessor } from "./affinity.ts"
import { realClock } from "./clock.ts"
import { endThread } from "./last-requests.ts"
import { realLoop } from "./loop.ts"
import { mail, REJECTION, REPORT } from "./mail.ts"
import { realWiring } from "./mailbox.ts"
import { POOL } from "./mesh.ts"
import { announceEvaluation, Modules } from "./modules.ts"
import { describe } from "./outcome.ts"
import { serve } from "./serve.ts"
import { CACHE_VARIABLE, type WorkerStart } from "./start.ts"

const { rove: start, ownCache } = workerData as { readonly rove: WorkerStart; readonly ownCache: boolean }
// Node has read it; what the thread runs need not know
if (ownCache) delete process.env[CACHE_VARIABLE]
const fiberOf = new AsyncLocalStorage<string>()
const { worker, mesh } = serve(start, {
  machine,
  wiring: realWiring,
  modules: new Modules(start.register, start.hooked, announceEvaluation()),
  clock: realClock,
  loop: realLoop,
  attributed: id => fiberOf.enterWith(id),
  isMain: false,
  processors: availableParallelism(),
  unplaced: start.processor === null ? "" : takeProcessor(start.processor),
  over: () => {
    machine.own.end()
    endThread()
  },
})
machine.host = worker

process.on("unhandledRejection", reason => {
  mesh.send(POOL, mail(REPORT, fiberOf.getStore() ?? "", REJECTION, null, stackOf(reason)))
})

/** With the stack, if there is one; what was thrown may be a proxy that does not like to be asked. */
function stackOf(reason: unknown): string {
  try {
    if (reason instanceof Error && typeof reason.stack === "string") return reason.stack
  } catch {}
  return describe(reason)
}
