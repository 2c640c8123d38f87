/** Owns the rule: what `yield*` is given can be performed or iterated: it is no promise, no handle and no function. */
import { isFunction, type Node } from "../2-analyze/nodes.ts"
import type { Finding } from "../diagnostics.ts"
import type { Subject } from "./finding.ts"
import { typeOf } from "./origins.ts"
import { calleeOf } from "./spawned.ts"
import { unsavable } from "./unsavable.ts"

/** What to write where one of these is given itself. */
const INSTEAD: Readonly<Record<string, readonly [is: string, hint: string]>> = {
  Fiber: ["the handle of a fiber", "`yield* handle.join()` waits for its result"],
  Mutex: ["a mutex", "`using guard = yield* mutex.lock()` locks it"],
  ReadWriteLock: ["a read-write lock", "lock it with `yield* lock.read()` or `yield* lock.write()`"],
  Semaphore: ["a semaphore", "`using guard = yield* semaphore.acquire()` takes a permit"],
  Latch: ["a latch", "`yield* latch.wait()` waits until it is open"],
  Barrier: ["a barrier", "`yield* barrier.arrive()` waits for the others"],
}

export function* performed(subject: Subject): Generator<Finding> {
  for (const [unit, yields] of subject.tree.yields) {
    if (unit.node.async === true) continue
    for (const node of yields) {
      const wrong = node.delegate ? wrongWith(subject, node.argument) : null
      if (wrong === null) continue
      const message = `\`yield*\` is given ${wrong[0]}: this throws`
      yield {
        code: "ROVE_NOT_COMPILED",
        severity: "warning",
        message,
        hint: wrong[1],
        offset: node.argument.start,
      }
    }
  }
}

function wrongWith(subject: Subject, given: Node): readonly [is: string, hint: string] | null {
  const value = subject.names.value(given)
  // a function may have been given an iterator of its own
  if (isFunction(value) && /\bSymbol\s*\.\s*iterator\b/.test(subject.module.source)) return null
  if (isFunction(value))
    return value.generator === true && value.async !== true
      ? ["a generator function", "call it: `yield* f(args)`"]
      : ["a function", "call it; what it gives is to be performed"]
  const type = typeOf(subject, given)
  if (type !== null) return INSTEAD[type] ?? null
  if (value.type === "ConditionalExpression" || value.type === "LogicalExpression") return null
  const called = value.type === "CallExpression" ? (calleeOf(subject, value)?.node ?? null) : null
  if (called?.async === true && called.generator === true)
    return ["what an async generator gives", "go over it with `for (const x of each(f()))`"]
  if (called?.async === true || unsavable(subject, value) === "a promise")
    return ["a promise", "`yield* wait(promise)` waits for it"]
  return null
}
