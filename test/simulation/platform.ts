/** Owns the virtual process that a simulated pool runs in: its threads are realms and actors. */
import { EventEmitter } from "node:events"
import type { Pool } from "@rove/scheduler"
import type { Alarm } from "../../packages/scheduler/src/loop.ts"
import type { OsThread, Platform } from "../../packages/scheduler/src/platform.ts"
import { admission } from "../../packages/scheduler/src/runtimes.ts"
import type { Place } from "../../packages/scheduler/src/serve.ts"
import type { WorkerStart } from "../../packages/scheduler/src/start.ts"
import { inRealm } from "./realms.ts"
import type { Actor, Simulator } from "./simulator.ts"
import type * as virtual from "./virtual-worker.ts"
import { channel, VirtualWiring } from "./wiring.ts"

interface Guest {
  readonly actor: Actor
  /** Resolves when it has left, or died. */
  readonly gone: Promise<void>
}

const workerUrl = new URL("./virtual-worker.ts", import.meta.url).href

export class VirtualPlatform implements Platform {
  readonly wiring: VirtualWiring
  readonly alarm: Alarm
  readonly channel = channel
  readonly #simulator: Simulator
  /** The pool's own thread. */
  readonly #own: Actor
  readonly #takeRealm: () => number
  readonly #plant: string | null
  readonly #guests = new Map<number, Guest>()
  /** The pool's own thread is the first actor. */
  constructor(simulator: Simulator, takeRealm: () => number, plant: string | null) {
    this.#plant = plant
    this.#simulator = simulator
    this.#takeRealm = takeRealm
    this.#own = simulator.actor(0)
    this.wiring = new VirtualWiring(simulator, this.#own)
    this.alarm = (ms, run) => simulator.at(this.#own, ms, run)
  }
  id(): string {
    return "simulated"
  }
  guest(start: WorkerStart): OsThread {
    const thread = new EventEmitter()
    const actor = this.#simulator.actor(start.id)
    actor.onDeath = () => void thread.emit("exit", 0)
    const gone = new Promise<void>(resolve => thread.once("exit", resolve))
    this.#guests.set(start.id, { actor, gone })
    return Object.assign(thread, { terminate: () => this.#simulator.end(actor) })
  }
  /** A virtual thread that the pool did not make joins it; the result lets it go again. Rejects if the pool takes nobody in. */
  async attach(pool: Pool): Promise<() => Promise<void>> {
    const start = await admission(pool.view, null)
    const { actor, gone } = this.#guests.get(start.id) as Guest
    const importing = import(inRealm(workerUrl, this.#takeRealm())) as Promise<typeof virtual>
    this.#simulator.hold(importing)
    const { start: begin } = await importing
    const { promise, resolve } = Promise.withResolvers<Place>()
    this.#simulator.later(actor, () => resolve(begin(start, this.#outside(actor))))
    const place = await Promise.race([promise, gone])
    return () => {
      if (place !== undefined) this.#simulator.later(actor, () => place.worker.askToLeave())
      return gone
    }
  }
  get deaths(): number {
    return this.#simulator.deaths
  }
  pause(): Promise<void> {
    return new Promise(resolve => this.#simulator.later(this.#own, resolve))
  }
  thread(start: WorkerStart): OsThread {
    const thread = new EventEmitter()
    const actor = this.#simulator.actor(start.id)
    actor.onDeath = () => void thread.emit("exit", 1)
    const importing = import(inRealm(workerUrl, this.#takeRealm())) as Promise<typeof virtual>
    this.#simulator.hold(importing)
    void importing.then(({ start: begin }) => this.#simulator.later(actor, () => begin(start, this.#outside(actor))))
    return Object.assign(thread, { terminate: () => this.#simulator.end(actor) })
  }
  #outside(actor: Actor): virtual.Outside {
    const simulator = this.#simulator
    return {
      planted: this.#plant,
      wiring: new VirtualWiring(simulator, actor),
      clock: simulator,
      loop: {
        soon: run => void (actor.dead || actor.soon.push(run)),
        nextTurn: run => void (actor.dead || actor.turns.push(run)),
        alarm: (ms, run) => (actor.dead ? () => {} : simulator.at(actor, ms, run)),
      },
      delayed: loading => {
        simulator.hold(loading)
        const settled = Promise.withResolvers<void>()
        const settle = (how: () => void) => simulator.later(actor, how)
        loading.then(
          () => settle(settled.resolve),
          error => settle(() => settled.reject(error)),
        )
        return settled.promise
      },
    }
  }
}
