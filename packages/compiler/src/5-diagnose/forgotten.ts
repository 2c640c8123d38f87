/** Owns the rule: an operation or a computation that is made is performed, with `yield*`. */
import type { Unit } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import type { Subject } from "./finding.ts"
import { methodOf } from "./methods.ts"
import { property } from "./names.ts"
import { calleeOf, isSpawn } from "./spawned.ts"
import type { Placed } from "./tree.ts"

/** Functions of our packages that give an operation. */
const OPERATIONS = new Set(
  [
    "all allSettled any ask atomic callAsync deadline defer demonitor detach effect exit forEach handledExceptions",
    "link map migrateTo monitor noBlock noSwitch onExit pinned race receive record reduce register restorable retry scope",
    "select setProfile setTrace sleep sleepUntil spawn stack suspend tell timeout trapExits uninterruptible unlink",
    "unregister untraced wait whereis writeTo",
  ].flatMap(names => names.split(" ")),
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
  yield* misused(subject)
  yield* unspawned(subject)
}

/** Taken for its result, or the result of a fiber, which nobody could perform any more. */
function* misused(subject: Subject): Generator<Finding> {
  const { operands, returned } = subject.tree
  for (const placed of operands) {
    const what = made(subject, placed)
    if (what !== null) yield finding(subject, placed, `${what} is taken for its result here, and not performed`)
  }
  const roots = rootsOf(subject)
  for (const placed of returned) {
    const what = roots.has(placed.unit) ? made(subject, placed) : null
    if (what !== null) yield finding(subject, placed, `${what} is the result of a spawned fiber, and not performed`)
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
  if (method !== null && OF_FIBER.has(method) && isFiber(subject, member.object)) return `the operation \`${method}\``
  const called = methodOf(subject, unit, member)
  return called !== null && isGenerator(called.unit)
    ? `a computation of \`${subject.module.source.slice(member.start, member.end)}\``
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
