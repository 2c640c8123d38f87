/**
 * Owns iterator results that pass through a generator of compiled code unchanged, as `yield*` hands them on.
 *
 * Natively each `yield*` on the way asks such a result whether it is done, and if one hears that it is, it ends there, with
 * its value: what is further inside rests for ever. Compiled calls are no generators, so their frames ask. The native generator that stands before it asks once more,
 * and a getter would run twice: it is answered by an accessor of ours, which puts back what was there before anybody
 * else can look.
 */
import { type Computation, type Frame, NEXT, RETURN, THROW } from "@rove/core"
import {
  deleteProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isExtensible,
  isProxyLike,
  reflectDefine,
} from "./intrinsics.ts"
import type { Machine } from "./machine.ts"

/**
 * Asks for all that delegate in the chain of a computation whose raw yield is on its way out. The frame whose `yield*` ends by
 * that, which is to be stepped then (at `m.topDepth`), or null.
 */
export function levelThatEnds(m: Machine, c: Computation): Frame | null {
  const top = m.top as Frame
  const kind = c.returning === top ? RETURN : NEXT
  const result = m.out as IteratorResult<unknown>
  let depth = m.topDepth - 1
  let frame = top.caller as Frame
  if (m.asked && frame !== c) {
    frame = frame.caller as Frame
    depth--
  }
  for (; frame !== c; frame = frame.caller as Frame, depth--) {
    try {
      if (!result.done) continue
      m.value = result.value
      m.kind = kind
    } catch (error) {
      m.value = error
      m.kind = THROW
    }
    c.returning = null // what was told to return is not there any more
    m.raw = false
    m.topDepth = depth
    return frame
  }
  return null
}

/** The same object, whose next reading of `done` gives false and runs nothing of the program. */
export function passedOn(result: object): object {
  if (!runsCode(result)) return result
  const own = getOwnPropertyDescriptor(result, "done")
  if (own === undefined ? !isExtensible(result) : own.configurable !== true) return result
  reflectDefine(result, "done", {
    __proto__: null,
    configurable: true,
    get: () => {
      if (own === undefined) deleteProperty(result, "done")
      else reflectDefine(result, "done", own)
      return false
    },
  } as object)
  return result
}

/** Whether reading `done` could be noticed. Of a Proxy nothing can be hidden, so nothing is tried. */
function runsCode(result: object): boolean {
  for (let at: object | null = result; at !== null; at = getPrototypeOf(at)) {
    if (isProxyLike(at)) return at !== result
    const found = getOwnPropertyDescriptor(at, "done")
    if (found !== undefined) return found.get !== undefined
  }
  return false
}
