/** Measures reading a context variable beside AsyncLocalStorage, and snapshots of few and of many variables. */
import { AsyncLocalStorage } from "node:async_hooks"
import { ContextVar, contextSnapshot, LocalHost } from "rove"
import { median } from "./lib/measure.ts"
import { type Row, row } from "./lib/rows.ts"
import { given, withVariables } from "./programs/variables.ts"

const FEW = 10
const MANY = 100_000

const storage = new AsyncLocalStorage<number>()
const all = Array.from({ length: MANY }, (_, i) => new ContextVar(`v${i}`, { default: 0 }))

interface Times {
  readonly get: number
  readonly peer: number
  readonly snapshot: number
}

export default async function bench({ quick }: { readonly quick: boolean }): Promise<readonly Row[]> {
  const iterations = quick ? 200_000 : 2_000_000
  const repetitions = quick ? 5 : 15
  const { few, many } = await byTurns(iterations, repetitions)
  const read = (name: string, { get, peer }: Times): Row =>
    row({
      subject: "variables",
      case: name,
      value: get,
      unit: "ns",
      against: { peer: "AsyncLocalStorage.getStore: times slower", value: peer, ratio: get / peer },
      bar: 2,
      aim: 1,
    })
  return [
    read(`get, ${FEW} variables set`, few),
    read(`get, ${MANY} variables set`, many),
    row({
      subject: "variables",
      case: `snapshot of ${MANY} variables`,
      value: many.snapshot,
      unit: "ns",
      against: {
        peer: `of ${FEW} variables: times slower`,
        value: few.snapshot,
        ratio: many.snapshot / few.snapshot,
      },
      bar: 2,
      aim: 1.1,
    }),
  ]
}

/** Fibers with few and with many variables by turns, so that what slows the machine down slows both. */
async function byTurns(iterations: number, repetitions: number): Promise<{ few: Times; many: Times }> {
  const few: Times[] = []
  const many: Times[] = []
  const host = new LocalHost()
  for (let left = repetitions + 2; left > 0; left--)
    for (const [count, times] of [
      [FEW, few],
      [MANY, many],
    ] as const) {
      const variables = all.slice(0, count)
      given.variables = variables
      given.measure = () => storage.run(1, () => times.push(once(variables, iterations)))
      await host.run(withVariables())
    }
  return { few: middle(few), many: middle(many) }
}

function middle(times: readonly Times[]): Times {
  const counted = times.slice(2) // the first ones are cold
  const of = (key: keyof Times): number => median(counted.map(time => time[key]))
  return { get: of("get"), peer: of("peer"), snapshot: of("snapshot") }
}

function once(variables: readonly ContextVar<number>[], iterations: number): Times {
  // what the setting of 100,000 variables left behind is young: the engine moves it, 10 ms at a time, while it collects the
  // first snapshots, and is done with that after these
  taking(iterations)
  return { get: reading(variables, iterations), peer: asking(iterations), snapshot: taking(iterations) }
}

/** Reads by turns, from one end to the other, so that nothing is learnt of one variable. */
function reading(variables: readonly ContextVar<number>[], iterations: number): number {
  const turns = variables.slice(0, FEW)
  let sum = 0
  const started = process.hrtime.bigint()
  for (let i = 0; i < iterations; i++) sum += turns[i % FEW]!.get()
  return since(started, iterations, sum === iterations)
}

function asking(iterations: number): number {
  let sum = 0
  const turns = Array.from({ length: FEW }, () => storage)
  const started = process.hrtime.bigint()
  for (let i = 0; i < iterations; i++) sum += turns[i % FEW]!.getStore() as number
  return since(started, iterations, sum === iterations)
}

function taking(iterations: number): number {
  let last: unknown = null
  const started = process.hrtime.bigint()
  for (let i = 0; i < iterations; i++) last = contextSnapshot()
  return since(started, iterations, last !== null)
}

/** The result is looked at, so that the work cannot be left out. */
function since(started: bigint, iterations: number, right: boolean): number {
  const taken = Number(process.hrtime.bigint() - started)
  if (!right) throw new Error("a wrong result")
  return taken / iterations
}
