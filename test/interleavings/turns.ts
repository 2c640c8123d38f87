/**
 * Owns the turns of threads under a search: before each access to what they share they stop, and one of them is let go on,
 * as a schedule says and, behind its end, as long as it can. So a run is a list of accesses in one order, and repeatable.
 *
 * A thread that stops says what it is about to do; whoever has the turn decides who has it next, so that a thread that
 * goes on waits for nobody.
 */

/** READ and WRITE of a location; SLEEP waits until something has arrived at a port, and takes it. */
export const READ = 0
export const WRITE = 1
export const SLEEP = 2

/** How a run ends: by itself, as what is in `asleep` would only repeat another one, or with all threads asleep for ever. */
export const COMPLETE = 0
export const PRUNED = 1
export const STUCK = 2
/** A thread threw what is no turn's business; its report says what. */
export const FAILED = 3
/** It is longer than the block has room for. */
export const ENDLESS = 4

const MAX_THREADS = 4
const MAX_STEPS = 4000
const STEP_WORDS = 8
const REPORT_BYTES = 8192

// offsets in words
const EPOCH = 0
const TURN = 1
const ARRIVED = 2
const FINISHED = 3
const END = 4
const STEPS = 5
const SCHEDULED = 6
const ASLEEP_AT = 7
const ASLEEP = 8
const THREADS = 9
const STATE = 16
const KIND = STATE + MAX_THREADS
const LOCATION = KIND + MAX_THREADS
/** How much lies in the port that belongs to a location. */
const COUNTS = LOCATION + MAX_THREADS
const MAX_LOCATIONS = 512
const TRACE = COUNTS + MAX_LOCATIONS
const SCHEDULE = TRACE + MAX_STEPS * STEP_WORDS
const REPORTS = SCHEDULE + MAX_STEPS
const WORDS = REPORTS + MAX_THREADS * (REPORT_BYTES / 4 + 1)

const NOBODY = -1
const RUNS = 0
const WAITS = 1
const ENDED = 2

/** One access of a run: who made it, and what all threads were about to do before it. */
export interface Step {
  readonly thread: number
  readonly kind: number
  readonly location: number
  /** Bits of threads that could have had the turn, and of those whose turn would have repeated another run. */
  readonly enabled: number
  readonly asleep: number
}

export function dependent(a: Pick<Step, "kind" | "location">, b: Pick<Step, "kind" | "location">): boolean {
  return a.location === b.location && (a.kind !== READ || b.kind !== READ)
}

/** A run that is given up: not an error of whoever is thrown out of it. */
export class Abandoned extends Error {}

/** The block of memory that the threads of a search and its controller share. */
export class Turns {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #me: number
  /** `me`: the thread's number; the controller has none. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS * 4), me: number = NOBODY) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer)
    this.#me = me
  }

  // The controller's side.

  /** Lets that many threads run once: the schedule first; `asleep` holds at its last step. */
  begin(threads: number, schedule: readonly number[], asleep: number): void {
    const words = this.#words
    words.fill(0, STATE, TRACE)
    words[TURN] = NOBODY
    words[ARRIVED] = words[FINISHED] = words[END] = words[STEPS] = words[ASLEEP] = 0
    words[THREADS] = threads
    words[SCHEDULED] = schedule.length
    words[ASLEEP_AT] = asleep
    words.set(schedule, SCHEDULE)
    Atomics.add(words, EPOCH, 1)
    Atomics.notify(words, EPOCH)
  }
  /** Waits until all have ended; how the run ended. */
  end(): number {
    const words = this.#words
    for (;;) {
      const finished = Atomics.load(words, FINISHED)
      if (finished === words[THREADS]) return words[END] as number
      if (Atomics.wait(words, FINISHED, finished, 20_000) === "timed-out") throw new Error("a thread has no turn")
    }
  }
  trace(): Step[] {
    const words = this.#words
    return Array.from({ length: words[STEPS] as number }, (_, i) => {
      const at = TRACE + i * STEP_WORDS
      const [thread, kind, location, enabled, asleep] = words.subarray(at, at + 5) as unknown as number[]
      return { thread, kind, location, enabled, asleep } as Step
    })
  }
  /** What the thread reported at its end. */
  report(thread: number): unknown {
    const at = REPORTS + thread * (REPORT_BYTES / 4 + 1)
    const bytes = Buffer.from(this.buffer, (at + 1) * 4, this.#words[at] as number)
    return JSON.parse(bytes.toString("utf8"))
  }

  // A thread's side.

  /** Waits for the run behind that epoch to begin; its epoch. */
  await(epoch: number): number {
    Atomics.wait(this.#words, EPOCH, epoch)
    return Atomics.load(this.#words, EPOCH)
  }
  /** Returns when the access can be made. */
  turn(kind: number, location: number): void {
    const words = this.#words
    words[KIND + this.#me] = kind
    words[LOCATION + this.#me] = location
    words[STATE + this.#me] = WAITS
    if (this.#isFirst()) {
      if (Atomics.add(words, ARRIVED, 1) + 1 === words[THREADS]) this.#decide()
    } else this.#decide()
    this.#wait()
    this.#record(kind, location)
    words[STATE + this.#me] = RUNS
  }
  /** To be called in one's turn: something arrived at the port of that location, or was taken from it. */
  count(location: number, change: 1 | -1): void {
    ;(this.#words[COUNTS + location] as number) += change
  }
  /** The thread's part is over. */
  finish(report: unknown, failed: boolean): void {
    const words = this.#words
    const at = REPORTS + this.#me * (REPORT_BYTES / 4 + 1)
    words[at] = Buffer.from(this.buffer, (at + 1) * 4, REPORT_BYTES).write(JSON.stringify(report ?? null))
    words[STATE + this.#me] = ENDED
    const first = this.#isFirst()
    this.#arrived = false
    if (failed) this.#abandon(FAILED)
    else if (words[END] === COMPLETE && (!first || Atomics.add(words, ARRIVED, 1) + 1 === words[THREADS]))
      this.#decide()
    Atomics.add(words, FINISHED, 1)
    Atomics.notify(words, FINISHED)
  }

  #arrived = false
  #isFirst(): boolean {
    const first = !this.#arrived
    this.#arrived = true
    return first
  }
  #wait(): void {
    const words = this.#words
    for (;;) {
      const turn = Atomics.load(words, TURN)
      if (words[END] !== COMPLETE) throw new Abandoned()
      if (turn === this.#me) return
      Atomics.wait(words, TURN, turn)
    }
  }
  /** Gives the turn on, or ends the run. */
  #decide(): void {
    const chosen = this.#choose()
    if (chosen < 0) this.#abandon(-chosen)
    else if (chosen < MAX_THREADS) this.#give(chosen)
  }
  /** Whom the schedule says, else this thread, else the first that can take it; negative: how the run ends. */
  #choose(): number {
    const words = this.#words
    const [step, scheduled] = [words[STEPS] as number, words[SCHEDULED] as number]
    if (step === MAX_STEPS) return -ENDLESS
    const enabled = this.#enabled()
    if (enabled === 0) return this.#left() ? -STUCK : MAX_THREADS
    if (step === scheduled - 1) words[ASLEEP] = words[ASLEEP_AT] as number
    if (step < scheduled) return words[SCHEDULE + step] as number
    const free = enabled & ~(words[ASLEEP] as number)
    if (free === 0) return -PRUNED
    return free & (1 << this.#me) ? this.#me : 31 - Math.clz32(free & -free)
  }
  #give(thread: number): void {
    if (Atomics.exchange(this.#words, TURN, thread) !== thread) Atomics.notify(this.#words, TURN)
  }
  #abandon(end: number): void {
    this.#words[END] = end
    Atomics.store(this.#words, TURN, NOBODY - 1 - end)
    Atomics.notify(this.#words, TURN)
  }
  #enabled(): number {
    const words = this.#words
    let enabled = 0
    for (let i = 0; i < (words[THREADS] as number); i++) {
      if (words[STATE + i] !== WAITS) continue
      const asleep = words[KIND + i] === SLEEP && words[COUNTS + (words[LOCATION + i] as number)] === 0
      if (!asleep) enabled |= 1 << i
    }
    return enabled
  }
  #left(): boolean {
    const words = this.#words
    for (let i = 0; i < (words[THREADS] as number); i++) if (words[STATE + i] !== ENDED) return true
    return false
  }
  #record(kind: number, location: number): void {
    const words = this.#words
    const step = words[STEPS] as number
    const asleep = words[ASLEEP] as number
    words.set([this.#me, kind, location, this.#enabled(), asleep], TRACE + step * STEP_WORDS)
    words[STEPS] = step + 1
    for (let i = 0; i < (words[THREADS] as number); i++) {
      const other = { kind: words[KIND + i] as number, location: words[LOCATION + i] as number }
      if (i === this.#me || dependent({ kind, location }, other)) words[ASLEEP] = (words[ASLEEP] as number) & ~(1 << i)
    }
  }
}
