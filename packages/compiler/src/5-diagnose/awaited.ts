/** Owns the rule: how long a `receive` waits is said in its second argument. The first is a pattern, and an object of options would be one. */
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import type { Subject } from "./finding.ts"
import { keyOf } from "./names.ts"

export function* awaited({ tree, names, module }: Subject): Generator<Finding> {
  for (const { node } of tree.calls) {
    const [pattern] = node.arguments
    if (names.ofRove(node.callee) !== "receive" || node.arguments.length !== 1 || !isTimeout(bare(pattern))) continue
    const options = module.source.slice(pattern.start, pattern.end)
    yield {
      code: "ROVE_INVALID_ARGUMENT",
      severity: "warning",
      message:
        "the first argument of `receive` is a pattern: this waits, without a limit, for a message with such a `timeout`",
      hint: `write \`receive(undefined, ${options})\` to wait so long; a message of that shape alone, \`receive(message => …)\``,
      offset: pattern.start,
    }
  }
}

function isTimeout({ type, properties }: Node): boolean {
  if (type !== "ObjectExpression" || properties.length !== 1) return false
  return properties[0].type === "Property" && keyOf(properties[0]) === "timeout"
}
