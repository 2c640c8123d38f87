/**
 * Owns assignments and updates in which something stops: reference first, then the value. What is read and then written
 * (`o[key] += yield`) has its key converted for each of the two, as in V8.
 */
import { bare, type Node } from "../2-analyze/nodes.ts"
import { suspends } from "../2-analyze/suspends.ts"
import { referenceOf } from "./chains.ts"
import { expression, keep } from "./expressions.ts"
import { jump } from "./leaps.ts"
import type { Lowering } from "./lowering.ts"
import { isAnonymous } from "./named.ts"
import { bindPattern } from "./patterns.ts"
import { printed } from "./printed.ts"
import { placeOf } from "./statements.ts"
import { text } from "./text.ts"

interface Target {
  read(): string
  /** Text of the assignment of a value. */
  write(value: string): string
}

export function assignment(l: Lowering, node: Node): string {
  const left = bare(node.left)
  const hint = left.type === "Identifier" && left.start === node.start && isAnonymous(node.right) ? left.name : null
  if (node.operator === "=") {
    if (left.type === "ObjectPattern" || left.type === "ArrayPattern") {
      const value = keep(l, expression(l, node.right, true))
      bindPattern(l, left, value, null, printed(node.right))
      return l.use(value)
    }
    const target = targetOf(l, left, suspends(node.right), false)
    return target.write(expression(l, node.right, true, hint))
  }
  const target = targetOf(l, left, suspends(node.right), true)
  const operator = node.operator.slice(0, -1)
  if (operator === "||" || operator === "&&" || operator === "??") return logical(l, node, target, operator, hint)
  const before = suspends(node.right) ? keep(l, target.read()) : target.read()
  return target.write(`${before} ${operator} (${expression(l, node.right, true)})`)
}

function logical(l: Lowering, node: Node, target: Target, operator: string, hint: string | null): string {
  const { b } = l
  const result = l.temporary()
  const end = b.label()
  l.assign(result, target.read())
  const stop =
    operator === "||" ? result : operator === "&&" ? `!${result}` : `${result} !== null && ${result} !== void 0`
  b.line(`if (${stop}) { ${jump(l, end)}; }`)
  l.assign(result, target.write(expression(l, node.right, true, hint)))
  b.place(end)
  return l.use(result)
}

/** `later`: the right side stops. `modifies`: the target is read before it is written. */
function targetOf(l: Lowering, node: Node, later: boolean, modifies: boolean): Target {
  if (node.type === "Identifier") {
    const name = text(placeOf(l), node)
    const binding = l.analysis.refOf.get(node)?.binding
    if (binding?.mode === "slot" && binding.owner === l.unit && name.endsWith(binding.local) && !modifies)
      return {
        read: () => readIdentifier(l, node),
        write: value => {
          l.assign(binding.local, value)
          return l.use(binding.local)
        },
      }
    return { read: () => readIdentifier(l, node), write: value => `(${name} = ${value})` }
  }
  const reference = referenceOf(l, node, later, modifies)
  return { read: reference.read, write: value => `(${reference.target} = ${value})` }
}

/** A variable that is read although the node is the target of an assignment. */
function readIdentifier(l: Lowering, node: Node): string {
  const ref = l.analysis.refOf.get(node)
  if (ref?.binding == null) return node.name
  return text(
    { ...placeOf(l) },
    { type: "Identifier", name: node.name, start: node.start, end: node.end, readOf: node },
  )
}

export function update(l: Lowering, node: Node, wanted: boolean): string {
  const reference = referenceOf(l, bare(node.argument), false, false)
  const value = node.prefix ? `${node.operator}${reference.target}` : `${reference.target}${node.operator}`
  return wanted ? `(${value})` : value
}
