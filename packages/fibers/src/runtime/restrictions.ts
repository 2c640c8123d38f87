/**
 * Owns what a fiber may not do for a while: stop at all, wait for others, or be preempted. A fiber has a list of what is in
 * force, the innermost first; its frames say the same, so a record needs no word for it (see region.ts).
 */
import type { FiberState } from "./fiber.ts"

/** `noSwitch`: no other fiber runs on its thread. `noBlock`: it waits for nobody. `atomic`: it stops only where it wants to. `threadLock`: as noSwitch, until it is unlocked. */
export type Restriction = "noSwitch" | "noBlock" | "atomic" | "threadLock"

export interface Restricted {
  readonly kind: Restriction
  readonly outer: Restricted | null
  /** Of a thread lock: what it is called, and who is to unlock it. */
  readonly name?: string
  readonly hold?: object
}

export function isRestriction(kind: unknown): kind is Restriction {
  return kind === "noSwitch" || kind === "noBlock" || kind === "atomic"
}

/** What forbids the fiber to stop for a wait; null if nothing does. `brief`: it goes on by itself as soon as others had their turn. */
export function forbidsWait(fiber: FiberState, brief: boolean): Restriction | null {
  for (let at = fiber.restricted; at !== null; at = at.outer)
    if (at.kind === "noSwitch" || at.kind === "threadLock" || (at.kind === "noBlock" && !brief)) return at.kind
  return null
}

/** Whether the fiber may not be stopped where it did not ask for it. */
export function forbidsPreemption(fiber: FiberState): boolean {
  for (let at = fiber.restricted; at !== null; at = at.outer) if (at.kind !== "noBlock") return true
  return false
}

/** The innermost thread lock that the fiber has; null if it has none. */
export function threadLockOf(fiber: FiberState): string | null {
  for (let at = fiber.restricted; at !== null; at = at.outer) if (at.kind === "threadLock") return at.name ?? ""
  return null
}

/** Takes a thread lock out, wherever in the list it is. */
export function without(list: Restricted | null, hold: object): Restricted | null {
  if (list === null) return null
  return list.hold === hold ? list.outer : { ...list, outer: without(list.outer, hold) }
}
