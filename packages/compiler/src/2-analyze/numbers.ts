/**
 * Owns the question which variables of a function never hold anything but numbers, however the function is called.
 *
 * It is asked for what the optimiser cannot see: what comes out of a frame could be anything, so a loop behind a resume
 * point would count in tagged values. An operation that keeps the value and fixes the type tells it.
 */
import type { Analysis, Binding, Unit } from "./bindings.ts"
import { bare, chainOf, isChain, isClass, isFunction, type Node, openChildren } from "./nodes.ts"

/** Integers of 32 bits; numbers that never are -0; numbers. Each contains the one before. */
const INTEGER = 0
const UNSIGNED_ZERO = 1
const NUMBER = 2
const ANYTHING = 3
type Kind = typeof INTEGER | typeof UNSIGNED_ZERO | typeof NUMBER | typeof ANYTHING

/** An operation with 0 that keeps every value of the kind. */
export type Keeping = "|" | "+" | "-"
const keeping = ["|", "+", "-"] as const

/** The slots that always hold numbers, with what keeps their values. */
export function numbersOf(analysis: Analysis, unit: Unit): Map<Binding, Keeping> {
  const given = new Map<Binding, Node[]>()
  collect(analysis, unit.node.body, given)
  const kinds = new Map<Binding, Kind>()
  for (const [binding, values] of given) if (isLocal(binding, values)) kinds.set(binding, INTEGER)
  const kindOf = (node: Node): Kind => {
    const binding = analysis.refOf.get(node)?.binding
    return binding == null ? ANYTHING : (kinds.get(binding) ?? ANYTHING)
  }
  for (let changed = true; changed; ) {
    changed = false
    for (const [binding, kind] of kinds) {
      const found = weakest((given.get(binding) as Node[]).map(value => kindIn(value, kindOf)))
      if (found <= kind) continue
      kinds.set(binding, found)
      changed = true
    }
  }
  const numbers = new Map<Binding, Keeping>()
  for (const [binding, kind] of kinds)
    if (kind !== ANYTHING && binding.mode === "slot") numbers.set(binding, keeping[kind])
  return numbers
}

/** Everything that a variable is given, as expressions. */
function collect(analysis: Analysis, body: Node, into: Map<Binding, Node[]>): void {
  const give = (target: Node, value: Node): void => {
    const binding = target.type === "Identifier" ? analysis.refOf.get(target)?.binding : null
    if (binding == null) return
    const values = into.get(binding)
    if (values === undefined) into.set(binding, [value])
    else values.push(value)
  }
  const open = [body]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isFunction(node) || isClass(node)) continue
    if (node.type === "VariableDeclarator" && node.init !== null) give(node.id, node.init)
    else if (node.type === "AssignmentExpression") give(bare(node.left), node)
    else if (node.type === "UpdateExpression") give(bare(node.argument), { ...node, prefix: true })
    openChildren(node, open)
  }
}

/** Longer chains of operands are not looked into. */
const LONG = 50

/** Whether the values are all that it ever has: it is given one where it is declared, and no other one elsewhere. */
function isLocal(binding: Binding, values: readonly Node[]): boolean {
  const { kind, mode, checked, refs } = binding
  const writes = refs.filter(ref => ref.write).length
  return mode !== "cell" && !checked && (kind === "let" || kind === "const") && writes === values.length - 1
}

const weakest = (kinds: readonly Kind[]): Kind => Math.max(INTEGER, ...kinds) as Kind

/** The kind of an expression's value. */
function kindIn(node: Node, kindOf: (name: Node) => Kind): Kind {
  if (isChain(node) && chainOf(node).length > LONG) return ANYTHING
  const kind = (n: Node): Kind => kindIn(n, kindOf)
  switch (node.type) {
    case "Literal":
      return typeof node.value !== "number" ? ANYTHING : node.value === (node.value | 0) ? INTEGER : UNSIGNED_ZERO
    case "Identifier":
      return kindOf(node)
    case "ParenthesizedExpression":
      return kind(node.expression)
    case "SequenceExpression":
      return kind(node.expressions.at(-1))
    case "ConditionalExpression":
      return weakest([kind(node.consequent), kind(node.alternate)])
    case "LogicalExpression":
      return weakest([kind(node.left), kind(node.right)])
    case "UpdateExpression":
      return kind(node.argument) === ANYTHING ? ANYTHING : node.prefix ? UNSIGNED_ZERO : kind(node.argument)
    case "AssignmentExpression":
      return assigned(node, kind)
    case "BinaryExpression":
      return binary(node.operator, node.left, node.right, kind)
    case "UnaryExpression":
      return unary(node.operator, node.argument, kind)
    default:
      return ANYTHING
  }
}

function assigned(node: Node, kind: (n: Node) => Kind): Kind {
  const operator = node.operator.slice(0, -1)
  if (operator === "") return kind(node.right)
  if (operator === "&&" || operator === "||" || operator === "??") return weakest([kind(node.left), kind(node.right)])
  return binary(operator, node.left, node.right, kind)
}

/** With one operand that is a number, the other is none of the big integers, which would throw. */
function binary(operator: string, left: Node, right: Node, kind: (n: Node) => Kind): Kind {
  const [a, b] = [kind(left), kind(right)]
  if (operator === ">>>") return UNSIGNED_ZERO
  if (operator === "+")
    return weakest([a, b]) === ANYTHING ? ANYTHING : Math.min(a, b) < NUMBER ? UNSIGNED_ZERO : NUMBER
  if (a === ANYTHING && b === ANYTHING) return ANYTHING
  switch (operator) {
    case "|":
    case "&":
    case "^":
    case "<<":
    case ">>":
      return INTEGER
    case "-":
      // -0 is what -0 - 0 gives, and nothing else
      return a < NUMBER || isNotZero(right) ? UNSIGNED_ZERO : NUMBER
    case "*":
      return left.type === "Identifier" && right.type === "Identifier" && left.name === right.name
        ? UNSIGNED_ZERO
        : NUMBER
    case "/":
    case "%":
    case "**":
      return NUMBER
    default:
      return ANYTHING
  }
}

function unary(operator: string, argument: Node, kind: (n: Node) => Kind): Kind {
  if (operator === "+") return Math.min(kind(argument), NUMBER) as Kind
  if (kind(argument) === ANYTHING) return ANYTHING
  if (operator === "~") return INTEGER
  if (operator !== "-") return ANYTHING
  return isNotZero(argument) ? UNSIGNED_ZERO : NUMBER
}

const isNotZero = (node: Node): boolean => node.type === "Literal" && typeof node.value === "number" && node.value !== 0
