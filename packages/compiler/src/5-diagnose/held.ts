/** Owns the rule: a local that holds what cannot be saved is dead at every suspension. */

import type { ResumePoint } from "@rove/core"
import type { Binding, Unit } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import { isLoop } from "../2-analyze/suspends.ts"
import type { Finding } from "../diagnostics.ts"
import { at, type Subject } from "./finding.ts"
import type { Placed } from "./tree.ts"
import { unsavable, unsavablePart } from "./unsavable.ts"

/** A variable, where it gets the value, and what that is. */
interface Holding {
  readonly binding: Binding
  readonly definition: Placed
  readonly what: string
}

export function* held(subject: Subject): Generator<Finding> {
  const points = new Points(subject)
  const told = new Set<Binding>()
  const direct = [...holdings(subject)]
  for (const { binding, definition, what } of [...direct, ...closures(subject, direct)]) {
    if (binding.mode === "native" || told.has(binding)) continue
    const across = suspensionsBehind(subject, binding, definition).find(
      y => isToDispose(binding, y) || points.live(binding, y),
    )
    if (across === undefined) continue
    told.add(binding)
    yield {
      code: "ROVE_HELD",
      severity: "warning",
      message: `\`${binding.name}\` holds ${what} across the suspension at ${at(subject, across.start)}: the fiber cannot be saved or moved there`,
      hint: "use it up before the suspension (what nobody uses any more is not saved) or make it again behind it; `byReference` saves a value by a name",
      offset: definition.node.start,
    }
  }
}

function* holdings(subject: Subject): Generator<Holding> {
  for (const definition of subject.tree.patterns) yield* parts(subject, definition)
  for (const definition of subject.tree.definitions) {
    const binding = variableOf(subject, definition)
    if (binding === null || !binding.owner.compiled) continue
    const what = unsavable(subject, assigned(definition.node))
    if (what !== null) yield { binding, definition, what }
  }
}

/** Variables that get a part of a value: `const { port1 } = new MessageChannel()`. */
function* parts(subject: Subject, definition: Placed): Generator<Holding> {
  const { id, init } = definition.node
  for (const p of id.properties) {
    const binding = p.type === "Property" && !p.computed ? subject.module.analysis.bindingOf.get(p.value) : undefined
    if (binding === undefined || !binding.owner.compiled) continue
    const what = unsavablePart(subject, init, p.key.name ?? String(p.key.value))
    if (what !== null) yield { binding, definition, what }
  }
}

/** Variables with functions that capture such a value. */
function* closures({ module, tree }: Subject, direct: readonly Holding[]): Generator<Holding> {
  for (const { binding, definition, what } of direct) {
    if (!binding.captured) continue
    const holds = `a function with \`${binding.name}\`, ${what},`
    for (const { node, unit } of tree.definitions) {
      const made = module.analysis.unitOf.get(bare(assigned(node)))
      const holder = node.type === "VariableDeclarator" ? module.analysis.bindingOf.get(node.id) : undefined
      if (holder === undefined || made === undefined || !made.captures.has(binding) || !holder.owner.compiled) continue
      const last = node.start > definition.node.start ? { node, unit } : definition
      yield { binding: holder, definition: last, what: holds }
    }
  }
}

function variableOf({ module, names }: Subject, { node }: Placed): Binding | null {
  return node.type === "VariableDeclarator"
    ? (module.analysis.bindingOf.get(node.id) ?? null)
    : names.binding(node.left)
}

function assigned(node: Node): Node {
  return node.type === "VariableDeclarator" ? node.init : node.right
}

/** Yields of the variable's function that may come after the definition, before another one takes its place. */
function suspensionsBehind({ module, tree }: Subject, binding: Binding, { node, unit }: Placed): Node[] {
  if (unit !== binding.owner) return []
  const loops = tree
    .around(node)
    .filter(n => isLoop(n) && !(binding.scope.node.start >= n.start && binding.scope.node.end <= n.end))
  const again = binding.refs.filter(r => r.write && r.node.start > node.end && !module.analysis.bindingOf.has(r.node))
  return (tree.yields.get(unit) ?? []).filter(
    y =>
      (y.start >= node.end && !again.some(r => r.node.start < y.start)) ||
      loops.some(loop => loop.start <= y.start && y.end <= node.start),
  )
}

/** What `using` declares is held until its scope ends, whoever uses it. */
function isToDispose({ kind, scope }: Binding, suspension: Node): boolean {
  return kind === "using" && isWithin(suspension, scope.node)
}

const isWithin = (node: Node, { start, end }: Node): boolean => start <= node.start && node.end <= end

/** What the lowering found to be live where. */
class Points {
  private readonly subject: Subject
  /** By the place of the function. Two functions at one place (mapped coarsely) are none. */
  private readonly functions = new Map<string, readonly ResumePoint[] | null>()
  constructor(subject: Subject) {
    this.subject = subject
    for (const { points } of subject.module.functions) {
      const [entry, ...rest] = points
      if (entry === undefined) continue
      const key = `${entry.line}:${entry.column}`
      this.functions.set(key, this.functions.has(key) ? null : rest)
    }
  }

  live(binding: Binding, suspension: Node): boolean {
    // variables of several scopes may share a field
    if (!isWithin(suspension, binding.scope.node)) return false
    const place = at(this.subject, suspension.start)
    const field = this.subject.module.fieldOf(binding.owner, binding.local) ?? binding.local
    return this.of(binding.owner).some(p => `${p.line}:${p.column}` === place && p.live.includes(field))
  }

  private of(unit: Unit): readonly ResumePoint[] {
    return this.functions.get(at(this.subject, unit.node.start)) ?? []
  }
}
