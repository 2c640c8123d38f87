/** Owns the rule: an async generator, which stays native, performs no operation and runs nothing that performs one. */
import type { Unit } from "../2-analyze/bindings.ts"
import type { Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import { at, type Subject } from "./finding.ts"
import { made } from "./made.ts"

export function* asynchronous(subject: Subject): Generator<Finding> {
  for (const [unit, yields] of subject.tree.yields) {
    if (unit.node.async !== true) continue
    for (const node of yields) {
      const message = node.delegate ? wrongWith(subject, node, unit) : null
      if (message !== null) yield { code: "ROVE_NO_FIBER", severity: "warning", message, hint, offset: node.start }
    }
  }
}

const hint =
  "make it a generator (`function*`), with `yield* wait(promise)` in place of `await` and `each` in place of `for await`"

function wrongWith(subject: Subject, node: Node, unit: Unit): string | null {
  const what = made(subject, { node: node.argument, unit })
  if (what === null) return null
  if (what.unit === null) return `${what.words} is performed by an async generator, which stays native: this throws`
  const inner = performedIn(subject, what.unit, new Set())
  if (inner === null) return null
  return `${what.words} is run by an async generator, which stays native: nobody performs ${inner}`
}

/** An operation that runs when the function is called, and where it stands. */
function performedIn(subject: Subject, unit: Unit, seen: Set<Unit>): string | null {
  seen.add(unit)
  for (const node of subject.tree.yields.get(unit) ?? []) {
    const what = node.delegate ? made(subject, { node: node.argument, unit }) : null
    if (what?.unit === null) return `${what.words} at ${at(subject, node.start)}`
    const inner = what == null || seen.has(what.unit) ? null : performedIn(subject, what.unit, seen)
    if (inner !== null) return inner
  }
  return null
}
