/** Measures skynet, a tree of 1,111,111 fibers with ten children each, beside fibers of Effect, promises and native generators. */
import { Effect, Fiber } from "effect"
import { LocalHost, type Resumable } from "rove"
import { median } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { joined, together } from "./programs/skynet.ts"

type Skynet = (from: number, leaves: number) => Promise<number>

const host = new LocalHost()
const onHost =
  (program: (from: number, leaves: number) => Resumable<number>): Skynet =>
  (from, leaves) =>
    host.run(program(from, leaves))

const parts = (from: number, leaves: number): number[] => Array.from({ length: 10 }, (_, i) => from + (i * leaves) / 10)

function effect(from: number, leaves: number): Effect.Effect<number> {
  if (leaves === 1) return Effect.succeed(from)
  return Effect.gen(function* () {
    const children: Fiber.Fiber<number>[] = []
    for (const part of parts(from, leaves)) children.push(yield* Effect.forkChild(effect(part, leaves / 10)))
    let sum = 0
    for (const child of children) sum += yield* Fiber.join(child)
    return sum
  })
}

async function promises(from: number, leaves: number): Promise<number> {
  if (leaves === 1) return from
  let sum = 0
  for (const value of await Promise.all(parts(from, leaves).map(part => promises(part, leaves / 10)))) sum += value
  return sum
}

/** No fibers at all: a generator for each, run to its end where it is needed. */
function* generators(from: number, leaves: number): Generator<never, number> {
  if (leaves === 1) return from
  let sum = 0
  for (const part of parts(from, leaves)) sum += yield* generators(part, leaves / 10)
  return sum
}

const PEERS = { effect: "Effect fibers", promises: "promises", generators: "native generators, no fibers" } as const

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const leaves = quick ? 10_000 : 1_000_000
  const fibers = Math.floor((leaves * 10) / 9)
  const sum = (leaves * (leaves - 1)) / 2
  const subjects: Readonly<Record<string, Skynet>> = {
    joined: onHost(joined),
    together: onHost(together),
    effect: (from, count) => Effect.runPromise(effect(from, count)),
    promises,
    generators: async (from, count) => generators(from, count).next().value,
  }
  const times = new Map(Object.keys(subjects).map(name => [name, [] as number[]]))
  // by turns, so that what slows the machine down slows all of them; the first round is for warming up
  for (let round = 0; round <= 2; round++)
    for (const [name, run] of Object.entries(subjects)) {
      globalThis.gc?.()
      const begun = performance.now()
      if ((await run(0, leaves)) !== sum) throw new Error(`${name} gave a wrong sum`)
      if (round > 0) times.get(name)?.push(((performance.now() - begun) * 1e6) / fibers)
    }
  const of = (name: string): number => median(times.get(name) ?? [])
  const beside = (own: string, peer: keyof typeof PEERS, judged: { bar?: number; aim?: number }): Row =>
    row({
      subject: "skynet",
      case: `a fiber of ${fibers.toLocaleString("en")}, ${own === "joined" ? "spawned and joined" : "by all()"}`,
      value: of(own),
      unit: "ns",
      against: { peer: `${PEERS[peer]}: times faster`, value: of(peer), ratio: of(peer) / of(own) },
      ...judged,
    })
  return [
    beside("joined", "effect", { bar: 5, aim: 10 }),
    beside("together", "effect", { bar: 5, aim: 10 }),
    beside("joined", "promises", {}),
    beside("joined", "generators", {}),
  ]
}
