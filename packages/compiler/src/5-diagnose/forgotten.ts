/** Owns the rule: an operation or a computation that is made is performed, with `yield*`, before its result is used. */
import { bare, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import type { Subject } from "./finding.ts"
import { type Made, made, remedy } from "./made.ts"
import { property } from "./names.ts"
import { leaves, type Placed } from "./tree.ts"
import type { Use } from "./uses.ts"

export function* forgotten(subject: Subject): Generator<Finding> {
  const { tree } = subject
  for (const placed of tree.discarded) {
    const what = made(subject, placed)
    if (what !== null) {
      const message = `${what.words} is made here and never performed: this does nothing`
      yield finding(subject, placed, message, "; `void` before it says that nothing is wanted")
    }
  }
  for (const placed of tree.handedOut) {
    const what = made(subject, placed)
    if (what?.unit === null)
      yield finding(subject, placed, `${what.words} is handed out by this yield and not performed`)
  }
  yield* misused(subject)
}

/** Taken for its result, or the result of a fiber, which nobody could perform any more. */
function* misused(subject: Subject): Generator<Finding> {
  const { operands, awaited, returned } = subject.tree
  for (const operand of operands) {
    const what = made(subject, operand)
    if (what === null) continue
    const { use, other, unit } = operand
    const isSum = use === "sum" && other !== null && isNumberOrMade(subject, { node: other, unit })
    const severity = isCertain(subject, what, isSum ? "number" : use) ? "error" : "warning"
    yield { ...finding(subject, operand, `${what.words} ${WRONG[operand.use]}`), severity }
  }
  for (const placed of awaited) {
    const what = made(subject, placed)
    if (what !== null)
      yield finding(subject, placed, `${what.words} is awaited, which does not perform it: it is no promise`)
  }
  for (const { node, unit } of subject.tree.calls) {
    const taker = takerOf(subject, bare(node.callee))
    for (const argument of taker === null ? [] : node.arguments) {
      const what = made(subject, { node: argument, unit })
      if (what !== null)
        yield finding(
          subject,
          { node: argument, unit },
          `${what.words} is given to \`${taker}\`, which does not perform it`,
        )
    }
  }
  const roots = new Set(subject.spawns().flatMap(spawn => [...spawn.roots]))
  for (const placed of returned) {
    if (!placed.unit.compiled || !roots.has(placed.unit)) continue
    for (const part of partsOf(placed)) {
      const what = made(subject, part)
      if (what === null) continue
      const isWhole = part.node === placed.node
      const message = `${what.words} is ${isWhole ? "" : "part of "}the result of a fiber, and not performed`
      yield finding(subject, part, message, isWhole ? "" : MEANT)
    }
  }
}

const MEANT = "; name it with a `const` first if who joins is to perform it"

/** The value, or what is in it where it is written as a literal: `{ a: f() }`, `[f()]`, `new Map([["a", f()]])`. */
function* partsOf({ node, unit }: Placed): Generator<Placed> {
  const all: Placed[] = []
  leaves(node, unit, all)
  for (const placed of all) {
    const value = placed.node
    if (value.type === "ObjectExpression")
      for (const p of value.properties) {
        if (p.type === "Property" && p.kind === "init") yield* partsOf({ node: p.value, unit })
      }
    else if (value.type === "ArrayExpression" || value.type === "NewExpression")
      for (const e of value.elements ?? (isCollection(value) ? value.arguments : [])) {
        if (e !== null && e.type !== "SpreadElement") yield* partsOf({ node: e, unit })
      }
    else yield placed
  }
}

function isCollection({ callee }: Node): boolean {
  return callee.type === "Identifier" && (callee.name === "Map" || callee.name === "Set")
}

const RESULT = "is taken for its result here, and not performed"
const WRONG = {
  truth: "is taken for a truth here, and not performed: it is always true",
  number: RESULT,
  sum: RESULT,
  text: RESULT,
  equality: RESULT,
  choice: `${RESULT}: it is always true`,
}

/**
 * Whether nobody can mean it: an operation of ours that is a truth, or a number, which it never gives. A program's own
 * generators are values that mean what they mean natively. A text one may want, to print it, and what stands left of `||` may be
 * there as a precaution. A module without the directive may have nothing to do with fibers.
 */
export function isCertain(subject: Subject, what: Made, use: Use): boolean {
  return subject.marked && what.sure && what.unit === null && (use === "truth" || use === "number")
}

function isNumberOrMade(subject: Subject, placed: Placed): boolean {
  return typeof bare(placed.node).value === "number" || made(subject, placed) !== null
}

const NUMBERS = new Set(["Number", "BigInt", "parseInt", "parseFloat", "isNaN", "isFinite"])

/** Functions of the language that take a number or a text of what they are given; and the console, which shows what is of no interest. */
function takerOf({ names }: Subject, callee: Node): string | null {
  const global = names.global(callee)
  if (global !== null) return NUMBERS.has(global) ? global : null
  const method = callee.type === "MemberExpression" ? property(callee) : null
  const object = method === null ? null : names.global(callee.object)
  if (method === null || object === null) return null
  const takes = object === "Math" || (object === "JSON" && method === "stringify")
  const shows = object === "console" && /^(?:log|info|warn|error|debug)$/.test(method)
  return takes || shows ? `${object}.${method}` : null
}

function finding(subject: Subject, placed: Placed, message: string, more = ""): Finding {
  const { start } = placed.node
  const hint = remedy(subject, placed, more)
  return { code: "ROVE_FORGOTTEN_YIELD", severity: "warning", message, hint, offset: start }
}
