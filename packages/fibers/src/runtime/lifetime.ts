/**
 * Owns lifetimes: what belongs to a part of a fiber's run and ends before that part does. Children, cleanups, a deadline.
 *
 * Each part (a scope, a timeout, an uninterruptible stretch) has one, and points to the one around it; the outermost is
 * the fiber's own. Most fibers have children that they join, and nothing else: those are a list through the children
 * themselves, and nothing is made for them.
 */
import {
  ALLOCATE,
  anything,
  DECODE,
  ENCODE,
  either,
  FiberInterrupted,
  type Fields,
  instance,
  isList,
  isNatural,
  isNumber,
  isSameDeath,
  isText,
  isTruth,
  listOf,
  oneOf,
  orNull,
  plain,
  RoveError,
  registerOwnClass,
} from "@rove/core"
import { FiberState, type Outcome } from "./fiber.ts"
import { handOverError } from "./hand-over.ts"
import type { FiberAddress, Host, Timer } from "./host.ts"
import { machine } from "./thread.ts"

/** A child that is known by its address alone, since its parent has moved. */
export class Distant implements FiberAddress {
  readonly id: string
  readonly name: string
  readonly home: number
  /** It is known to have ended. */
  over = false
  constructor({ id, name, home }: FiberAddress) {
    this.id = id
    this.name = name
    this.home = home
  }
}

export type Child = FiberState | Distant

/** What is done at the end of a lifetime: a computation, an operation, or a function that gives one. */
export interface Cleanup {
  readonly work: unknown
  /** Whether the function hears how the lifetime ended. */
  readonly hears: boolean
}

export const CLEANUP: Fields<Cleanup> = { work: anything, hears: isTruth }

/** Of the outermost one. */
const NOTHING_AROUND = { masks: 0, deadline: Number.POSITIVE_INFINITY }
/** So many children are a list through themselves; more get a lifetime. */
const LISTED = 4
/** Children that have ended are forgotten when there are twice as many as there were living ones. */
const FEW = 16

/** How one lifetime differs from another. */
export interface LifetimeOptions {
  /** What is spawned inside belongs to it; else to the next one around it that takes children. */
  readonly owns?: boolean
  /** The failure of a child ends all that is inside. */
  readonly strict?: boolean
  /** Inside, interrupts from outside wait (1), or come again (-1). */
  readonly mask?: number
  /** On the host's clock; what is inside then is interrupted, with a TimeoutError of the text `late` as reason. */
  readonly until?: number
  readonly late?: string
  /** It is of the whole fiber: the outermost one. */
  readonly whole?: boolean
}

interface State {
  readonly outer: Lifetime | null
  readonly whole: boolean
  readonly owns: boolean
  readonly strict: boolean
  readonly mask: number
  readonly masks: number
  readonly deadline: number
  readonly until: number
  readonly late: string
  readonly errors: readonly unknown[]
  readonly cleanups: readonly Cleanup[]
  readonly cancelled: FiberInterrupted | null
  readonly delivered: boolean
  readonly timedOut: boolean
  readonly closing: boolean
  readonly children: readonly Distant[]
  readonly aside: readonly Lifetime[] | null
}

export class Lifetime {
  outer: Lifetime | FiberState | null = null
  whole: boolean
  owns: boolean
  strict: boolean
  /** Its own part of `masks`. */
  mask: number
  /** How many uninterruptible stretches it lies in. */
  masks: number
  /** When all inside is to have ended, its own `until` or an earlier one around it. */
  deadline: number
  until: number
  late: string
  /** What made it fail, in the order in which that happened. */
  readonly errors: unknown[] = []
  cleanups: Cleanup[] = []
  /** The interrupt of this part alone, and whether its body had it. */
  cancelled: FiberInterrupted | null = null
  delivered = false
  /** It was for its time. */
  timedOut = false
  /** Its body has ended: there is nothing left to interrupt but children. */
  closing = false
  children: Child[] = []
  /** Of the whole fiber: the innermost ones of each stack that it has switched away from (see stack-lifetimes.ts). */
  aside: Set<Lifetime> | null = null
  #limit = FEW
  /** Children that have ended since the list was looked through. */
  #ended = 0
  // Of the thread where it is; made anew where it goes.
  /** The fiber that has it, once that has run here. */
  owner: FiberState | null = null
  timer: Timer | null = null
  watching = false
  /** Of the children that are watched, those that have not ended. */
  pending = 0
  /** Called when none is left, and when one has failed whose error is among the others now. */
  emptied: (() => void) | null = null
  failed: ((host: Host) => void) | null = null

  constructor({
    owns = true,
    strict = false,
    mask = 0,
    until = Number.POSITIVE_INFINITY,
    late = "",
    whole = false,
  }: LifetimeOptions = {}) {
    this.whole = whole
    this.owns = owns
    this.strict = strict
    this.mask = this.masks = mask
    this.until = until
    this.deadline = until
    this.late = late
  }

  /** What it has of the one around it, besides its own. */
  lieIn(outer: Lifetime | FiberState | null): void {
    this.outer = outer
    const around = outer instanceof Lifetime ? outer : NOTHING_AROUND
    this.masks = Math.max(0, around.masks + this.mask)
    this.deadline = Math.min(this.until, around.deadline)
  }
  add(child: Child, host: Host): void {
    if (this.children.length >= this.#limit) this.#sweep()
    this.children.push(child)
    if (child instanceof FiberState) child.sibling = this
    if (this.watching) this.#watch(child, host)
  }
  /** A thread that dies ends many at once, wherever these happened to be: that is one failure. */
  fails(error: unknown): void {
    if (!this.errors.some(known => isSameDeath(known, error))) this.errors.push(error)
  }
  /** From now on hears of the end of each child. */
  watch(host: Host): void {
    if (this.watching) return
    this.watching = true
    this.pending = 0
    this.#sweep()
    for (const child of this.children) this.#watch(child, host)
  }
  /** The last one, if it is that. */
  forget(child: FiberState): void {
    if (this.children.at(-1) === child) this.children.pop()
  }
  /** One of this thread has: what it gave is not kept for the sake of the list. */
  childEnded(): void {
    this.#ended++
    if (this.#ended >= FEW && this.#ended * 2 > this.children.length) this.#sweep()
  }
  get isEmpty(): boolean {
    if (this.cleanups.length > 0) return false
    this.#sweep()
    return this.children.length === 0
  }
  /** Those that have not ended, as far as it is known here. */
  get living(): readonly Child[] {
    return this.children.filter(child => !isOver(child))
  }

  #watch(child: Child, host: Host): void {
    this.pending++
    const ended = (outcome: Outcome): void => {
      if (child instanceof Distant) child.over = true
      this.pending--
      if (this.strict && outcome.kind === "failed") {
        this.fails(handOverError(outcome.error))
        this.failed?.(host)
      }
      if (this.pending === 0) this.emptied?.()
    }
    host.whenDone(child, ended, !this.strict)
  }
  #sweep(): void {
    this.children = this.children.filter(child => !isOver(child))
    this.#limit = Math.max(FEW, this.children.length * 2)
    this.#ended = 0
  }

  [ENCODE](): State {
    const { whole, owns, strict, masks, deadline, until, late, errors, cleanups } = this
    const { cancelled, delivered, timedOut, closing, mask, aside } = this
    const outer = asLifetime(this.outer)
    this.outer = outer
    const children = this.living.map(distant)
    const own = { outer, whole, owns, strict, mask, masks, deadline, until, late }
    return { ...own, errors, cleanups, cancelled, delivered, timedOut, closing, children, aside: aside && [...aside] }
  }
  [DECODE](state: State): void {
    const { errors, cleanups, children, outer, mask, masks, deadline, until, aside } = state
    const { whole, owns, strict, late, cancelled, delivered, timedOut, closing } = state
    for (let at: State["outer"] = outer; at instanceof Lifetime; at = at.outer as Lifetime | null)
      if (at === this) throw new RoveError("ROVE_RECORD", "a scope of a fiber lies inside itself")
    Object.assign(this, { outer, whole, owns, strict, mask, masks, deadline, until, late })
    Object.assign(this, { cancelled, delivered, timedOut, closing })
    this.errors.push(...errors)
    this.cleanups = [...cleanups]
    this.children = [...children]
    this.aside = aside && new Set(aside)
  }
  static [ALLOCATE](): Lifetime {
    return new Lifetime()
  }
}

registerOwnClass("rove.Distant", Distant, { id: isText, name: isText, home: isNatural, over: isTruth })
registerOwnClass("rove.Lifetime", Lifetime, {
  outer: orNull(instance(Lifetime)),
  whole: isTruth,
  owns: isTruth,
  strict: isTruth,
  mask: either(oneOf(-1), isNatural),
  masks: isNatural,
  deadline: isNumber,
  until: isNumber,
  late: isText,
  errors: isList,
  cleanups: listOf(plain(CLEANUP)),
  cancelled: value => value === null || value instanceof FiberInterrupted,
  delivered: isTruth,
  timedOut: isTruth,
  closing: isTruth,
  children: listOf(instance(Distant)),
  aside: orNull(listOf(instance(Lifetime))),
} satisfies Fields<State>)

function isOver(child: Child): boolean {
  return child instanceof FiberState ? child.status === "done" : child.over
}

/** The child for who goes elsewhere: its host is told, so that its end can be asked for from there. */
export function distant(child: Child): Distant {
  if (child instanceof Distant) return child
  machine.host?.shared(child)
  return new Distant(child)
}

/** The child begins as one of the innermost lifetime of its parent that takes children; with what it inherits of it. */
export function adopt(parent: FiberState, child: FiberState, host: Host): void {
  const { lifetime } = parent
  if (lifetime === null) parent.lifetime = child
  else if (lifetime instanceof FiberState) parent.lifetime = listed(lifetime, child)
  else adoptInside(lifetime, child, host)
}

function adoptInside(innermost: Lifetime, child: FiberState, host: Host): void {
  inherit(innermost, child)
  let at = innermost
  while (!at.owns) {
    const { outer } = at
    if (outer === null || outer instanceof FiberState) {
      at.outer = outer === null ? child : listed(outer, child)
      return
    }
    at = outer
  }
  at.add(child, host)
}

/** A child has no more time than its parent. */
export function inherit(from: Lifetime | FiberState | null, child: FiberState): void {
  if (from === null || from instanceof FiberState || from.deadline === Number.POSITIVE_INFINITY) return
  let nearest: Lifetime = from
  while (nearest.until !== from.deadline && nearest.outer instanceof Lifetime) nearest = nearest.outer
  child.lifetime = new Lifetime({ whole: true, until: from.deadline, late: nearest.late })
}

/** The list with one more; those that are found to have ended are left out. */
function listed(newest: FiberState, child: FiberState): FiberState | Lifetime {
  const living = newest.status === "done" ? next(newest) : newest
  if (living === null) return child
  child.sibling = living
  let at = living
  for (let i = 0; i < LISTED; i++) {
    const next = at.sibling as FiberState | null
    if (next === null) return child
    if (next.status === "done") {
      at.sibling = next.sibling
      next.sibling = null
    } else at = next
  }
  return asLifetime(child) as Lifetime
}

/** The child has been joined: mostly it is the last one that was spawned. */
export function forget(parent: FiberState, child: FiberState): void {
  const { lifetime } = parent
  if (lifetime === child) parent.lifetime = next(child)
  else if (lifetime instanceof Lifetime) lifetime.forget(child)
}

/** The next one of the list that has not ended. */
function next(of: FiberState): FiberState | null {
  let at = of.sibling as FiberState | null
  of.sibling = null
  while (at !== null && at.status === "done") {
    const sibling = at.sibling as FiberState | null
    at.sibling = null
    at = sibling
  }
  return at
}

/** A list of children as a lifetime of its own; null if all have ended. */
export function asLifetime(from: Lifetime | FiberState | null): Lifetime | null {
  if (from === null || from instanceof Lifetime) return from
  const children: FiberState[] = []
  for (let at = from.status === "done" ? next(from) : from; at !== null; at = next(at)) children.unshift(at)
  if (children.length === 0) return null
  const made = new Lifetime({ whole: true })
  made.children = children
  for (const child of children) child.sibling = made
  return made
}

/** The innermost lifetime that takes children and cleanups; made if there is none. */
export function ownerOf(fiber: FiberState): Lifetime {
  for (const at of lifetimesOf(fiber)) if (at.owns) return at
  return ownLifetime(fiber)
}

/** The lifetime of the whole fiber; made if there is none. */
export function ownLifetime(fiber: FiberState): Lifetime {
  let at: Lifetime | null = null
  let outer = asLifetime(fiber.lifetime)
  fiber.lifetime = outer
  while (outer !== null && !outer.whole) {
    at = outer
    outer = asLifetime(at.outer)
    at.outer = outer
  }
  if (outer !== null) return outer
  const made = new Lifetime({ whole: true })
  made.owner = fiber
  if (at === null) fiber.lifetime = made
  else at.outer = made
  return made
}

/** The lifetimes of a fiber, innermost first. */
export function* lifetimesOf(fiber: FiberState): Generator<Lifetime, void> {
  for (let at = fiber.lifetime; at instanceof Lifetime; at = at.outer) yield at
}

/** Those too that are not in force on the stack that runs; some perhaps twice. */
export function* allLifetimesOf(fiber: FiberState): Generator<Lifetime, void> {
  for (const at of lifetimesOf(fiber)) {
    yield at
    for (const inner of at.aside ?? [])
      for (let aside: Lifetime["outer"] = inner; aside instanceof Lifetime; aside = aside.outer) yield aside
  }
}

/** The fiber ends here, or goes on elsewhere. */
export function disarm(fiber: FiberState): void {
  for (const at of allLifetimesOf(fiber)) {
    at.timer?.cancel()
    at.timer = null
  }
}

/** Another thread has the fiber: nothing of its state is kept here, but its outcome, if that was known first. */
export function release(fiber: FiberState): void {
  disarm(fiber)
  fiber.lifetime = null
  fiber.top = null
  fiber.inner = null
  if (fiber.status !== "done") fiber.resumeValue = undefined
  fiber.root.args = null
  fiber.root.self = undefined
}
