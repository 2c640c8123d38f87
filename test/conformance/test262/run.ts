/**
 * Runs programs of tc39/test262 over compiled generators: `npm run test262 -- CHECKOUT [options]`.
 *
 * Without `--direct`: the scripts listed in programs.txt, each as one generator with a yield at every statement and
 * operand. With it: the tests of generators as they are. `--moves` encodes and decodes at every yield. `--help` tells
 * the rest.
 */
import { fork } from "node:child_process"
import { existsSync, writeFileSync } from "node:fs"
import { basename, join, resolve } from "node:path"
import { commandLine, numberOf, refuse } from "../../../scripts/command-line.ts"
import { allDirectTests, allPrograms, directTests, listed } from "./files.ts"
import { type Mode, Runner, type Verdict } from "./realm.ts"
import { WRAPS } from "./wrap.ts"

const root = resolve(import.meta.dirname, "../../..")
const HELP = `Usage: npm run test262 -- CHECKOUT [options]

  --direct            the tests of generators as they are (the same as --wrap none)
  --wrap WRAP         ${WRAPS.join(", ")} or none: where yields are put into a program (default full)
  --all               all tests that can stand in a generator, or have one; not only those that are listed
  --strictness WHICH  strict, sloppy or both (default: both as they are, strict as one generator)
  --moves             encode and decode at every yield
  --native            compile nothing: what the platform does
  --only PART         only files whose path contains PART
  --processes N       how many tests run at once (default 2)
  --names N           how many kinds of failure are told (default 40)
  --stacks            tell failures with their stacks
  --out FILE          write all failures to a JSON file
  --help              prints this

A test that fails is run natively too, and is no failure if it fails there. With --moves neither is one that passes where
computations move without their values from when it has changed what the language has: what a program hangs there stays,
and keeps the variables that it had. A program that stays native as one generator, for a direct eval or a with, runs
without moving, and is counted apart.
`

interface Moves {
  whole: number
  frames: number
  readonly partly: Map<string, number>
}
interface Answer {
  readonly why: Verdict
  readonly isNative: boolean
  readonly whole: number
  readonly frames: number
  readonly partly: readonly (readonly [why: string, times: number])[]
}

if (process.send === undefined) await main()
else serve()

async function main(): Promise<void> {
  const { values, positionals } = commandLine(HELP, {
    allowPositionals: true,
    options: {
      direct: { type: "boolean", default: false },
      wrap: { type: "string" },
      all: { type: "boolean", default: false },
      strictness: { type: "string" },
      moves: { type: "boolean", default: false },
      native: { type: "boolean", default: false },
      stacks: { type: "boolean", default: false },
      processes: { type: "string", default: "2" },
      only: { type: "string", default: "" },
      names: { type: "string", default: "40" },
      out: { type: "string" },
    },
  })
  const processes = numberOf("--processes", values.processes, 1)
  const names = numberOf("--names", values.names)
  const { moves, native, stacks, all } = values
  const wrap = oneOf("--wrap", [...WRAPS, "none"] as const, values.wrap ?? (values.direct ? "none" : "full"))
  const direct = wrap === "none"
  const strictness = oneOf(
    "--strictness",
    ["strict", "sloppy", "both"] as const,
    values.strictness ?? (direct ? "both" : "strict"),
  )
  const checkout = resolve(positionals[0] ?? "test262")
  if (!existsSync(join(checkout, "harness/assert.js"))) {
    console.error(
      `There is no checkout of test262 in ${checkout}. Get one, and say where it is:\n\n` +
        "    git clone --depth 1 https://github.com/tc39/test262\n    npm run test262 -- ./test262\n",
    )
    process.exitCode = 2
    return
  }
  const mode: Mode = { checkout, wrap, strictness, moves, native, stacks, wary: false }
  const choose = direct ? (all ? allDirectTests : directTests) : all ? allPrograms : listed
  const files = choose(checkout).filter(file => file.includes(values.only))
  const started = performance.now()
  const { passed, native: stayed, failed, moves: moved } = await runAll(files, mode, processes)
  const control = native ? new Map<string, string>() : await platformFailures([...failed.keys()], mode, processes)
  for (const file of control.keys()) failed.delete(file)
  const excused = moves && !native ? await excusedBy([...failed.keys()], mode, processes) : []
  for (const file of excused) failed.delete(file)
  for (const [why, these] of grouped(failed).slice(0, names))
    console.log(`${these.length} × ${why}\n      ${these.slice(0, 3).join("\n      ")}`)
  if (moves) tellMoves(moved)
  const what = `${direct ? "tests of generators" : "programs"}${moves ? ", encoded and decoded at every yield" : ""}`
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const own = control.size === 0 ? "" : `, ${control.size} fail natively too${few([...control.keys()])}`
  const hung = excused.length === 0 ? "" : `, ${excused.length} hang their own functions on the language${few(excused)}`
  const still = stayed === 0 ? "" : `, ${stayed} stay native, for a direct eval or a with`
  console.log(`${passed} of ${files.length} ${what} pass${still}${own}${hung}; ${seconds} s`)
  if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(Object.fromEntries(failed), null, 1))
  const unrun = files.length - passed - stayed - failed.size - control.size - excused.length
  if (unrun !== 0) console.log(`${unrun} were not run`)
  const idle = moves && moved.whole + moved.frames === 0
  if (idle) console.log("nothing was moved: this says nothing")
  process.exitCode = failed.size === 0 && unrun === 0 && passed > 0 && !idle ? 0 : 1
}

/** Their names, if they are few. */
function few(files: readonly string[]): string {
  return files.length < 10 ? ` (${files.map(file => basename(file)).join(", ")})` : ""
}

/** Which of the failed tests the platform fails by itself: those are no differences from native. */
async function platformFailures(files: readonly string[], mode: Mode, processes: number) {
  if (files.length === 0) return new Map<string, string>()
  return (await runAll(files, { ...mode, moves: false, native: true, stacks: false }, processes)).failed
}

/** Which of them pass where nothing is copied that what they hung on the language may share variables with. */
async function excusedBy(files: readonly string[], mode: Mode, processes: number): Promise<string[]> {
  if (files.length === 0) return []
  const { failed } = await runAll(files, { ...mode, wary: true, stacks: false }, processes)
  return files.filter(file => !failed.has(file))
}

function tellMoves({ whole, frames, partly }: Moves): void {
  const rows = [...partly].sort((a, b) => b[1] - a[1])
  console.log(`${whole} moves of whole computations, ${frames} of frames only${rows.length > 0 ? ", because of:" : ""}`)
  for (const [why, n] of rows.slice(0, 15)) console.log(`  ${n} × ${why}`)
}

function oneOf<T extends string>(option: string, choices: readonly T[], given: string): T {
  const found = choices.find(choice => choice === given)
  return found ?? refuse(`${option} is one of ${choices.join(", ")}, not ${given}`)
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
  /** Of these no computation was there to move. */
  native: number
  readonly failed: Map<string, string>
  readonly moves: Moves
}

/** Spreads the tests over processes: one that dies or hangs fails its test and is replaced. */
async function runAll(files: readonly string[], mode: Mode, processes: number): Promise<Outcome> {
  const queue = [...files]
  const outcome: Outcome = {
    passed: 0,
    native: 0,
    failed: new Map(),
    moves: { whole: 0, frames: 0, partly: new Map() },
  }
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

function count(outcome: Outcome, file: string, { why, isNative, whole, frames, partly }: Answer): void {
  if (why === null && isNative) outcome.native++
  else if (why === null) outcome.passed++
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
    const { moves, isNative } = runner
    process.send?.({
      why,
      isNative,
      whole: moves.whole,
      frames: moves.frames,
      partly: [...moves.partly],
    } satisfies Answer)
    moves.whole = moves.frames = 0
    moves.partly.clear()
  })
  process.send?.("ready")
}
