/**
 * Owns the lifetimes of a fiber that has several stacks. What one of them has entered (a scope, a timeout, an uninterruptible stretch)
 * is in force there, and on the stacks whose errors come to it: those of its children, theirs, and so on. While another one runs,
 * it lies aside: its time passes, and its children may end or fail, but it is interrupted when it goes on.
 */
import { RecordError } from "@rove/core"
import type { FiberState } from "./fiber.ts"
import type { Host } from "./host.ts"
import { arm, refresh } from "./interruption.ts"
import { Lifetime, ownLifetime } from "./lifetime.ts"

/** Who has a stack, as lifetimes see it. */
export interface Holder {
  /** Where its errors go; null for the one with which the fiber began. */
  readonly parent: Holder | null
  /** The innermost lifetime that it entered itself, while it lies aside. */
  aside: Lifetime | null
}

/** Goes over from the stack that runs. */
export function goAside(from: Holder, to: Holder, fiber: FiberState, host: Host): void {
  const { lifetime } = fiber
  // most fibers have none, or only what is theirs as a whole
  if (!(lifetime instanceof Lifetime) || (lifetime.whole && lifetime.aside === null)) return
  const whole = ownLifetime(fiber)
  from.aside = takeApart(lifetime, from, whole)
  if (from.aside !== null) {
    lay(from.aside, null, host)
    whole.aside ??= new Set()
    whole.aside.add(from.aside)
  }
  let inner = whole
  for (const { aside } of [...holders(to)].reverse()) if (aside !== null) inner = lay(aside, inner, host)
  fiber.lifetime = inner
  if (to.aside !== null) whole.aside?.delete(to.aside)
  if (whole.aside?.size === 0) whole.aside = null
  to.aside = null
  refresh(fiber)
}

/** The fiber ends: nobody goes on with its other stacks, and what they had entered ends with it. */
export function takeBack(fiber: FiberState, host: Host): void {
  const { lifetime } = fiber
  if (!(lifetime instanceof Lifetime)) return
  const whole = ownLifetime(fiber)
  const { aside } = whole
  if (aside === null) return
  whole.aside = null
  let inner = lifetime
  for (const one of aside) inner = lay(one, inner, host)
  fiber.lifetime = inner
}

/** It, its parent, and so on. */
function* holders(from: Holder): Generator<Holder, void> {
  for (let at: Holder | null = from; at !== null; at = at.parent) yield at
}

/** Where what one stack has entered comes to its end, what another one has begins. Gives the innermost that is `from`'s own. */
function takeApart(innermost: Lifetime, from: Holder, whole: Lifetime): Lifetime | null {
  const begins = new Set<unknown>([whole])
  for (let at = from.parent; at !== null; at = at.parent) if (at.aside !== null) begins.add(at.aside)
  for (let at: Lifetime = innermost; at !== whole; ) {
    const outer = at.outer as Lifetime
    if (begins.has(outer)) at.outer = null
    at = outer
  }
  return begins.has(innermost) ? null : innermost
}

/** Lays what one stack has entered into what lies around it from now on: nothing, while it lies aside. */
function lay(innermost: Lifetime, around: Lifetime | null, host: Host): Lifetime {
  const own: Lifetime[] = []
  for (let at: Lifetime["outer"] = innermost; at instanceof Lifetime; at = at.outer) {
    if (at.whole || at === around) throw new RecordError(0, "a scope of a coroutine is another one's too")
    own.push(at)
  }
  let outer = around
  for (const at of own.reverse()) {
    at.lieIn(outer)
    arm(at, host)
    outer = at
  }
  return innermost
}
