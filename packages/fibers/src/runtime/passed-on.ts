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
export function levelThatEnds(m: Machine, c: Computation, isNext: boolean): Frame | null {
  const top = m.top as Frame
  const result = m.out as IteratorResult<unknown>
  let told = c.returning === top
  let depth = m.topDepth - 1
  let frame = top.caller as Frame
  if (m.asked && frame !== c) {
    told ||= c.returning === frame
    frame = frame.caller as Frame
    depth--
  }
  // A native generator that was told to return would end by a result that is done: it is left to none of those.
  const leaves = isNext && m.masked > 0 && m.told !== c && isOpaque(result)
  for (; frame !== c; told ||= c.returning === frame, frame = frame.caller as Frame, depth--) {
    m.left = leaves && frame.caller === c
    if (m.left) return null
    try {
      if (!result.done) continue
      m.value = result.value
      m.kind = told ? RETURN : NEXT
    } catch (error) {
      m.value = error
      m.kind = THROW
    }
    if (told) c.returning = null // what was told to return is further inside, and rests
    m.raw = false
    m.topDepth = depth
    return frame
  }
  return null
}

/** The computation goes on at its outermost frame; what is further inside rests for ever. */
export function outermost(c: Computation): void {
  while (c.top !== null && c.top.caller !== c) c.top = c.top.caller
  c.step = c.top?.closure.step ?? null
  c.height = 1
}

/** Whether nothing can hide from the program that the result is asked: it is a Proxy, or takes no property of ours. */
export function isOpaque(result: object): boolean {
  if (isProxyLike(result)) return true
  if (!runsCode(result)) return false
  const own = getOwnPropertyDescriptor(result, "done")
  return own === undefined ? !isExtensible(result) : own.configurable !== true
}

/** The same object, whose next reading of `done` gives false and runs nothing of the program, if that can be. */
export function passedOn(result: object): object {
  if (!runsCode(result) || isOpaque(result)) return result
  const own = getOwnPropertyDescriptor(result, "done")
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
