/** Owns the question what a call makes that waits to be performed: an operation, or a computation of this module's. */
import type { Unit } from "../2-analyze/bindings.ts"
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Subject } from "./finding.ts"
import { type Method, methodOf } from "./methods.ts"
import { property } from "./names.ts"
import { type Origin, ownerOf } from "./origins.ts"
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
/** Something that waits to be performed. */
export interface Made {
  readonly words: string
  /** The function of a computation; null for an operation. */
  readonly unit: Unit | null
  /** Nothing in the module can have put another function in its place. */
  readonly sure: boolean
  /** The type of the object whose method gives the operation, if one does. */
  readonly owner: string | null
}

/** What the call makes, if it surely is something to be performed. */
export function made(subject: Subject, { node, unit }: Placed): Made | null {
  const call = bare(node)
  if (call.type !== "CallExpression") return null
  const { names } = subject
  const name = names.ofRove(call.callee)
  if (name !== null) return OPERATIONS.has(name) ? operation(subject, name, null) : null
  const callee = names.function(call.callee)
  if (callee !== null) return computation(subject, call.callee, { unit: callee, sure: true })
  const member = bare(call.callee)
  if (member.type !== "MemberExpression") return null
  const owner = ownerOf(subject, member)
  if (owner !== null) return operation(subject, property(member) as string, owner)
  const called = methodOf(subject, unit, member)
  return called === null ? null : computation(subject, member, called)
}

function operation(subject: Subject, name: string, owner: Origin | null): Made {
  const sure = isSure(subject) && owner?.sure !== false
  return { words: `the operation \`${name}\``, unit: null, sure, owner: owner?.type ?? null }
}

function computation(subject: Subject, { start, end }: Node, { unit, sure }: Method): Made | null {
  if (unit.node.generator !== true || unit.node.async === true) return null
  const words = `a computation of \`${subject.module.source.slice(start, end)}\``
  return { words, unit, sure: sure && isSure(subject), owner: null }
}

/** An eval may assign every variable. */
function isSure({ module }: Subject): boolean {
  return module.analysis.program.dynamic === null
}

/** The source of the call, if it is short. */
export function textOf({ module }: Subject, { node }: Placed): string | null {
  const text = module.source.slice(node.start, node.end)
  return text.length > 40 || text.includes("\n") ? null : text
}

/** What to write instead; `more`: what else one may write where a generator can perform it. */
export function remedy(subject: Subject, placed: Placed, more = ""): string {
  const { node } = placed.unit
  const text = textOf(subject, placed)
  if (node.generator === true && node.async !== true)
    return `write ${text === null ? "yield* before it" : `\`yield* ${text}\``}${more}`
  const own = made(subject, placed)?.owner === "Resumer" ? RESUMING : ""
  return `only a generator can perform it, with \`yield*\`; ${own === "" ? "ordinary code gives a computation to `pool.run`" : own}`
}

const RESUMING = "ordinary code calls the resumer's `resolve` or `reject`"
