/** Owns the rule: a list, a Map, a Set or an object that a function captures of which fibers are started is not changed there and read by the parent afterwards. */
import type { Binding, Ref, Unit } from "../2-analyze/bindings.ts"
import { bare, isClass, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import { changeOf } from "./changes.ts"
import { kindOf } from "./containers.ts"
import { instead, placed } from "./copies.ts"
import { at, called, type Subject } from "./finding.ts"
import { keyOf, property } from "./names.ts"
import { runsAfter } from "./order.ts"
import type { Spawn } from "./spawned.ts"
import { isWithin } from "./tree.ts"

/** What a variable holds and keeps. */
interface Held {
  readonly binding: Binding
  readonly container: Node
}

export function* contents(subject: Subject): Generator<Finding> {
  const told = new Set<Ref>()
  for (const spawn of subject.spawns())
    for (const [unit, sure] of spawn.copied)
      for (const binding of unit.captures) {
        const container = containerOf(subject, binding)
        if (container === null) continue
        const held = { binding, container }
        const change = changeIn(subject, held, unit)
        if (change === undefined || told.has(change) || isHandedOut(subject, held, unit)) continue
        const read = readBehind(subject, spawn, held, change, unit)
        if (read === undefined) continue
        told.add(change)
        yield finding(subject, spawn, unit, sure, change, read)
      }
}

function containerOf(subject: Subject, binding: Binding): Node | null {
  if (binding.kind !== "const" && binding.kind !== "let") return null
  const declared = subject.names.declared(binding)
  const value = declared === null ? null : bare(declared)
  return value === null || isClass(value) || kindOf(subject, value) === null ? null : value
}

/** Refs that are no assignments, which are the business of `copies`. */
function uses({ module }: Subject, { refs }: Binding): Ref[] {
  return refs.filter(({ node, write }) => !write && !module.analysis.bindingOf.has(node))
}

function changeIn(subject: Subject, { binding, container }: Held, unit: Unit): Ref | undefined {
  return uses(subject, binding).find(ref => isWithin(ref.unit, unit) && changeOf(subject, ref.node, container) !== null)
}

/** The function has made it for somebody: it returns or yields it, or gives it to a function. */
function isHandedOut(subject: Subject, { binding, container }: Held, unit: Unit): boolean {
  return uses(subject, binding).some(({ unit: user, node }) => {
    const taker = isWithin(user, unit) ? subject.tree.taker(node) : null
    return taker !== null && HANDING.has(taker.type) && changeOf(subject, node, container) === null
  })
}

const HANDING = new Set([
  "ReturnStatement",
  "YieldExpression",
  "CallExpression",
  "NewExpression",
  "Property",
  "SpreadElement",
  "ArrayExpression",
])

/** Where the parent surely or perhaps sees what is in it after the copy was taken; a further turn of a loop may begin with it anew. */
function readBehind(subject: Subject, spawn: Spawn, held: Held, change: Ref, unit: Unit): Ref | undefined {
  const { binding, container } = held
  const parts = partsOf(container, change.node, subject)
  const starts = [spawn.call, ...(isWithin(spawn.unit, unit) ? (subject.callers().get(spawn.unit) ?? []) : [])]
  return uses(subject, binding).find(ref => {
    if (isWithin(ref.unit, unit) && ref.unit !== spawn.unit) return false
    const seen = partsOf(container, ref.node, subject)
    if (parts !== null && seen !== null && !parts.some(part => seen.includes(part))) return false
    return (
      starts.some(call => ref.node.start > call.end && runsAfter(subject.tree, call, ref.node, binding) !== "never") &&
      changeOf(subject, ref.node, container) === null
    )
  })
}

/** The properties of an object that are meant; null: any. */
function partsOf(container: Node, use: Node, { tree }: Subject): readonly string[] | null {
  const taker = container.type === "ObjectExpression" ? tree.taker(use) : null
  if (taker?.type === "MemberExpression" && bare(taker.object) === use) return known([property(taker)])
  if (taker?.type !== "VariableDeclarator" || taker.id.type !== "ObjectPattern") return null
  return known(taker.id.properties.map((taken: Node) => (taken.type === "RestElement" ? null : keyOf(taken))))
}

/** Null if one of them can be any. */
function known(names: readonly (string | null)[]): readonly string[] | null {
  return names.every(name => name !== null) ? names : null
}

function finding(subject: Subject, spawn: Spawn, unit: Unit, sure: boolean, change: Ref, read: Ref): Finding {
  const { name } = change.node
  return {
    code: "ROVE_COPIED_VARIABLE",
    severity: "warning",
    message: `what is in \`${name}\` is changed in ${called(subject, unit)}, of which ${placed(subject, spawn)} ${sure ? "takes" : "may take"} a copy with all that it captures: the \`${name}\` that is read at ${at(subject, read.node.start)} is another one`,
    hint: `${instead(spawn.name)}; or send it through a channel`,
    offset: change.node.start,
  }
}
