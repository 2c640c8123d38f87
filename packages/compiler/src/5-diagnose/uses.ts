/** Owns which part of an expression or statement only takes a truth, a number or a text from its operands. */
import { bare, type Node } from "../2-analyze/nodes.ts"

/**
 * What is taken: a truth, on which the program goes one way or the other; a number; a number or a text, which `+` decides;
 * a text; whether it is another value; whether it is there at all, and else it is the value itself.
 */
export type Use = "truth" | "number" | "sum" | "text" | "equality" | "choice"

/** `other`: the other operand of a `+`. */
export type Visit = (operand: Node, use: Use, other: Node | null) => void

export function eachOperand(node: Node, visit: Visit): void {
  switch (node.type) {
    case "IfStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "ConditionalExpression":
      visit(node.test, "truth", null)
      break
    case "ForStatement":
      if (node.test !== null) visit(node.test, "truth", null)
      break
    case "LogicalExpression":
      visit(node.left, "choice", null)
      break
    case "UnaryExpression":
      if (node.operator === "!") visit(node.argument, "truth", null)
      else if (/^[-+~]$/.test(node.operator)) visit(node.argument, "number", null)
      break
    case "BinaryExpression":
      ofBinary(node, visit)
      break
    case "AssignmentExpression":
      if (node.operator === "+=") visit(node.right, "sum", null)
      else if (!/^(?:&&|\|\||\?\?)?=$/.test(node.operator)) visit(node.right, "number", null)
      break
    case "TemplateLiteral":
      for (const expression of node.expressions) visit(expression, "text", null)
      break
    case "SwitchStatement":
      visit(node.discriminant, "equality", null)
      break
    case "SwitchCase":
      if (node.test !== null) visit(node.test, "equality", null)
      break
    case "MemberExpression":
      if (node.computed) visit(node.property, "text", null)
  }
}

function ofBinary({ operator, left, right }: Node, visit: Visit): void {
  if (operator === "instanceof") return
  if (operator === "in") {
    if (left.type !== "PrivateIdentifier") visit(left, "text", null)
    return
  }
  const use = /^[!=]==?$/.test(operator) ? "equality" : operator !== "+" ? "number" : null
  visit(left, use ?? sumWith(right), right)
  visit(right, use ?? sumWith(left), left)
}

function sumWith(other: Node): Use {
  const { type, value } = bare(other)
  return type === "TemplateLiteral" || (type === "Literal" && typeof value === "string") ? "text" : "sum"
}
