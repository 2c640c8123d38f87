/** Owns the rule: the directive stands at the top of its module. It is asked about modules that are not compiled. */
import { parseSync } from "oxc-parser"
import { bare, children, isFunction, type Node } from "../2-analyze/nodes.ts"
import type { Diagnostic } from "../diagnostics.ts"
import { DIRECTIVE } from "../directive.ts"
import { lineStarts, positionAt } from "../positions.ts"
import { languageOf } from "../strip.ts"

/** Says where a module that is not compiled has the directive as a statement, which there does nothing. */
export function misplacedDirectives(source: string, file: string): Diagnostic[] {
  if (!source.includes(DIRECTIVE)) return []
  const { program, errors } = parseSync(file, source, { lang: languageOf(file) })
  if (errors.length > 0) return []
  const starts = lineStarts(source)
  return statements(program as Node, false).map(({ node, inside }) => ({
    code: "ROVE_DIRECTIVE",
    severity: "warning",
    message: `"${DIRECTIVE}" ${inside ? "in a function" : standing(node)} does nothing: the module is not compiled`,
    hint: "put it, in quotes and alone, above the imports and all other statements; it marks the whole module",
    file,
    ...positionAt(starts, node.start),
  }))
}

function standing({ expression }: Node): string {
  if (bare(expression).type === "TemplateLiteral") return "as a template"
  return bare(expression) === expression ? "behind other statements" : "in parentheses"
}

function statements(node: Node, inside: boolean): { node: Node; inside: boolean }[] {
  if (node.type === "ExpressionStatement") {
    const { type, value, quasis } = bare(node.expression)
    const text =
      type === "Literal" ? value : type === "TemplateLiteral" && quasis.length === 1 ? quasis[0].value.cooked : null
    if (text === DIRECTIVE) return [{ node, inside }]
  }
  return children(node).flatMap(child => statements(child, inside || isFunction(node)))
}
