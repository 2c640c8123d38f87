/**
 * Owns scopes, bindings and references: who declares a name, who uses it, and from which function.
 *
 * `this`, `arguments` and the home object of `super` are bindings of the function that has them, so that they are
 * captured like any variable.
 */
import { boundNames, children, isClass, isFunction, type Node } from "./nodes.ts"

export type BindingKind = "var" | "let" | "const" | "function" | "class" | "param" | "import" | "catch" | "self" | "this" | "arguments" | "home" | "using"

export interface Binding {
  readonly name: string
  readonly kind: BindingKind
  readonly scope: Scope
  /** The function (or program) whose variable it is. */
  readonly owner: Unit
  /** Where it is surely initialised, for positions after it in the same function; -1: from the start. */
  ready: number
  readonly refs: Ref[]
  /** Assigned other than by its own declaration. */
  assigned: boolean
  /** Used by another unit than its owner. */
  captured: boolean
  /** Captured by a function declaration, which is made before anything of its scope is initialised. */
  early: boolean
  /** How compiled code of the owner keeps it; see lower/variables. */
  mode: "native" | "slot" | "cell"
  /** Name in the emitted code. */
  local: string
  /** The parameter whose value a `var` of the body starts with. */
  seed?: Binding
  /** Some use of it cannot be proved to come after its initialisation. */
  checked: boolean
}

export interface Ref {
  readonly node: Node
  readonly scope: Scope
  readonly unit: Unit
  binding: Binding | null
  readonly write: boolean
}

export interface Scope {
  readonly kind: "program" | "function" | "params" | "block" | "switch" | "class" | "catch" | "self" | "loop"
  readonly parent: Scope | null
  readonly unit: Unit
  readonly node: Node
  readonly bindings: Map<string, Binding>
}

/** A function, a class (its fields and static blocks see names as a function does), or the program. */
export interface Unit {
  readonly node: Node
  readonly parent: Unit | null
  readonly kind: "program" | "function" | "arrow" | "class" | "field"
  readonly strict: boolean
  /** Inside it stands a direct eval or a `with`: its variables have to stay where they are. */
  dynamic: boolean
  /** It becomes a state machine. */
  compiled: boolean
  /** Inside a compiled unit (or itself one). */
  inside: Unit | null
  scope: Scope | null
  readonly units: Unit[]
  /** Local variables of enclosing units that it (or a unit inside) uses. */
  readonly captures: Set<Binding>
  /** Names that it (or a unit inside) uses and that are declared outside of it. */
  readonly outer: Set<string>
  thisBinding: Binding | null
  argumentsBinding: Binding | null
  homeBinding: Binding | null
}

export interface Analysis {
  readonly program: Unit
  readonly unitOf: Map<Node, Unit>
  readonly refOf: Map<Node, Ref>
  readonly scopeOf: Map<Node, Scope>
  readonly bindingOf: Map<Node, Binding>
  readonly scopes: readonly Scope[]
  /** Every identifier of the module, for choosing new ones. */
  readonly names: Set<string>
}

export function analyze(program: Node, module: boolean): Analysis {
  return new Analyzer(program, module).run()
}

class Analyzer {
  readonly unitOf = new Map<Node, Unit>()
  readonly refOf = new Map<Node, Ref>()
  readonly scopeOf = new Map<Node, Scope>()
  readonly bindingOf = new Map<Node, Binding>()
  readonly names = new Set<string>()
  readonly refs: Ref[] = []
  readonly scopes: Scope[] = []
  readonly root: Node
  readonly module: boolean
  unit!: Unit
  scope!: Scope
  constructor(root: Node, module: boolean) {
    this.root = root
    this.module = module
  }

  run(): Analysis {
    const strict = this.module || directives(this.root.body).includes("use strict")
    const program = this.makeUnit(this.root, "program", strict)
    this.unit = program
    this.scope = program.scope = this.makeScope("program", this.root)
    this.hoist(this.root.body, this.scope)
    for (const s of this.root.body) this.visit(s)
    this.resolve()
    return { program, unitOf: this.unitOf, refOf: this.refOf, scopeOf: this.scopeOf, bindingOf: this.bindingOf, scopes: this.scopes, names: this.names }
  }

  makeUnit(node: Node, kind: Unit["kind"], strict: boolean): Unit {
    const parent = kind === "program" ? null : this.unit
    const unit: Unit = {
      node, parent, kind, strict, dynamic: false, compiled: false, inside: null, scope: null, units: [],
      captures: new Set(), outer: new Set(), thisBinding: null, argumentsBinding: null, homeBinding: null,
    }
    parent?.units.push(unit)
    this.unitOf.set(node, unit)
    return unit
  }

  makeScope(kind: Scope["kind"], node: Node): Scope {
    const scope = this.makeScopeKeyed(kind, node)
    this.scopeOf.set(node, scope)
    return scope
  }

  declare(scope: Scope, id: Node | string, kind: BindingKind, ready: number): Binding {
    const name = typeof id === "string" ? id : id.name
    this.names.add(name)
    let binding = scope.bindings.get(name)
    if (binding === undefined) {
      binding = makeBinding(name, kind, scope, ready)
      scope.bindings.set(name, binding)
    } else if (kind === "function" || kind === "var") {
      if (binding.kind === "param" || binding.kind === "var" || binding.kind === "function") binding.assigned = true
    }
    if (typeof id !== "string") this.bindingOf.set(id, binding)
    return binding
  }

  /** Declares what a statement list declares: lexical names in `scope`, `var` names in its function's scope. */
  hoist(body: readonly Node[], scope: Scope): void {
    for (const s of body) {
      const d = s.type === "ExportNamedDeclaration" || s.type === "ExportDefaultDeclaration" ? s.declaration : s
      if (d === null || d === undefined) continue
      if (d.type === "VariableDeclaration" && d.kind !== "var") {
        const kind = d.kind === "await using" ? "using" : d.kind
        for (const v of d.declarations) for (const id of boundNames(v.id)) this.declare(scope, id, kind, v.end)
      } else if (d.type === "FunctionDeclaration") {
        if (d.id !== null) this.declare(scope, d.id, "function", -1)
      } else if (d.type === "ClassDeclaration") {
        if (d.id !== null) this.declare(scope, d.id, "class", d.end)
      } else if (d.type === "ImportDeclaration") {
        for (const sp of d.specifiers) this.declare(scope, sp.local, "import", -1)
      }
    }
    if (scope.kind === "program" || scope.kind === "function") for (const s of body) this.hoistVars(s, scope)
  }

  hoistVars(node: Node, scope: Scope): void {
    if (isFunction(node) || isClass(node)) return
    if (node.type === "VariableDeclaration" && node.kind === "var")
      for (const v of node.declarations) for (const id of boundNames(v.id)) this.declare(scope, id, "var", -1)
    if (node.type.endsWith("Expression") || node.type === "Identifier" || node.type === "Literal") return
    for (const c of children(node)) this.hoistVars(c, scope)
  }

  within<T>(scope: Scope, run: () => T): T {
    const outer = this.scope
    this.scope = scope
    try {
      return run()
    } finally {
      this.scope = outer
    }
  }

  reference(node: Node, write: boolean, name: string = node.name): void {
    this.names.add(name)
    const ref: Ref = { node, scope: this.scope, unit: this.unit, binding: null, write }
    this.refs.push(ref)
    this.refOf.set(node, ref)
  }

  visitAll(nodes: readonly (Node | null)[]): void {
    for (const n of nodes) if (n !== null) this.visit(n)
  }

  visit(node: Node | null): void {
    if (node === null || node === undefined) return
    switch (node.type) {
      case "Identifier":
        this.reference(node, false)
        return
      case "ThisExpression":
      case "Super":
        this.special(node, node.type === "Super" ? "home" : "this")
        if (node.type === "Super") this.special({ ...node, type: "ThisExpression" }, "this")
        return
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.functionUnit(node)
        return
      case "ClassDeclaration":
      case "ClassExpression":
        this.classUnit(node)
        return
      case "BlockStatement":
        this.within(this.makeScope("block", node), () => {
          this.hoist(node.body, this.scope)
          this.visitAll(node.body)
        })
        return
      case "SwitchStatement":
        this.visit(node.discriminant)
        this.within(this.makeScope("switch", node), () => {
          this.hoist(node.cases.flatMap((c: Node) => c.consequent), this.scope)
          for (const c of node.cases) {
            this.visit(c.test)
            this.visitAll(c.consequent)
          }
        })
        return
      case "ForStatement":
        this.within(this.makeScope("loop", node), () => {
          if (node.init?.type === "VariableDeclaration") this.hoist([node.init], this.scope)
          this.visit(node.init)
          this.visit(node.test)
          this.visit(node.update)
          this.visit(node.body)
        })
        return
      case "ForInStatement":
      case "ForOfStatement":
        this.within(this.makeScope("loop", node), () => {
          const lexical = node.left.type === "VariableDeclaration" && node.left.kind !== "var"
          if (lexical) {
            const kind = node.left.kind === "await using" ? "using" : node.left.kind
            // ready at the start of the body; the iterated expression sees it uninitialised
            for (const id of boundNames(node.left.declarations[0].id)) this.declare(this.scope, id, kind, node.body.start)
          }
          this.visit(node.right)
          if (node.left.type === "VariableDeclaration") {
            this.pattern(node.left.declarations[0].id, !lexical)
            if (node.left.declarations[0].init) this.visit(node.left.declarations[0].init)
          } else this.pattern(node.left, true)
          this.visit(node.body)
        })
        return
      case "TryStatement":
        this.visit(node.block)
        if (node.handler !== null)
          this.within(this.makeScope("catch", node.handler), () => {
            if (node.handler.param !== null) {
              for (const id of boundNames(node.handler.param)) this.declare(this.scope, id, "catch", node.handler.body.start)
              this.pattern(node.handler.param, false)
            }
            this.visit(node.handler.body)
          })
        this.visit(node.finalizer)
        return
      case "VariableDeclaration":
        for (const v of node.declarations) {
          this.visit(v.init)
          this.pattern(v.id, false)
          if (v.init !== null && node.kind === "var") for (const id of boundNames(v.id)) this.markAssigned(id)
        }
        return
      case "AssignmentExpression":
        this.pattern(node.left, true)
        if (node.operator !== "=" && node.left.type === "Identifier") this.names.add(node.left.name)
        this.visit(node.right)
        return
      case "UpdateExpression":
        this.pattern(node.argument, true)
        return
      case "MemberExpression":
        this.visit(node.object)
        if (node.computed) this.visit(node.property)
        return
      case "Property":
        if (node.computed) this.visit(node.key)
        this.visit(node.value)
        return
      case "LabeledStatement":
        this.visit(node.body)
        return
      case "BreakStatement":
      case "ContinueStatement":
      case "ImportDeclaration":
      case "ExportAllDeclaration":
      case "PrivateIdentifier":
        return
      case "MetaProperty":
        return
      case "ExportNamedDeclaration":
        if (node.declaration !== null) this.visit(node.declaration)
        else if (node.source === null) for (const sp of node.specifiers) if (sp.local.type === "Identifier") this.reference(sp.local, false)
        return
      case "ExportDefaultDeclaration":
        this.visit(node.declaration)
        return
      case "WithStatement":
        this.markDynamic()
        this.visit(node.object)
        this.visit(node.body)
        return
      case "CallExpression":
        if (node.callee.type === "Identifier" && node.callee.name === "eval") this.markDynamic()
        this.visit(node.callee)
        this.visitAll(node.arguments)
        return
      default:
        for (const c of children(node)) this.visit(c)
    }
  }

  /** A binding or assignment target. */
  pattern(node: Node | null, write: boolean): void {
    if (node === null) return
    switch (node.type) {
      case "Identifier":
        if (write) this.reference(node, true)
        else {
          this.names.add(node.name)
          if (!this.bindingOf.has(node)) this.reference(node, true)
          else this.refOf.set(node, { node, scope: this.scope, unit: this.unit, binding: this.bindingOf.get(node) as Binding, write: true })
        }
        break
      case "ObjectPattern":
        for (const p of node.properties) {
          if (p.type === "RestElement") this.pattern(p.argument, write)
          else {
            if (p.computed) this.visit(p.key)
            this.pattern(p.value, write)
          }
        }
        break
      case "ArrayPattern":
        for (const e of node.elements) this.pattern(e, write)
        break
      case "AssignmentPattern":
        this.pattern(node.left, write)
        this.visit(node.right)
        break
      case "RestElement":
        this.pattern(node.argument, write)
        break
      case "ParenthesizedExpression":
        this.pattern(node.expression, write)
        break
      default:
        this.visit(node)
    }
  }

  markAssigned(id: Node): void {
    const binding = this.bindingOf.get(id)
    if (binding !== undefined) binding.assigned = true
  }

  markDynamic(): void {
    for (let u: Unit | null = this.unit; u !== null; u = u.parent) u.dynamic = true
  }

  functionUnit(node: Node): void {
    const outerUnit = this.unit
    const outerScope = this.scope
    const strict = outerUnit.strict || (node.body.type === "BlockStatement" && directives(node.body.body).includes("use strict"))
    this.unit = this.makeUnit(node, node.type === "ArrowFunctionExpression" ? "arrow" : "function", strict)
    if (node.type === "FunctionExpression" && node.id !== null) {
      this.scope = this.makeScopeKeyed("self", node)
      const self = this.declare(this.scope, node.id, "self", -1)
      this.bindingOf.set(node.id, self)
    }
    const simple = node.params.every((p: Node) => p.type === "Identifier")
    const body: readonly Node[] = node.body.type === "BlockStatement" ? node.body.body : []
    this.scope = this.makeScopeKeyed("params", node)
    this.unit.scope = this.scope
    for (const p of node.params) for (const id of boundNames(p)) this.declare(this.scope, id, "param", simple ? -1 : p.end)
    for (const p of node.params) this.pattern(p, false)
    const expressions = node.params.some(hasExpression)
    if (node.body.type === "BlockStatement") {
      if (expressions) {
        // the body has an environment of its own; a `var` named like a parameter starts with its value
        this.scope = this.makeScopeKeyed("function", node.body)
      } else this.scope = Object.assign(this.scope, { kind: "function" })
      this.scopeOf.set(node.body, this.scope)
      this.hoist(body, this.scope)
      this.visitAll(body)
    } else {
      this.scopeOf.set(node.body, this.scope)
      this.visit(node.body)
    }
    this.unit = outerUnit
    this.scope = outerScope
  }

  makeScopeKeyed(kind: Scope["kind"], node: Node): Scope {
    const scope: Scope = { kind, parent: this.scope ?? null, unit: this.unit, node, bindings: new Map() }
    this.scopes.push(scope)
    if (kind === "params") this.scopeOf.set(node, scope)
    return scope
  }

  classUnit(node: Node): void {
    for (const d of node.decorators ?? []) this.visit(d)
    const outerUnit = this.unit
    const outerScope = this.scope
    this.unit = this.makeUnit(node, "class", true)
    this.scope = this.makeScope("class", node)
    this.unit.scope = this.scope
    if (node.id !== null) {
      // the inner binding of the name; a class declaration also declares the outer one
      const inner = makeBinding(node.id.name, "self", this.scope, node.end)
      this.scope.bindings.set(node.id.name, inner)
      this.names.add(node.id.name)
    }
    this.visit(node.superClass)
    for (const m of node.body.body) {
      if (m.computed) this.visit(m.key)
      if (m.type === "StaticBlock") {
        const unit = this.unit
        const scope = this.scope
        this.unit = this.makeUnit(m, "field", true)
        this.scope = this.makeScopeKeyed("function", m)
        this.scopeOf.set(m, this.scope)
        this.unit.scope = this.scope
        this.hoist(m.body, this.scope)
        this.visitAll(m.body)
        this.unit = unit
        this.scope = scope
      } else if (m.type === "PropertyDefinition" || m.type === "AccessorProperty") {
        if (m.value === null) continue
        const unit = this.unit
        const scope = this.scope
        this.unit = this.makeUnit(m, "field", true)
        this.scope = this.makeScopeKeyed("function", m)
        this.unit.scope = this.scope
        this.visit(m.value)
        this.unit = unit
        this.scope = scope
      } else if (m.value) this.visit(m.value)
    }
    this.unit = outerUnit
    this.scope = outerScope
  }

  /** A use of `this`, `arguments` or `super`: of the nearest unit that has its own. */
  special(node: Node, kind: "this" | "home" | "arguments"): boolean {
    let owner: Unit | null = this.unit
    while (owner !== null && owner.kind === "arrow") owner = owner.parent
    // computed keys and heritage of a class belong to the unit around it
    while (owner !== null && owner.kind === "class") owner = owner.parent
    while (owner !== null && owner.kind === "arrow") owner = owner.parent
    if (owner === null || owner.kind === "program" || owner.kind === "field") return false
    const slot = kind === "this" ? "thisBinding" : kind === "home" ? "homeBinding" : "argumentsBinding"
    const binding = (owner[slot] ??= makeBinding(kind, kind, owner.scope as Scope, -1))
    const ref: Ref = { node, scope: this.scope, unit: this.unit, binding, write: false }
    this.refs.push(ref)
    this.refOf.set(node, ref)
    return true
  }

  resolve(): void {
    for (const ref of this.refs) {
      if (ref.binding === null) ref.binding = lookup(ref.scope, ref.node.name)
      if (ref.binding === null && ref.node.name === "arguments") {
        const { unit, scope } = this
        this.unit = ref.unit
        this.scope = ref.scope
        const owner = this.argumentsOf(ref)
        ref.binding = owner
        this.unit = unit
        this.scope = scope
      }
      const binding = ref.binding
      for (let u: Unit | null = ref.unit; u !== null && u !== binding?.owner; u = u.parent)
        u.outer.add(ref.node.type === "Identifier" ? ref.node.name : "this")
      if (binding === null) continue
      binding.refs.push(ref)
      if (ref.write && !this.bindingOf.has(ref.node)) binding.assigned = true
      if (ref.write && this.bindingOf.has(ref.node) && binding.kind === "var") binding.assigned = true
      if (ref.unit !== binding.owner) {
        if (binding.owner.kind === "program") continue
        binding.captured = true
        for (let u: Unit | null = ref.unit; u !== null && u !== binding.owner; u = u.parent) {
          u.captures.add(binding)
          if (u.parent === binding.owner && u.node.type === "FunctionDeclaration") binding.early = true
        }
      }
    }
  }

  argumentsOf(ref: Ref): Binding | null {
    let owner: Unit | null = ref.unit
    while (owner !== null && (owner.kind === "arrow" || owner.kind === "class")) owner = owner.parent
    if (owner === null || owner.kind === "program" || owner.kind === "field") return null
    return (owner.argumentsBinding ??= makeBinding("arguments", "arguments", owner.scope as Scope, -1))
  }
}

function makeBinding(name: string, kind: BindingKind, scope: Scope, ready: number): Binding {
  return {
    name, kind, scope, owner: scope.unit, ready, refs: [], assigned: false, captured: false, early: false,
    mode: "native", local: name, checked: false,
  }
}

function lookup(scope: Scope | null, name: string): Binding | null {
  for (let s = scope; s !== null; s = s.parent) {
    const found = s.bindings.get(name)
    if (found !== undefined) return found
  }
  return null
}

/** Whether a parameter has a default or a computed key, so that the body gets an environment of its own. */
function hasExpression(pattern: Node | null): boolean {
  if (pattern === null) return false
  switch (pattern.type) {
    case "AssignmentPattern":
      return true
    case "ObjectPattern":
      return pattern.properties.some((p: Node) => p.computed || hasExpression(p.type === "RestElement" ? p.argument : p.value))
    case "ArrayPattern":
      return pattern.elements.some(hasExpression)
    case "RestElement":
      return hasExpression(pattern.argument)
  }
  return false
}

export function directives(body: readonly Node[]): string[] {
  const result: string[] = []
  for (const s of body) {
    if (s.type !== "ExpressionStatement" || typeof s.directive !== "string") break
    result.push(s.directive)
  }
  return result
}
