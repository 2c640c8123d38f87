/** Owns what an expression names: a global, something imported, a variable, a function of this module. */
import type { Analysis, Binding, Unit } from "../2-analyze/bindings.ts"
import { bare, isClass, isFunction, type Node } from "../2-analyze/nodes.ts"

/** Something of another module; the name `*` is the module itself. */
export interface Imported {
  readonly from: string
  readonly name: string
}

/** Packages that give the operations. */
const own = new Set(["rove", "rove/effect", "@rove/fibers", "@rove/scheduler"])

export class Names {
  private readonly analysis: Analysis
  private readonly imports = new Map<Binding, Imported>()
  /** Declared once, with this value (a declaration of a function or class is its own value), and never assigned. */
  private readonly values = new Map<Binding, Node>()
  constructor(root: Node, analysis: Analysis, definitions: readonly { readonly node: Node }[]) {
    this.analysis = analysis
    for (const s of root.body) {
      if (s.type === "ImportDeclaration") this.importing(s)
      else if (s.type === "VariableDeclaration") for (const d of s.declarations) this.requiring(d)
    }
    for (const { node } of definitions) {
      const binding = node.type === "VariableDeclarator" ? analysis.bindingOf.get(node.id) : undefined
      if (binding !== undefined && (binding.kind === "const" || (binding.kind === "let" && !binding.assigned)))
        this.values.set(binding, node.init)
    }
    for (const [node] of analysis.unitOf) {
      const binding = /Declaration$/.test(node.type) && node.id !== null ? analysis.bindingOf.get(node.id) : undefined
      if ((binding?.kind === "function" || binding?.kind === "class") && !binding.assigned)
        this.values.set(binding, node)
    }
  }

  private importing(declaration: Node): void {
    const from = declaration.source.value
    for (const s of declaration.specifiers) {
      const binding = this.analysis.bindingOf.get(s.local)
      if (binding === undefined) continue
      const name =
        s.type === "ImportSpecifier"
          ? (s.imported.name ?? s.imported.value)
          : s.type === "ImportDefaultSpecifier"
            ? "default"
            : "*"
      // the default export of Node's own modules is the module
      this.imports.set(binding, { from, name: name === "default" && isNode(from) ? "*" : name })
    }
  }

  private requiring({ id, init }: Node): void {
    if (init?.type !== "CallExpression" || this.global(init.callee) !== "require") return
    const from = init.arguments[0]?.value
    if (typeof from !== "string") return
    const note = (local: Node, name: string): void => {
      const binding = this.analysis.bindingOf.get(local)
      if (binding !== undefined && !binding.assigned) this.imports.set(binding, { from, name })
    }
    if (id.type === "Identifier") note(id, "*")
    else if (id.type === "ObjectPattern")
      for (const p of id.properties)
        if (p.type === "Property" && !p.computed && p.value.type === "Identifier" && p.key.type === "Identifier")
          note(p.value, p.key.name)
  }

  /** The variable that is named, if one of this module is. */
  binding(expression: Node): Binding | null {
    const node = bare(expression)
    return node.type === "Identifier" ? (this.analysis.refOf.get(node)?.binding ?? null) : null
  }

  /** The global that is named: `fetch`, `globalThis.fetch`. */
  global(expression: Node): string | null {
    const node = bare(expression)
    if (node.type === "Identifier") return this.analysis.refOf.get(node)?.binding === null ? node.name : null
    return node.type === "MemberExpression" && this.global(node.object) === "globalThis" ? property(node) : null
  }

  imported(expression: Node): Imported | null {
    const node = bare(expression)
    const binding = this.binding(node)
    if (binding !== null) return this.imports.get(binding) ?? null
    if (node.type !== "MemberExpression") return null
    const module = this.imported(node.object)
    const name = property(node)
    if (module === null || name === null) return null
    if (module.name === "*") return { from: module.from, name }
    return module.name === "promises" && isNode(module.from) ? { from: `${module.from}/promises`, name } : null
  }

  /** The name under which one of our packages exports it. */
  ofRove(expression: Node): string | null {
    const found = this.imported(expression)
    return found !== null && own.has(found.from) && found.name !== "*" ? found.name : null
  }

  /** The expression, or what a constant that it names was declared with. */
  value(expression: Node): Node {
    let node = bare(expression)
    for (let i = 0; i < 4; i++) {
      const binding = this.binding(node)
      const value = binding === null ? undefined : (this.values.get(binding) ?? itself(binding))
      if (value === undefined) break
      node = bare(value)
    }
    return node
  }

  /** What the variable was declared with, if it is never assigned. */
  declared(binding: Binding): Node | null {
    return this.values.get(binding) ?? null
  }

  /** The function that the expression surely is, if this module has it. */
  function(expression: Node): Unit | null {
    const node = this.value(expression)
    return isFunction(node) ? (this.analysis.unitOf.get(node) ?? null) : null
  }
}

/** The function or class that is named from inside itself. */
function itself({ kind, scope }: Binding): Node | undefined {
  return kind === "self" && (isFunction(scope.node) || isClass(scope.node)) ? scope.node : undefined
}

export function isNode(from: string): boolean {
  return (
    from.startsWith("node:") ||
    /^(?:net|tls|https?|http2|dgram|fs|fs\/promises|child_process|worker_threads|stream|readline|zlib|crypto|timers|timers\/promises)$/.test(
      from,
    )
  )
}

/** The same of members of classes too, whose private names begin with `#`. */
export function memberName(member: Node): string | null {
  return member.property.type === "PrivateIdentifier" ? `#${member.property.name}` : property(member)
}

/** The property that a member expression names, if it can be read off. */
export function property(member: Node): string | null {
  return named(member.property, member.computed)
}

/** The same of an entry of a literal or a pattern. */
export function keyOf(entry: Node): string | null {
  return named(entry.key, entry.computed)
}

function named(key: Node, computed: boolean): string | null {
  if (!computed && key.type === "Identifier") return key.name
  return typeof key.value === "string" ? key.value : null
}
