/** Owns the rule: a local that holds what cannot be saved is dead at every suspension. */
import type { Binding, Unit } from "../2-analyze/bindings.ts"
import type { Node } from "../2-analyze/nodes.ts"
import { isLoop } from "../2-analyze/suspends.ts"
import type { PointInfo } from "../3-lower/module.ts"
import type { Finding } from "../diagnostics.ts"
import { at, type Subject } from "./finding.ts"
import type { Placed } from "./tree.ts"
import { unsavable } from "./unsavable.ts"

export function* held(subject: Subject): Generator<Finding> {
  const points = new Points(subject)
  const told = new Set<Binding>()
  for (const definition of subject.tree.definitions) {
    const { node } = definition
    const binding = variableOf(subject, definition)
    if (binding === null || !binding.owner.compiled || binding.mode === "native" || told.has(binding)) continue
    const what = unsavable(subject, assigned(node))
    if (what === null) continue
    const across = suspensionsBehind(subject, binding, definition).find(y => points.live(binding, y))
    if (across === undefined) continue
    told.add(binding)
    yield {
      code: "ROVE_HELD",
      severity: "warning",
      message: `\`${binding.name}\` holds ${what} across the suspension at ${at(subject, across.start)}: the fiber cannot be saved or moved there`,
      hint: "use it up before the suspension (what nobody uses any more is not saved) or make it again behind it; `byReference` saves a value by a name",
      offset: node.start,
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

/** What the lowering found to be live where. */
class Points {
  private readonly subject: Subject
  /** By the place of the function. Two functions at one place (mapped coarsely) are none. */
  private readonly functions = new Map<string, readonly PointInfo[] | null>()
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
    const place = at(this.subject, suspension.start)
    return this.of(binding.owner).some(p => `${p.line}:${p.column}` === place && p.live.includes(binding.local))
  }

  private of(unit: Unit): readonly PointInfo[] {
    return this.functions.get(at(this.subject, unit.node.start)) ?? []
  }
}
