/** Owns the rule: an operation or a computation that is made is performed, with `yield*`. */
import type { Unit } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import type { Subject } from "./finding.ts"
import { made, OF_FIBER } from "./made.ts"
import { property } from "./names.ts"
import { calleeOf, isSpawn } from "./spawned.ts"
import type { Placed } from "./tree.ts"

export function* forgotten(subject: Subject): Generator<Finding> {
  const { tree } = subject
  for (const placed of tree.discarded) {
    const what = made(subject, placed)
    if (what !== null)
      yield finding(subject, placed, `${what.words} is made here and never performed: this does nothing`)
  }
  for (const placed of tree.handedOut) {
    const what = made(subject, placed)
    if (what?.unit === null)
      yield finding(subject, placed, `${what.words} is handed out by this yield and not performed`)
  }
  yield* misused(subject)
  yield* unspawned(subject)
}

/** Taken for its result, or the result of a fiber, which nobody could perform any more. */
function* misused(subject: Subject): Generator<Finding> {
  const { operands, awaited, returned } = subject.tree
  for (const placed of operands) {
    const what = made(subject, placed)
    if (what !== null) yield finding(subject, placed, `${what.words} is taken for its result here, and not performed`)
  }
  for (const placed of awaited) {
    const what = made(subject, placed)
    if (what !== null)
      yield finding(subject, placed, `${what.words} is awaited, which does not perform it: it is no promise`)
  }
  const roots = rootsOf(subject)
  for (const placed of returned) {
    const what = roots.has(placed.unit) ? made(subject, placed) : null
    if (what !== null)
      yield finding(subject, placed, `${what.words} is the result of a spawned fiber, and not performed`)
  }
}

/** `spawn(f()).join()`: there is no fiber yet. */
function* unspawned(subject: Subject): Generator<Finding> {
  for (const { node } of subject.tree.calls) {
    const member = memberOfSpawn(subject, node)
    if (member === null) continue
    const { start, end } = bare(node.callee).object
    const text = subject.module.source.slice(start, end)
    yield {
      code: "ROVE_FORGOTTEN_YIELD",
      severity: "warning",
      message: `\`${text}\` is a spawn that was not performed, so it has no \`${member}\``,
      hint: "write `const fiber = yield* spawn(…)`",
      offset: node.start,
    }
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

/** Functions whose computations become fibers here. */
function rootsOf(subject: Subject): ReadonlySet<Unit> {
  const roots = new Set<Unit>()
  for (const { node } of subject.tree.calls) {
    if (!isSpawn(subject, node) || node.arguments.length === 0) continue
    const given = subject.names.value(node.arguments[0])
    const unit = given.type === "CallExpression" ? calleeOf(subject, given) : null
    if (unit?.compiled) roots.add(unit)
  }
  return roots
}

/** The method of a fiber that is called on what `spawn` gave without a `yield*`. */
function memberOfSpawn(subject: Subject, call: Node): string | null {
  const member = bare(call.callee)
  if (member.type !== "MemberExpression") return null
  const method = property(member)
  if (method === null || !OF_FIBER.has(method)) return null
  const object = subject.names.value(member.object)
  return object.type === "CallExpression" && isSpawn(subject, object) ? method : null
}
