/**
 * Owns the choice of schedules: all orders of the accesses of some threads that can make a difference, each once
 * (dynamic partial-order reduction with source sets and sleep sets, after Abdulla, Aronis, Jonsson and Sagonas). Two accesses of two threads make a
 * difference if they are to one location and one of them writes.
 *
 * What it covers: every order of single accesses, as if all were sequentially consistent. A plain read gives the newest
 * value here; that it can be old is no further case, for an old value is that of an earlier turn.
 */
import { dependent, type Step } from "./turns.ts"

export interface Run {
  readonly steps: readonly Step[]
  /** Whether it is to be looked at no further: something was found. */
  readonly over: boolean
}

interface Node {
  thread: number
  readonly enabled: number
  readonly asleep: number
  /** Bits of threads whose turn here has been, or is to be, explored. */
  done: number
  wanted: number
}

/** Explores all; `run` makes one run. Gives how many there were, and whether those were all. */
export function explore(
  run: (schedule: readonly number[], asleep: number) => Run,
  most: number,
): { readonly runs: number; readonly complete: boolean } {
  const nodes: Node[] = []
  let asleep = 0
  for (let runs = 1; ; runs++) {
    const { steps, over } = run(
      nodes.map(({ thread }) => thread),
      asleep,
    )
    if (over) return { runs, complete: false }
    for (const step of steps.slice(nodes.length)) nodes.push({ ...step, done: 1 << step.thread, wanted: 0 })
    findRaces(steps, nodes)
    const next = backtrack(nodes)
    if (next === null) return { runs, complete: true }
    if (runs === most) return { runs, complete: false }
    asleep = next
  }
}

/** Cuts the schedule behind the latest node where another thread is to have its turn; who is asleep there. */
function backtrack(nodes: Node[]): number | null {
  for (let node = nodes.at(-1); node !== undefined; node = nodes.at(-1)) {
    const left = node.wanted & ~node.done & ~node.asleep
    if (left !== 0) {
      const asleep = node.asleep | node.done
      node.thread = 31 - Math.clz32(left & -left)
      node.done |= 1 << node.thread
      return asleep
    }
    nodes.pop()
  }
  return null
}

/**
 * Two accesses race if they are dependent and nothing in between orders them: then what does not hang on the first of
 * them is wanted before it, up to the second.
 */
function findRaces(steps: readonly Step[], nodes: readonly Node[]): void {
  const threads = 1 + Math.max(0, ...steps.map(({ thread }) => thread))
  const clocks = Array.from({ length: threads }, () => new Array<number>(threads).fill(-1))
  /** Per step, the last step of each thread that lies before it, or is it. */
  const after: number[][] = []
  const isBefore = (i: number, j: number): boolean => ((after[j] as number[])[(steps[i] as Step).thread] as number) >= i
  steps.forEach((step, j) => {
    const clock = clocks[step.thread] as number[]
    const races: number[] = []
    for (let i = j - 1; i >= 0; i--) {
      const earlier = steps[i] as Step
      if (earlier.thread === step.thread || !dependent(earlier, step)) continue
      if (i > (clock[earlier.thread] as number)) races.push(i)
      join(clock, after[i] as number[])
    }
    clock[step.thread] = j
    after.push([...clock])
    for (const i of races) want(nodes[i] as Node, firsts(steps, i, j, isBefore))
  })
}

/** Bits of the threads that could be the first to go, if all that does not hang on step i, up to j, went before it. */
function firsts(steps: readonly Step[], i: number, j: number, isBefore: (i: number, j: number) => boolean): number {
  const moved: number[] = []
  let bits = 0
  for (let k = i + 1; k <= j; k++) {
    if (isBefore(i, k) && k !== j) continue
    if (!moved.some(earlier => isBefore(earlier, k))) bits |= 1 << (steps[k] as Step).thread
    moved.push(k)
  }
  return bits
}

function want(node: Node, firsts: number): void {
  if ((firsts & (node.wanted | node.done)) !== 0) return
  const enabled = firsts & node.enabled
  node.wanted |= enabled === 0 ? node.enabled : enabled & -enabled
}
function join(clock: number[], other: readonly number[]): void {
  for (let i = 0; i < clock.length; i++) clock[i] = Math.max(clock[i] as number, other[i] as number)
}
