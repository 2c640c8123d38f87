/**
 * Owns member access and calls in which something stops: references (base, key and `this`), optional chains, `super`
 * and private names.
 */
import type { Binding, Scope } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import { roleOf } from "../2-analyze/roles.ts"
import { suspends } from "../2-analyze/suspends.ts"
import type { Label } from "./builder.ts"
import { expression, isConstant, keep, operand, operands } from "./expressions.ts"
import { givesIterator } from "./iterators.ts"
import { jump } from "./leaps.ts"
import type { Lowering } from "./lowering.ts"
import { isRenamed } from "./makings.ts"
import { isCut } from "./portions.ts"
import { nameText } from "./printed.ts"
import { placeOf } from "./statements.ts"
import { superHelper } from "./supers.ts"
import { readText } from "./text.ts"

/** A property reference whose parts have been evaluated. */
export interface Reference {
  /** Text of the base (the receiver); stable only if it was asked for. */
  readonly object: string
  /** Text that reads the property. */
  read(): string
  /** Text of the property as target of an assignment. */
  readonly target: string
}

/**
 * Evaluates base and key of a member expression. `later`: something stops before the reference is used. `twice`: the
 * texts are used more than once.
 */
export function referenceOf(
  l: Lowering,
  node: Node,
  later: boolean,
  twice: boolean,
  short: Label | null = null,
): Reference {
  if (node.object.type === "Super") return superReference(l, node, later, twice)
  const keyStops = node.computed && suspends(node.property)
  let object = short !== null ? chainPart(l, node.object, short) : expression(l, node.object, true)
  if ((later || keyStops || twice) && !isConstant(l, bare(node.object)) && !isTemporary(l, object))
    object = keep(l, object)
  else if (!/^[\w$.]+$/.test(object)) object = `(${object})`
  if (/^\d+$/.test(object)) object = `(${object})`
  if (node.optional) shortCircuit(l, object, short as Label)
  const access = accessText(l, node, later, twice)
  return { object, target: `${object}${access}`, read: () => `${object}${access}` }
}

function isTemporary(l: Lowering, value: string): boolean {
  return l.temporaries.includes(value)
}

function accessText(l: Lowering, node: Node, later: boolean, twice: boolean): string {
  if (!node.computed) {
    const at = l.position(node.property)
    return node.property.type === "PrivateIdentifier" ? `.${at}#${node.property.name}` : `.${at}${node.property.name}`
  }
  const value = expression(l, node.property, true)
  const key = (later || twice) && !isConstant(l, bare(node.property)) && !isTemporary(l, value) ? keep(l, value) : value
  return `[${key}]`
}

/** `super.x`: looked up from the prototype of the home object, with our own `this`. */
function superReference(l: Lowering, node: Node, later: boolean, twice: boolean): Reference {
  const { unit } = l
  const read = (binding: Binding | null): string =>
    readText(placeOf(l), { node: node.object, scope: unit.scope as Scope, unit, binding, write: false })
  const self = read(unit.thisBinding)
  const home = read(unit.homeBinding)
  let key = node.computed ? expression(l, node.property, true) : JSON.stringify(node.property.name)
  if (node.computed && (later || twice)) key = keep(l, key)
  const base = `${superHelper(placeOf(l))}(${home}, ${self}, ${key})`
  return { object: self, target: `${base}.v`, read: () => `${base}.v` }
}

/** Leaves the whole chain, with undefined, if the value is null or undefined. */
function shortCircuit(l: Lowering, value: string, short: Label): void {
  l.b.line(`if (${value} === null || ${value} === void 0) { ${jump(l, short)}; }`)
}

export function memberRead(l: Lowering, node: Node): string {
  return referenceOf(l, node, false, false).read()
}

/** Whether the property is a private method of a class around: not a field, nor an accessor. */
function isPrivateMethod(l: Lowering, { property }: Node): boolean {
  if (property.type !== "PrivateIdentifier") return false
  for (let unit = l.unit.parent; unit !== null; unit = unit.parent) {
    const members: Node[] = unit.kind === "class" ? unit.node.body.body : []
    const member = members.find(m => m.key?.type === "PrivateIdentifier" && m.key.name === property.name)
    if (member !== undefined) return member.type === "MethodDefinition" && member.kind === "method"
  }
  return false
}

export function memberCall(l: Lowering, node: Node): string {
  const callee = node.callee
  const inner = bare(callee)
  const stops = node.arguments.some(suspends)
  if (inner.type === "MemberExpression") {
    if (!stops && inner.object.type !== "Super" && !suspends(inner) && !givesIterator(node)) {
      const reference = referenceOf(l, inner, false, false)
      return `${reference.read()}(${operands(l, node.arguments).join(", ")})`
    }
    const reference = referenceOf(l, inner, stops, true)
    if (!inner.optional && isPrivateMethod(l, inner)) {
      // it is read here, where it may be missing, and cannot become another one: no frame has to hold it
      l.b.line(`${reference.read()};`)
      const args = operands(l, node.arguments)
      return `${reference.read()}(${args.join(", ")})`
    }
    const fn = keep(l, reference.read())
    const args = operands(l, node.arguments)
    return applied(l, fn, reference.object, inner, args)
  }
  if (callee.type === "Super") {
    l.module.problem(node, "a super call in a generator", "super() is only possible in constructors")
    return "void 0"
  }
  if (inner.type === "ChainExpression") {
    const value = parenthesizedCallee(l, inner)
    if (value !== null) return applied(l, value.fn, value.self, inner, operands(l, node.arguments))
  }
  const fn = operand(l, callee, stops)
  const args = operands(l, node.arguments)
  return `${callable(l, fn, inner, node.arguments)}(${args.join(", ")})`
}

/** Text of a function that is called without receiver: a variable stays, all else is wrapped under the name of its source. */
export function callable(l: Lowering, fn: string, source: Node, args: readonly Node[] = []): string {
  return isVariable(l, fn, source) && !isCut(args) ? fn : `${l.module.helper("callable")}(${fn}, ${nameText(source)})`
}

function isVariable(l: Lowering, fn: string, source: Node): boolean {
  if (source.type !== "Identifier" || isTemporary(l, fn) || !/^[^.()]+$/.test(fn)) return false
  const role = roleOf(source)
  return (role === undefined || role === "applied") && !isRenamed(placeOf(l), source)
}

function applied(l: Lowering, fn: string, self: string, callee: Node, args: readonly string[]): string {
  return `${l.module.helper("call")}(${[fn, self, nameText(callee), ...args].join(", ")})`
}

/** Whether the node belongs to an optional chain (it is optional, or something to its left is). */
export function isChainPart(node: Node): boolean {
  for (
    let n: Node | undefined = node;
    n !== undefined;
    n = n.type === "MemberExpression" ? n.object : n.type === "CallExpression" ? n.callee : undefined
  )
    if ((n.type === "MemberExpression" || n.type === "CallExpression") && n.optional) return true
  return false
}

/** A whole optional chain: a short circuit anywhere in it gives undefined (true for `delete`). */
export function chain(l: Lowering, node: Node, wrap: "delete" | null = null): string {
  const { b } = l
  const inner = bare(node)
  if (wrap === "delete" && inner.type === "MemberExpression" && !isChainPart(inner))
    return `delete ${referenceOf(l, inner, false, false).target}`
  if (wrap === "delete" && inner.type !== "MemberExpression") return `(${expression(l, node, true)}, true)`
  const result = l.temporary()
  const end = b.label()
  const short = b.label()
  const value =
    wrap === "delete"
      ? `delete ${referenceOf(l, inner, false, inner.optional, short).target}`
      : chainPart(l, inner, short)
  l.assign(result, value)
  b.line(`${jump(l, end)};`)
  b.ends()
  b.place(short)
  l.assign(result, wrap === "delete" ? "true" : "void 0")
  b.place(end)
  return l.use(result)
}

function chainPart(l: Lowering, node: Node, short: Label): string {
  if (node.type === "MemberExpression") return referenceOf(l, node, false, node.optional, short).read()
  if (node.type === "CallExpression") return chainCall(l, node, short)
  return expression(l, node, true)
}

function chainCall(l: Lowering, node: Node, short: Label): string {
  const callee = node.callee
  const member = bare(callee)
  // parentheses end a chain: `(a?.b).c` goes on with undefined
  if (member.type === "MemberExpression" && (callee === member || !isChainPart(member))) {
    const reference = referenceOf(l, member, true, true, short)
    const fn = keep(l, reference.read())
    if (node.optional) shortCircuit(l, fn, short)
    return applied(l, fn, reference.object, member, operands(l, node.arguments))
  }
  const value =
    callee.type === "ParenthesizedExpression" && member.type === "ChainExpression"
      ? parenthesizedCallee(l, member)
      : null
  if (value !== null) {
    if (node.optional) shortCircuit(l, value.fn, short)
    return applied(l, value.fn, value.self, member, operands(l, node.arguments))
  }
  const fn = keep(l, chainPart(l, callee, short))
  if (node.optional) shortCircuit(l, fn, short)
  const [...args] = operands(l, node.arguments)
  return `${callable(l, fn, callee, node.arguments)}(${args.join(", ")})`
}

/** `(a?.b)()`: the reference keeps its base through the parentheses. */
function parenthesizedCallee(l: Lowering, node: Node): { fn: string; self: string } | null {
  const inner = node.expression
  if (inner.type !== "MemberExpression") return null
  const { b } = l
  const fn = l.temporary()
  const self = l.temporary()
  const end = b.label()
  const short = b.label()
  const reference = referenceOf(l, inner, true, true, short)
  l.assign(self, reference.object)
  l.assign(fn, reference.read())
  b.line(`${jump(l, end)};`)
  b.ends()
  b.place(short)
  l.assign(self, "void 0")
  l.assign(fn, "void 0")
  b.place(end)
  return { fn: l.use(fn), self: l.use(self) }
}
