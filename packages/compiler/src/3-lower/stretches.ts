/**
 * Owns the innermost loops of nests that go towards a bound and may end before it: `while (j >= 0 && list[j] > x)`. How
 * many rounds they make is known behind them, from how far their variable came, so that the rounds themselves count
 * nothing: sorting by insertion took 1.28 of the native time with a count in each.
 *
 * A stretch is the rounds as far as the budget reaches. In front of it stands one round for nothing: most loops of this
 * kind make none or one, and a stretch has to be begun. Variables with which the arithmetic could go astray get rounds
 * that are counted one by one. A throw pays for its whole stretch, which ends the budget early, at most.
 */
import { calls } from "../2-analyze/calls.ts"
import { isLeft } from "../2-analyze/nests.ts"
import type { Node } from "../2-analyze/nodes.ts"
import { suspends } from "../2-analyze/suspends.ts"
import { bindingOf, type Counted, counting, FAR, isNumber, isNumeral, isShort, stays, writes } from "./counted.ts"
import { continues } from "./jumps.ts"
import type { Lowering } from "./lowering.ts"
import { placeOf } from "./statements.ts"
import { copied } from "./strips.ts"
import { text } from "./text.ts"

/** A loop that goes towards a bound. */
export interface Going {
  readonly counted: Counted
  /** The operands of `&&` behind the look at the bound. */
  readonly more: readonly Node[]
}

/** Characters of a body that is not emitted twice: what it does takes longer than a count. */
const LONG = 300

/** Whether the loop can be run in stretches: only its test ends it, each round takes its variable one step on, and nothing is called. */
export function goingOf(l: Lowering, node: Node, labels: readonly string[]): Going | null {
  const { test, body, type } = node
  const isFor = type === "ForStatement"
  if ((!isFor && type !== "WhileStatement") || test === null || l.unit.dynamic !== null) return null
  if (body.end - body.start > LONG) return null
  const [first, ...more] = operands(test) as [Node, ...Node[]]
  const update = isFor ? node.update : stepIn(body, first)
  const found = update === null ? null : counting(first, update)
  if (found === null || !isWhole(found.step) || isShort(isFor ? node.init : null, found)) return null
  if (suspends(body) || calls(node) || isLeft({ node, labels }) || (!isFor && continues(body, labels))) return null
  return isSteady(l, node, found) ? { counted: found, more } : null
}

/** Whether nothing but the step changes the variable, and nothing the bound. */
function isSteady(l: Lowering, node: Node, { variable, bound }: Counted): boolean {
  const binding = bindingOf(l, variable)
  if (binding === null || !isNumber(l, binding)) return false
  const inside = binding.refs.filter(({ write, node: { start } }) => {
    return write && start >= node.test.start && start < node.end && !isHead(node, start)
  })
  if (inside.length !== 1 || !stays(l, bound, binding, node)) return false
  const other = bindingOf(l, bound)
  return other === null || (!writes(other, node.test) && !writes(other, node.body))
}

/** Whether a place is in what a `for` does once. */
const isHead = ({ init }: Node, start: number): boolean => init != null && start >= init.start && start < init.end

/** The operands of a test that are asked in turn. */
function operands(test: Node): Node[] {
  const last: Node[] = []
  let n = test
  for (; n.type === "LogicalExpression" && n.operator === "&&"; n = n.left) last.push(n.right)
  return [n, ...last.reverse()]
}

/** The statement of a body that takes the variable of a comparison on; each round comes by there. */
function stepIn(body: Node, { left }: Node): Node | null {
  if (body.type !== "BlockStatement" || left?.type !== "Identifier") return null
  for (const { type, expression } of body.body as Node[]) {
    if (type !== "ExpressionStatement") continue
    const target = expression.type === "UpdateExpression" ? expression.argument : expression.left
    if (target?.type === "Identifier" && target.name === left.name) return expression
  }
  return null
}

/** Whether a step makes no more rounds than steps of 1 would. */
const isWhole = (step: Node | null): boolean => step === null || (isNumeral(step) && step.value >= 1)

/** The operands of the test, which is asked in two places: what it makes (a function, say) is made by one text. */
export function testTexts(l: Lowering, { more }: Going, test: Node): readonly string[] {
  return [operands(test)[0] as Node, ...more].map(operand => text(placeOf(l), operand))
}

/** Emits the rounds inside a loop that asks the test, of which `more` is behind the look at the bound; `round` emits one, with its update. */
export function stretch(
  l: Lowering,
  { counted }: Going,
  more: readonly string[],
  leave: string,
  round: () => void,
): void {
  const { b } = l
  const { operator, variable, bound } = counted
  const budget = l.r("b")
  const [far, end] = [l.module.unique(l.r("far")), l.module.unique(l.r("end"))]
  const [v, n] = [variable, bound].map(x => text(placeOf(l), x)) as [string, string]
  const isUp = operator.startsWith("<")
  const isIn = operator.endsWith("=")
  const reach = isUp ? `${v} + ${budget}${isIn ? "" : " + 1"}` : `${v} - ${budget}${isIn ? "" : " - 1"}`
  const [whole, away] = isUp ? [far, v] : [v, far]
  const rest = `${whole} ${isIn ? `- ${away}` : `+ ~${away}`}`
  const inside = `${v} ${operator} ${end}`
  const again = copied(l, round)
  b.line(`if (!(${guards(l, counted, v, n).join(" && ")})) {`)
  b.line(`  if ((${budget} = ${budget} - 1 | 0) < 0) { ${leave} }`)
  b.line("  continue;")
  b.line("}")
  b.line(`const ${far} = ${reach} | 0, ${end} = ${far} ${operator} ${n} ? ${far} : ${n};`)
  b.line(`${budget} = -1;`)
  b.line(`while (${[inside, ...more].join(" && ")}) {`)
  b.indent++
  again()
  b.indent--
  b.line("}")
  b.line(`${budget} = ${rest} | 0;`)
  if (more.length > 0) b.line(`if (${inside}) break;`)
  b.line(`if (${budget} < 0) { ${leave} }`)
}

/** What has to hold for the arithmetic. */
function guards(l: Lowering, { operator, bound }: Counted, v: string, n: string): string[] {
  const binding = bindingOf(l, bound)
  const isUp = operator.startsWith("<")
  // the program's own test has seen to the side of a bound that is written there, but for what this round added
  const isNear = isNumeral(bound) && bound.value < FAR
  return [
    ...(binding === null || isNumber(l, binding) ? [] : [`typeof ${n} === "number"`]),
    ...(isUp || !isNear ? [`${v} > -${FAR}`] : []),
    ...(isUp && isNear ? [] : [`${v} < ${FAR}`]),
  ]
}
