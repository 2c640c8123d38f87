/** Owns the rule: what is given to `spawn` is a computation of a compiled generator function. */

import { isFunction } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import type { Subject } from "./finding.ts"
import { calleeOf, isSpawn } from "./spawned.ts"

export function* started(subject: Subject): Generator<Finding> {
  for (const { node } of subject.tree.calls) {
    if (!isSpawn(subject, node) || node.arguments.length === 0) continue
    const wrong = wrongWith(subject, node.arguments[0])
    if (wrong !== null)
      yield { code: "ROVE_NOT_COMPILED", severity: "warning", ...wrong, offset: node.arguments[0].start }
  }
}

function wrongWith(
  subject: Subject,
  argument: import("../2-analyze/nodes.ts").Node,
): { message: string; hint: string } | null {
  const value = subject.names.value(argument)
  if (isFunction(value))
    return {
      message: "`spawn` is given a function",
      hint: "call it: `spawn(f(args))` takes the computation that has not begun",
    }
  if (value.type !== "CallExpression") return null
  const unit = calleeOf(subject, value)
  if (unit === null) return null
  const { generator, async } = unit.node
  if (async)
    return {
      message: generator
        ? "`spawn` is given an async generator, which stays native"
        : "`spawn` is given the promise of an async function",
      hint: generator
        ? "make it a generator (`function*`), with `yield* wait(promise)` in place of `await`"
        : "wait for it with `yield* wait(promise)`, or make it a generator (`function*`)",
    }
  if (!generator || unit.compiled) return null
  return {
    message: "`spawn` is given a computation of a generator that stays native",
    hint: "a fiber runs compiled generators; see what is said about the generator itself",
  }
}
