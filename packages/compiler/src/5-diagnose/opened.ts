/** Owns the rule: what waits to be performed has nothing of its result yet: no property, no element, and it is no function. */
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import type { Subject } from "./finding.ts"
import { type Made, made, remedy, textOf } from "./made.ts"
import { property } from "./names.ts"
import type { Placed } from "./tree.ts"

function* keysAlong(value: object | null): Generator<string> {
  for (let o = value; o !== null; o = Object.getPrototypeOf(o) as object | null) yield* Object.getOwnPropertyNames(o)
}
const OF_OPERATION: ReadonlySet<string> = new Set(keysAlong(Object.prototype))
const OF_COMPUTATION: ReadonlySet<string> = new Set(keysAlong((function* () {})()))

export function* opened(subject: Subject): Generator<Finding> {
  const { tree } = subject
  for (const { node, unit } of tree.opened) {
    const placed = { node: bare(node.object), unit }
    const what = made(subject, placed)
    const name = what === null ? null : lacking(subject, node, what)
    if (what !== null && name !== null) yield unperformed(subject, placed, what, name)
  }
  for (const { node, unit } of tree.patterns) yield* takenApart(subject, { node: bare(node.init), unit })
  for (const placed of tree.iterated) {
    const what = made(subject, placed)
    if (what?.unit === null)
      yield finding(subject, placed, `${what.words} is iterated, and was not performed: this throws`)
  }
  for (const placed of tree.copied) {
    const what = made(subject, placed)
    if (what !== null)
      yield finding(subject, placed, `${what.words} was not performed, so it has no properties to copy`)
  }
  for (const { node, unit } of tree.calls) {
    const placed = { node: bare(node.callee), unit }
    const what = placed.node.type === "CallExpression" ? made(subject, placed) : null
    if (what !== null) yield finding(subject, placed, `${what.words} was not performed, and is no function`)
  }
}

/** `const { length } = lines()`. */
function* takenApart(subject: Subject, placed: Placed): Generator<Finding> {
  const what = made(subject, placed)
  const pattern = what === null ? null : subject.tree.taker(placed.node)?.id
  for (const p of pattern?.properties ?? []) {
    const name = p.type === "Property" && !p.computed ? (p.key.name ?? String(p.key.value)) : null
    if (what !== null && name !== null && isLacked(subject, name, what)) {
      yield unperformed(subject, placed, what, name)
      return
    }
  }
}

/** The name of the member, if what was made surely has none such. */
export function lacking(subject: Subject, member: Node, what: Made): string | null {
  const { computed, property: key } = member
  const name = computed && typeof key.value === "number" ? String(key.value) : property(member)
  return name !== null && isLacked(subject, name, what) ? name : null
}

function isLacked({ tree, module }: Subject, name: string, { unit }: Made): boolean {
  if (tree.isSet(name)) return false
  if (unit === null) return !OF_OPERATION.has(name)
  // what a generator function has as prototype is what its computations inherit from
  return !OF_COMPUTATION.has(name) && !/\bprototype\b/i.test(module.source)
}

/** `named`: what the program calls it. */
export function unperformed(subject: Subject, placed: Placed, what: Made, name: string, named?: string): Finding {
  const text = named ?? textOf(subject, placed) ?? "this"
  const kind = what.unit === null ? "an operation" : "a computation"
  const is = text === "this" ? text : `\`${text}\``
  return finding(subject, placed, `${is} is ${kind} that was not performed, so it has no \`${name}\``)
}

function finding(subject: Subject, placed: Placed, message: string): Finding {
  const { start } = placed.node
  return { code: "ROVE_FORGOTTEN_YIELD", severity: "warning", message, hint: remedy(subject, placed), offset: start }
}
