/**
 * Runs programs of tc39/test262 over compiled generators: `npm run test262 -- CHECKOUT [--direct] [--moves]`.
 *
 * Without `--direct`: the scripts listed in programs.txt, each as one generator with a yield at every statement and
 * operand. With it: the tests of generators as they are. `--moves` encodes and decodes at every yield.
 */
import { fork } from "node:child_process"
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs"
import { basename, join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { factsOf, metadataOf } from "./metadata.ts"
import { type Mode, Runner, type Verdict } from "./realm.ts"

const root = resolve(import.meta.dirname, "../../..")
const GENERATOR_TESTS = [
  "test/language/statements/generators",
  "test/language/expressions/generators",
  "test/language/expressions/yield",
  "test/built-ins/GeneratorPrototype",
]

interface Moves {
  whole: number
  frames: number
  readonly partly: Map<string, number>
}
interface Answer {
  readonly why: Verdict
  readonly whole: number
  readonly frames: number
  readonly partly: readonly (readonly [why: string, times: number])[]
}

if (process.send === undefined) await main()
else serve()

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      direct: { type: "boolean", default: false },
      moves: { type: "boolean", default: false },
      native: { type: "boolean", default: false },
      stacks: { type: "boolean", default: false },
      processes: { type: "string", default: "2" },
      /** Only files whose path contains this. */
      only: { type: "string", default: "" },
      names: { type: "string", default: "40" },
      /** Writes all failures to a JSON file. */
      out: { type: "string" },
    },
  })
  const checkout = resolve(positionals[0] ?? "test262")
  if (!existsSync(join(checkout, "harness/assert.js"))) {
    console.error(
      `There is no checkout of test262 in ${checkout}. Get one, and say where it is:\n\n` +
        "    git clone --depth 1 https://github.com/tc39/test262\n    npm run test262 -- ./test262\n",
    )
    process.exitCode = 2
    return
  }
  const { direct, moves, native, stacks } = values
  const files = (direct ? directTests(checkout) : listed(checkout)).filter(file => file.includes(values.only))
  const started = performance.now()
  const {
    passed,
    failed,
    moves: moved,
  } = await runAll(files, { checkout, direct, moves, native, stacks }, Number(values.processes))
  const control = native
    ? new Map<string, string>()
    : await platformFailures([...failed.keys()], { checkout, direct }, Number(values.processes))
  for (const file of control.keys()) failed.delete(file)
  for (const [why, names] of grouped(failed).slice(0, Number(values.names)))
    console.log(`${names.length} × ${why}\n      ${names.slice(0, 3).join("\n      ")}`)
  if (moves) tellMoves(moved)
  const what = `${direct ? "tests of generators" : "programs"}${moves ? ", encoded and decoded at every yield" : ""}`
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const own =
    control.size === 0
      ? ""
      : `, ${control.size} fail natively too (${[...control.keys()].map(f => basename(f)).join(", ")})`
  console.log(`${passed} of ${files.length} ${what} pass${own}; ${seconds} s`)
  if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(Object.fromEntries(failed), null, 1))
  const unrun = files.length - passed - failed.size - control.size
  if (unrun !== 0) console.log(`${unrun} were not run`)
  const idle = moves && moved.whole + moved.frames === 0
  if (idle) console.log("nothing was moved: this says nothing")
  process.exitCode = failed.size === 0 && unrun === 0 && passed > 0 && !idle ? 0 : 1
}

/** Which of the failed tests the platform fails by itself: those are no differences from native. */
async function platformFailures(files: readonly string[], mode: Pick<Mode, "checkout" | "direct">, processes: number) {
  if (files.length === 0) return new Map<string, string>()
  return (await runAll(files, { ...mode, moves: false, native: true, stacks: false }, processes)).failed
}

function tellMoves({ whole, frames, partly }: Moves): void {
  const rows = [...partly].sort((a, b) => b[1] - a[1])
  console.log(`${whole} moves of whole computations, ${frames} of frames only${rows.length > 0 ? ", because of:" : ""}`)
  for (const [why, n] of rows.slice(0, 15)) console.log(`  ${n} × ${why}`)
}

function listed(checkout: string): string[] {
  const names = readFileSync(join(import.meta.dirname, "programs.txt"), "utf8")
    .trim()
    .split("\n")
  return names.filter(name => existsSync(join(checkout, name)))
}

/** Tests with a generator in them that are not about syntax errors, direct eval, `with` or functions made from text. */
function directTests(checkout: string): string[] {
  const files = GENERATOR_TESTS.flatMap(folder => globSync(`${folder}/**/*.js`, { cwd: checkout })).sort()
  return files.filter(file => {
    if (file.includes("_FIXTURE")) return false
    const source = readFileSync(join(checkout, file), "utf8")
    const meta = metadataOf(source)
    if (meta.negative !== null && meta.negative.phase !== "runtime") return false
    const facts = factsOf(source, meta.flags.includes("module"))
    return facts.parsed && facts.generator && !facts.dynamic
  })
}

function grouped(failed: ReadonlyMap<string, string>): [string, string[]][] {
  const groups = new Map<string, string[]>()
  for (const [file, why] of failed) {
    const kind = (why.split("\n")[0] as string).replace(/test\/\S+/g, "…").slice(0, 160)
    groups.set(kind, [...(groups.get(kind) ?? []), file])
  }
  return [...groups].sort((a, b) => b[1].length - a[1].length)
}

/** What was found out; a test counts as passed only if a process said so. */
interface Outcome {
  passed: number
  readonly failed: Map<string, string>
  readonly moves: Moves
}

/** Spreads the tests over processes: one that dies or hangs fails its test and is replaced. */
async function runAll(files: readonly string[], mode: Mode, processes: number): Promise<Outcome> {
  const queue = [...files]
  const outcome: Outcome = { passed: 0, failed: new Map(), moves: { whole: 0, frames: 0, partly: new Map() } }
  await Promise.all(
    Array.from({ length: processes }, () => new Promise<void>((done, fail) => start(queue, outcome, mode, done, fail))),
  )
  return outcome
}

function start(queue: string[], outcome: Outcome, mode: Mode, done: () => void, fail: (error: Error) => void): void {
  const execArgv = ["--expose-gc", "--experimental-vm-modules", "--no-warnings", "--stack-size=900"]
  const child = fork(import.meta.filename, [JSON.stringify(mode)], {
    execArgv,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  })
  let ready = false
  let current: string | undefined
  let timer: NodeJS.Timeout | undefined
  const next = () => {
    current = queue.shift()
    if (current === undefined) child.disconnect()
    else {
      timer = setTimeout(() => child.kill("SIGKILL"), 20_000)
      child.send(current)
    }
  }
  child.on("message", (answer: Answer | "ready") => {
    clearTimeout(timer)
    if (answer === "ready") ready = true
    else count(outcome, current as string, answer)
    next()
  })
  child.on("exit", () => {
    clearTimeout(timer)
    if (!ready) return fail(new Error("a process of the runner died before its first test"))
    if (current === undefined) return done()
    outcome.failed.set(current, "the process died, or took too long")
    start(queue, outcome, mode, done, fail)
  })
}

function count(outcome: Outcome, file: string, { why, whole, frames, partly }: Answer): void {
  if (why === null) outcome.passed++
  else outcome.failed.set(file, why)
  outcome.moves.whole += whole
  outcome.moves.frames += frames
  for (const [reason, n] of partly) outcome.moves.partly.set(reason, (outcome.moves.partly.get(reason) ?? 0) + n)
}

function serve(): void {
  const runner = new Runner(JSON.parse(process.argv[2] as string) as Mode, root)
  process.on("uncaughtException", () => {})
  process.on("unhandledRejection", () => {})
  process.on("message", async (file: string) => {
    let why: Verdict
    try {
      why = await runner.run(file)
    } catch (error) {
      why = `runner: ${(error as Error).stack}`
    }
    const { moves } = runner
    process.send?.({ why, whole: moves.whole, frames: moves.frames, partly: [...moves.partly] } satisfies Answer)
    moves.whole = moves.frames = 0
    moves.partly.clear()
  })
  process.send?.("ready")
}
