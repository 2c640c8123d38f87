/** Owns the diagnostics of a compiled module: all rules over one analysis, in the order of the source. */
import type { Node } from "../2-analyze/nodes.ts"
import type { ModuleState } from "../3-lower/module.ts"
import type { Finding } from "../diagnostics.ts"
import { asynchronous } from "./asynchronous.ts"
import { copies } from "./copies.ts"
import { dropped } from "./dropped.ts"
import type { Rule } from "./finding.ts"
import { forgotten } from "./forgotten.ts"
import { held } from "./held.ts"
import { moduleState } from "./module-state.ts"
import { Names } from "./names.ts"
import { started } from "./started.ts"
import { Tree } from "./tree.ts"

const rules: readonly Rule[] = [held, moduleState, copies, forgotten, dropped, started, asynchronous]

/** What the compiler can say about a module that it has lowered. Errors are certain; doubts are warnings. */
export function diagnose(module: ModuleState, root: Node): Finding[] {
  const { analysis } = module
  if (![...analysis.unitOf.values()].some(unit => unit.compiled || unit.node.async === true)) return []
  const tree = new Tree(root, analysis)
  const subject = { module, tree, names: new Names(root, analysis, tree.definitions) }
  return rules.flatMap(rule => [...rule(subject)]).sort((a, b) => a.offset - b.offset)
}
