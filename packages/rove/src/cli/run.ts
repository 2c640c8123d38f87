/** Owns `rove run`. */
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { inspect, types } from "node:util"
import { closureOf, RoveError } from "@rove/core"
import type { Pool } from "@rove/scheduler"
import { type Command, count, hint, read, UsageError } from "./command.ts"
import { Signals } from "./signals.ts"

const help = `rove run <file>#<function> [arguments…]

Runs an exported generator function as a fiber on a pool of threads and prints its result. Arguments are JSON; what is
not JSON is a string. Arguments that begin with - stand behind --. If all fibers wait for each other, it says who waits for
what, a few seconds later, interrupts them, and ends with exit code 3. Ctrl-C and SIGTERM interrupt the fibers, whose
finally blocks run (for 5 seconds at most), and it ends with exit code 130 or 143; a second one ends it at once.

  --workers, -w <n>     threads; by default as many as the machine runs in parallel
  --timeout, -t <ms>    end the run after so many milliseconds
  --line-events         tell the hooks of fibers of each line
  --json                print the result as JSON, as JSON.stringify writes it (a Map or an Error is {}, undefined is null), a BigInt as
                        a string of its digits and n. What the program prints itself comes before it, errors go to stderr as text
`

export const run: Command = {
  help,
  async main(args) {
    const options = {
      workers: { type: "string", short: "w" },
      timeout: { type: "string", short: "t" },
      "line-events": { type: "boolean" },
      json: { type: "boolean" },
    } as const
    const { values, positionals } = read(args, options, help)
    const workers = count("workers", values.workers, help)
    const timeout = count("timeout", values.timeout, help)
    const [target, ...given] = positionals
    if (target === undefined) throw new UsageError("which function? <file>#<function>", help)
    // read by the load hook, here and in the workers
    if (values["line-events"] === true) Object.assign(process.env, { ROVE_LINE_EVENTS: "on" })
    const fn = await find(target)
    const { Pool } = await import("@rove/scheduler")
    const computation = fn(...given.map(argument))
    const deadlock = Promise.withResolvers<never>()
    const pool = await Pool.start({ ...(workers === undefined ? {} : { workers }), onDeadlock: deadlock.reject })
    // not before: nothing runs yet that could clean up, and a module that never ends must not hold a signal
    using signals = new Signals()
    const result = await runOn(pool, computation, timeout, deadlock.promise, signals)
    if (signals.code !== null) return signals.code
    return print(result, values.json === true)
  },
}

type Exported = (...args: unknown[]) => unknown

async function find(target: string): Promise<Exported> {
  const at = target.lastIndexOf("#")
  const file = resolve(at < 0 ? target : target.slice(0, at))
  const name = at < 0 ? "default" : target.slice(at + 1)
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`, help)
  await import("../register.ts")
  const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>
  const fn = module[name]
  if (isGeneratorFunction(fn)) return fn
  const names = Object.keys(module).filter(key => isCompiled(module[key]))
  if (at < 0 && names.length > 0) throw new UsageError(`which function of ${target}? write ${target}#${names[0]}`, help)
  const near = hint(name, names)
  const there = near === "" ? `; there are: ${names.join(", ") || "none"}` : near
  const isAsync = types.isAsyncFunction(fn) && !types.isGeneratorFunction(fn)
  const what = isAsync ? ASYNC : typeof fn === "function" ? "no generator function" : "not an exported function"
  throw new UsageError(`${target} is ${what}${there}`, help)
}

const ASYNC =
  "an async function, which no fiber runs: write function*, with yield* wait(promise) in place of await, or start a pool in it and run it with node --import rove/register"

const isCompiled = (value: unknown): boolean =>
  typeof value === "function" && closureOf(value)?.code.kind === "generator"

/** A native one too: the pool says what it lacks. Others would be called here before anything could be said of them. */
function isGeneratorFunction(value: unknown): value is Exported {
  return isCompiled(value) || (types.isGeneratorFunction(value) && !types.isAsyncFunction(value))
}

/** What is not a computation is refused by the pool, with a better message than a type could give. */
async function runOn(
  started: Pool,
  computation: unknown,
  timeout: number | undefined,
  deadlock: Promise<never>,
  signals: Signals,
): Promise<unknown> {
  // the end of the pool, which interrupts what runs, comes before the result is printed: behind all that the fibers printed
  await using pool = started
  const run = pool.run(computation as Parameters<Pool["run"]>[0], timeout === undefined ? {} : { timeout })
  run.catch(error => signals.code !== null && tell(error))
  // a deadlock is an end: nobody else is here who could start a fiber that wakes the others
  return await Promise.race([run, deadlock, signals.asked])
}

/** What became of a fiber that a signal interrupted, if that is not just that it was interrupted. */
function tell(error: unknown): void {
  const code = error instanceof RoveError ? error.code : null
  if (code === "ROVE_INTERRUPTED") return
  const lost = "rove: the fiber did not end in the 5 seconds that it had, and was ended with its thread"
  process.stderr.write(`${code === "ROVE_WORKER_LOST" ? lost : inspect(error)}\n`)
}

function argument(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Gives the exit code. */
function print(result: unknown, json: boolean): number {
  const text = json ? jsonOf(result) : typeof result === "string" ? result : inspect(result, { depth: 6 })
  if (text !== null) process.stdout.write(`${text}\n`)
  return text === null ? 1 : 0
}

/** Null if the result is not JSON, which is said then. */
function jsonOf(result: unknown): string | null {
  try {
    return JSON.stringify(result, (_, value) => (typeof value === "bigint" ? `${value}n` : value)) ?? "null"
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n", 1)[0] : String(error)
    process.stderr.write(`rove: the result is not JSON (${why}); without --json it is shown as it is\n`)
    return null
  }
}
