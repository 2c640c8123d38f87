/** Owns the diagnostics of a compiled module: all rules over one analysis, in the order of the source. */
import type { Unit } from "../2-analyze/bindings.ts"
import type { Node } from "../2-analyze/nodes.ts"
import type { ModuleState } from "../3-lower/module.ts"
import type { Finding } from "../diagnostics.ts"
import { asynchronous } from "./asynchronous.ts"
import { awaited } from "./awaited.ts"
import { contents } from "./contents.ts"
import { copies } from "./copies.ts"
import { dropped } from "./dropped.ts"
import type { Rule, Subject } from "./finding.ts"
import { forgotten } from "./forgotten.ts"
import { held } from "./held.ts"
import { kept } from "./kept.ts"
import { moduleState } from "./module-state.ts"
import { Names } from "./names.ts"
import { opened } from "./opened.ts"
import { performed } from "./performed.ts"
import { receivers } from "./receivers.ts"
import { spawnsOf } from "./spawned.ts"
import { started } from "./started.ts"
import { Tree } from "./tree.ts"
import { Types } from "./types.ts"

const rules: readonly Rule[] = [
  held,
  moduleState,
  copies,
  contents,
  receivers,
  forgotten,
  opened,
  kept,
  dropped,
  started,
  asynchronous,
  performed,
  awaited,
]

/** What the module is, as it was written. */
export interface Written {
  /** Its text, if that has types; null if it is what was parsed. */
  readonly typed: string | null
  /** It has the directive. */
  readonly marked: boolean
}

/** What the compiler can say about a module that it has lowered. Errors are certain; doubts are warnings. */
export function diagnose(module: ModuleState, root: Node, { typed, marked }: Written): Finding[] {
  const { analysis } = module
  if (![...analysis.unitOf.values()].some(unit => unit.compiled || unit.node.async === true)) return []
  const tree = new Tree(root, analysis)
  const names = new Names(root, analysis, tree.definitions)
  const types = new Types(typed, module.position)
  const callers = once(() => callersIn(tree, names))
  const spawns = once(() => spawnsOf(subject))
  const subject: Subject = { module, tree, names, types, marked, callers, spawns }
  return rules.flatMap(rule => [...rule(subject)]).sort((a, b) => a.offset - b.offset)
}

/** Found when somebody first asks. */
function once<T>(find: () => T): () => T {
  let known: T | null = null
  return () => {
    known ??= find()
    return known
  }
}

function callersIn({ calls }: Tree, names: Names): ReadonlyMap<Unit, readonly Node[]> {
  const found = new Map<Unit, Node[]>()
  for (const { node } of calls) {
    const unit = names.function(node.callee)
    const list = unit === null ? undefined : found.get(unit)
    if (list !== undefined) list.push(node)
    else if (unit !== null) found.set(unit, [node])
  }
  return found
}
