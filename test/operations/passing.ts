/**
 * Owns a storm of fibers that send in passing, lock, and go to and fro, as a seed says, while they are recorded and resumed, copied,
 * migrated and interrupted, threads die or go, and the pool closes. What it checks holds for all who live.
 */
import { type FiberHandle, mutex, Pool } from "rove"
import { type Random, SeededRandom } from "../../packages/fibers/src/runtime/random.ts"
import { after, listening, pause } from "./listening.ts"
import * as fibers from "./passing.fibers.ts"

const SENDERS = 12
const STEPS = 60
const NAMES = ["r0", "r1", "r2", "r3", "r4"]
/** Of the receivers, those whose inboxes are at the pool, which does not die. */
const SAFE = 2
/** So many deaths: on a slow machine no thread lives long enough to import modules if they go on for ever. */
const KILLS = 15
/** Milliseconds for all senders to end. */
const LONGEST = 50_000

export interface Story {
  readonly seed: number
  /** Threads die. */
  readonly kills: boolean
  /** Threads go, and come. */
  readonly resizes: boolean
}
interface Heard {
  readonly wrong: readonly string[]
  readonly got: readonly number[]
}
type Receiver = FiberHandle<Heard>
type Sender = FiberHandle<number[]>

/** Gives what was wrong. */
export async function passing(story: Story): Promise<readonly string[]> {
  const wrong: string[] = []
  using heard = listening(wrong)
  const { logger } = heard
  const { seed } = story
  const pool = await Pool.start({ workers: 3, grace: 4000, seed, logger })
  await new Storm(pool, story, wrong).run()
  const modes = ["interrupt", "drain", "record"] as const
  const closed = pool.close({ mode: modes[seed % 3] as "drain", grace: 2000 }).then(() => true)
  if (!(await Promise.race([closed, after(15_000, false)]))) wrong.push("the pool does not close")
  return wrong
}

/** For a reader of a storm that hangs. */
async function whereIs(sender: Sender): Promise<string> {
  const asked = Promise.all([sender.status(), sender.stack()])
  const found = await Promise.race([asked.catch(String), after(5000, "nobody answers")])
  return typeof found === "string" ? found : JSON.stringify(found)
}

class Storm {
  readonly #pool: Pool
  readonly #story: Story
  readonly #random: Random
  readonly #wrong: string[]
  /** Those that have not ended, by number. */
  readonly #living = new Map<number, Sender>()
  readonly #returned = new Map<number, readonly number[]>()
  readonly #interrupted = new Set<number>()
  readonly #records: Promise<void>[] = []
  #kills = 0
  constructor(pool: Pool, story: Story, wrong: string[]) {
    this.#pool = pool
    this.#story = story
    this.#random = new SeededRandom(story.seed)
    this.#wrong = wrong
  }

  async run(): Promise<void> {
    const { seed, kills } = this.#story
    const threads = this.#threads()
    const receivers = NAMES.map((name, i) => this.#receiver(name, i, threads[i % 3] as number))
    // one on its way to a thread that goes would stay where it is, with an error
    await Promise.all(NAMES.map(name => this.#pool.run(fibers.waitsFor(name))))
    const far = await Promise.all(threads.slice(0, 2).map(thread => this.#pool.run(fibers.lockAt(thread))))
    const inside = new SharedArrayBuffer(64)
    const locks = [mutex(), mutex(), ...far]
    const world = {
      seed,
      names: NAMES,
      kills,
      senders: SENDERS,
      locks,
      inside,
      threads: [...threads, 4, 5],
      steps: STEPS,
    }
    for (let me = 0; me < SENDERS; me++) void this.#follow(me, this.#pool.run(fibers.sender(me, world)))
    const end = performance.now() + LONGEST
    while (this.#living.size > 0 && performance.now() < end) {
      await pause(this.#random.below(6))
      const all = [...this.#living]
      const one = all[this.#random.below(Math.max(1, all.length))]
      if (one !== undefined) this.#disturb(...one)
    }
    await Promise.all(this.#records)
    for (const [me, sender] of this.#living) this.#wrong.push(`sender ${me} has not ended: ${await whereIs(sender)}`)
    await this.#check(receivers)
    // who dies inside does not say that it leaves
    if (!kills && Atomics.load(new Int32Array(inside), 15) > 0) this.#wrong.push("two were inside a lock")
  }
  #threads(): number[] {
    return this.#pool.threads().map(({ id }) => id)
  }
  #receiver(name: string, i: number, thread: number): Receiver {
    const { kills } = this.#story
    const heard =
      i < SAFE
        ? this.#pool.run(fibers.receiver(name, 2 * SENDERS, false))
        : this.#pool.run(fibers.receiverAt(thread, name, 2 * SENDERS, kills))
    heard.catch(() => {})
    return heard
  }
  async #follow(me: number, sender: Sender): Promise<void> {
    this.#living.set(me, sender)
    try {
      this.#returned.set(me, await sender)
    } catch (error) {
      const { code = "", message } = error as { code?: string; message: string }
      if (code === "ROVE_RECORDED") return // it goes on as its record
      if (!this.#mayEnd(me, code, message)) this.#wrong.push(`sender ${me} ended: ${code} ${message}`)
    }
    this.#living.delete(me)
  }
  #mayEnd(me: number, code: string, message: string): boolean {
    if (code === "ROVE_WORKER_LOST") return this.#story.kills
    if (code !== "ROVE_INTERRUPTED") return false
    return this.#interrupted.has(me) || (this.#story.resizes && message.includes("its thread leaves the pool"))
  }

  #disturb(me: number, sender: Sender): void {
    const { kills, resizes } = this.#story
    const refused = (error: { readonly code?: string }): void => this.#refused(error)
    switch (this.#random.below(kills || resizes ? 9 : 7)) {
      case 0:
      case 1:
        return void this.#records.push(this.#again(me, sender).catch(refused))
      case 2:
        return void sender.snapshot().catch(refused)
      case 3:
      case 4:
        return void sender.migrateTo(1 + this.#random.below(5)).catch(refused)
      case 5:
        this.#pool.stats()
        sender.status().catch(refused)
        return void sender.stack().catch(refused)
      case 6:
        if (this.#random.below(12) !== 0) return
        this.#interrupted.add(me)
        return void sender.interrupt("enough")
      case 7:
        if (kills && this.#random.below(6) === 0 && this.#kills++ < KILLS) this.#kill()
        return
      default:
        if (resizes && this.#random.below(4) === 0)
          this.#pool.resize(2 + this.#random.below(2), { grace: 5000 }).catch(refused)
    }
  }
  /** Stops it, and goes on with its record. */
  async #again(me: number, sender: Sender): Promise<void> {
    const record = await sender.record()
    await sender.catch(() => {})
    void this.#follow(me, this.#pool.resume(record))
  }
  #kill(): void {
    const threads = this.#threads()
    this.#pool.run(fibers.dies(threads[this.#random.below(threads.length)] as number)).catch(() => {})
  }
  /** What is asked of a fiber that ends, goes, or dies just then. */
  #refused({ code }: { readonly code?: string }): void {
    const known = ["ROVE_NOT_ALIVE", "ROVE_NO_THREAD", "ROVE_NOT_PORTABLE", "ROVE_WORKER_LOST", "ROVE_RECORDED"]
    if (!known.includes(code ?? "")) this.#wrong.push(`refused: ${code}`)
  }

  async #check(receivers: readonly Receiver[]): Promise<void> {
    const { kills, resizes } = this.#story
    for (const [i, receiver] of receivers.entries()) {
      await this.#pool.run(fibers.stops(NAMES[i] as string)).catch(() => {}) // it may be gone
      const end = await Promise.race([receiver.catch((error: Error) => error), after(5000, new Error("late"))])
      if (!(end instanceof Error)) this.#compare(i, end)
      else {
        const { code } = end as { readonly code?: string }
        if (!(kills && code === "ROVE_WORKER_LOST") && !(resizes && code === "ROVE_INTERRUPTED"))
          this.#wrong.push(`receiver ${i}: ${end}`)
      }
    }
  }
  /** With what those say that returned: how many they sent to each, and then how many their children did. */
  #compare(i: number, { wrong, got }: Heard): void {
    for (const one of wrong) this.#wrong.push(`receiver ${i} heard of ${one}`)
    if (i >= SAFE && this.#story.kills) return
    for (const [me, sent] of this.#returned)
      for (const child of [0, 1]) {
        const [said, heard] = [sent[i + child * NAMES.length], got[me + child * SENDERS]]
        if (said !== heard) this.#wrong.push(`receiver ${i} heard ${heard} of ${said} that ${me} sent`)
      }
  }
}
