/** Owns the question whether a use of a container that the module shows changes what is in it. */
import { bare, type Node } from "../2-analyze/nodes.ts"
import { CHANGING, isAccessor, kindOf, memberOf } from "./containers.ts"
import type { Subject } from "./finding.ts"
import { memberName, property } from "./names.ts"

/** Functions of Object and Reflect that change their first argument. */
const CHANGERS = new Set(["assign", "defineProperty", "defineProperties", "setPrototypeOf", "set", "deleteProperty"])

/** Follows `state.list.push(…)` from `state` to what is done, as far as the literal shows what is there. */
export function changeOf(subject: Subject, start: Node, container: Node, aliases = 0): Node | null {
  const { tree } = subject
  let node = start
  let value: Node | null = container
  for (;;) {
    const taker = tree.taker(node)
    if (taker === null || value === null) return null
    const kind = kindOf(subject, value)
    if (kind === null) return null
    if (taker.type === "VariableDeclarator") return aliases < 4 ? changeOfAlias(subject, taker, value, aliases) : null
    if (taker.type === "CallExpression") return isChanger(subject, taker, node) ? start : null
    if (taker.type !== "MemberExpression" || bare(taker.object) !== bare(node)) return null
    const name = memberName(taker)
    const use = tree.taker(taker)
    if (use === null) return null
    if (tree.isWritten(taker)) return isAccessor(value, name) ? null : start
    if (use.type === "CallExpression" && bare(use.callee) === taker)
      return name !== null && (CHANGING[kind]?.has(name) ?? false) ? start : null
    value = memberOf(value, name)
    node = taker
  }
}

/** `const list = state.list`, in the function that changes it. */
function changeOfAlias(subject: Subject, { id }: Node, value: Node, aliases: number): Node | null {
  const { bindingOf } = subject.module.analysis
  const alias = bindingOf.get(id)
  if (alias?.kind !== "const" || alias.owner.kind === "program") return null
  for (const ref of alias.refs) {
    const found = bindingOf.has(ref.node) ? null : changeOf(subject, ref.node, value, aliases + 1)
    if (found !== null) return found
  }
  return null
}

/** `Object.assign(state, …)` */
function isChanger({ names }: Subject, call: Node, argument: Node): boolean {
  const callee = bare(call.callee)
  if (callee.type !== "MemberExpression" || bare(call.arguments[0] ?? call) !== bare(argument)) return false
  const global = names.global(callee.object)
  return (global === "Object" || global === "Reflect") && CHANGERS.has(property(callee) ?? "")
}
