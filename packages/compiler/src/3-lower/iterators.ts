/** Owns the question which calls may give an iterator of the language. Only the program's run can tell whether one does. */
import type { Node } from "../2-analyze/nodes.ts"

/** Methods, and how many arguments a call has that is meant. */
const methods = new Map([
  ["values", 0],
  ["keys", 0],
  ["entries", 0],
  ["matchAll", 1],
  ["map", 1],
  ["filter", 1],
  ["take", 1],
  ["drop", 1],
  ["flatMap", 1],
])

/** Whether the call's method may be one whose iterators are made with their origin. */
export function givesIterator(call: Node): boolean {
  const { callee } = call
  if (call.optional || callee.type !== "MemberExpression" || callee.optional || hasOptional(callee.object)) return false
  if (callee.object.type === "Super") return false
  const count: number = call.arguments.length
  if (callee.computed) return count === (wellKnown(callee.property) ?? -1)
  if (callee.property.type === "PrivateIdentifier") return false
  const { name } = callee.property
  if (name === "from") return count === 1 && callee.object.type === "Identifier" && callee.object.name === "Iterator"
  if (name === "call") return isMethodOfName(callee.object)
  return methods.get(name) === count
}

/** `x.values`, `x[Symbol.iterator]` and the like, to be called with a receiver of its own. */
function isMethodOfName(node: Node): boolean {
  if (node.type !== "MemberExpression" || node.object.type === "Super") return false
  if (node.computed) return wellKnown(node.property) !== undefined
  return node.property.type !== "PrivateIdentifier" && methods.has(node.property.name)
}

/** `Symbol.iterator` takes no argument, `Symbol.matchAll` one. */
function wellKnown(key: Node): number | undefined {
  if (key.type !== "MemberExpression" || key.computed || key.object.type !== "Identifier") return undefined
  if (key.object.name !== "Symbol") return undefined
  return key.property.name === "iterator" ? 0 : key.property.name === "matchAll" ? 1 : undefined
}

/** A part of an optional chain is left to the chain. */
function hasOptional(node: Node): boolean {
  for (let n = node; n.type === "MemberExpression" || n.type === "CallExpression"; ) {
    if (n.optional) return true
    n = n.type === "MemberExpression" ? n.object : n.callee
  }
  return false
}
