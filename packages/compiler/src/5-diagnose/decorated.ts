/** Owns decorators and auto-accessors: syntax that only other tools can lower, and that no engine runs as it stands. */

import type { Node } from "../2-analyze/nodes.ts"
import { suspends } from "../2-analyze/suspends.ts"
import type { ModuleState } from "../3-lower/module.ts"
import type { Finding } from "../diagnostics.ts"

/** Decorators of a class and of its members. */
function decoratorsOf(node: Node): Node[] {
  return [...(node.decorators ?? []), ...node.body.body.flatMap((m: Node) => m.decorators ?? [])]
}

/** Whether a method is decorated: what its class then has in its place is the decorator's choice. */
export function isDecorated(module: ModuleState, fn: Node): boolean {
  const holder = module.analysis.unitOf.get(fn)?.parent
  if (holder?.kind !== "class") return false
  return holder.node.body.body.some((m: Node) => m.value === fn && (m.decorators ?? []).length > 0)
}

/** Whether another tool comes behind us and lowers them; "perhaps" if that is not known. */
export type Lowered = boolean | "perhaps"

/** What a compiled function cannot have around its states, and (unless something lowers it behind us) what no engine runs. */
export function decorated(module: ModuleState, lowered: Lowered): Finding[] {
  const severity = lowered === "perhaps" ? "warning" : "error"
  const found: Finding[] = []
  for (const [node, unit] of module.analysis.unitOf) {
    if (unit.kind !== "class") continue
    const first = decoratorsOf(node)[0]
    const accessor = node.body.body.find((m: Node) => m.type === "AccessorProperty")
    const waiting = unit.parent?.compiled === true ? decoratorsOf(node).find(suspends) : undefined
    if (waiting !== undefined)
      found.push(
        problem(waiting, "a decorator with a yield is not covered", "put what it yields into a variable first"),
      )
    else if (lowered !== true && first !== undefined)
      found.push(problem(first, "Node cannot run decorators", HINT, severity))
    else if (lowered !== true && accessor !== undefined)
      found.push(problem(accessor, "Node cannot run auto-accessors", HINT, severity))
  }
  return found
}

const HINT =
  "set experimentalDecorators in tsconfig.json for those of TypeScript, build the module with the plugin, so that the bundler lowers them, or move the class to a module that another tool compiles"

function problem(
  { start: offset }: Node,
  message: string,
  hint: string,
  severity: Finding["severity"] = "error",
): Finding {
  return { code: "ROVE_UNSUPPORTED", severity, message, hint, offset }
}
