/** Owns what functions and classes without a name of their own are called by: the place where they stand, or a key. */
import { bare, isClass, isFunction, type Node } from "../2-analyze/nodes.ts"

/** The name that an anonymous function or class gets from its place in `parent`. */
export function hintFor(parent: Node, child: Node): string | null {
  if (!isAnonymous(child)) return null
  switch (parent.type) {
    case "VariableDeclarator":
      return parent.init === child && parent.id.type === "Identifier" ? parent.id.name : null
    case "AssignmentExpression":
      // a target in parentheses names nothing
      return parent.right === child &&
        parent.left.type === "Identifier" &&
        parent.left.start === parent.start &&
        ["=", "||=", "&&=", "??="].includes(parent.operator)
        ? parent.left.name
        : null
    case "AssignmentPattern":
      return parent.right === child && parent.left.type === "Identifier" ? parent.left.name : null
    case "Property":
      return parent.value === child && !parent.computed && keyName(parent.key) !== "__proto__"
        ? keyName(parent.key)
        : null
    case "PropertyDefinition":
      return parent.value === child && !parent.computed
        ? parent.key.type === "PrivateIdentifier"
          ? `#${parent.key.name}`
          : keyName(parent.key)
        : null
    case "ExportDefaultDeclaration":
      return "default"
  }
  return null
}

export function keyName(key: Node): string | null {
  if (key.type === "Identifier") return key.name
  if (key.type === "Literal") return key.value === null ? "null" : String(key.value)
  return null
}

/** What a function with a computed key is called in ids and stacks: its name, if the source shows it. */
export function shownKey(key: Node): string {
  const k = bare(key)
  const isWellKnown = k.type === "MemberExpression" && !k.computed && k.object.name === "Symbol"
  if (isWellKnown) return `[Symbol.${k.property.name}]`
  return (k.type === "Literal" ? keyName(k) : null) ?? "computed"
}

/** Whether the key of a property names the value. Under a computed one V8 names a class that has a static method `name` too. */
export function isNamedBy({ computed, value }: Node): boolean {
  const n = bare(value)
  return computed ? (isFunction(n) || isClass(n)) && n.id == null : isAnonymous(value)
}

export function isAnonymous(node: Node): boolean {
  const n = bare(node)
  if (!isFunction(n) && !isClass(n)) return false
  if (
    isClass(n) &&
    n.body.body.some((m: Node) => m.static && !m.computed && m.key !== undefined && keyName(m.key) === "name")
  )
    return false
  return n.id === null || n.id === undefined
}
