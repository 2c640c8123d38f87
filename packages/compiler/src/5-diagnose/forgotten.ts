/** Owns the rule: an operation or a computation that is made is performed, with `yield*`. */
import type { Unit } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import type { Subject } from "./finding.ts"
import { property } from "./names.ts"
import { isSpawn } from "./spawned.ts"
import type { Placed } from "./tree.ts"

/** Functions of our packages that give an operation. */
const OPERATIONS = new Set(
  "all allSettled callAsync defer join map parallel race record scope select sleep spawn suspend timeout wait".split(
    " ",
  ),
)
/** Methods of a fiber's handle that do. */
const OF_FIBER = new Set(["join", "interrupt"])

export function* forgotten(subject: Subject): Generator<Finding> {
  const { tree } = subject
  for (const placed of tree.discarded) {
    const what = made(subject, placed)
    if (what !== null) yield finding(subject, placed, `${what} is made here and never performed: this does nothing`)
  }
  for (const placed of tree.handedOut) {
    const what = made(subject, placed)
    if (what?.startsWith("the operation"))
      yield finding(subject, placed, `${what} is handed out by this yield and not performed`)
  }
}

function finding({ module }: Subject, { node, unit }: Placed, message: string): Finding {
  const text = module.source.slice(node.start, node.end)
  const call = text.length > 40 || text.includes("\n") ? "it" : `\`yield* ${text}\``
  const hint =
    unit.node.generator === true && unit.node.async !== true
      ? `write ${call === "it" ? "yield* before it" : call}; \`void\` before it says that nothing is wanted`
      : "only a generator can perform it, with `yield*`; ordinary code gives a computation to `pool.run`"
  return { code: "ROVE_FORGOTTEN_YIELD", severity: "warning", message, hint, offset: node.start }
}

/** What the call makes, if it surely is something to be performed. */
function made(subject: Subject, { node, unit }: Placed): string | null {
  const call = bare(node)
  if (call.type !== "CallExpression") return null
  const { names } = subject
  const name = names.ofRove(call.callee)
  if (name !== null) return OPERATIONS.has(name) ? `the operation \`${name}\`` : null
  const callee = names.function(call.callee)
  if (callee !== null)
    return isGenerator(callee)
      ? `a computation of \`${subject.module.source.slice(call.callee.start, call.callee.end)}\``
      : null
  const member = bare(call.callee)
  if (member.type !== "MemberExpression") return null
  const method = property(member)
  if (method === null) return null
  if (OF_FIBER.has(method) && isFiber(subject, member.object)) return `the operation \`${method}\``
  return member.object.type === "ThisExpression" && isOwnGenerator(unit, method)
    ? `a computation of \`this.${method}\``
    : null
}

function isGenerator(unit: Unit): boolean {
  return unit.node.generator === true && unit.node.async !== true
}

/** A constant that a performed `spawn` gave. */
function isFiber(subject: Subject, expression: Node): boolean {
  const value = subject.names.value(expression)
  if (value.type !== "YieldExpression" || !value.delegate) return false
  const call = bare(value.argument)
  return call.type === "CallExpression" && isSpawn(subject, call)
}

/** Whether the class around has such a method, and it is a generator. */
function isOwnGenerator(unit: Unit, method: string): boolean {
  let u: Unit | null = unit
  while (u !== null && u.kind === "arrow") u = u.parent
  const own = u?.parent?.kind === "class" ? u.parent.node : null
  if (own === null || u === null) return false
  const statics = own.body.body.some((m: Node) => m.value === u.node && m.static)
  return own.body.body.some(
    (m: Node) =>
      m.type === "MethodDefinition" &&
      m.kind === "method" &&
      m.static === statics &&
      !m.computed &&
      m.key.name === method &&
      m.value.generator &&
      !m.value.async,
  )
}
