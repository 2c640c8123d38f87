/**
 * Owns what V8 prints behind the operand of `yield*` where that cannot be iterated: having found it, it goes on through the
 * rest of the function. Of the expression around, it prints the parts; of each statement, that there is an intermediate value.
 */
import { bare, isClass, isFunction, type Node, someChild } from "../2-analyze/nodes.ts"
import { noteTrail } from "../2-analyze/roles.ts"
import { suspends } from "../2-analyze/suspends.ts"
import { accessed, printed, UNKNOWN } from "./printed.ts"

/** Text, and the number of intermediate values behind it. */
interface Trail {
  readonly text: string
  readonly count: number
}

/** Notes it at the operands of all `yield*` of a function. */
export function noteTrails(body: Node): void {
  const open: Open = [[body, { text: "", count: 0 }]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) look(open, next[0], next[1])
}

type Open = [Node, Trail][]

/** A longer text is not told: each operand of thousands has one. */
const LONG = 2_000

const more = ({ text, count }: Trail, behind: number): Trail => ({ text, count: count + behind })

/** Inside an expression: `text` comes before all that is behind the expression. */
const before = (text: string, trail: Trail): Trail => ({ text: text + trail.text, count: trail.count })

/** What is to be looked into: no recursion, since programs may be deep. */
function visit(open: Open, node: Node | null | undefined, trail: Trail): void {
  if (node != null && suspends(node) && !isFunction(node)) open.push([node, trail])
}

function look(open: Open, node: Node, trail: Trail): void {
  const { type } = node
  if (type === "YieldExpression" && node.delegate) note(node, trail)
  const list = statementsOf(node)
  if (list !== null) {
    visitList(open, list, trail)
    return
  }
  switch (type) {
    case "IfStatement":
      visit(open, node.test, more(trail, isThere(node.alternate) ? 2 : 1))
      visit(open, node.consequent, more(trail, isThere(node.alternate) ? 1 : 0))
      visit(open, node.alternate, trail)
      return
    case "ForStatement":
      visitFor(open, node, trail)
      return
    case "ForInStatement":
    case "ForOfStatement":
      visit(open, node.right, more(trail, 1))
      visit(open, node.body, trail)
      return
    case "WhileStatement":
      visit(open, node.test, more(trail, 1))
      visit(open, node.body, trail)
      return
    case "DoWhileStatement":
      visit(open, node.body, more(trail, 1))
      visit(open, node.test, trail)
      return
    case "TryStatement": {
      const last = node.finalizer === null ? 0 : 1
      visit(open, node.block, more(trail, last + (node.handler === null ? 0 : 1)))
      visit(open, node.handler?.body, more(trail, last))
      visit(open, node.finalizer, trail)
      return
    }
    case "SwitchStatement":
      visitCases(open, node, trail)
      return
    case "VariableDeclaration":
      visitDeclared(open, node, trail)
      return
    default:
      visitExpression(open, node, trail)
      return
  }
}

/** Of what stands in a computed key, V8 finds nothing, and tells the value instead. */
const UNTOLD: Trail = { text: "", count: -Infinity }

function statementsOf(node: Node): readonly Node[] | null {
  return node.type === "BlockStatement" || node.type === "StaticBlock" ? node.body : null
}

function visitList(open: Open, list: readonly Node[], trail: Trail): void {
  let count = 0
  for (let i = list.length - 1; i >= 0; i--) {
    const s = list[i] as Node
    visit(open, s, more(trail, count))
    if (isThere(s)) count++
  }
}

/** Whether the engine has a statement for it. */
function isThere(node: Node | null): boolean {
  if (node === null || node.type === "EmptyStatement" || node.type === "FunctionDeclaration") return false
  return (
    node.type !== "LabeledStatement" || node.body.type !== "BreakStatement" || node.body.label?.name !== node.label.name
  )
}

/** With functions inside, a loop that declares something is several statements for the engine. */
function visitFor(open: Open, { init, test, update, body }: Node, trail: Trail): void {
  const declares = init?.type === "VariableDeclaration" && init.kind !== "var"
  const parts = [test, update, body].filter(part => part !== null)
  const isSplit = declares && parts.some(holdsFunction)
  visit(open, init, more(trail, isSplit ? 3 : declares ? 1 : parts.length))
  visit(open, test, more(trail, isSplit ? 4 : update === null ? 1 : 2))
  visit(open, update, more(trail, isSplit ? (test === null ? 3 : 4) : 1))
  visit(open, body, more(trail, isSplit ? 1 : 0))
}

function holdsFunction(node: Node): boolean {
  return isFunction(node) || isClass(node) || someChild(node, holdsFunction)
}

function visitCases(open: Open, { discriminant, cases }: Node, trail: Trail): void {
  let count = 0
  for (let i = cases.length - 1; i >= 0; i--) {
    const { test, consequent } = cases[i]
    visitList(open, consequent, more(trail, count))
    count += consequent.filter(isThere).length
    visit(open, test, more(trail, count))
    if (test !== null) count++
  }
  visit(open, discriminant, more(trail, count))
}

function visitDeclared(open: Open, { kind, declarations }: Node, trail: Trail): void {
  let count = 0
  for (let i = declarations.length - 1; i >= 0; i--) {
    const { id, init } = declarations[i]
    visit(open, id, more(trail, count))
    visit(open, init, more(trail, count))
    if (init !== null || kind !== "var") count++
  }
}

function visitExpression(open: Open, node: Node, trail: Trail): void {
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
    case "SequenceExpression":
      visitOperands(open, node, trail)
      return
    case "UnaryExpression":
    case "ImportExpression":
      visit(open, node.argument ?? node.source, before(")", trail))
      return
    case "SpreadElement":
      visit(open, node.argument, before(")", trail))
      return
    case "ConditionalExpression":
      visit(open, node.test, before(UNKNOWN + UNKNOWN, trail))
      visit(open, node.consequent, before(UNKNOWN, trail))
      visit(open, node.alternate, trail)
      return
    case "ArrayExpression":
      visitEach(open, node.elements, e => `,${e === null ? UNKNOWN : shown(e)}`, before("]", trail))
      return
    case "Property":
      if (node.computed) visit(open, node.key, UNTOLD)
      visit(open, node.value, trail)
      return
    case "ObjectExpression":
      for (const p of node.properties) if (p.computed) visit(open, p.key, UNTOLD)
      visitEach(
        open,
        node.properties.map((p: Node) => (p.type === "Property" ? p.value : p.argument)),
        () => UNKNOWN,
        before("}", trail),
      )
      return
    case "TemplateLiteral":
      visitEach(open, node.expressions, shown, trail)
      return
    case "TaggedTemplateExpression":
      visit(open, node.tag, trail)
      visitEach(open, node.quasi.expressions, () => UNKNOWN, trail)
      return
    case "CallExpression":
    case "NewExpression":
      visit(open, node.callee, trail)
      visitEach(open, node.arguments, () => UNKNOWN, trail)
      return
    case "MemberExpression":
      visit(open, node.object, before(accessed(node), trail))
      if (node.computed) visit(open, node.property, before("]", trail))
      return
    case "ClassExpression":
    case "ClassDeclaration":
      for (const m of node.body.body) if (m.computed) visit(open, m.key, UNTOLD)
      visit(open, node.superClass, before(UNKNOWN.repeat(node.body.body.filter(isMethod).length), trail))
      return
    case "AssignmentExpression":
      visit(open, node.left, before(UNKNOWN, trail))
      visit(open, node.right, trail)
      return
    default:
      someChild(node, child => {
        visit(open, child, trail)
        return false
      })
  }
}

const isMethod = ({ type, kind }: Node): boolean => type === "MethodDefinition" && kind !== "constructor"

/** As an operand is printed there: of calls their callees. */
function shown(node: Node): string {
  const e = bare(node)
  switch (e.type) {
    case "CallExpression":
    case "NewExpression":
      return shown(e.callee)
    case "MemberExpression":
      return shown(e.object) + accessed(e)
    case "SpreadElement":
      return `(...${shown(e.argument)})`
    case "TemplateLiteral":
      return e.expressions.length === 0 ? printed(e) : e.expressions.map(shown).join("")
    case "UnaryExpression":
      return e.operator === "-" && e.argument.type === "Literal" ? `-${printed(e.argument)}` : printed(e)
    default:
      return printed(e)
  }
}

/** Parts that follow each other, and what is printed of those behind. */
function visitEach(open: Open, list: readonly (Node | null)[], shown: (node: Node) => string, trail: Trail): void {
  let behind = trail
  for (let i = list.length - 1; i >= 0; i--) {
    const e = list[i] as Node
    visit(open, e, behind)
    behind = behind.text.length > LONG ? behind : before(shown(e), behind)
  }
}

/** A chain of one operator is one for the engine. */
function visitOperands(open: Open, node: Node, trail: Trail): void {
  const operator: string = node.operator ?? ","
  const operands: Node[] = node.expressions?.toReversed() ?? []
  if (operands.length === 0) {
    let n = node
    for (; n.type === node.type && n.operator === operator; n = n.left) operands.push(n.right)
    operands.push(n)
  }
  visitEach(open, operands.reverse(), e => ` ${operator} ${shown(e)}`, before(")", trail))
}

function note({ argument }: Node, { text, count }: Trail): void {
  if (text === "" && count === 0) return
  const operand = bare(argument)
  const trail = count < 0 ? "-" : `${count}:${text}`
  noteTrail(operand, trail)
  if (count < 0) return
  const callee = operand.callee ?? operand.tag
  if (callee != null) noteTrail(bare(callee), trail)
}
