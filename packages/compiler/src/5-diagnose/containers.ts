/** Owns what a literal or a `new` shows of an object: its kind, the methods that change it, and what its properties hold. */
import { bare, isClass, type Node } from "../2-analyze/nodes.ts"
import type { Subject } from "./finding.ts"

const MAP = new Set(["set", "delete", "clear", "getOrInsert", "getOrInsertComputed"])
const SET = new Set(["add", "delete", "clear"])
const ARRAY = new Set(["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin", "set"])
const VIEWS = "Int8 Uint8 Uint8Clamped Int16 Uint16 Int32 Uint32 Float16 Float32 Float64 BigInt64 BigUint64".split(" ")
/** Methods that change an instance, by its class. */
export const CHANGING: Readonly<Record<string, ReadonlySet<string>>> = {
  Map: MAP,
  WeakMap: MAP,
  Set: SET,
  WeakSet: SET,
  Array: ARRAY,
  Object: new Set(),
  ...Object.fromEntries(VIEWS.map(view => [`${view}Array`, ARRAY])),
}

export function kindOf({ names }: Subject, value: Node): string | null {
  const node = bare(value)
  if (node.type === "ObjectExpression") return "Object"
  if (node.type === "ArrayExpression") return "Array"
  // what it extends may have accessors
  if (isClass(node)) return node.superClass === null ? "Object" : null
  if (node.type !== "NewExpression") return null
  const global = names.global(node.callee)
  if (global === null || !Object.hasOwn(CHANGING, global)) return null
  // a view of memory from elsewhere may be shared on purpose
  const first = node.arguments[0]
  return global.endsWith("Array") &&
    first !== undefined &&
    first.type !== "Literal" &&
    first.type !== "ArrayExpression" &&
    global !== "Array"
    ? null
    : global
}

/** What the property of a literal, or the static field of a class, begins with. */
export function memberOf(value: Node, name: string | null): Node | null {
  if (name === null) return null
  if (isClass(value))
    return value.body.body.findLast((m: Node) => m.static && m.key && !m.computed && nameOf(m) === name)?.value ?? null
  if (value.type !== "ObjectExpression") return null
  return (
    value.properties.find((p: Node) => p.type === "Property" && p.kind === "init" && !p.computed && nameOf(p) === name)
      ?.value ?? null
  )
}

export function isAccessor(value: Node, name: string | null): boolean {
  const members: Node[] = value.type === "ObjectExpression" ? value.properties : isClass(value) ? value.body.body : []
  return members.some(
    m => m.kind === "set" && (m.type === "Property" || m.static) && (m.computed || nameOf(m) === name),
  )
}

function nameOf({ key }: Node): string {
  return key.type === "PrivateIdentifier" ? `#${key.name}` : (key.name ?? String(key.value))
}
