/**
 * Owns what a fiber itself remembers of its inbox: whom it watches, to whom it is linked, and whether it traps exits. It moves with the
 * fiber. If the inbox dies with its thread, and the fiber lives elsewhere, the inbox that it has from then on is told.
 */
import {
  ALLOCATE,
  DECODE,
  ENCODE,
  instance,
  isNatural,
  isText,
  isTruth,
  listOf,
  plain,
  registerOwnClass,
  registerReference,
} from "@rove/core"
import { inboxId, MONITOR, RESTORE, TIE, type Ties, TRAP, UNLINK } from "../homed/inbox.ts"
import type { HomedObject } from "../homed/object.ts"
import { Down, LinkExit } from "../homed/signals.ts"
import type { FiberState } from "../runtime/fiber.ts"
import { registerLocal } from "../runtime/held.ts"
import type { HomedAddress, Homes } from "../runtime/homes.ts"
import { type Fiber, isFiber } from "./handle.ts"

interface State extends Ties {
  readonly told: boolean
}

class Remembered {
  trapping = false
  readonly links: Map<string, Fiber<unknown>> = new Map()
  /** By what `monitor` gave. */
  readonly monitors: Map<string, Fiber<unknown>> = new Map()
  monitored = 0
  /** The inbox at its home is gone, and the next one has been told. */
  told = false

  get isEmpty(): boolean {
    return !this.trapping && this.links.size + this.monitored === 0
  }
  /** For its inbox. */
  get ties(): Ties {
    const { trapping, links, monitors, monitored } = this
    const watched = [...monitors].map(([monitor, fiber]) => ({ monitor, fiber }))
    return { trapping, links: [...links.values()], monitors: watched, monitored }
  }
  [ENCODE](): State {
    return { ...this.ties, told: this.told }
  }
  [DECODE]({ trapping, links, monitors, monitored, told }: State): void {
    this.trapping = trapping
    for (const fiber of links) this.links.set(fiber.id, fiber)
    for (const { monitor, fiber } of monitors) this.monitors.set(monitor, fiber)
    this.monitored = monitored
    this.told = told
  }
  static [ALLOCATE](): Remembered {
    return new Remembered()
  }
}
registerOwnClass("rove.Ties", Remembered, {
  trapping: isTruth,
  links: listOf(isFiber),
  monitors: listOf(plain({ monitor: isText, fiber: isFiber })),
  monitored: isNatural,
  told: isTruth,
})

/** Under which a fiber keeps them. */
const TIES = {}
registerReference("rove.ties", TIES)
registerLocal(TIES, instance(Remembered), (ties, fiber, homes) => resumed(ties as Remembered, fiber, homes))

function known(fiber: FiberState): Remembered | undefined {
  return fiber.context.extra?.locals?.get(TIES) as Remembered | undefined
}
function tiesOf(fiber: FiberState): Remembered {
  const ties = known(fiber)
  if (ties !== undefined) return ties
  const more = fiber.ownContext().more()
  more.locals ??= new Map()
  const made = new Remembered()
  more.locals.set(TIES, made)
  return made
}

/** Its inbox has done that, and given the value. */
export function tied(fiber: FiberState, operation: number, argument: unknown, value: unknown): void {
  const ties = tiesOf(fiber)
  const other = argument as Fiber<unknown>
  if (operation === TRAP) ties.trapping = argument === true
  else if (operation === MONITOR) {
    ties.monitors.set(value as string, other)
    ties.monitored = Number(value)
  } else if (operation === UNLINK) ties.links.delete(other.id)
  else if (operation === TIE) {
    ties.links.set(other.id, other)
    for (const gone of value as readonly string[]) ties.links.delete(gone)
  }
}
/** That monitor is over. */
export function untied(fiber: FiberState, monitor: string): void {
  known(fiber)?.monitors.delete(monitor)
}
/** The fiber has the message: what it says comes once. */
export function heard(fiber: FiberState, message: unknown): void {
  if (message instanceof Down) untied(fiber, message.monitor)
  else if (message instanceof LinkExit) known(fiber)?.links.delete(message.fiber.id)
}

/** Its home has died: the pool has another inbox for it, which learns what the first one knew. */
export function restoreTies(fiber: FiberState, homes: Homes): void {
  const ties = known(fiber)
  if (ties === undefined || ties.told) return
  ties.told = true
  if (!ties.isEmpty) homes.tell(addressOf(fiber), RESTORE, ties.ties)
}
/** It had ended for those who were linked to it. What it watches itself, and whether it traps exits, goes on at its new inbox. */
function resumed(ties: Remembered, fiber: FiberState, homes: Homes): void {
  ties.told = false
  ties.links.clear()
  if (ties.isEmpty) return
  const inbox = homes.find(addressOf(fiber)) as HomedObject | null
  inbox?.attempt(RESTORE, ties.ties)
}
function addressOf({ id, home }: FiberState): HomedAddress {
  return { id: inboxId(id), home, kind: "inbox" }
}
