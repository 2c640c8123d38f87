/** Owns a virtual worker inside of its realm: this file and what it imports are there once per worker. */
import { type Machine, machine } from "@rove/fibers/scheduling"
import type { Clock } from "../../packages/scheduler/src/clock.ts"
import type { EventLoop } from "../../packages/scheduler/src/loop.ts"
import type { Wiring } from "../../packages/scheduler/src/mailbox.ts"
import { Modules } from "../../packages/scheduler/src/modules.ts"
import { type Place, serve } from "../../packages/scheduler/src/serve.ts"
import type { WorkerStart } from "../../packages/scheduler/src/start.ts"
import { plant } from "./plants.ts"

/** What is the simulator's, and not the realm's. */
export interface Outside {
  readonly planted: string | null
  readonly wiring: Wiring
  readonly clock: Clock
  readonly loop: EventLoop
  /** Gives a promise that is settled when the simulator wants it to. */
  readonly delayed: (loading: Promise<void>) => Promise<void>
}

export function start(start: WorkerStart, { planted, wiring, clock, loop, delayed }: Outside): Place {
  if (planted !== null) plant(planted)
  Object.assign(machine, new (machine.constructor as new () => Machine)()) // the realm may have had a thread before
  // the hook of realms compiles
  const modules = new Modules(null, false)
  const load = (urls: readonly string[]): Promise<void> | null => {
    const loading = modules.load(urls)
    return loading === null ? null : delayed(loading)
  }
  const place = serve(start, {
    machine,
    wiring,
    modules: { load },
    clock,
    loop,
    attributed() {},
    isMain: false,
    over: () => machine.own.end(),
  })
  machine.host = place.worker
  return place
}
