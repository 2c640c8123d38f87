/**
 * Owns chance and time of a simulation: which virtual thread does what next, and when. Everything that happens follows from
 * the seed.
 *
 * A thread does one task at a time: a burst, a message of its event loop, an alarm. While it does, at each access to shared memory,
 * another thread may be let in, so that its task falls between two accesses of the first; and a thread may die there.
 */
import { SeededRandom } from "../../packages/fibers/src/runtime/random.ts"

export interface Chances {
  /** One in so many accesses lets another thread in. */
  readonly interrupted: number
  /** One in so many accesses is the last of its thread; 0: none dies. */
  readonly deadly: number
  /** Deaths, at most. */
  readonly deaths: number
}

interface Alarm {
  readonly at: number
  readonly run: () => void
}

/** A virtual thread, as the simulator sees it. */
export class Actor {
  readonly id: number
  /** What it does next: before anything else, in order. */
  readonly soon: (() => void)[] = []
  /** What its event loop has to do, in no order among each other; each is a queue. */
  readonly queues: (() => void)[][] = []
  readonly turns: (() => void)[] = []
  alarms: Alarm[] = []
  busy = false
  /** What it does from now on has no effect any more. */
  dead = false
  onDeath: () => void = () => {}
  constructor(id: number) {
    this.id = id
    this.queues.push(this.turns)
  }
  has(now: number): boolean {
    return (
      this.soon.length > 0 || this.queues.some(({ length }) => length > 0) || this.alarms.some(({ at }) => at <= now)
    )
  }
}

/** Turns of the real event loop in which nothing happened, until nothing will: programs themselves wait for up to a hundred. */
const IDLE = 200

/** Unwinds what a thread was doing when it died. */
class Died extends Error {}

export class Simulator {
  readonly random: SeededRandom
  readonly #chances: Chances
  readonly #actors: Actor[] = []
  #now = 0
  #deaths = 0
  /** Tasks so far, and a number that two runs have in common only if they were the same. */
  steps = 0
  trace = 0
  #held: Promise<unknown>[] = []
  constructor(seed: number, chances: Chances) {
    this.random = new SeededRandom(seed)
    this.#chances = chances
  }
  get deaths(): number {
    return this.#deaths
  }
  actor(id: number): Actor {
    const actor = new Actor(id)
    this.#actors.push(actor)
    return actor
  }
  /** Time passes by being looked at. */
  now(): number {
    this.#now += this.random.below(400) / 1000
    return this.#now
  }
  chance(oneIn: number): boolean {
    return oneIn > 0 && this.random.below(oneIn) === 0
  }
  /** An access to shared memory by that thread; false if it has no effect, as from a promise of a thread that is gone. */
  access(actor: Actor): boolean {
    if (!actor.busy || actor.id === 0) return !actor.dead
    if (!actor.dead && this.#deaths < this.#chances.deaths && this.chance(this.#chances.deadly)) {
      this.#deaths++
      this.end(actor)
    }
    if (actor.dead) throw new Died()
    if (this.chance(this.#chances.interrupted)) this.#act(this.#pick(this.#actors.filter(other => other.id !== 0)))
    return true
  }
  /** The thread is gone, in whichever way; who made it hears later. */
  end(actor: Actor): void {
    if (actor.dead) return
    actor.dead = true
    actor.soon.length = actor.alarms.length = 0
    for (const queue of actor.queues) queue.length = 0
    this.#note(1000 + actor.id)
    const pool = this.#actors[0] as Actor
    this.later(pool, actor.onDeath)
  }
  /** After some time, on that thread. */
  later(actor: Actor, run: () => void): void {
    this.at(actor, this.random.below(2000) / 1000, run)
  }
  at(actor: Actor, ms: number, run: () => void): () => void {
    const alarm = { at: this.#now + Math.max(0, ms), run }
    if (!actor.dead) actor.alarms.push(alarm)
    return () => {
      actor.alarms = actor.alarms.filter(other => other !== alarm)
    }
  }
  /** What the world outside does takes no time here: nothing happens until it is over. */
  hold(promise: Promise<unknown>): void {
    this.#held.push(promise.catch(() => {}))
  }

  /** Lets things happen until `over` says so; throws if nothing can happen any more. */
  async run(over: () => boolean): Promise<void> {
    for (let idle = 0; !over(); ) {
      await new Promise(resolve => setImmediate(resolve))
      while (this.#held.length > 0) await Promise.all(this.#held.splice(0))
      if (this.#act(this.#pick(this.#actors)) || this.#skip()) idle = 0
      else if (++idle > IDLE) throw new Error(`nothing happens any more, after ${this.steps} tasks: ${this.#picture()}`)
    }
  }
  #pick(among: readonly Actor[]): Actor | undefined {
    const able = among.filter(actor => !actor.busy && !actor.dead && actor.has(this.#now))
    return able[this.random.below(Math.max(1, able.length))]
  }
  #act(actor: Actor | undefined): boolean {
    if (actor === undefined) return false
    const run = this.#choose(actor)
    this.steps++
    this.#note(actor.id)
    actor.busy = true
    try {
      run()
      // what a task leaves to be done at once is done before the next one of the thread, as microtasks are
      while (actor.soon.length > 0) (actor.soon.shift() as () => void)()
    } catch (error) {
      if (!(error instanceof Died)) throw error
    } finally {
      actor.busy = false
    }
    return true
  }
  #choose(actor: Actor): () => void {
    const next = actor.soon.shift()
    if (next !== undefined) return next
    const due = actor.alarms.filter(({ at }) => at <= this.#now)
    const full = actor.queues.filter(({ length }) => length > 0)
    const at = this.random.below(due.length + full.length)
    const alarm = due[at]
    if (alarm === undefined) return (full[at - due.length] as (() => void)[]).shift() as () => void
    actor.alarms = actor.alarms.filter(other => other !== alarm)
    return alarm.run
  }
  /** Nobody can do anything now: on to the next alarm. */
  #skip(): boolean {
    const next = Math.min(...this.#actors.flatMap(({ alarms }) => alarms.map(({ at }) => at)))
    if (next === Number.POSITIVE_INFINITY) return false
    this.#now = Math.max(this.#now, next)
    return true
  }
  #note(what: number): void {
    this.trace = (Math.imul(this.trace ^ what, 0x01000193) + Math.round(this.#now * 1000)) | 0
  }
  #picture(): string {
    return this.#actors.map(({ id, dead }) => `thread ${id}${dead ? " (dead)" : ""}`).join(", ")
  }
}
