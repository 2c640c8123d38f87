/**
 * Owns the rules of what namespaces lose with their types: a part names what another part exports together with the
 * namespace, and what is exported is not assigned again.
 */
import { lostNames, stuckExports } from "../2-analyze/namespaces.ts"
import type { ModuleState } from "../3-lower/module.ts"
import type { Finding } from "../diagnostics.ts"

/** For modules that were TypeScript: in JavaScript such a name is a global. */
export function* parts({ namespaces, analysis }: ModuleState): Generator<Finding> {
  for (const { ref, path } of lostNames(namespaces, analysis.refs)) {
    const { name, start } = ref.node
    yield {
      code: "ROVE_UNSUPPORTED",
      severity: "error",
      message: `\`${name}\` is exported by another part of the namespace \`${path}\`, and is not found from here once types are gone`,
      hint: `write \`${path}.${name}\`, or put the parts together`,
      offset: start,
    }
  }
  for (const { node } of stuckExports(namespaces, analysis.bindingOf))
    yield {
      code: "ROVE_UNSUPPORTED",
      severity: "error",
      message: `\`${node.name}\` is exported by a namespace, which would keep the value that it has first`,
      hint: `export a function that gives it, or keep it in an object that is a \`const\``,
      offset: node.start,
    }
}
