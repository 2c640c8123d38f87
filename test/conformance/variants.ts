/**
 * Owns the ways in which one program is run: natively, and compiled with all that may happen to it at its stops. All of
 * them must do the same: the same effects, yields, results and errors, in the same order.
 */
import { compile } from "@rove/compiler"
import * as rove from "@rove/fibers/runtime"
import { computationOf, restore, save } from "@rove/fibers/scheduling"
import { intrinsics } from "./intrinsics.ts"
import { type Moved, Mover } from "./moves.ts"
import { Stepper, type Stopped } from "./stepper.ts"
import { show, Trace } from "./trace.ts"

/** What the driver does at a yield. */
export type Action =
  | { readonly kind: "next" | "throw" | "return"; readonly value: unknown }
  /** Sends back what was yielded. */
  | { readonly kind: "echo" }

export interface Program {
  /** Script text that declares `function* main()`; it may call `log(...)` and `tick()`. */
  readonly source: string
  /** What is done at the first start, the first yield, the second …; then everything is sent back. */
  readonly actions?: readonly Action[]
  /** Changes variables at the top level: they stay behind, and what they hold is no longer what moved. */
  readonly stateful?: boolean
  /** How often `tick()` is true. */
  readonly fuel?: number
}

type Driven = Pick<Generator<unknown, unknown, unknown>, "next" | "throw" | "return">
/** Evaluates the program: gives its `main`. */
type Make = (trace: Trace) => () => Generator

const MAX_YIELDS = 300

/** The text as a function of what programs may name; it gives what each evaluation of a module would. */
function evaluator(code: string): Make {
  const run = new Function("rove", "log", "tick", "iterator", `${code}\nreturn main`)
  return trace => {
    const { log, tick, iterator } = trace
    trace.fixed.add(rove).add(log).add(tick).add(iterator)
    return run(rove, log, tick, iterator) as () => Generator
  }
}

/** How a compiled program is treated; `driven` makes what the driver drives. */
interface Variant {
  readonly name: string
  /** Compiled with line events: every statement is taken apart. */
  readonly lineEvents?: true
  /** What goes on is a copy: it shares nothing with what stays behind. */
  readonly moves?: true
  driven(generator: Generator, context: Context): Driven
  /** Replaces it, with what it yielded, between two steps. */
  between?(pair: Pair, context: Context): Pair
}

interface Pair {
  readonly generator: Driven
  /** What was yielded: it may be sent back, and so must be the same object inside and outside. */
  readonly given: unknown
}

interface Context {
  readonly mover: Mover
  /** Evaluates the module again, as another thread would. */
  readonly again: () => void
}

/** A record of a stopped fiber that went through bytes. */
function movedStop({ root, fiber, given }: Stopped, { mover }: Context): Stopped {
  if (fiber === null) return { ...mover.move({ root, given }), fiber }
  const copy = restore(mover.move(save(fiber)))
  return { root: copy.root, fiber: copy }
}

export const VARIANTS: readonly Variant[] = [
  { name: "compiled", driven: generator => generator },
  {
    name: "moved",
    moves: true,
    driven: generator => generator,
    between: (pair, { mover }) => mover.move(pair),
  },
  {
    name: "kept",
    driven: generator => generator,
    between(pair, { mover }) {
      mover.move(pair)
      return pair
    },
  },
  {
    name: "elsewhere",
    moves: true,
    driven: generator => generator,
    between(pair, { mover, again }) {
      return mover.move(pair, true, again)
    },
  },
  { name: "line by line", lineEvents: true, driven: generator => generator },
  { name: "preempted", driven: generator => new Stepper(generator) },
  {
    name: "preempted and moved",
    moves: true,
    driven: (generator, context) => new Stepper(generator, { stop: stopped => movedStop(stopped, context) }),
  },
  {
    name: "preempted at each third check and moved",
    moves: true,
    driven: (generator, context) => new Stepper(generator, { budget: 2, stop: stopped => movedStop(stopped, context) }),
  },
]

export interface Difference {
  readonly variant: string
  readonly native: readonly string[]
  readonly found: readonly string[]
}

/** What comparing gave. Only "same" says that the variants agree; the other words say why there was nothing to compare. */
export type Verdict = Difference | "same" | "no program" | "too deep" | "stays native"

export function noMoves(): Moved {
  return { whole: 0, frames: 0, partly: new Map() }
}

/** Runs the program in all variants, or the named ones. */
export function compare(program: Program, only?: readonly string[], moved: Moved = noMoves()): Verdict {
  let native: readonly string[]
  try {
    native = runNatively(program)
  } catch (error) {
    if (error instanceof SyntaxError) return "no program"
    throw error
  }
  // how deep the native stack is differs, and is allowed to
  if (native.some(line => line.includes("RangeError"))) return "too deep"
  let code: string
  try {
    code = compiledText(program.source)
  } catch (error) {
    return { variant: "compile", native, found: [String((error as Error).stack)] }
  }
  if (staysNative(program, code)) return "stays native"
  for (const variant of VARIANTS) {
    if (only !== undefined && !only.includes(variant.name)) continue
    if (program.stateful === true && variant.moves === true) continue
    const text = variant.lineEvents === true ? compiledText(program.source, true) : code
    const found = runCompiled(program, text, variant, moved)
    if (found.length !== native.length || found.some((line, i) => line !== native[i]))
      return { variant: variant.name, native, found }
  }
  return "same"
}

/** Sloppy functions with `arguments`, direct eval and the like are not compiled; nor are calls that throw compared. */
function staysNative(program: Program, code: string): boolean {
  try {
    return computationOf(evaluator(code)(new Trace(program.fuel))()) === null
  } catch {
    return false
  }
}

export function compiledText(source: string, lineEvents = false): string {
  const options = { sourceType: "script", runtime: { global: "rove" }, always: true, lineEvents } as const
  const compiled = compile(source, "program.js", options)
  return compiled?.code ?? source
}

export function runNatively(program: Program): readonly string[] {
  const trace = new Trace(program.fuel)
  const main = evaluator(program.source)(trace)
  drive(trace, program, () => main())
  return trace.lines
}

function runCompiled(program: Program, code: string, variant: Variant, moved: Moved): readonly string[] {
  const trace = new Trace(program.fuel)
  let make: Make
  try {
    make = evaluator(code)
  } catch (error) {
    return [`the compiled text does not parse: ${error}`]
  }
  drive(trace, program, () => {
    const main = make(trace)
    const mover = new Mover(intrinsics(), trace.fixed, moved)
    const context: Context = { mover, again: () => void make(trace) }
    const generator = variant.driven(main(), context)
    return { generator, between: pair => variant.between?.(pair, context) ?? pair }
  })
  return trace.lines
}

type Started = Driven | { readonly generator: Driven; readonly between: (pair: Pair) => Pair }

function drive(trace: Trace, { actions = [] }: Program, start: () => Started): void {
  let started: Started
  try {
    started = start()
  } catch (error) {
    trace.note(`the call throws ${show(error)}`)
    return
  }
  try {
    let generator = "between" in started ? started.generator : started
    const between = "between" in started ? started.between : (pair: Pair) => pair
    let given: unknown
    for (let i = 0; ; i++) {
      const action: Action = i < MAX_YIELDS ? (actions[i] ?? { kind: "echo" }) : { kind: "return", value: "enough" }
      let result: IteratorResult<unknown>
      try {
        result = action.kind === "echo" ? generator.next(given) : generator[action.kind](action.value)
      } catch (error) {
        trace.note(`throws ${show(error)}${ours(error)}`)
        result = { done: true, value: undefined }
      }
      trace.note(`${result.done === true ? "ends" : "yields"} ${show(result.value)}`)
      if (result.done === true || i > MAX_YIELDS + 20) break
      ;({ generator, given } = between({ generator, given: result.value }))
    }
    const after = generator.next(1)
    trace.note(`afterwards ${show(after)}`)
  } catch (error) {
    trace.note(`breaks off: ${error instanceof Error ? error.stack : error}`)
  }
}

/** What a failure of the runtime itself looks like. */
function ours(error: unknown): string {
  if (!(error instanceof Error) || !("code" in error)) return ""
  const { code } = error
  return typeof code === "string" ? `(${(error as Error).message})` : ""
}
