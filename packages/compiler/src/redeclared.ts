/**
 * Owns a doubt about one of the parser's errors: it refuses a `var` in a block that repeats a function of the body around
 * it, which the language allows, since both are variables of that body.
 */
import { children, isFunction, type Node } from "./2-analyze/nodes.ts"
import type { OxcError, SourceKind } from "./strip.ts"

const REDECLARED = /^Identifier `.*` has already been declared$/

/** The errors that are some. */
export function trueErrors(errors: readonly OxcError[], program: object, kind: SourceKind): readonly OxcError[] {
  if (!errors.some(error => REDECLARED.test(error.message))) return errors
  const starts: Starts = { functions: new Set(), vars: new Set() }
  // in a module the functions at the top are lexical declarations
  collect(program as Node, kind !== "module", starts)
  return errors.filter(({ message, labels: [first, second] }) => {
    const doubtful = REDECLARED.test(message) && first !== undefined && second !== undefined
    // the innermost declaration that is in the way comes first: if it is this one, no other is
    return !(doubtful && starts.functions.has(first.start) && starts.vars.has(second.start))
  })
}

/** Where the names of functions begin that stand in a function's body, and where declarators of `var` do. */
interface Starts {
  readonly functions: Set<number>
  readonly vars: Set<number>
}

function collect(node: Node, isBody: boolean, starts: Starts): void {
  if (isBody)
    for (const s of node.body as Node[]) {
      const declared = withoutLabels(s)
      if (declared.type === "FunctionDeclaration") starts.functions.add(declared.id.start)
    }
  if (node.type === "VariableDeclaration" && node.kind === "var")
    for (const d of node.declarations as Node[]) starts.vars.add(d.start)
  for (const child of children(node)) {
    const isFunctionBody = isFunction(node) && child === node.body && child.type === "BlockStatement"
    collect(child, isFunctionBody || child.type === "StaticBlock", starts)
  }
}

function withoutLabels(statement: Node): Node {
  let s = statement
  while (s.type === "LabeledStatement") s = s.body
  return s
}
