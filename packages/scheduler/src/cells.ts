/**
 * Owns the words of shared memory that threads schedule by. The only file with `Atomics`.
 *
 * Each thread has one block of words and one of counters. A type per role says who may touch what: the thread itself
 * has `OwnCells`, every other one `PeerCells`. Plain reads are hints: what they suggest is confirmed atomically.
 * Every access goes through `Words`, an object that is passed in: a search over interleavings passes another one.
 */

/** Accesses to the words of one buffer. Those that are not plain are in one order that all threads agree on. */
export interface Words {
  /** Plain: what is read may be old. */
  peek(at: number): number
  /** Plain: it is seen at some time. */
  poke(at: number, value: number): void
  load(at: number): number
  store(at: number, value: number): void
  /** Stores, and gives what was there. */
  exchange(at: number, value: number): number
  /** Stores if it holds what is expected; whether it did. */
  swap(at: number, expected: number, value: number): boolean
}

export class SharedWords implements Words {
  readonly #words: Int32Array
  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer)
  }
  peek(at: number): number {
    return this.#words[at] as number
  }
  poke(at: number, value: number): void {
    this.#words[at] = value
  }
  load(at: number): number {
    return Atomics.load(this.#words, at)
  }
  store(at: number, value: number): void {
    Atomics.store(this.#words, at, value)
  }
  exchange(at: number, value: number): number {
    return Atomics.exchange(this.#words, at, value)
  }
  swap(at: number, expected: number, value: number): boolean {
    return Atomics.compareExchange(this.#words, at, expected, value) === expected
  }
  /** Adds, and gives what was there. */
  add(at: number, value: number): number {
    return Atomics.add(this.#words, at, value)
  }
  /** Pairs with `whenChanged`. */
  notify(at: number): void {
    Atomics.notify(this.#words, at)
  }
  /** Resolves when somebody notifies, or after so many milliseconds; at once if it holds something else than expected. */
  async whenChanged(at: number, expected: number, ms: number): Promise<void> {
    await Atomics.waitAsync(this.#words, at, expected, ms).value
  }
}

/** One cache line apart, so that polling one word is not slowed down by writes to another. */
const LINE = 16
const ATTENTION = 0
const PARK = LINE
const FOLLOWS = PARK + 1
const REQUEST = 2 * LINE
const ANSWER = 3 * LINE
const LOAD = 4 * LINE
const DUE = 5 * LINE
const TICKS = DUE + 1
const WORDS = 6 * LINE

/** Above every budget. */
const OVER = 0x7fffffff

const AWAKE = 0
const PARKED = 1

/** States of a request word, in its low two bits; then ten bits for the asker's slot and twenty for the epoch. */
const FREE = 0
const ASKED = 1
const ANSWERING = 2
const CLOSED = 3
/** States of an answer word. */
const REFUSED = 1
const GRANTED = 2

export const MAX_SLOTS = 1024
const EPOCHS = 0xfffff

const pack = (state: number, slot: number, epoch: number): number => state | (slot << 2) | (epoch << 12)
const stateOf = (word: number): number => word & 3
const slotOf = (word: number): number => (word >>> 2) & 0x3ff
const epochOf = (word: number): number => word >>> 12

/** A request that its victim has begun to answer. */
export interface Request {
  readonly slot: number
  readonly epoch: number
}
/** A request that its thief waits for. */
export interface Asked {
  readonly epoch: number
}
export type Answer = "none" | "refused" | "granted"

/** What a thread does with its own words. */
export interface OwnCells {
  /** Plain: somebody may have sent mail or a request. Pairs with `PeerCells.raise`. */
  attentionHint(): boolean
  /** Takes the attention; what was published before it was raised is visible afterwards. */
  takeAttention(): boolean
  /** awake → parked. The caller looks once more at its mail afterwards: pairs with `PeerCells.wake`. */
  park(): void
  /** parked → awake (or stays awake if a peer was faster). */
  unpark(): void
  /** Whether this thread is to be woken for where fibers are. The caller looks at its mail afterwards: pairs with `PeerCells.follows`. */
  follow(follows: boolean): void
  /** Plain: a hint for thieves of how many fibers they could have. */
  announceLoad(count: number): void
  /** FREE or ASKED → CLOSED, ASKED → ANSWERING: null if nobody asks (any more). */
  accept(): Request | null
  /** ANSWERING → FREE with the next epoch. */
  finish(request: Request): void
  /** ASKED by that slot → FREE: its thread is gone. */
  forgetAsker(slot: number): void
  /** Nobody may ask from now on. */
  closeRequests(): void
  /** The clock's word, for compiled code, which reads it plainly: it is seen at some time, and nothing else hangs on it. */
  readonly due: Int32Array
  /** Plain: how many ticks there were. */
  ticks(): number
  /** What the victim said to the request. Plain when "none", else confirmed. */
  answer(asked: Asked): Answer
}

/** What a thread does with another one's words. */
export interface PeerCells {
  /** Publishes "look at your mail and requests". Pairs with `OwnCells.takeAttention`. */
  raise(): void
  /** parked → awake: true for exactly one caller, who then rings. Pairs with `OwnCells.park`. */
  wake(): boolean
  /** Whether it is to be woken for where a fiber is; asked after the mail that says so was sent. Pairs with `OwnCells.follow`. */
  follows(): boolean
  /** Plain: the thread sleeps and would take work. */
  hungryHint(): boolean
  /** Plain: its slice may be over. The thread takes that back at a look. */
  tick(): void
  /** Plain: how many fibers it could give. */
  loadHint(): number
  /** Plain: it takes no requests, and no fibers either. Pairs with `OwnCells.closeRequests`. */
  closedHint(): boolean
  /** FREE → ASKED: null if somebody else asks or the thread takes no requests. */
  ask(slot: number): Asked | null
  /** ASKED → FREE: false if the victim has begun to answer. */
  withdraw(slot: number, asked: Asked): boolean
  /** Tells the thief of that request. The mail of a granted one is published before. Pairs with `OwnCells.answer`. */
  reply(request: Request, granted: boolean): void
}

export class ThreadCells implements OwnCells, PeerCells {
  readonly buffer: SharedArrayBuffer
  readonly #words: Words
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS * 4), words: Words = new SharedWords(buffer)) {
    this.buffer = buffer
    this.#words = words
  }
  get due(): Int32Array {
    return new Int32Array(this.buffer, DUE * 4, 1)
  }
  ticks(): number {
    return this.#words.peek(TICKS)
  }
  tick(): void {
    this.#words.poke(TICKS, (this.#words.peek(TICKS) + 1) | 0)
    this.#words.poke(DUE, OVER)
  }
  attentionHint(): boolean {
    return this.#words.peek(ATTENTION) !== 0
  }
  takeAttention(): boolean {
    return this.#words.exchange(ATTENTION, 0) !== 0
  }
  park(): void {
    this.#words.store(PARK, PARKED)
  }
  unpark(): void {
    this.#words.store(PARK, AWAKE)
  }
  follow(follows: boolean): void {
    this.#words.store(FOLLOWS, follows ? 1 : 0)
  }
  follows(): boolean {
    return this.#words.load(FOLLOWS) === 1
  }
  announceLoad(count: number): void {
    this.#words.poke(LOAD, count)
  }
  accept(): Request | null {
    const word = this.#words.peek(REQUEST)
    if (stateOf(word) !== ASKED) return null
    const answering = pack(ANSWERING, slotOf(word), epochOf(word))
    if (!this.#words.swap(REQUEST, word, answering)) return null
    return { slot: slotOf(word), epoch: epochOf(word) }
  }
  finish(request: Request): void {
    this.#words.store(REQUEST, pack(FREE, 0, (request.epoch + 1) & EPOCHS))
  }
  forgetAsker(slot: number): void {
    const word = this.#words.load(REQUEST)
    if (stateOf(word) !== ASKED || slotOf(word) !== slot) return
    this.#words.swap(REQUEST, word, pack(FREE, 0, (epochOf(word) + 1) & EPOCHS))
  }
  closeRequests(): void {
    this.#words.store(REQUEST, CLOSED)
    this.#words.poke(LOAD, 0)
  }
  answer(asked: Asked): Answer {
    const hint = this.#words.peek(ANSWER)
    if (epochOf(hint) !== asked.epoch || stateOf(hint) === 0) return "none"
    const word = this.#words.exchange(ANSWER, 0)
    return stateOf(word) === GRANTED ? "granted" : "refused"
  }
  raise(): void {
    this.#words.store(ATTENTION, 1)
  }
  wake(): boolean {
    return this.#words.load(PARK) === PARKED && this.#words.swap(PARK, PARKED, AWAKE)
  }
  hungryHint(): boolean {
    return this.#words.peek(PARK) === PARKED
  }
  loadHint(): number {
    return this.#words.peek(LOAD)
  }
  closedHint(): boolean {
    return stateOf(this.#words.peek(REQUEST)) === CLOSED
  }
  ask(slot: number): Asked | null {
    const word = this.#words.peek(REQUEST)
    if (stateOf(word) !== FREE) return null
    const epoch = epochOf(word)
    return this.#words.swap(REQUEST, word, pack(ASKED, slot, epoch)) ? { epoch } : null
  }
  withdraw(slot: number, asked: Asked): boolean {
    const word = pack(ASKED, slot, asked.epoch)
    const free = pack(FREE, 0, (asked.epoch + 1) & EPOCHS)
    return this.#words.swap(REQUEST, word, free)
  }
  reply(request: Request, granted: boolean): void {
    this.#words.store(ANSWER, pack(granted ? GRANTED : REFUSED, 0, request.epoch))
  }
}

/** The words of a ring: one writer, one reader. */
export class RingCells {
  static readonly bytes: number = 2 * LINE * 4
  readonly #words: Words
  constructor(words: Words) {
    this.#words = words
  }
  /** Bytes written so far. The store pairs with the reader's load: the bytes are visible before the count. */
  get head(): number {
    return this.#words.load(0)
  }
  set head(value: number) {
    this.#words.store(0, value)
  }
  /** Bytes read so far. Pairs with the writer's load: the reader is done with them before the writer overwrites. */
  get tail(): number {
    return this.#words.load(LINE)
  }
  set tail(value: number) {
    this.#words.store(LINE, value)
  }
  /**
   * Number of the last mail, by whichever way. Stored after its bytes or its post: pairs with the reader's load. In one line with
   * `head`, since who reads one reads the other.
   */
  get sent(): number {
    return this.#words.load(1)
  }
  set sent(value: number) {
    this.#words.store(1, value)
  }
}
