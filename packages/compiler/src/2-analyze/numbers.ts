/**
 * Owns the question which variables of a function never hold anything but numbers, however the function is called.
 *
 * It is asked for what the optimiser cannot see: what comes out of a frame could be anything, so a loop behind a resume
 * point would count in tagged values. An operation that keeps the value and fixes the type tells it.
 */
import type { Analysis, Binding, Given, Unit } from "./bindings.ts"
import { isChain, type Node } from "./nodes.ts"

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
  const given = byBinding(analysis, unit)
  const kinds = new Map<Binding, Kind>()
  for (const [binding, values] of given) if (isLocal(binding, values)) kinds.set(binding, INTEGER)
  const kindOf = (node: Node): Kind => {
    const binding = analysis.refOf.get(node)?.binding
    return binding == null ? ANYTHING : (kinds.get(binding) ?? ANYTHING)
  }
  for (let changed = true; changed; ) {
    changed = false
    for (const [binding, kind] of kinds) {
      let found: Kind = INTEGER
      for (const one of given.get(binding) as Given[]) found = weaker(found, kindGiven(one, kindOf))
      if (found <= kind) continue
      kinds.set(binding, found)
      changed = true
    }
  }
  return keptIn(unit, kinds)
}

/** A slot may be more than one variable: it is kept as what the weakest of them needs. */
function keptIn(unit: Unit, kinds: ReadonlyMap<Binding, Kind>): Map<Binding, Keeping> {
  const slots: Binding[] = []
  for (const { bindings } of unit.scopes) for (const b of bindings.values()) if (b.mode === "slot") slots.push(b)
  const ofSlot = new Map<string, Kind>()
  for (const b of slots) ofSlot.set(b.local, weaker(ofSlot.get(b.local) ?? INTEGER, kinds.get(b) ?? ANYTHING))
  const numbers = new Map<Binding, Keeping>()
  for (const b of slots) {
    const kind = ofSlot.get(b.local) as Kind
    if (kind !== ANYTHING) numbers.set(b, keeping[kind])
  }
  return numbers
}

/** Everything that each variable is given. */
function byBinding(analysis: Analysis, unit: Unit): Map<Binding, Given[]> {
  const found = new Map<Binding, Given[]>()
  for (const one of unit.given) {
    const binding = analysis.refOf.get(one.target)?.binding
    if (binding == null) continue
    const values = found.get(binding)
    if (values === undefined) found.set(binding, [one])
    else values.push(one)
  }
  return found
}

/** Longer chains of operands are not looked into. */
const LONG = 50

/** Whether the values are all that it ever has: it is given one where it is declared, and no other one elsewhere. */
function isLocal(binding: Binding, values: readonly Given[]): boolean {
  const { kind, mode, checked, refs } = binding
  if (mode === "cell" || checked || (kind !== "let" && kind !== "const")) return false
  let writes = 0
  for (const ref of refs) if (ref.write) writes++
  return writes === values.length - 1
}

const weaker = (a: Kind, b: Kind): Kind => (a > b ? a : b)

/** What is counted up or down was a number before. */
function kindGiven({ target, value }: Given, kindOf: KindOf): Kind {
  if (value !== null) return kindIn(value, kindOf)
  return kindOf(target) === ANYTHING ? ANYTHING : UNSIGNED_ZERO
}

type KindOf = (name: Node) => Kind

/** The kind of an expression's value. */
function kindIn(node: Node, kindOf: KindOf): Kind {
  switch (node.type) {
    case "Literal":
      return typeof node.value !== "number" ? ANYTHING : node.value === (node.value | 0) ? INTEGER : UNSIGNED_ZERO
    case "Identifier":
      return kindOf(node)
    case "ParenthesizedExpression":
      return kindIn(node.expression, kindOf)
    case "SequenceExpression":
      return kindIn(node.expressions.at(-1), kindOf)
    case "ConditionalExpression":
      return weaker(kindIn(node.consequent, kindOf), kindIn(node.alternate, kindOf))
    case "LogicalExpression":
      return isLong(node) ? ANYTHING : weaker(kindIn(node.left, kindOf), kindIn(node.right, kindOf))
    case "UpdateExpression": {
      const before = kindIn(node.argument, kindOf)
      return before !== ANYTHING && node.prefix ? UNSIGNED_ZERO : before
    }
    case "AssignmentExpression":
      return assigned(node, kindOf)
    case "BinaryExpression":
      return isLong(node) ? ANYTHING : binary(node.operator, node.left, node.right, kindOf)
    case "UnaryExpression":
      return unary(node.operator, node.argument, kindOf)
    default:
      return ANYTHING
  }
}

function isLong(node: Node): boolean {
  let length = 1
  for (let n = node; isChain(n); n = n.left) if (++length > LONG) return true
  return false
}

function assigned(node: Node, kindOf: KindOf): Kind {
  const operator = node.operator.slice(0, -1)
  if (operator === "") return kindIn(node.right, kindOf)
  if (operator === "&&" || operator === "||" || operator === "??")
    return weaker(kindIn(node.left, kindOf), kindIn(node.right, kindOf))
  return binary(operator, node.left, node.right, kindOf)
}

/** With one operand that is a number, the other is none of the big integers, which would throw. */
function binary(operator: string, left: Node, right: Node, kindOf: KindOf): Kind {
  const a = kindIn(left, kindOf)
  const b = kindIn(right, kindOf)
  if (operator === ">>>") return UNSIGNED_ZERO
  if (operator === "+") return weaker(a, b) === ANYTHING ? ANYTHING : Math.min(a, b) < NUMBER ? UNSIGNED_ZERO : NUMBER
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
    case "%":
      return remainder(left, right)
    case "/":
    case "**":
      return NUMBER
    default:
      return ANYTHING
  }
}

/** A remainder has the sign of what is divided: where that is none, it is never -0; of a numeral that is no fraction it is an integer. */
function remainder(left: Node, right: Node): Kind {
  if (!isNatural(left)) return NUMBER
  const by = right.type === "Literal" ? right.value : 0
  return typeof by === "number" && by !== 0 && by === (by | 0) ? INTEGER : UNSIGNED_ZERO
}

/** Whether an expression says that it is an integer below 2 ** 32 and not negative. */
function isNatural(node: Node): boolean {
  if (node.type === "ParenthesizedExpression") return isNatural(node.expression)
  if (node.type !== "BinaryExpression") return false
  return node.operator === ">>>" || (node.operator === "&" && (isBits(node.left) || isBits(node.right)))
}

const isBits = (node: Node): boolean =>
  node.type === "Literal" && typeof node.value === "number" && node.value === (node.value & 0x7fffffff)

function unary(operator: string, argument: Node, kindOf: KindOf): Kind {
  const before = kindIn(argument, kindOf)
  if (operator === "+") return Math.min(before, NUMBER) as Kind
  if (before === ANYTHING) return ANYTHING
  if (operator === "~") return INTEGER
  if (operator !== "-") return ANYTHING
  return isNotZero(argument) ? UNSIGNED_ZERO : NUMBER
}

const isNotZero = (node: Node): boolean => node.type === "Literal" && typeof node.value === "number" && node.value !== 0
