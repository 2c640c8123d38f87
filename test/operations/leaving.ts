/**
 * Owns a storm of fibers that send where they may not wait, while they are recorded, migrated, interrupted and copied, threads go,
 * come and die, and the pool closes at some moment. What it checks: each ends once, or is one record; what one sends another comes once
 * and in order; and what was a record, or a copy, goes on and ends once elsewhere.
 */
import {
  type Channel,
  channel,
  type FiberHandle,
  type FiberRecord,
  mutex,
  Pool,
  type ShutdownReport,
  semaphore,
} from "rove"
import { type Random, SeededRandom } from "../../packages/fibers/src/runtime/random.ts"
import * as fibers from "./leaving.fibers.ts"
import { after, listening, pause } from "./listening.ts"
import type { Message } from "./numbers.fibers.ts"

const WALKERS = 10
const NAMES = ["r0", "r1", "r2", "r3"]
/** Numbers of those who receive, and of those who take from a channel; walkers begin at 0. */
const [RECEIVERS, TAKERS] = [100, 200]
const GRACE = 20_000
/** Milliseconds of disturbances, and then for all to end. */
const [STORM, LONGEST] = [3000, 60_000]

export interface Story {
  readonly seed: number
  readonly mode: "interrupt" | "drain" | "record"
  /** Threads go, and come. */
  readonly resizes: boolean
  /** Threads die. */
  readonly kills: boolean
  /** Milliseconds after which the pool closes; Infinity: when all have ended. */
  readonly closes: number
}
interface One {
  readonly me: number
  /** Of the fiber, or of its last record. */
  handle: FiberHandle<unknown>
  outcome: string | null
  result: unknown
}
interface Saved {
  readonly me: number
  readonly record: FiberRecord
}

/** Gives what was wrong. */
export async function leaving(story: Story): Promise<readonly string[]> {
  const wrong: string[] = []
  using heard = listening(wrong)
  const { logger } = heard
  const memory = story.kills ? { limits: { memory: 64 } } : {}
  const pool = await Pool.start({ workers: 3, grace: GRACE, seed: story.seed, logger, ...memory })
  await new Storm(pool, story, wrong).run()
  return wrong
}

class Storm {
  readonly #pool: Pool
  readonly #story: Story
  readonly #random: Random
  readonly #wrong: string[]
  readonly #all: One[] = []
  readonly #buffer = new SharedArrayBuffer(4 * 1500)
  readonly #words = new Int32Array(this.#buffer)
  readonly #channels = [channel<Message>(), channel<Message>({ capacity: 3 })]
  /** The last copy of each. */
  readonly #copies = new Map<number, FiberRecord>()
  /** Records that came when the pool took none any more. */
  readonly #late: Saved[] = []
  /** Ids of fibers that are about to be records. */
  readonly #saving = new Set<string>()
  readonly #saved: Promise<void>[] = []
  #closing = false
  constructor(pool: Pool, story: Story, wrong: string[]) {
    this.#pool = pool
    this.#story = story
    this.#random = new SeededRandom(story.seed)
    this.#wrong = wrong
  }

  async run(): Promise<void> {
    const { mode, closes } = this.#story
    this.#begin()
    const began = performance.now()
    const until = began + Math.min(closes, LONGEST)
    while (performance.now() < until && this.#walking > 0) {
      await pause(this.#random.below(5))
      if (performance.now() < began + STORM) this.#disturb()
    }
    if (this.#walking === 0) await this.#rest()
    else if (closes >= LONGEST) this.#wrong.push(`${this.#walking} walkers have not ended`)
    if (mode === "drain") {
      this.#over(2)
      for (const it of this.#channels) this.#close(it)
    }
    this.#closing = true
    const end = this.#pool.close({ mode, grace: GRACE })
    const report = await Promise.race([end, after(4 * GRACE, null)])
    if (report === null) return void this.#wrong.push("the pool does not close")
    await Promise.all(this.#saved)
    this.#settled(report)
    if (this.#story.kills) return
    await this.#elsewhere("record", [...this.#late, ...report.records.map(record => this.#known(record))])
    await this.#elsewhere(
      "copy",
      [...this.#copies].map(([me, record]) => ({ me, record })),
    )
  }
  #begin(): void {
    const { seed, kills, closes } = this.#story
    const pool = this.#pool
    const ids = pool.threads().map(({ id }) => id)
    const world: fibers.World = {
      seed,
      names: NAMES,
      walkers: WALKERS,
      steps: closes === Number.POSITIVE_INFINITY ? 40 : 400,
      threads: [...ids, 4, 5],
      words: this.#buffer,
      lock: mutex(),
      permits: semaphore(3),
      channels: this.#channels,
    }
    for (const [i, name] of NAMES.entries()) {
      const me = RECEIVERS + i
      this.#follow(me, pool.run(fibers.receiver(me, name, world, kills && i > 0, ids[i - 1] ?? 0)))
    }
    for (const [i, it] of this.#channels.entries())
      this.#follow(TAKERS + i, pool.run(fibers.taker(TAKERS + i, it, world)))
    for (let me = 0; me < WALKERS; me++) {
      const priority = (["low", "normal", "high"] as const)[me % 3] ?? "normal"
      this.#follow(me, pool.run(fibers.walker(me, world), { priority }))
    }
  }
  /** Walkers have ended: so do the others, and have heard all. */
  async #rest(): Promise<void> {
    this.#over(2)
    for (const it of this.#channels) this.#close(it)
    await Promise.race([Promise.all(this.#all.map(({ handle }) => handle.catch(() => {}))), pause(GRACE)])
    if (!this.#story.kills) this.#compare()
  }
  #close(it: Channel<Message>): void {
    this.#pool.run(fibers.closes(it)).catch(() => {})
  }
  #over(how: number): void {
    Atomics.store(this.#words, fibers.OVER, how)
  }
  get #walking(): number {
    const lives = ({ outcome, handle }: One): boolean => outcome === null || this.#saving.has(handle.id)
    return this.#all.filter(one => one.me < WALKERS && lives(one)).length
  }
  #follow(me: number, handle: FiberHandle<unknown>): void {
    const before = this.#all.find(other => other.me === me)
    const one: One = before ?? { me, handle, outcome: null, result: null }
    if (before === undefined) this.#all.push(one)
    one.handle = handle
    one.outcome = null
    const ended = (outcome: string, result: unknown): void => {
      if (one.handle !== handle) return void this.#wrong.push(`${me} was resumed and ended: ${outcome}`)
      one.outcome = outcome
      one.result = result
    }
    handle.then(
      result => ended("returned", result),
      (error: { readonly code?: string }) => ended(error.code ?? String(error), null),
    )
  }

  #disturb(): void {
    const { resizes, kills } = this.#story
    const random = this.#random
    const living = this.#all.filter(({ outcome }) => outcome === null)
    const [one, what] = [living[random.below(living.length)], random.below(14)]
    if (resizes && what === 0) this.#pool.resize(1 + random.below(3), { grace: GRACE }).catch(this.#refused)
    if (kills && what === 1 && random.below(4) === 0) this.#kill()
    if (one === undefined || one.me >= WALKERS) return
    if (what < 9) this.#ask(one, what)
    else if (what === 9) for (const each of [2, 4, 5, 8]) this.#ask(one, each)
    else if (what === 10) for (const each of [5, 4, 2]) this.#ask(one, each)
  }
  #ask(one: One, what: number): void {
    const { handle, me } = one
    if (what === 2 || what === 3) this.#saved.push(this.#record(one))
    else if (what === 4) handle.snapshot().then(record => void this.#copies.set(me, record), this.#refused)
    else if (what === 5 || what === 6) handle.migrateTo(1 + this.#random.below(5)).catch(this.#refused)
    else if (what === 7) handle.stack().catch(this.#refused)
    else if (what === 8 && this.#random.below(8) === 0) void handle.interrupt("enough")
  }
  /** Stops it, and goes on with its record. */
  async #record({ handle, me }: One): Promise<void> {
    if (this.#saving.has(handle.id)) return
    this.#saving.add(handle.id)
    try {
      const record: FiberRecord = await handle.record()
      await handle.catch(() => {})
      if (this.#closing) this.#late.push({ me, record })
      else this.#follow(me, this.#pool.resume(record))
    } catch (error) {
      this.#refused(error as { code?: string })
    }
    this.#saving.delete(handle.id)
  }
  #kill(): void {
    const ids = this.#pool.threads().map(({ id }) => id)
    const thread = ids[this.#random.below(ids.length)]
    if (thread !== undefined) this.#pool.run(fibers.dies(thread, this.#random.below(2) === 0)).catch(() => {})
  }
  /** What is asked of a fiber that ends, goes, or dies just then. */
  readonly #refused = (error: { readonly code?: string }): void => {
    const known = /ROVE_(NOT_ALIVE|NO_THREAD|NOT_PORTABLE|WORKER_LOST|RECORDED|POOL_CLOSED|INTERRUPTED)/
    if (!known.test(error.code ?? "")) this.#wrong.push(`refused: ${error}`)
  }

  /** What they heard, with what those say that returned. */
  #compare(): void {
    const walked = this.#all.filter(({ me, result }) => me < WALKERS && result !== null)
    for (const { me, outcome, result } of this.#all) {
      if (outcome === null) this.#wrong.push(`${me} has not ended`)
      if (me < RECEIVERS || result === null) continue
      const { got } = result as fibers.Heard
      for (const { me: from, result: of } of walked) {
        const { sent, through } = of as fibers.Walked
        const said = me < TAKERS ? sent[me - RECEIVERS] : through[me - TAKERS]
        if (said !== got[from]) this.#wrong.push(`${me} heard ${got[from]} of ${said} that ${from} sent`)
      }
    }
  }
  #known(record: FiberRecord): Saved {
    const { id } = record.toJSON()
    return { me: this.#all.find(({ handle }) => handle.id === id)?.me ?? -1, record }
  }
  #count(what: number, me: number): number {
    return Atomics.load(this.#words, what + me)
  }
  #settled({ records, leaked }: ShutdownReport): void {
    const ids = records.map(record => record.toJSON().id)
    if (new Set(ids).size !== ids.length) this.#wrong.push(`records twice: ${ids}`)
    if (leaked.length > 0) this.#wrong.push(`leaked: ${leaked}`)
    for (const one of this.#all) this.#ended(one, ids.includes(one.handle.id))
    const inside = this.#count(fibers.WRONG, 0)
    if (!this.#story.kills && inside > 0) this.#wrong.push(`${inside} times two were where one may be`)
  }
  #ended({ me, outcome, result }: One, isRecord: boolean): void {
    const { kills } = this.#story
    const saved = isRecord || this.#late.some(late => late.me === me)
    if (outcome === null || saved !== (outcome === "ROVE_RECORDED"))
      this.#wrong.push(`${me} ended: ${outcome}, and is ${saved ? "" : "no "}record`)
    const known = /^returned|ROVE_RECORDED|ROVE_INTERRUPTED|nobody there/
    const dead = kills && /ROVE_(WORKER_LOST|SCOPE)/.test(outcome ?? "")
    if (!known.test(outcome ?? "") && !dead) this.#wrong.push(`${me} ended: ${outcome}`)
    if (me >= RECEIVERS && result !== null)
      for (const heard of (result as fibers.Heard).wrong) this.#wrong.push(`${me} heard of ${heard}`)
    const [begun, ended] = [this.#count(fibers.BEGUN, me), this.#count(fibers.ENDED, me)]
    const expected = saved ? 0 : begun
    // who dies with a thread says nothing any more, and may have begun once more if nobody knew that it had
    if (kills ? ended > begun : begun > 1 || ended !== expected)
      this.#wrong.push(`${me} (${outcome}) began ${begun} times, and ended ${ended} times`)
  }

  /** In another pool all go on, and each ends once; copies of what has ended too. */
  async #elsewhere(what: string, all: readonly Saved[]): Promise<void> {
    if (all.length === 0) return
    this.#over(1)
    for (const word of [fibers.INSIDE, fibers.PERMITS]) Atomics.store(this.#words, word, 0)
    const before = new Map(all.map(({ me }) => [me, this.#count(fibers.ENDED, me)]))
    const pool = await Pool.start({ workers: 2, grace: GRACE })
    const ends = all.map(({ record }) =>
      pool.resume(record).then(
        () => "returned",
        (error: { readonly code?: string }) => `${error.code} ${error}`,
      ),
    )
    setTimeout(() => this.#over(2), 50)
    const ended = await Promise.race([Promise.all(ends), after(2 * GRACE, null)])
    const known = /^returned|ROVE_(UNKNOWN|NO_THREAD|INTERRUPTED|CHANNEL)|nobody there|ROVE_SCOPE.*another runtime/
    for (const end of ended ?? ["never"]) if (!known.test(end)) this.#wrong.push(`a ${what} ends elsewhere: ${end}`)
    await pool.close()
    for (const [me, was] of before) {
      const times = this.#count(fibers.ENDED, me) - was
      if (me >= 0 && times > 1) this.#wrong.push(`the ${what} of ${me} ended ${times} times`)
    }
  }
}
