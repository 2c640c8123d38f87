/**
 * Owns doubts about one of the parser's errors: it refuses a `var` in a block that repeats a function of the body around
 * it, which the language allows, since both are variables of that body; and a function in a block of sloppy code that has
 * the name of a `let`, `const` or class further out, which keeps it from becoming a variable and is no error.
 */
import { children, isFunction, type Node } from "./2-analyze/nodes.ts"
import type { OxcError, SourceKind } from "./strip.ts"

const REDECLARED = /^Identifier `.*` has already been declared$/

/** The errors that are some. `parse` gives those of a text. */
export function trueErrors(
  errors: readonly OxcError[],
  source: { readonly js: string; readonly program: object; readonly kind: SourceKind },
  parse: (js: string) => readonly OxcError[],
): readonly OxcError[] {
  if (!errors.some(error => REDECLARED.test(error.message))) return errors
  const starts: Starts = { functions: new Set(), vars: new Set(), blocks: new Map() }
  // in a module the functions at the top are lexical declarations
  collect(source.program as Node, source.kind !== "module", starts)
  const inside = errors
    .flatMap(error => staying(starts, error) ?? [])
    .filter(at => starts.blocks.get(at)?.type !== "FunctionDeclaration")
  // each of them hides what else may be wrong with the name
  const all = inside.length === 0 ? errors : parse(asGenerators(source.js, inside))
  return all.filter(error => {
    const [first, second] = error.labels
    if (!REDECLARED.test(error.message) || first === undefined || second === undefined) return true
    if (staying(starts, error) !== null) return false
    // the innermost declaration that is in the way comes first: if it is this one, no other is
    return !(starts.functions.has(first.start) && starts.vars.has(second.start))
  })
}

/** The same text with generators for the functions of these names: a generator in a block is no variable. */
function asGenerators(js: string, names: readonly number[]): string {
  let text = js
  for (const at of names) if (/\s/.test(text[at - 1] as string)) text = `${text.slice(0, at - 1)}*${text.slice(at)}`
  return text
}

/** The functions, by their names, that stand in a block which the other declaration of the name lies outside of. */
function staying({ blocks }: Starts, { message, labels: [first, second] }: OxcError): number[] | null {
  if (!REDECLARED.test(message) || first === undefined || second === undefined) return null
  const stays = (name: number, other: number) => {
    const block = blocks.get(name)
    return block !== undefined && !(block.start <= other && other < block.end)
  }
  if (stays(first.start, second.start)) return [first.start]
  return stays(second.start, first.start) ? [second.start] : null
}

/** Where the names of functions begin that stand in a function's body, and where declarators of `var` do. */
interface Starts {
  readonly functions: Set<number>
  readonly vars: Set<number>
  /** The blocks of the functions that stand in one; of one as a branch, where no generator may stand, itself. */
  readonly blocks: Map<number, Node>
}

function collect(node: Node, isBody: boolean, starts: Starts): void {
  if (isBody)
    for (const s of node.body as Node[]) {
      const declared = withoutLabels(s)
      if (declared.type === "FunctionDeclaration") starts.functions.add(declared.id.start)
    }
  for (const s of isBody ? [] : statementsIn(node)) {
    const declared = withoutLabels(s)
    const isPlain = declared.type === "FunctionDeclaration" && !declared.async && !declared.generator
    if (isPlain) starts.blocks.set(declared.id.start, node.type === "IfStatement" ? declared : node)
  }
  if (node.type === "VariableDeclaration" && node.kind === "var")
    for (const d of node.declarations as Node[]) starts.vars.add(d.start)
  for (const child of children(node)) {
    const isFunctionBody = isFunction(node) && child === node.body && child.type === "BlockStatement"
    collect(child, isFunctionBody || child.type === "StaticBlock", starts)
  }
}

/** What stands in a block, or alone as a branch as if in one. */
function statementsIn(node: Node): readonly Node[] {
  if (node.type === "BlockStatement") return node.body
  if (node.type === "SwitchStatement") return node.cases.flatMap((c: Node) => c.consequent)
  return node.type === "IfStatement" ? [node.consequent, node.alternate ?? node.consequent] : []
}

function withoutLabels(statement: Node): Node {
  let s = statement
  while (s.type === "LabeledStatement") s = s.body
  return s
}
