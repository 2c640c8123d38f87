/**
 * Owns the names that a namespace exports, where they are used without it. In TypeScript such a name means what the
 * namespace has at that moment, in all of its parts; oxc keeps a variable of the part, which other parts do not see and
 * which keeps its value when the namespace gets another.
 */
import type { Analysis, Binding, Ref } from "./2-analyze/bindings.ts"
import { type Namespace, namespacesOf } from "./2-analyze/namespaces.ts"
import { children, isFunction, type Node } from "./2-analyze/nodes.ts"
import { analyze } from "./2-analyze/scopes.ts"
import { lineStarts, positionAt } from "./positions.ts"
import { mappingsOf, parsed, type Rewritten } from "./rewritten.ts"
import type { Locate } from "./source-map.ts"
import type { Language, SourceKind } from "./strip.ts"

/** A text instead of that of a name. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What oxc made of TypeScript with namespaces, whose exports are read and written where they are; null if nothing is to be done. */
export function linkExports(
  source: string,
  lang: Language,
  js: string,
  kind: SourceKind,
  locate: Locate,
): Rewritten | null {
  if (!/\}\)\([\w$]+ \|\| \(/.test(js)) return null
  const root = parsed(js, "js", kind)
  const namespaces = namespacesOf(root)
  if (namespaces.size === 0) return null
  const analysis = analyze(root, kind === "module")
  const declared = declaredExports(parsed(source, lang, kind), lineStarts(source))
  const edits = new Linker(root, namespaces, analysis, declared, locate).edits()
  if (edits.length === 0) return null
  const text = edited(js, edits)
  return { js: text, map: mappingsOf(text, kind, offset => locate(before(edits, offset))) }
}

class Linker {
  private readonly namespaces: ReadonlyMap<Node, Namespace>
  private readonly analysis: Analysis
  /** By the path of a namespace, what any part of it exports. */
  private readonly exported = new Map<string, Set<string>>()
  /** Variables that are exported. */
  private readonly variables = new Set<Binding>()
  /** Names at which oxc exports: `_N.a = a`. */
  private readonly exporting = new Set<Node>()
  private readonly shorthand = new Set<Node>()
  private readonly called = new Set<Node>()
  constructor(
    root: Node,
    namespaces: ReadonlyMap<Node, Namespace>,
    analysis: Analysis,
    declared: ReadonlySet<string>,
    locate: Locate,
  ) {
    this.namespaces = namespaces
    this.analysis = analysis
    for (const { fn, path } of namespaces.values()) {
      const names = this.exported.get(path) ?? new Set()
      this.exported.set(path, names)
      this.assigned(fn, names)
      for (const id of variableNames(fn.body.body)) {
        const binding = analysis.bindingOf.get(id)
        if (binding === undefined || !declared.has(placeText(locate(id.start)))) continue
        names.add(binding.name)
        if (binding.kind !== "const") this.variables.add(binding)
      }
    }
    this.look(root)
  }

  edits(): Edit[] {
    const found: Edit[] = []
    for (const ref of this.analysis.refs) {
      const { node } = ref
      const object = node.type === "Identifier" && !this.exporting.has(node) ? this.objectFor(ref) : null
      if (object === null) continue
      const member = `${object}.${node.name}`
      const text = this.called.has(node)
        ? `(0, ${member})`
        : this.shorthand.has(node)
          ? `${node.name}: ${member}`
          : member
      found.push({ start: node.start, end: node.end, text })
    }
    return found.sort((a, b) => a.start - b.start)
  }

  /** The namespace's object, if the name means a part of it. */
  private objectFor({ node, binding, unit }: Ref): string | null {
    for (let at: Ref["unit"] | null = unit; at !== null; at = at.parent) {
      const namespace = this.namespaces.get(at.node)
      const object: string = namespace?.fn.params[0].name ?? ""
      if (binding?.owner === at)
        return namespace !== undefined && this.variables.has(binding) && !this.analysis.bindingOf.has(node)
          ? object
          : null
      if (namespace !== undefined && this.exported.get(namespace.path)?.has(node.name) === true) return object
    }
    return null
  }

  /** What is assigned to the namespace's object in its own statements. */
  private assigned(fn: Node, names: Set<string>): void {
    const object = fn.params[0].name
    const open: Node[] = [fn.body]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const { left, right } = node.type === "AssignmentExpression" ? node : { left: null, right: null }
      if (left?.type === "MemberExpression" && !left.computed && left.object.name === object) {
        names.add(left.property.name)
        if (right.type === "Identifier" && right.name === left.property.name) this.exporting.add(right)
      }
      for (const child of children(node)) if (!isFunction(child)) open.push(child)
    }
  }

  private look(node: Node): void {
    if (node.type === "Property" && node.shorthand)
      this.shorthand.add(node.value.type === "AssignmentPattern" ? node.value.left : node.value)
    if (node.type === "CallExpression") this.called.add(node.callee)
    if (node.type === "TaggedTemplateExpression") this.called.add(node.tag)
    for (const child of children(node)) this.look(child)
  }
}

/** Where names of variables stand that namespaces export, in the source. */
function declaredExports(source: Node, starts: readonly number[]): ReadonlySet<string> {
  const places = new Set<string>()
  const open: Node[] = [...source.body]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const inner = node.type === "ExportNamedDeclaration" ? node.declaration : node
    if (inner?.type !== "TSModuleDeclaration" || inner.body == null) continue
    const body: readonly Node[] = inner.body.type === "TSModuleBlock" ? inner.body.body : [inner.body]
    open.push(...body)
    const exports = body.flatMap(s => (s.type === "ExportNamedDeclaration" && s.declaration ? [s.declaration] : []))
    for (const id of variableNames(exports)) places.add(placeText(positionAt(starts, id.start)))
  }
  return places
}

const placeText = ({ line, column }: { line: number; column: number }): string => `${line}:${column}`

/** The names that statements declare as variables, in patterns too. */
function variableNames(statements: readonly Node[]): Node[] {
  return statements.flatMap(s =>
    s.type === "VariableDeclaration" ? s.declarations.flatMap((d: Node) => namesIn(d.id)) : [],
  )
}

function namesIn(pattern: Node | null): Node[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern]
    case "AssignmentPattern":
      return namesIn(pattern.left)
    case "RestElement":
      return namesIn(pattern.argument)
    case "ArrayPattern":
      return pattern.elements.flatMap(namesIn)
    case "ObjectPattern":
      return pattern.properties.flatMap((p: Node) => namesIn(p.type === "Property" ? p.value : p))
  }
  return []
}

function edited(js: string, edits: readonly Edit[]): string {
  let text = ""
  let at = 0
  for (const { start, end, text: instead } of edits) {
    text += js.slice(at, start) + instead
    at = end
  }
  return text + js.slice(at)
}

/** The offset in the text before the edits. */
function before(edits: readonly Edit[], offset: number): number {
  let shift = 0
  for (const { start, end, text } of edits) {
    if (offset < start + shift) break
    if (offset < start + shift + text.length) return start
    shift += text.length - (end - start)
  }
  return offset - shift
}
