/**
 * Owns what must hold of a record's frames and context beyond what each value's kind says: decoding cannot tell, since it
 * knows no depth and no hooks, and the run loop relies on it. Whatever does not hold is forged.
 */
import {
  anything,
  Computation,
  type Context,
  ContextExtra,
  type Exit,
  type Fits,
  type Frame,
  type Hook,
  Hooks,
  isFunction,
  isNatural,
  isText,
  listOf,
  NEXT,
  orNull,
  plain,
  RUNNING,
} from "@rove/core"
import { fitsUnder, isCalledAtEnd } from "./held.ts"

/** Where a chain of frames begins, and what it says of itself. */
export interface Chain {
  readonly top: Frame
  /** Of the youngest frame. */
  readonly depth: number
  /** The innermost computation; null if that is the root. */
  readonly inner: Computation | null
}

/** What is wrong with the frames down to `root`, which are to go on in that way; null if nothing is. */
export function wrongFrames({ top, depth, inner }: Chain, root: Computation, kind: unknown): string | null {
  if (!leadsTo(top, root)) return "its frames do not lead to its root"
  if (root.caller !== null || root.driver !== null || root.args !== null) return "its root is driven by somebody"
  if (isUnbegun(top) && kind !== NEXT) return "its youngest frame has not begun, and is to go on"
  let left = depth
  let driven = inner ?? root
  for (let at: Frame = top; at !== root; at = at.caller as Frame) {
    if (at !== top && isUnbegun(at)) return `${at.closure.code.id} has called and has not begun`
    if (!(at instanceof Computation)) left--
    else if (at !== driven || at.status !== RUNNING || at.baseDepth !== left || at.driver === null)
      return `${at.closure.code.id} does not stand where it says`
    else driven = at.driver
  }
  if (driven !== root) return "its innermost computation is another one"
  return left === 0 ? null : "its depth is not that of its frames"
}

/** Our own functions have no place before the first, nor have computations any. */
function isUnbegun(frame: Frame): boolean {
  return frame.pc === 0 && !(frame instanceof Computation) && frame.closure.code.fields === undefined
}

/** Whether frames lead to the root: a forged chain that runs in a circle would keep the run loop busy for ever. */
function leadsTo(top: Frame, root: Computation): boolean {
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
  if (!isNatural(recursionLimit) || recursionLimit < 1) return "its recursion limit is none"
  if (extra === null) return null
  if (!(extra instanceof ContextExtra)) return "its context is none"
  const { scope, scopes, hooks, locals, exits, origin } = extra
  if (!isNatural(scope) || !isNatural(scopes) || scope > scopes) return "its scopes are none"
  if (!orNull(isLocals)(locals)) return "its fiber-locals are none"
  if (!orNull(listOf(plain<Exit>({ what: isCalledAtEnd, argument: anything })))(exits))
    return "its exit callbacks are none"
  if (!orNull(listOf(isText))(origin)) return "where it was spawned is no text"
  if (hooks === null) return null
  if (!(hooks instanceof Hooks)) return "its hooks are none"
  const { trace, profile, tracing, failure, thread } = hooks
  if (!isHook(trace) || !isHook(profile)) return "a hook of it is no function"
  if (!isNatural(tracing)) return "how often it is inside of a hook is no number"
  if (!orNull(plain({ error: anything }))(failure)) return "what a hook threw is missing"
  return orNull(isThread)(thread) ? null : "the thread that it ran on is none"
}

const isHook: Fits = orNull(plain<Hook>({ fn: isFunction, argument: anything }))

/** What the ids of a thread's fibers begin with. */
const isThread: Fits = value => isText(value) && /-\d+\.$/.test(value as string)

/** A map as a program makes it: a name of its own could hide a method. */
function isLocals(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Map.prototype) return false
  if (Reflect.ownKeys(value).length > 0) return false
  for (const [key, local] of value as Map<unknown, unknown>) if (!fitsUnder(key, local)) return false
  return true
}
