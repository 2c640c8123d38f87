/** Owns the question what a call makes that waits to be performed: an operation, or a computation of this module's. */
import type { Unit } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Subject } from "./finding.ts"
import { methodOf } from "./methods.ts"
import { property } from "./names.ts"
import { isSpawn } from "./spawned.ts"
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
export const OF_FIBER = new Set(["join", "interrupt"])

/** Something that waits to be performed. */
export interface Made {
  readonly words: string
  /** The function of a computation; null for an operation. */
  readonly unit: Unit | null
}

/** What the call makes, if it surely is something to be performed. */
export function made(subject: Subject, { node, unit }: Placed): Made | null {
  const call = bare(node)
  if (call.type !== "CallExpression") return null
  const { names } = subject
  const name = names.ofRove(call.callee)
  if (name !== null) return OPERATIONS.has(name) ? operation(name) : null
  const callee = names.function(call.callee)
  if (callee !== null) return computation(subject, call.callee, callee)
  const member = bare(call.callee)
  if (member.type !== "MemberExpression") return null
  const method = property(member)
  if (method !== null && OF_FIBER.has(method) && isFiber(subject, member.object)) return operation(method)
  const called = methodOf(subject, unit, member)
  return called === null ? null : computation(subject, member, called.unit)
}

function operation(name: string): Made {
  return { words: `the operation \`${name}\``, unit: null }
}

function computation({ module }: Subject, { start, end }: Node, unit: Unit): Made | null {
  if (unit.node.generator !== true || unit.node.async === true) return null
  return { words: `a computation of \`${module.source.slice(start, end)}\``, unit }
}

/** A constant that a performed `spawn` gave. */
function isFiber(subject: Subject, expression: Node): boolean {
  const value = subject.names.value(expression)
  if (value.type !== "YieldExpression" || !value.delegate) return false
  const call = bare(value.argument)
  return call.type === "CallExpression" && isSpawn(subject, call)
}
