/**
 * Owns computed keys that yield and use private names of their own class. While its keys are evaluated no object has any
 * of them yet: the class has made nothing. So such keys can be evaluated outside of the class, where another class that
 * has the same private members, and makes nothing either, gives the names the same meaning.
 */
import { isClass, isFunction, type Node, someChild } from "./nodes.ts"

const lacked = Symbol("lacked")
type Lacking = Node & { [lacked]?: Node }

/** The class whose private members stand for those of the class while its keys are evaluated; null if they are its own. */
export function lackedBy(node: Node): Node | null {
  return (node as Lacking)[lacked] ?? null
}

/** Has the keys of a class evaluated outside of it. */
export function evaluateOutside(node: Node): void {
  ;(node as Lacking)[lacked] = node
}

/** Whether the keys can be evaluated outside: a function or class in them may be called when there are objects. */
export function canLack(node: Node): boolean {
  const names = namesOf(node)
  const uses = (n: Node): boolean => (n.type === "PrivateIdentifier" && names.has(n.name)) || someChild(n, uses)
  const keeps = (n: Node): boolean => ((isFunction(n) || isClass(n)) && uses(n)) || someChild(n, keeps)
  return !node.body.body.some((m: Node) => m.computed && keeps(m.key))
}

/** Names of the private members of a class. */
export function namesOf(node: Node): ReadonlySet<string> {
  return new Set(privateMembers(node).map(m => m.key.name))
}

function privateMembers(node: Node): Node[] {
  return node.body.body.filter((m: Node) => m.key?.type === "PrivateIdentifier")
}

/** Text of a class that has the private members of those, by the first of each name, and nothing else. */
export function standInText(classes: readonly Node[], inside: string): string {
  // the engine's errors name the class where a method or an accessor is missing
  const named = classes.find(c => privateMembers(c).some(m => m.type !== "PropertyDefinition"))
  const name = named?.id?.name ?? ""
  const seen = new Set<string>()
  const members = classes.flatMap(c =>
    privateMembers(c).filter(m => !seen.has(kindOf(m)) && seen.add(kindOf(m)) !== undefined),
  )
  return `class ${name} { ${members.map(memberText).join(" ")} ${inside} }`
}

function kindOf({ key, kind }: Node): string {
  return kind === "get" || kind === "set" ? `${kind} ${key.name}` : key.name
}

function memberText({ key, kind, type, static: isStatic }: Node): string {
  const head = `${isStatic ? "static " : ""}${kind === "get" || kind === "set" ? `${kind} ` : ""}#${key.name}`
  if (type === "PropertyDefinition") return `${head};`
  return `${head}(${kind === "set" ? "v" : ""}) {}`
}
