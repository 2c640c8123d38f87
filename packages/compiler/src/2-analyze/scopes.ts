/**
 * Owns the first half of the analysis: a walk over the module that makes units and scopes, declares names and collects
 * references.
 */
import { type Analysis, type Binding, makeBinding, type Ref, type Scope, type Unit } from "./bindings.ts"
import { Declarations, markInside } from "./declarations.ts"
import { bare, boundNames, chainOf, eachChild, hasExpression, isFunction, type Node } from "./nodes.ts"
import { ownerBinding, resolve } from "./resolve.ts"
import { noteArguments, noteElements, noteUse } from "./roles.ts"
import { asBlock, catchParameter } from "./sloppy.ts"

export function analyze(program: Node, module: boolean): Analysis {
  return new Analyzer(program, module).run()
}

class Analyzer extends Declarations {
  run(): Analysis {
    const strict = this.module || directives(this.root.body).includes("use strict")
    const program = this.makeUnit(this.root, "program", strict)
    this.unit = program
    this.scope = program.scope = this.makeScope("program", this.root)
    this.hoist(this.root.body, this.scope)
    for (const s of this.root.body) this.visit(s)
    for (const [unit, node] of this.evaluating) markInside(unit, node)
    resolve(this.refs, this.bindingOf)
    return {
      program,
      unitOf: this.unitOf,
      refOf: this.refOf,
      scopeOf: this.scopeOf,
      bindingOf: this.bindingOf,
      scopes: this.scopes,
      refs: this.refs,
      names: this.names,
      headOf: this.headOf,
      blockFunctions: this.blockFunctions,
    }
  }

  /** From here on names are looked up in a new scope; gives the one around it. */
  enter(kind: Scope["kind"], node: Node): Scope {
    const outer = this.scope
    this.scope = this.makeScope(kind, node)
    return outer
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

  private readonly visitChild = (child: Node): void => this.visit(child)

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
        this.block(node)
        return
      case "SwitchStatement":
        this.switchStatement(node)
        return
      case "ForStatement":
        this.forStatement(node)
        return
      case "ForInStatement":
      case "ForOfStatement":
        this.iteration(node)
        return
      case "TryStatement":
        this.visit(node.block)
        if (node.handler !== null) this.catchClause(node.handler)
        this.visit(node.finalizer)
        return
      case "VariableDeclaration":
        for (const v of node.declarations) {
          if (v.init !== null) this.give(v.id, v.init)
          if (v.id.type === "ArrayPattern") noteUse(v.init, "iterated")
          this.visit(v.init)
          this.pattern(v.id, false)
          if (v.init !== null && node.kind === "var") for (const id of boundNames(v.id)) this.assignVar(id)
        }
        return
      case "IfStatement":
        for (let n: Node | null = node; n !== null; n = this.ifBranch(n));
        return
      case "BinaryExpression":
      case "LogicalExpression":
        // a chain of thousands of operands nests to the left
        for (const operand of chainOf(node)) this.visit(operand)
        return
      case "AssignmentExpression":
        this.give(node.left, node)
        if (node.left.type === "ArrayPattern") noteUse(node.right, "iterated")
        this.pattern(node.left, true)
        if (node.operator !== "=" && node.left.type === "Identifier") this.names.add(node.left.name)
        this.visit(node.right)
        return
      case "UpdateExpression":
        this.give(node.argument, null)
        this.pattern(node.argument, true)
        return
      case "MemberExpression":
        this.visit(node.object)
        if (node.computed) this.visit(node.property)
        return
      case "ObjectExpression":
        for (const p of node.properties)
          if (p.type === "Property" && isFunction(p.value)) this.literalOf.set(p.value, node)
        this.visitAll(node.properties)
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
        if (node.meta.name === "new") this.special(node, "target")
        return
      case "ExportNamedDeclaration":
        if (node.declaration !== null) this.visit(node.declaration)
        else if (node.source === null)
          for (const sp of node.specifiers) if (sp.local.type === "Identifier") this.reference(sp.local, false)
        return
      case "ExportDefaultDeclaration":
        this.visit(node.declaration)
        return
      case "WithStatement":
        this.with(node)
        return
      case "ArrayExpression":
        noteElements(node.elements)
        this.visitAll(node.elements)
        return
      case "YieldExpression":
        if (node.delegate) noteUse(node.argument, "delegated")
        this.visit(node.argument)
        return
      case "NewExpression":
        noteArguments(node)
        this.visit(node.callee)
        this.visitAll(node.arguments)
        return
      case "CallExpression":
        if (isEval(bare(node.callee))) this.markEval(node)
        noteArguments(node)
        this.visit(node.callee)
        this.visitAll(node.arguments)
        return
      default:
        eachChild(node, this.visitChild)
    }
  }

  with(node: Node): void {
    this.markDynamic(node)
    this.visit(node.object)
    const outer = this.around
    this.around = node
    this.visit(node.body)
    this.around = outer
  }

  block(node: Node): void {
    const outer = this.enter("block", node)
    this.hoist(node.body, this.scope)
    this.visitAll(node.body)
    this.scope = outer
  }

  switchStatement(node: Node): void {
    this.visit(node.discriminant)
    const outer = this.enter("switch", node)
    const statements = node.cases.flatMap((c: Node) => c.consequent)
    this.hoist(statements, this.scope)
    for (const c of node.cases) {
      this.visit(c.test)
      this.visitAll(c.consequent)
    }
    this.scope = outer
  }

  forStatement(node: Node): void {
    const outer = this.enter("loop", node)
    if (node.init?.type === "VariableDeclaration") this.hoist([node.init], this.scope)
    this.visit(node.init)
    this.visit(node.test)
    this.visit(node.update)
    this.visit(node.body)
    this.scope = outer
  }

  /** `for-in` and `for-of`. */
  iteration(node: Node): void {
    const outer = this.enter("loop", node)
    const { left, right, body } = node
    const declared: Node | null = left.type === "VariableDeclaration" ? left.declarations[0] : null
    const isLexical = declared !== null && left.kind !== "var"
    if (isLexical) {
      const kind = left.kind === "await using" ? "using" : left.kind
      // ready at the start of the body; the iterated expression sees it uninitialised
      for (const id of boundNames(declared.id)) this.declare(this.scope, id, kind, body.start)
    }
    if (node.type === "ForOfStatement") noteUse(right, "iterated")
    this.visit(right)
    this.pattern(declared === null ? left : declared.id, !isLexical)
    if (declared?.init) this.visit(declared.init)
    this.visit(body)
    this.scope = outer
  }

  catchClause(node: Node): void {
    const outer = this.enter("catch", node)
    if (node.param !== null) {
      for (const id of boundNames(node.param)) this.declare(this.scope, id, "catch", node.body.start)
      this.pattern(node.param, false)
    }
    this.visit(node.body)
    this.scope = outer
  }

  /** Notes what a variable gets; null: what counting it up or down makes of it. */
  give(to: Node, value: Node | null): void {
    const target = bare(to)
    if (target.type === "Identifier") this.unit.given.push({ target, value })
  }

  /** One test with its branch; the `if` behind its `else` is given back. */
  ifBranch(node: Node): Node | null {
    node.consequent = asBlock(node.consequent)
    if (node.alternate !== null) node.alternate = asBlock(node.alternate)
    this.visit(node.test)
    this.visit(node.consequent)
    if (node.alternate?.type === "IfStatement") return node.alternate
    this.visit(node.alternate)
    return null
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
          else
            this.refOf.set(node, {
              node,
              scope: this.scope,
              unit: this.unit,
              binding: this.bindingOf.get(node) as Binding,
              write: true,
            })
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

  /** `var e = 1` inside `catch (e)` assigns the exception's variable. */
  assignVar(id: Node): void {
    const binding = catchParameter(this.scope, id.name) ?? this.bindingOf.get(id)
    if (binding === undefined) return
    binding.assigned = true
    this.refOf.set(id, { node: id, scope: this.scope, unit: this.unit, binding, write: true })
  }

  functionUnit(node: Node): void {
    const outerUnit = this.unit
    const outerScope = this.scope
    const strict =
      outerUnit.strict || (node.body.type === "BlockStatement" && directives(node.body.body).includes("use strict"))
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
    for (const p of node.params)
      for (const id of boundNames(p)) this.declare(this.scope, id, "param", simple ? -1 : p.end)
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

  classUnit(node: Node): void {
    for (const d of node.decorators ?? []) this.visit(d)
    const outerUnit = this.unit
    const outerScope = this.scope
    this.unit = this.makeUnit(node, "class", true)
    this.classHead(node, outerUnit)
    this.scope = this.makeScope("class", node)
    this.unit.scope = this.scope
    if (node.id !== null) {
      // the inner binding of the name; a class declaration also declares the outer one
      const inner = makeBinding(node.id.name, "self", this.scope, node.end)
      this.scope.bindings.set(node.id.name, inner)
      this.names.add(node.id.name)
    }
    for (const m of node.body.body) {
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

  /** Heritage and computed keys see the class's name as a constant of the code around it, which is ready when the class is. */
  classHead(node: Node, outer: Unit): void {
    const surrounding = this.scope
    if (node.id !== null) {
      this.scope = { kind: "class", parent: surrounding, unit: outer, node, bindings: new Map() }
      this.scopes.push(this.scope)
      outer.scopes.push(this.scope)
      const head = makeBinding(node.id.name, "const", this.scope, node.end)
      this.scope.bindings.set(node.id.name, head)
      this.headOf.set(node, head)
    }
    this.visit(node.superClass)
    for (const m of node.body.body) {
      this.visitAll(m.decorators ?? [])
      if (m.computed) this.visit(m.key)
    }
    this.scope = surrounding
  }

  /** A use of `this`, `super` or `new.target`. */
  special(node: Node, kind: "this" | "home" | "target"): void {
    const binding = ownerBinding(this.unit, kind)
    if (binding === null) return
    const ref: Ref = { node, scope: this.scope, unit: this.unit, binding, write: false }
    this.refs.push(ref)
    this.refOf.set(node, ref)
  }
}

/** Parentheses around it leave a call of it a direct one. */
function isEval(callee: Node): boolean {
  return callee.type === "Identifier" && callee.name === "eval"
}

function directives(body: readonly Node[]): string[] {
  const result: string[] = []
  for (const s of body) {
    if (s.type !== "ExpressionStatement" || typeof s.directive !== "string") break
    result.push(s.directive)
  }
  return result
}
