/** Owns the tables of the analysis, and what declares: units, scopes, lexical names, `var` names and functions of blocks. */
import {
  type Binding,
  type BindingKind,
  BindingTable,
  type BlockFunction,
  makeBinding,
  type Ref,
  RefTable,
  type Scope,
  type Unit,
} from "./bindings.ts"
import { boundNames, isClass, isFunction, type Node, openStatements } from "./nodes.ts"
import { ownerBinding } from "./resolve.ts"
import { blockFunctions, declared } from "./sloppy.ts"

/** A walk over the module adds to it. */
export class Declarations {
  readonly unitOf = new Map<Node, Unit>()
  readonly refOf = new RefTable()
  readonly scopeOf = new Map<Node, Scope>()
  readonly bindingOf = new BindingTable()
  readonly names = new Set<string>()
  readonly refs: Ref[] = []
  readonly scopes: Scope[] = []
  readonly headOf = new Map<Node, Binding>()
  readonly blockFunctions = new Map<Node, BlockFunction>()
  readonly literalOf = new Map<Node, Node>()
  readonly root: Node
  readonly module: boolean
  /** The innermost `with` that the place stands in: names there may be properties of what it is given. */
  around: Node | null = null
  /** Functions of sloppy code with a direct eval, which may declare variables for all that is in them. */
  readonly evaluating: [Unit, Node][] = []
  unit!: Unit
  scope!: Scope
  constructor(root: Node, module: boolean) {
    this.root = root
    this.module = module
  }

  makeUnit(node: Node, kind: Unit["kind"], strict: boolean): Unit {
    const parent = kind === "program" ? null : this.unit
    const unit: Unit = {
      node,
      parent,
      kind,
      strict,
      dynamic: this.around,
      compiled: false,
      once: false,
      inside: null,
      scope: null,
      hoisted: null,
      home: null,
      units: [],
      scopes: [],
      given: [],
      captures: new Set(),
      outer: new Set(),
      thisBinding: null,
      argumentsBinding: null,
      homeBinding: null,
      targetBinding: null,
      literal: this.literalOf.get(node) ?? null,
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

  /** What a name means is not known before it runs, nor which variables are used: functions with that stay native. */
  markDynamic(node: Node): void {
    for (let u: Unit | null = this.unit; u !== null; u = u.parent) u.dynamic ??= node
  }

  markEval(node: Node): void {
    this.markDynamic(node)
    if (!this.unit.strict && this.unit.kind !== "program") this.evaluating.push([this.unit, node])
  }

  /** Declares what a statement list declares: lexical names in `scope`, `var` names in its function's scope. */
  hoist(body: readonly Node[], scope: Scope): void {
    for (const s of body) {
      const d = declared(s)
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
    else if (!this.unit.strict) this.declareBlockFunctions(body, scope)
  }

  /** In sloppy code a function of a block is a `var` too, which gets its value where the declaration stands. */
  declareBlockFunctions(body: readonly Node[], scope: Scope): void {
    for (const [node, outer] of blockFunctions(body, scope)) {
      const to = this.declareVar(outer, node.id.name)
      const from = scope.bindings.get(node.id.name) as Binding
      from.twin = to
      to.twin = from
      this.blockFunctions.set(node, { from, to })
      for (const [binding, write] of [
        [from, false],
        [to, true],
      ] as const) {
        const { type, name, start, end } = node.id
        this.refs.push({ node: { type, name, start, end }, scope, unit: this.unit, binding, write })
      }
    }
  }

  /** `var arguments` is the arguments object, unless the body has an environment of its own. */
  declareVar(scope: Scope, id: Node | string): Binding {
    const name = typeof id === "string" ? id : id.name
    if (name === "arguments" && this.unit.kind === "function" && !scope.bindings.has(name)) {
      const own = ownerBinding(this.unit, "arguments") as Binding
      if (scope === this.unit.scope) scope.bindings.set(name, own)
    }
    return this.declare(scope, id, "var", -1)
  }

  hoistVars(statement: Node, scope: Scope): void {
    const open = [statement]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (isFunction(node) || isClass(node)) continue
      if (node.type === "VariableDeclaration" && node.kind === "var")
        for (const v of node.declarations) for (const id of boundNames(v.id)) this.declareVar(scope, id)
      openStatements(node, open)
    }
  }

  makeScopeKeyed(kind: Scope["kind"], node: Node): Scope {
    const scope: Scope = { kind, parent: this.scope ?? null, unit: this.unit, node, bindings: new Map() }
    this.scopes.push(scope)
    this.unit.scopes.push(scope)
    if (kind === "params") this.scopeOf.set(node, scope)
    return scope
  }
}

/** Marks all that is in a function too. */
export function markInside(unit: Unit, node: Node): void {
  unit.dynamic ??= node
  for (const inner of unit.units) markInside(inner, node)
}
