/** Owns one walk over the module for all rules: the way up from each node, and lists of what the rules begin at. */
import type { Analysis, Unit } from "../2-analyze/bindings.ts"
import { bare, isAtom, isFunction, type Node, openChildren } from "../2-analyze/nodes.ts"
import { eachOperand, type Use } from "./uses.ts"

export interface Placed {
  readonly node: Node
  readonly unit: Unit
}

/** A call of whose value only a number, a text or a truth is taken. */
export interface Operand extends Placed {
  readonly use: Use
  /** The other operand of a `+`. */
  readonly other: Node | null
}

/** The way up is kept at the nodes: a map took four times as long. */
const parent = Symbol("parent")
type Child = Node & { [parent]?: Node }

/** Types of nodes that are units. */
const ofUnits = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassDeclaration",
  "ClassExpression",
  "StaticBlock",
  "PropertyDefinition",
  "AccessorProperty",
])

export class Tree {
  private readonly analysis: Analysis
  readonly calls: Placed[] = []
  readonly made: Placed[] = []
  /** Expressions whose value nobody takes. */
  readonly discarded: Placed[] = []
  readonly operands: Operand[] = []
  /** Members of what a call gives. */
  readonly opened: Placed[] = []
  /** Calls whose value is iterated, or whose properties are copied. */
  readonly iterated: Placed[] = []
  readonly copied: Placed[] = []
  readonly awaited: Placed[] = []
  readonly returned: Placed[] = []
  /** Yields without a star. */
  readonly handedOut: Placed[] = []
  /** Declarators with a value, and assignments with `=`, to a name. */
  readonly definitions: Placed[] = []
  /** Loops over what they dispose of. */
  readonly disposing: Placed[] = []
  /** Declarators that take an object apart. */
  readonly patterns: Placed[] = []
  readonly yields = new Map<Unit, Node[]>()
  /** Names of members that are assigned somewhere; null: of `this`, and any. */
  private readonly set = new Set<string | null>()
  /** Templates whose values a tag is given as they are, and spreads in objects, which iterate nothing. */
  private readonly apart = new Set<Node>()
  private readonly root: Node
  /** Somebody asked for the way up. */
  private isLinked = false
  /** The unit of the node that is noted. */
  private at: Unit
  constructor(root: Node, analysis: Analysis) {
    this.root = root
    this.analysis = analysis
    this.at = analysis.program
    this.walk(root, analysis.program)
  }

  private walk(root: Node, program: Unit): void {
    const open = [root]
    /** The units around, and of how many open nodes none is inside each. */
    const units = [program]
    const ends = [0]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (isAtom(node)) continue
      while (open.length < (ends[ends.length - 1] as number)) {
        units.pop()
        ends.pop()
      }
      let unit = units[units.length - 1] as Unit
      const own = ofUnits.has(node.type) ? this.analysis.unitOf.get(node) : undefined
      if (own !== undefined) {
        unit = own
        units.push(own)
        ends.push(open.length)
      }
      this.note(node, unit)
      openChildren(node, open)
    }
  }

  private note(node: Node, unit: Unit): void {
    this.at = unit
    if (!this.apart.has(node)) eachOperand(node, this.addOperand)
    switch (node.type) {
      case "CallExpression":
        this.calls.push({ node, unit })
        break
      case "NewExpression":
        this.made.push({ node, unit })
        break
      case "ExpressionStatement":
        leaves(node.expression, unit, this.discarded)
        break
      case "ForStatement":
        if (node.init !== null && node.init.type !== "VariableDeclaration") leaves(node.init, unit, this.discarded)
        leaves(node.update, unit, this.discarded)
        break
      case "SequenceExpression":
        for (const e of node.expressions.slice(0, -1)) leaves(e, unit, this.discarded)
        break
      case "UnaryExpression":
        if (node.operator === "delete") this.noteWritten(node.argument)
        break
      case "UpdateExpression":
      case "RestElement":
        this.noteWritten(node.argument)
        break
      case "ForOfStatement":
        if (node["await"] !== true) calls(node.right, unit, this.iterated)
        if (isUsing(node.left)) this.disposing.push({ node, unit })
        this.noteWritten(node.left)
        break
      case "SpreadElement":
        calls(node.argument, unit, this.apart.has(node) ? this.copied : this.iterated)
        break
      case "ObjectExpression":
        for (const p of node.properties) if (p.type === "SpreadElement") this.apart.add(p)
        break
      case "MemberExpression":
        if (bare(node.object).type === "CallExpression") this.opened.push({ node, unit })
        break
      case "ForInStatement":
      case "AssignmentPattern":
        this.noteWritten(node.left)
        break
      case "ArrayPattern":
        for (const element of node.elements) this.noteWritten(element)
        break
      case "ObjectPattern":
        for (const p of node.properties) if (p.type === "Property") this.noteWritten(p.value)
        break
      case "TaggedTemplateExpression":
        this.apart.add(node.quasi)
        break
      case "AwaitExpression":
        leaves(node.argument, unit, this.awaited)
        break
      case "ReturnStatement":
        leaves(node.argument, unit, this.returned)
        break
      case "VariableDeclarator":
        if (node.init !== null && node.id.type === "Identifier") this.definitions.push({ node, unit })
        if (node.init !== null && node.id.type === "ObjectPattern") this.patterns.push({ node, unit })
        if (node.init !== null && node.id.type === "ArrayPattern") calls(node.init, unit, this.iterated)
        break
      case "AssignmentExpression":
        if (node.operator === "=" && node.left.type === "Identifier") this.definitions.push({ node, unit })
        this.noteWritten(node.left)
        break
      case "YieldExpression": {
        const known = this.yields.get(unit)
        if (known === undefined) this.yields.set(unit, [node])
        else known.push(node)
        if (!node.delegate) leaves(node.argument, unit, this.handedOut)
      }
    }
  }

  private readonly addOperand = (operand: Node, use: Use, other: Node | null): void => {
    if (operand.type !== "CallExpression" && !BEARERS.has(operand.type)) return
    const found: Placed[] = []
    calls(operand, this.at, found)
    for (const placed of found) this.operands.push({ ...placed, use, other })
  }

  /** What is assigned or deleted, if it is a member. */
  private noteWritten(target: Node | null): void {
    const member = target === null ? null : bare(target)
    if (member?.type !== "MemberExpression") return
    const { property, computed, object } = member
    if (!computed) this.set.add(property.name)
    else if (property.type === "Literal") this.set.add(String(property.value))
    else if (bare(object).type === "ThisExpression") this.set.add(null)
  }

  /** Whether some code of the module may assign a member of that name. */
  isSet(name: string): boolean {
    return this.set.has(name) || this.set.has(null)
  }

  /** Whether the member is assigned or deleted where it stands. */
  isWritten(member: Node): boolean {
    const use = this.taker(member)
    switch (use?.type) {
      case "AssignmentExpression":
      case "ForInStatement":
      case "ForOfStatement":
      case "AssignmentPattern":
        return bare(use.left) === member
      case "UpdateExpression":
        return true
      case "UnaryExpression":
        return use.operator === "delete"
      case "ArrayPattern":
      case "RestElement":
        return true
      case "Property":
        return this.parent(use)?.type === "ObjectPattern"
    }
    return false
  }

  parent(node: Node): Node | null {
    if (!this.isLinked) link(this.root)
    this.isLinked = true
    return (node as Child)[parent] ?? null
  }

  /** The node that has the value: the parent, parentheses left out. */
  taker(node: Node): Node | null {
    let parent = this.parent(node)
    while (parent?.type === "ParenthesizedExpression") parent = this.parent(parent)
    return parent
  }

  /** The node and what is around it, from the inside out, up to the function around it. */
  around(node: Node): Node[] {
    const result: Node[] = []
    for (let n: Node | null = node; n !== null; n = this.parent(n)) {
      result.push(n)
      if (n !== node && isFunction(n)) break
    }
    return result
  }
}

function isUsing({ type, kind }: Node): boolean {
  return type === "VariableDeclaration" && (kind === "using" || kind === "await using")
}

/** Notes the way up, which what most modules have needs none of. */
function link(root: Node): void {
  const open = [root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    let i = open.length
    openChildren(node, open)
    for (; i < open.length; i++) (open[i] as Child)[parent] = node
  }
}

/** What gives the expression its value. (`void f()` as a statement says that none is wanted.) */
export function leaves(node: Node | null, unit: Unit, into: Placed[]): void {
  if (node === null) return
  if (node.type === "ParenthesizedExpression" || node.type === "ChainExpression") leaves(node.expression, unit, into)
  else if (node.type === "LogicalExpression") leaves(node.right, unit, into)
  else if (node.type === "SequenceExpression") leaves(node.expressions.at(-1), unit, into)
  else if (node.type === "ConditionalExpression") {
    leaves(node.consequent, unit, into)
    leaves(node.alternate, unit, into)
  } else into.push({ node, unit })
}

/** Those of them that are calls, which is what most are not. */
function calls(node: Node, unit: Unit, into: Placed[]): void {
  if (node.type === "CallExpression") into.push({ node, unit })
  else if (BEARERS.has(node.type)) {
    const all: Placed[] = []
    leaves(node, unit, all)
    for (const placed of all) if (placed.node.type === "CallExpression") into.push(placed)
  }
}

/** What has its value from a part of it. */
const BEARERS = new Set([
  "ParenthesizedExpression",
  "ChainExpression",
  "LogicalExpression",
  "SequenceExpression",
  "ConditionalExpression",
])

/** Whether the unit is the other one or lies inside it. */
export function isWithin(unit: Unit, outer: Unit): boolean {
  for (let u: Unit | null = unit; u !== null; u = u.parent) if (u === outer) return true
  return false
}
