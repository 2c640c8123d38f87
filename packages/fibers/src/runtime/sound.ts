/**
 * Owns what must hold of a record's frames and context beyond what each value's kind says: decoding cannot tell, since it
 * knows no depth and no hooks, and the run loop relies on it. Whatever does not hold is forged.
 */
import { Computation, type Context, ContextExtra, type Frame, Hooks, NEXT, RUNNING } from "@rove/core"

/** What is wrong with the frames from `top` down to `root`; null if nothing is. */
export function wrongFrames(top: Frame, root: Computation, topDepth: unknown, kind: unknown): string | null {
  if (!leadsTo(top, root)) return "its frames do not lead to its root"
  if (isUnbegun(top) && kind !== NEXT) return "its youngest frame has not begun, and is to go on"
  let left = topDepth as number
  for (let at: Frame = top; at !== root; at = at.caller as Frame) {
    if (at !== top && isUnbegun(at)) return `${at.closure.code.id} has called and has not begun`
    if (!(at instanceof Computation)) left--
    else if (at.status !== RUNNING || at.baseDepth !== left || !(at.driver instanceof Computation))
      return `${at.closure.code.id} does not stand where it says`
  }
  return left === 0 ? null : "its depth is not that of its frames"
}

/** Our own functions have no place before the first, nor have computations any. */
function isUnbegun(frame: Frame): boolean {
  return frame.pc === 0 && !(frame instanceof Computation) && !frame.closure.code.id.startsWith("rove#")
}

/** Whether frames lead to the root: a forged chain that runs in a circle would keep the run loop busy for ever. */
export function leadsTo(top: Frame, root: Computation): boolean {
  let slow: Frame | null = top
  let odd = false
  for (let at: Frame | null = top.caller; at !== root; at = at.caller) {
    if (at === null || at === slow) return false
    if (odd) slow = (slow as Frame).caller
    odd = !odd
  }
  return true
}

/** What is wrong with a context; null if nothing is. */
export function wrongContext({ recursionLimit, extra }: Context): string | null {
  if (!Number.isSafeInteger(recursionLimit) || recursionLimit < 1) return "its recursion limit is none"
  if (extra === null) return null
  if (!(extra instanceof ContextExtra)) return "its context is none"
  const { scope, scopes, hooks, locals, exits, origin } = extra
  if (!isNatural(scope) || !isNatural(scopes) || scope > scopes) return "its scopes are none"
  if (locals !== null && !(locals instanceof Map)) return "its fiber-locals are none"
  if (exits !== null && !(Array.isArray(exits) && exits.every(hasWhat))) return "its exit callbacks are none"
  if (origin !== null && !(Array.isArray(origin) && origin.every(isText))) return "where it was spawned is no text"
  if (hooks === null) return null
  if (!(hooks instanceof Hooks)) return "its hooks are none"
  const { trace, profile, tracing, failure, thread } = hooks
  if (!isHook(trace) || !isHook(profile)) return "a hook of it is no function"
  if (!isNatural(tracing)) return "how often it is inside of a hook is no number"
  if (failure !== null && (typeof failure !== "object" || !("error" in failure))) return "what a hook threw is missing"
  return thread === null || isNatural(thread) ? null : "the thread that it ran on is none"
}

function isNatural(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isHook(value: unknown): boolean {
  return value === null || typeof (value as { fn?: unknown } | undefined)?.fn === "function"
}

function isText(value: unknown): boolean {
  return typeof value === "string"
}

function hasWhat(exit: unknown): boolean {
  const what: unknown = (exit as { what?: unknown } | null | undefined)?.what
  return typeof what === "function" || (typeof what === "object" && what !== null)
}
