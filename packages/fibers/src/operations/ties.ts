/**
 * Owns what a fiber itself remembers of its inbox: whom it watches, to whom it is linked, and whether it traps exits. It moves with the
 * fiber. If the inbox dies with its thread, and the fiber lives elsewhere, the inbox that it has from then on is told.
 */
import { isText, isTruth, listOf, plain, registerReference } from "@rove/core"
import { inboxId, LINK, MONITOR, RESTORE, type Ties, TRAP, UNLINK } from "../homed/inbox.ts"
import type { HomedObject } from "../homed/object.ts"
import { Down, Exit } from "../homed/signals.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { registerLocal } from "../runtime/held.ts"
import type { HomedAddress, Homes } from "../runtime/homes.ts"
import { type Fiber, isFiber } from "./handle.ts"

interface Remembered extends Ties {
  trapping: boolean
  links: Fiber<unknown>[]
  monitors: { readonly monitor: string; readonly fiber: Fiber<unknown> }[]
  /** The inbox at its home is gone, and the next one has been told. */
  told: boolean
}

/** Under which a fiber keeps them. */
const TIES = {}
registerReference("rove.ties", TIES)
registerLocal(
  TIES,
  plain<Remembered>({
    trapping: isTruth,
    links: listOf(isFiber),
    monitors: listOf(plain({ monitor: isText, fiber: isFiber })),
    told: isTruth,
  }),
  (ties, fiber, homes) => resumed(ties as Remembered, fiber, homes),
)

function known(fiber: FiberState): Remembered | undefined {
  return fiber.context.extra?.locals?.get(TIES) as Remembered | undefined
}
function tiesOf(fiber: FiberState): Remembered {
  const ties = known(fiber)
  if (ties !== undefined) return ties
  const more = fiber.ownContext().more()
  more.locals ??= new Map()
  const made: Remembered = { trapping: false, links: [], monitors: [], told: false }
  more.locals.set(TIES, made)
  return made
}

/** Its inbox has done that, and given the value. */
export function tied(fiber: FiberState, operation: number, argument: unknown, value: unknown): void {
  const ties = tiesOf(fiber)
  const other = argument as Fiber<unknown>
  if (operation === TRAP) ties.trapping = argument === true
  else if (operation === MONITOR) ties.monitors.push({ monitor: value as string, fiber: other })
  else if (operation === LINK || operation === UNLINK) {
    ties.links = ties.links.filter(({ id }) => id !== other.id)
    if (operation === LINK) ties.links.push(other)
  }
}
/** That monitor is over. */
export function untied(fiber: FiberState, monitor: string): void {
  const ties = known(fiber)
  if (ties !== undefined) ties.monitors = ties.monitors.filter(one => one.monitor !== monitor)
}
/** The fiber has the message: what it says comes once. */
export function heard(fiber: FiberState, message: unknown): void {
  if (message instanceof Down) untied(fiber, message.monitor)
  else if (message instanceof Exit) {
    const ties = known(fiber)
    if (ties !== undefined) ties.links = ties.links.filter(({ id }) => id !== message.fiber.id)
  }
}

/** Its home has died: the pool has another inbox for it, which learns what the first one knew. */
export function restoreTies(fiber: FiberState, homes: Homes): void {
  const ties = known(fiber)
  if (ties === undefined || ties.told) return
  ties.told = true
  if (hasNone(ties)) return
  homes.tell(addressOf(fiber), RESTORE, told(ties))
}
/** It had ended for those who were linked to it. What it watches itself, and whether it traps exits, goes on at its new inbox. */
function resumed(ties: Remembered, fiber: FiberState, homes: Homes): void {
  ties.told = false
  ties.links = []
  if (hasNone(ties)) return
  const inbox = homes.find(addressOf(fiber)) as HomedObject | null
  inbox?.attempt(RESTORE, told(ties))
}
function hasNone({ trapping, links, monitors }: Ties): boolean {
  return !trapping && links.length + monitors.length === 0
}
function told({ trapping, links, monitors }: Ties): Ties {
  return { trapping, links, monitors: [...monitors] }
}
function addressOf({ id, home }: FiberState): HomedAddress {
  return { id: inboxId(id), home, kind: "inbox" }
}
