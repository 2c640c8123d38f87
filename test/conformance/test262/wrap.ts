/**
 * Owns turning a test script into one generator, with `yield;` before every statement and `(yield (e))` for every operand
 * `e`: the driver sends back what was yielded. Only code at the generator's own level is touched.
 */
import { type Node, parse } from "acorn"

// biome-ignore lint/suspicious/noExplicitAny: a syntax tree
type AnyNode = Node & Record<string, any>
const HEAD = "(function*(){\n"
const UNTOUCHED = new Set([
  "Literal",
  "Super",
  "PrivateIdentifier",
  "SpreadElement",
  "MetaProperty",
  "YieldExpression",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassExpression",
])

/** Fields that hold operands or statements of a list, by type of node: what needs no more than that. */
const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  BinaryExpression: ["left", "right"],
  LogicalExpression: ["left", "right"],
  ConditionalExpression: ["test", "consequent", "alternate"],
  ArrayExpression: ["elements"],
  SequenceExpression: ["expressions"],
  TemplateLiteral: ["expressions"],
  YieldExpression: ["argument"],
  AwaitExpression: ["argument"],
  ImportExpression: ["source"],
  ReturnStatement: ["argument"],
  ThrowStatement: ["argument"],
}

/** Where yields are put: nowhere, before statements, around operands, or both. */
export const WRAPS = ["body", "stmt", "expr", "full"] as const
export type Wrap = (typeof WRAPS)[number]

interface Insertion {
  readonly at: number
  /** At one position closers come before openers, inner closers first and outer openers first. */
  readonly closer: boolean
  readonly order: number
  readonly text: string
}

/** The text of a script that drives the wrapped test with `drive`; null if it cannot stand in a function. */
export function wrapped(code: string, drive: string, wrap: Wrap): string | null {
  const source = `${HEAD}${code}\n})`
  let root: AnyNode
  try {
    root = parse(source, { ecmaVersion: "latest", sourceType: "script" })
  } catch {
    return null
  }
  const wrapper = new Wrapper(wrap)
  wrapper.list(root.body[0].expression.body.body)
  let out = ""
  let from = 0
  for (const { at, text } of wrapper.sorted()) {
    out += source.slice(from, at) + text
    from = at
  }
  return `(${drive})(${out}${source.slice(from)}.call(this));`
}

class Wrapper {
  readonly #insertions: Insertion[] = []
  readonly #statements: boolean
  readonly #operands: boolean
  constructor(wrap: Wrap) {
    this.#statements = wrap === "stmt" || wrap === "full"
    this.#operands = wrap === "expr" || wrap === "full"
  }

  sorted(): Insertion[] {
    return this.#insertions.sort((a, b) => a.at - b.at || Number(b.closer) - Number(a.closer) || a.order - b.order)
  }
  #around(node: AnyNode, open: string, close: string, outermost = false): void {
    const { start, end } = node
    this.#insertions.push({ at: start, closer: false, order: outermost ? Number.NEGATIVE_INFINITY : -end, text: open })
    this.#insertions.push({ at: end, closer: true, order: outermost ? Number.POSITIVE_INFINITY : -start, text: close })
  }

  list(statements: readonly AnyNode[]): void {
    for (const s of statements) {
      if (s.directive === undefined && this.#statements) this.#around(s, "yield;", "", true)
      if (s.directive === undefined) this.#inside(s)
    }
  }
  /** A statement that is not in a list. */
  #single(s: AnyNode | null): void {
    if (!s) return
    const list = s.type === "BlockStatement" || s.type === "FunctionDeclaration"
    if (this.#statements && !list) this.#around(s, "{yield;", "}", true)
    this.#inside(s)
  }

  /** An operand. */
  #value(node: AnyNode | null, inChain = false): void {
    if (!node) return
    const partOfChain = inChain && (node.type === "MemberExpression" || node.type === "CallExpression")
    if (this.#operands && !UNTOUCHED.has(node.type) && !partOfChain) this.#around(node, "(yield (", "))")
    this.#inside(node, inChain)
  }
  #values(nodes: readonly (AnyNode | null)[]): void {
    for (const n of nodes) this.#value(n?.type === "SpreadElement" ? n.argument : n)
  }
  #member(n: AnyNode, inChain = false): void {
    if (n.object.type !== "Super") this.#value(n.object, inChain)
    if (n.computed) this.#value(n.property)
  }
  /** What is called, constructed or a tag, which keeps its `this`. */
  #callee(n: AnyNode, inChain: boolean): void {
    if (n.type === "MemberExpression") this.#member(n, inChain)
    else if (n.type !== "Super" && n.type !== "Identifier") this.#inside(n, inChain)
  }

  /** A binding or the target of an assignment. */
  #pattern(n: AnyNode | null): void {
    if (!n) return
    if (n.type === "VariableDeclaration")
      for (const d of n.declarations) {
        this.#pattern(d.id)
        this.#value(d.init)
      }
    if (n.type === "ObjectPattern")
      for (const p of n.properties) {
        if (p.computed) this.#value(p.key)
        this.#pattern(p.type === "RestElement" ? p.argument : p.value)
      }
    if (n.type === "ArrayPattern") for (const element of n.elements) this.#pattern(element)
    if (n.type === "RestElement") this.#pattern(n.argument)
    if (n.type === "MemberExpression") this.#member(n)
    if (n.type === "AssignmentPattern") {
      this.#pattern(n.left)
      this.#value(n.right)
    }
  }

  #inside(n: AnyNode, inChain = false): void {
    const operands = OPERANDS[n.type]
    if (operands !== undefined) for (const field of operands) this.#values([n[field]].flat())
    else this.#expression(n, inChain) || this.#statement(n)
  }

  /** False if it is none, or one without operands. */
  #expression(n: AnyNode, inChain: boolean): boolean {
    switch (n.type) {
      case "ChainExpression":
        this.#inside(n.expression, true)
        return true
      case "CallExpression":
      case "NewExpression":
        this.#callee(n.callee, inChain)
        this.#values(n.arguments)
        return true
      case "TaggedTemplateExpression":
        if (n.tag.type === "MemberExpression") this.#member(n.tag)
        this.#values(n.quasi.expressions)
        return true
      case "MemberExpression":
        this.#member(n, inChain)
        return true
      case "AssignmentExpression":
        this.#pattern(n.left)
        this.#value(n.right)
        return true
      case "UpdateExpression":
        this.#pattern(n.argument)
        return true
      case "UnaryExpression":
        if (n.operator === "delete") this.#pattern(n.argument)
        else if (n.operator !== "typeof" || n.argument.type !== "Identifier") this.#value(n.argument)
        return true
      case "ObjectExpression":
        for (const p of n.properties) {
          if (p.type === "SpreadElement") this.#value(p.argument)
          else if (p.computed) this.#value(p.key)
          if (p.kind === "init" && !p.method && !p.shorthand) this.#value(p.value)
        }
        return true
      case "ClassExpression":
      case "ClassDeclaration":
        this.#value(n.superClass)
        for (const m of n.body.body) if (m.computed && m.key) this.#value(m.key)
        return true
    }
    return false
  }

  #statement(s: AnyNode): void {
    switch (s.type) {
      case "ExpressionStatement":
        this.#value(s.expression)
        break
      case "VariableDeclaration":
        this.#pattern(s)
        break
      case "BlockStatement":
        this.list(s.body)
        break
      case "IfStatement":
        this.#value(s.test)
        this.#single(s.consequent)
        this.#single(s.alternate)
        break
      case "ForStatement":
        if (s.init?.type === "VariableDeclaration") this.#pattern(s.init)
        else this.#value(s.init)
        this.#values([s.test, s.update])
        this.#single(s.body)
        break
      case "ForInStatement":
      case "ForOfStatement":
        if (!s.await) {
          this.#pattern(s.left)
          this.#value(s.right)
        }
        this.#single(s.body)
        break
      case "WhileStatement":
      case "DoWhileStatement":
        this.#value(s.test)
        this.#single(s.body)
        break
      case "SwitchStatement":
        this.#value(s.discriminant)
        for (const c of s.cases) {
          this.#value(c.test)
          this.list(c.consequent)
        }
        break
      case "TryStatement":
        this.list(s.block.body)
        this.#pattern(s.handler?.param ?? null)
        if (s.handler) this.list(s.handler.body.body)
        if (s.finalizer) this.list(s.finalizer.body)
        break
      case "LabeledStatement":
        this.#inside(s.body)
        break
    }
  }
}
