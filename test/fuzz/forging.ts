/**
 * Owns the attack by a forger who knows the format: one part of a record is another value, and checksums hold. It is refused, or
 * the fiber goes on with what its program might have been given; nothing of Rove's own ever reaches what the record names.
 */
import { decode, FiberRecord, RecordError, registerReference } from "@rove/core"
import { LocalHost, VirtualClock } from "@rove/fibers"
import { FiberState } from "../../packages/fibers/src/runtime/fiber.ts"
import { Machine } from "../../packages/fibers/src/runtime/machine.ts"
import { program } from "../semantics/program.ts"
import { partsOf, rewritten } from "../support/rewritten.ts"
import { type Stop, stops } from "./stops.ts"

/** What a run of the attack came to. */
export interface Forged {
  cases: number
  /** Records that were refused, and those whose fibers went on, to whichever end. */
  refused: number
  ran: number
  /** What replaced a part could not be encoded there. */
  impossible: number
}

/** What no record holds, and no program gets. */
const INTERNALS = [Machine, FiberState, LocalHost]
const leaks: string[] = []

/** Whatever is asked of it is told here; it is told of no more than a program could tell it. */
function lure(name: string) {
  return function (this: unknown, ...args: unknown[]): unknown {
    for (const given of [this, ...args])
      if (INTERNALS.some(made => given instanceof made))
        leaks.push(`${name} was given ${(given as object).constructor.name}`)
    return undefined
  }
}
const METHODS = [
  "next",
  "more",
  "close",
  "abandon",
  "lend",
  "perform",
  "attempt",
  "waitAs",
  "enter",
  "leave",
  "ended",
  "entered",
]
METHODS.push(
  "request",
  "verb",
  "takes",
  "take",
  "rest",
  "run",
  "items",
  "stop",
  "stopped",
  "use",
  "dispose",
  "watch",
  "add",
  "push",
)
METHODS.push(
  "findIndex",
  "map",
  "pop",
  "shift",
  "get",
  "has",
  "set",
  "proceed",
  "conclude",
  "return",
  "throw",
  "step",
  "check",
)

/** A class of the program's, each of whose methods could be called by mistake. */
class Tempting {
  kind = 0
}
for (const name of METHODS)
  Object.defineProperty(Tempting.prototype, name, { value: lure(name), configurable: true, writable: true })
const tempting = lure("a function")
registerReference("forging#Tempting", Tempting)
registerReference("forging#tempting", tempting)
for (const name of METHODS)
  registerReference(`forging#${name}`, (Tempting.prototype as never as Record<string, object>)[name])
const own: Record<string, unknown> = Object.fromEntries(
  METHODS.map(name => [name, (Tempting.prototype as never as Record<string, unknown>)[name]]),
)
/** As `own`, and what a frame, a computation or a closure is run by. */
const running = {
  ...own,
  of: { step: tempting },
  code: { step: tempting },
  closure: { step: tempting, enter: tempting },
}
/** A class of the program's, as it is before its instances are made to inherit from something. */
const makeClass = program<() => { readonly prototype: object }>(
  "function* make() { return class { a = 1 } }",
  "() => make().next().value",
)

/** Values of which a forger may hope that they are taken for something else. */
const HOSTILE: readonly (() => unknown)[] = [
  () => tempting,
  () => new Tempting(),
  () => ({ ...own }),
  () => Object.assign([], own),
  () => Object.assign(new Map(), own),
  () => Object.create({ ...own }),
  () => Object.defineProperty({}, "v", { get: tempting, enumerable: true, configurable: true }),
  ...[-1, 0, 1, 2, 3, 4, 7, 0.5, Number.NaN, -0, 2 ** 31, 2 ** 53, Number.POSITIVE_INFINITY, -(2 ** 40)].map(
    n => () => n,
  ),
  ...[null, undefined, true, false, "", "text", 1n, Symbol.iterator].map(given => () => given),
  () => [],
  () => ({}),
  () => [[[]], {}],
  () => Object.assign([], { length: 2 ** 20 }),
  () => new Error("forged"),
  () => new Map(),
]

/** Numbers that a seed makes again. */
function numbers(from: number): (below: number) => number {
  let state = from >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** What takes the place of a part: a hostile value, another part of the same record, or what inherits from one. */
function forge(parts: readonly unknown[], next: (below: number) => number): (part: unknown) => unknown {
  const way = next(5)
  if (way < 2) return () => (HOSTILE[next(HOSTILE.length)] as () => unknown)()
  const other = parts[next(parts.length)]
  if (way === 2 || typeof other !== "object" || other === null) return () => other
  if (way === 3) return () => Object.create(other, Object.getOwnPropertyDescriptors(next(2) === 0 ? own : running))
  return () => {
    const made = makeClass() as { readonly prototype: object; new (): object }
    Object.setPrototypeOf(made.prototype, other)
    return Object.assign(new made(), running)
  }
}

/** Runs `cases` attacks, `report`ing now and then; throws at the first that does what none may. */
export async function forgeAll(
  cases: number,
  seed: number,
  report: (forged: Forged) => void = () => {},
): Promise<Forged> {
  const samples = await stops(tempting)
  const parts = samples.map(({ bytes }) => partsOf(decode(bytes)))
  const forged: Forged = { cases: 0, refused: 0, ran: 0, impossible: 0 }
  for (; forged.cases < cases; forged.cases++) {
    const next = numbers(seed + forged.cases)
    next(1)
    const which = next(samples.length)
    const sample = samples[which] as Stop
    const all = parts[which] as readonly unknown[]
    const at = next(all.length)
    const where = `case ${forged.cases} of seed ${seed}: ${sample.name}, part ${at}`
    forged[await outcome(sample, at, forge(all, next), where)]++
    if (leaks.length > 0) throw new Error(`${where}: ${leaks.splice(0).join("; ")}`)
    if (forged.cases % 500 === 499) report(forged)
  }
  return forged
}

async function outcome(
  { bytes }: Stop,
  at: number,
  replace: (part: unknown) => unknown,
  where: string,
): Promise<"refused" | "ran" | "impossible"> {
  let forged: Uint8Array
  try {
    forged = rewritten(decode(bytes), at, replace)
  } catch {
    return "impossible"
  }
  const host = new LocalHost({ clock: new VirtualClock(), report: () => {}, seed: 1 })
  const running = host.resume(new FiberRecord(forged), {})
  const end = running.then(
    () => null,
    (error: unknown) => error,
  )
  if (running.id === "") {
    const error = await end
    if (isRefusal(error)) return "refused"
    throw new Error(where, { cause: error })
  }
  if ((await within(end, 40)) === RUNNING) {
    void running.interrupt("enough")
    if ((await within(end, 40)) === RUNNING) throw new Error(`${where}: the fiber cannot be ended`)
  }
  const error = await end
  if (isBlunder(error)) throw new Error(where, { cause: error })
  return "ran"
}

const RUNNING = Symbol("running")
async function within(end: Promise<unknown>, turns: number): Promise<unknown> {
  const late = (async () => {
    for (let i = 0; i < turns; i++) await new Promise(setImmediate)
    return RUNNING
  })()
  return await Promise.race([end, late])
}

/** An error that says what is wrong with the record, and where. */
function isRefusal(error: unknown): boolean {
  return error instanceof RecordError && error.offset >= 0 && error.message !== ""
}

/** An error of Rove's own code that did not expect what it found. What calls the program throws what that does. */
function isBlunder(error: unknown): boolean {
  if (!(error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError)) return false
  const [, line = ""] = (error.stack ?? "").split(/\n +at /)
  return (
    /packages\/(core|fibers)\/src/.test(line) &&
    !/runtime\/(emitted|callees|not-iterable|exits|iterators\/\w+)\.ts/.test(line)
  )
}
