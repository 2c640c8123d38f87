/** Owns how time is measured: repetitions long enough to be read from a clock, medians, and peers in one run. */

/** Runs what is measured, so many times; the loop is inside, so that a call costs nothing that is not meant. */
export type Subject = (iterations: number) => void | Promise<void>

export interface Effort {
  readonly quick: boolean
  /** How many times each is measured. */
  readonly repetitions?: number
  /** How long one repetition takes, at least. */
  readonly milliseconds?: number
  /** Whether the young garbage that a repetition leaves is collected at its end, and counts: for who would leave it to its neighbour. */
  readonly collects?: boolean
}

export interface Comparison {
  /** Nanoseconds for one iteration, the median. */
  readonly own: number
  readonly peer: number
  /** How many times faster the own one is; the median of the ratios of neighbouring repetitions. */
  readonly faster: number
  /** The inverse: how many times slower. */
  readonly slower: number
}

/** Finds the middle of some values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Finds the value below which the given part of all values lies, between two neighbours if need be. */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new Error("there is no quantile of nothing")
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * part
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}

/** Measures one subject: the median of its repetitions, in nanoseconds for one iteration. */
export async function measure(subject: Subject, effort: Effort): Promise<number> {
  const whole = withGarbage(subject, effort)
  const iterations = await calibrate(whole, effort)
  const times: number[] = []
  for (let left = repetitionsOf(effort); left > 0; left -= 1) times.push(await time(whole, iterations))
  return median(times)
}

/**
 * Measures two subjects by turns in one run, so that what slows the machine down slows both; who begins alternates.
 * Both are warm before the first repetition counts.
 */
export async function compare(own: Subject, peer: Subject, effort: Effort): Promise<Comparison> {
  const ownWhole = withGarbage(own, effort)
  const peerWhole = withGarbage(peer, effort)
  const ownIterations = await calibrate(ownWhole, effort)
  const peerIterations = await calibrate(peerWhole, effort)
  const ownTimes: number[] = []
  const peerTimes: number[] = []
  const measureOwn = async () => ownTimes.push(await time(ownWhole, ownIterations))
  const measurePeer = async () => peerTimes.push(await time(peerWhole, peerIterations))
  for (let left = repetitionsOf(effort); left > 0; left -= 1) {
    const [first, second] = left % 2 === 0 ? [measureOwn, measurePeer] : [measurePeer, measureOwn]
    await first()
    await second()
  }
  const faster = median(ownTimes.map((ownTime, index) => peerTimes[index]! / ownTime))
  return { own: median(ownTimes), peer: median(peerTimes), faster, slower: 1 / faster }
}

/** The subject, and what it leaves behind if that counts. */
function withGarbage(subject: Subject, { collects = false }: Effort): Subject {
  if (!collects) return subject
  const { gc } = globalThis
  if (gc === undefined) throw new Error("to count garbage, run with --expose-gc")
  return async iterations => {
    await subject(iterations)
    gc({ type: "minor" })
  }
}

/** Warms a subject up, and finds the iterations that one repetition needs. */
async function calibrate(subject: Subject, effort: Effort): Promise<number> {
  const enough = (effort.milliseconds ?? (effort.quick ? 10 : 50)) * 1e6
  let iterations = 1
  for (;;) {
    const taken = (await time(subject, iterations)) * iterations
    if (taken >= enough) return iterations
    // Twice at least, since the first runs are cold; ten times at most, since a short run says little.
    const wanted = taken === 0 ? 10 : Math.min(10, Math.max(2, (enough / taken) * 1.1))
    iterations = Math.ceil(iterations * wanted)
  }
}

function repetitionsOf({ quick, repetitions }: Effort): number {
  return repetitions ?? (quick ? 5 : 15)
}

/** Nanoseconds for one iteration. */
async function time(subject: Subject, iterations: number): Promise<number> {
  const started = process.hrtime.bigint()
  const pending = subject(iterations)
  if (pending !== undefined) await pending
  return Number(process.hrtime.bigint() - started) / iterations
}
