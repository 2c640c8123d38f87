/**
 * Owns a worker between its start and its end: what it is made of, and what the pool can tell it. Threads of the pool have one
 * for as long as they live; others take one and leave it.
 */
import { ThreadIdentity } from "@rove/core"
import { type Machine, nativeThreadId, SeededRandom } from "@rove/fibers/scheduling"
import { ThreadCells } from "./cells.ts"
import type { Clock } from "./clock.ts"
import { codec } from "./codec.ts"
import type { EventLoop } from "./loop.ts"
import { EMPTY, END, IS_EMPTY, IS_RECORDED, mail, NOT_EMPTY, PEER, READY, STOP } from "./mail.ts"
import type { Wiring } from "./mailbox.ts"
import { Mesh, type PeerStart, POOL } from "./mesh.ts"
import type { Modules } from "./modules.ts"
import { Pulse } from "./pulse.ts"
import type { WorkerStart } from "./start.ts"
import { StatCells } from "./stats.ts"
import { answerThreadMail } from "./thread-mail.ts"
import { WorkerThread } from "./worker.ts"

/** What a thread has of its own; a virtual one has other objects. */
export interface Surroundings {
  readonly machine: Machine
  readonly wiring: Wiring
  readonly modules: Pick<Modules, "load">
  readonly clock: Clock
  readonly loop: EventLoop
  readonly attributed: (fiberId: string) => void
  /** Whether this is the main thread of its process. */
  readonly isMain: boolean
  /** Of the machine, for threads of the pool's own. */
  readonly processors?: number
  /** Why the thread does not have the processor that it was to have; "" if it does, or was to have none. */
  readonly unplaced?: string
  /** The pool has said that this was it. */
  readonly over: () => void
}

/** A thread's place in a runtime. */
export interface Place {
  readonly worker: WorkerThread
  readonly mesh: Mesh
  /** Leaves at once; what runs is lost. */
  close(): void
}

/** Runs the worker. */
export function serve(start: WorkerStart, surroundings: Surroundings): Place {
  const { machine, wiring, modules, loop } = surroundings
  const cells = new ThreadCells(start.cells, wiring.words(start.cells))
  const mesh = new Mesh(start.runtimeId, start.id, start.slot, cells, () => worker.rung(), wiring)
  const worker: WorkerThread = new WorkerThread({
    ...surroundings,
    identity: () => new ThreadIdentity(start.id, nativeThreadId(), start.name, surroundings.isMain, start.runtimeId),
    mesh,
    codec,
    random: new SeededRandom(start.seed),
    stats: new StatCells(start.stats),
    pulse: start.pulse === null ? null : new Pulse(start.pulse),
    quantum: start.quantum,
    limits: start.limits,
    gone: () => end(),
  })
  const close = (): void => {
    worker.close()
    mesh.close() // nothing of ours keeps the thread any longer
  }
  const end = (): void => {
    worker.handOver()
    surroundings.over()
    close()
  }
  mesh.on(PEER, m => mesh.connect(m.object as PeerStart))
  mesh.on(STOP, m => {
    const say = (what: number): void => mesh.send(POOL, mail(EMPTY, "", what))
    worker.end(
      m.a,
      empty => say(empty ? IS_EMPTY : NOT_EMPTY),
      () => say(IS_RECORDED),
    )
  })
  mesh.on(END, end)
  answerThreadMail(mesh, codec, modules, machine.own, () => loop.nextTurn(() => machine.own.makeCalls()))
  mesh.missedAllBut(start.peers.map(({ id }) => id).filter(id => id !== POOL))
  mesh.connect(...start.peers)
  mesh.send(POOL, { ...mail(READY, ""), text: surroundings.unplaced ?? "" })
  worker.wake()
  return { worker, mesh, close }
}
