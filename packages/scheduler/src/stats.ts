/** Owns the counters of a thread: written by it alone, read by the pool at any time (each is exact when nothing runs). */

export interface ThreadStats extends Counters {
  readonly id: number
  readonly name: string
  /** Whether the thread lives. */
  readonly alive: boolean
}

/** Of several threads: sums, and the longest burst of any of them. */
export interface EarlierStats extends Counters {
  readonly threads: number
}

export interface Counters {
  readonly slices: number
  /** Fibers whose first slice ran here. */
  readonly started: number
  /** Fibers that ended here. */
  readonly ended: number
  /** Requests for work: made, and of these granted, refused and withdrawn. */
  readonly stealsAsked: number
  readonly stealsGranted: number
  readonly stealsRefused: number
  readonly stealsWithdrawn: number
  /** Requests of others: answered with fibers, and with none; and parked threads that were given work unasked. */
  readonly requestsAnswered: number
  readonly requestsRefused: number
  readonly fed: number
  readonly fibersIn: number
  readonly fibersOut: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Fibers that came back because the other side could not take them. */
  readonly transfersRefused: number
  readonly parks: number
  /** Milliseconds in bursts of slices. */
  readonly busy: number
  /** The longest of them, and so the longest time that timers and I/O of the thread waited for fibers. */
  readonly longestBurst: number
  /** How often code held the thread for more than 10 ms without a check. */
  readonly held: number
}

const NAMES = [
  "slices",
  "started",
  "ended",
  "stealsAsked",
  "stealsGranted",
  "stealsRefused",
  "stealsWithdrawn",
  "requestsAnswered",
  "requestsRefused",
  "fed",
  "fibersIn",
  "fibersOut",
  "bytesIn",
  "bytesOut",
  "transfersRefused",
  "parks",
  "busy",
  "longestBurst",
  "held",
] as const
type Name = (typeof NAMES)[number]
const INDEX = Object.fromEntries(NAMES.map((name, i) => [name, i])) as Record<Name, number>

export function noStats(): EarlierStats {
  return { threads: 0, ...countersOf(() => 0) }
}
export function addStats(sum: EarlierStats, more: Counters): EarlierStats {
  const added = countersOf(name => (name === "longestBurst" ? Math.max(sum[name], more[name]) : sum[name] + more[name]))
  return { threads: sum.threads + 1, ...added }
}
function countersOf(value: (name: Name) => number): Counters {
  return Object.fromEntries(NAMES.map(name => [name, value(name)])) as Record<Name, number>
}

export class StatCells {
  readonly buffer: SharedArrayBuffer
  readonly #values: Float64Array
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(NAMES.length * 8)) {
    this.buffer = buffer
    this.#values = new Float64Array(buffer)
  }
  add(name: Name, amount = 1): void {
    const at = INDEX[name]
    this.#values[at] = (this.#values[at] as number) + amount
  }
  burst(ms: number): void {
    this.add("busy", ms)
    const at = INDEX.longestBurst
    if (ms > (this.#values[at] as number)) this.#values[at] = ms
  }
  get slices(): number {
    return this.#values[0] as number
  }
  slice(): void {
    ;(this.#values[0] as number)++
  }
  movedOut(bytes: number): void {
    this.add("fibersOut")
    this.add("bytesOut", bytes)
  }
  movedIn(bytes: number): void {
    this.add("fibersIn")
    this.add("bytesIn", bytes)
  }
  refusedTransfer(): void {
    this.add("transfersRefused")
  }
  read(id: number, name: string, alive: boolean): ThreadStats {
    return { id, name, alive, ...countersOf(key => this.#values[INDEX[key]] as number) }
  }
}
