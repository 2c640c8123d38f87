/**
 * Owns the innermost loops of nests that count a number up or down to a bound which stays the same: their rounds are paid
 * for in strips, as many as the budget has, so that the rounds themselves count nothing. Where a round is one store, the
 * count took a third of the time.
 *
 * The end of a strip is the bound, or nearer; behind it the program's own test is asked. How many rounds fit is found by
 * arithmetic, for numbers that it cannot lead astray: steps so small that they could be lost in the variable, and bounds
 * that are no numbers, get strips of one round. A throw pays for its whole strip, which ends the budget early, at most.
 */
import type { Binding } from "../2-analyze/bindings.ts"
import { calls } from "../2-analyze/calls.ts"
import { isLeft } from "../2-analyze/nests.ts"
import type { Node } from "../2-analyze/nodes.ts"
import { suspends } from "../2-analyze/suspends.ts"
import type { Lowering } from "./lowering.ts"
import { placeOf } from "./statements.ts"
import { text } from "./text.ts"

/** A loop that counts. */
export interface Counted {
  readonly variable: Node
  readonly bound: Node
  readonly operator: "<" | "<=" | ">" | ">="
  /** What each round adds or takes away; null: 1. */
  readonly step: Node | null
}

/** Whether the loop can be run in strips: nothing leaves it but its test, only its update changes what that reads, and nothing is called. */
export function countedOf(l: Lowering, node: Node, labels: readonly string[]): Counted | null {
  const { test, update, body, type } = node
  if (type !== "ForStatement" || test === null || update === null || l.unit.dynamic !== null) return null
  const found = counting(test, update)
  if (found === null || suspends(body) || calls(node) || isLeft({ node, labels }) || isShort(node.init, found))
    return null
  const { variable, bound, step } = found
  const binding = bindingOf(l, variable)
  if (binding === null || !isNumber(l, binding) || writes(binding, node.test) || writes(binding, body)) return null
  return staysNumber(l, step, binding, node) && stays(l, bound, binding, node) ? found : null
}

/** The parts, if test and update run in one direction with one variable. */
export function counting(test: Node, update: Node): Counted | null {
  if (test.type !== "BinaryExpression") return null
  const { operator, left: variable, right: bound } = test
  const isUp = operator === "<" || operator === "<="
  if (!isUp && operator !== ">" && operator !== ">=") return null
  const isStep = update.type === "AssignmentExpression"
  if (!isStep && update.type !== "UpdateExpression") return null
  const changed = isStep ? update.left : update.argument
  if (variable.type !== "Identifier" || changed.type !== "Identifier" || changed.name !== variable.name) return null
  if (update.operator !== (isStep ? (isUp ? "+=" : "-=") : isUp ? "++" : "--")) return null
  return { variable, bound, operator, step: isStep ? update.right : null }
}

/** Rounds that cost less, counted one by one, than what a strip begins with. */
const FEW = 4

/** Whether it is written there that the loop makes few rounds. */
export function isShort(init: Node | null, { bound, step }: Counted): boolean {
  const first = init?.type === "VariableDeclaration" ? init.declarations[0].init : null
  if (first === null || !isNumeral(first) || !isNumeral(bound) || (step !== null && !isNumeral(step))) return false
  return Math.abs(bound.value - first.value) <= FEW * (step?.value ?? 1)
}

export function bindingOf(l: Lowering, node: Node): Binding | null {
  const binding = node.type === "Identifier" ? l.analysis.refOf.get(node)?.binding : null
  return binding != null && binding.mode === "slot" && !binding.checked && l.owns(binding) ? binding : null
}

export const isNumber = (l: Lowering, binding: Binding): boolean => l.numbers?.has(binding) === true

export const writes = ({ refs }: Binding, { start, end }: Node): boolean =>
  refs.some(({ write, node }) => write && node.start >= start && node.end <= end)

export const isNumeral = (node: Node): boolean => node.type === "Literal" && typeof node.value === "number"

/** Whether a step is a number that no round changes. */
function staysNumber(l: Lowering, step: Node | null, variable: Binding, loop: Node): boolean {
  if (step === null || isNumeral(step)) return true
  const binding = bindingOf(l, step)
  return binding !== null && binding !== variable && isNumber(l, binding) && !writes(binding, loop.body)
}

/** Whether a bound is the same in each round. */
export function stays(l: Lowering, bound: Node, variable: Binding, loop: Node): boolean {
  if (isNumeral(bound)) return true
  const binding = bindingOf(l, bound)
  if (binding === null || binding === variable) return false
  if (binding.kind === "param") return !binding.assigned && l.unit.argumentsBinding === null
  return (binding.kind === "let" || binding.kind === "const") && !writes(binding, loop.body)
}

/** Variables farther from 0, and smaller steps, get strips of one round. Both are compared as small integers, if they are. */
export const FAR = 1_000_000_000
const SMALL = 1 / 1024

/** Emits the rounds, inside a loop that asks the test; `round` emits one, with its update. */
export function countedRounds(l: Lowering, counted: Counted, leave: string, round: () => void): void {
  const { b } = l
  const { operator, step } = counted
  const budget = l.r("b")
  const end = l.module.unique(l.r("end"))
  const [v, n] = [counted.variable, counted.bound].map(x => text(placeOf(l), x)) as [string, string]
  const s = step === null ? null : text(placeOf(l), step)
  const isUp = operator.startsWith("<")
  const isIn = operator.endsWith("=")
  const [away, sign] = isUp ? [`${n} - ${v}`, "+"] : [`${v} - ${n}`, "-"]
  const times = (rounds: string): string => (s === null ? rounds : `(${rounds}) * ${s}`)
  const strip = isIn ? budget : `${budget} + 1`
  const fits = `${away} ${isIn ? "<" : "<="} ${times(`${budget} + 1`)}`
  // NaN, whatever that name means to the program: nothing is in front of it
  b.line(`let ${end} = 0 / 0;`)
  b.line(`if (!(${guards(l, counted, v, n, s).join(" && ")})) ${budget} = ${budget} - 1 | 0;`)
  b.line(`else if (${fits}) { ${end} = ${n}; ${paid(l, s === null ? away : `(${away}) / ${s}`, isIn)} }`)
  b.line(`else { ${end} = ${v} ${sign} ${step === null ? `(${strip})` : times(strip)}; ${budget} = -1; }`)
  b.line("do {")
  b.indent++
  round()
  b.indent--
  b.line(`} while (${v} ${operator} ${end});`)
  b.line(`if (${budget} < 0) { ${leave} }`)
}

/** Pays for all rounds that are left: as many as there are steps on the way, and one for the bound or for what is left. */
function paid(l: Lowering, steps: string, isIn: boolean): string {
  const budget = l.r("b")
  if (isIn) return `${budget} = ${budget} + ~(${steps}) | 0;`
  const all = l.module.unique(l.r("w"))
  return `const ${all} = ${steps}; ${budget} = ${budget} + (${all} === (${all} | 0) ? -${all} : ~${all}) | 0;`
}

/** What has to hold for the arithmetic. */
function guards(l: Lowering, { bound, step }: Counted, v: string, n: string, s: string | null): string[] {
  const binding = bindingOf(l, bound)
  const isKnown = binding === null || isNumber(l, binding)
  return [
    ...(isKnown ? [] : [`typeof ${n} === "number"`]),
    `${v} > -${FAR} && ${v} < ${FAR}`,
    ...(s === null || (step !== null && isNumeral(step) && step.value >= SMALL) ? [] : [`${s} >= ${SMALL}`]),
  ]
}
