/**
 * Owns the start of a worker. What it imports is what every worker loads: neither effect nor pino nor the parser.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import { workerData } from "node:worker_threads"
import { ThreadIdentity } from "@rove/core"
import { machine, nativeThreadId } from "@rove/fibers/scheduling"
import { ThreadCells } from "./cells.ts"
import { realClock } from "./clock.ts"
import { codec } from "./codec.ts"
import { realLoop } from "./loop.ts"
import { EMPTY, END, mail, PEER, READY, REJECTION, REPORT, STOP } from "./mail.ts"
import { Mesh, type PeerStart, POOL } from "./mesh.ts"
import { announceEvaluation, Modules } from "./modules.ts"
import { describe } from "./outcome.ts"
import { SeededRandom } from "./random.ts"
import type { WorkerStart } from "./start.ts"
import { StatCells } from "./stats.ts"
import { answerThreadMail } from "./thread-mail.ts"
import { WorkerThread } from "./worker.ts"

const start = (workerData as { readonly rove: WorkerStart }).rove
const mesh = new Mesh(start.runtimeId, start.id, start.slot, new ThreadCells(start.cells), () => worker.wake())
const modules = new Modules(start.register, start.hooked, announceEvaluation())
const fiberOf = new AsyncLocalStorage<string>()
const worker: WorkerThread = new WorkerThread({
  thread: new ThreadIdentity(start.id, nativeThreadId(), start.name, false, start.runtimeId),
  machine,
  mesh,
  codec,
  modules,
  clock: realClock,
  loop: realLoop,
  random: new SeededRandom(start.seed),
  stats: new StatCells(start.stats),
  quantum: start.quantum,
  limits: start.limits,
  attributed: id => fiberOf.enterWith(id),
})

process.on("unhandledRejection", reason => {
  const text = stackOf(reason)
  mesh.send(POOL, mail(REPORT, fiberOf.getStore() ?? "", REJECTION, null, text))
})
mesh.on(PEER, m => mesh.connect(m.object as PeerStart))
mesh.on(STOP, m => worker.end(m.a === 1, empty => mesh.send(POOL, mail(EMPTY, "", empty ? 1 : 0))))
mesh.on(END, () => {
  machine.own.end()
  worker.close()
  mesh.close() // nothing of ours keeps the thread any longer
})
answerThreadMail(mesh, codec, modules, machine.own, () => setImmediate(() => machine.own.makeCalls()))
mesh.connect(...start.peers)
mesh.send(POOL, mail(READY, ""))
worker.wake()

/** With the stack, if there is one; what was thrown may be a proxy that does not like to be asked. */
function stackOf(reason: unknown): string {
  try {
    if (reason instanceof Error && typeof reason.stack === "string") return reason.stack
  } catch {}
  return describe(reason)
}
