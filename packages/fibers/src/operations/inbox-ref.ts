/** Owns the way to the inbox of a fiber, for operations that ask it for something or only tell it. */
import {
  anything,
  type Fits,
  instance,
  isNatural,
  isText,
  isTruth,
  listOf,
  nothing,
  plain,
  RoveError,
} from "@rove/core"
import {
  DEMONITOR,
  EXIT,
  EXIT_KILL,
  EXIT_NORMAL,
  fiberOf,
  inboxId,
  LINK,
  MONITOR,
  RECEIVE,
  RESTORE,
  TELL,
  TIE,
  type Ties,
  TRAP,
  UNLINK,
  VERBS,
} from "../homed/inbox.ts"
import type { HomedObject } from "../homed/object.ts"
import { HomedRef, type Limit, registerHomedRef } from "../homed/ref.ts"
import { Request } from "../homed/request.ts"
import { Exit } from "../homed/signals.ts"
import { FiberState } from "../runtime/fiber.ts"
import { handOver } from "../runtime/hand-over.ts"
import type { FiberAddress, Host } from "../runtime/host.ts"
import { kindOf } from "../runtime/not-compiled.ts"
import { type Fiber, FiberRef, isFiber } from "./handle.ts"

const isExit = instance(Exit)
const ARGUMENTS: Readonly<Record<number, Fits>> = {
  [TELL]: anything,
  [RECEIVE]: anything,
  [LINK]: isFiber,
  [TIE]: isFiber,
  [UNLINK]: isFiber,
  [MONITOR]: isFiber,
  [DEMONITOR]: isText,
  [TRAP]: isTruth,
  [EXIT_NORMAL]: isExit,
  [EXIT_KILL]: isExit,
  [EXIT]: isExit,
  [RESTORE]: plain<Ties>({
    trapping: isTruth,
    links: listOf(isFiber),
    monitors: listOf(plain({ monitor: isText, fiber: isFiber })),
    monitored: isNatural,
  }),
}

export class InboxRef extends HomedRef {
  override verb(operation: number): string {
    return VERBS[operation] as string
  }
  override request(operation: number, argument: unknown, limit: Limit | null): Request<unknown> {
    return new Request(this, operation, argument, limit)
  }
  protected override named(kind: string, id: string): string {
    return `${kind} of fiber ${fiberOf(id)}`
  }
  override takes(operation: number, argument: unknown): boolean {
    return (ARGUMENTS[operation] ?? nothing)(argument)
  }
}

registerHomedRef("rove.inbox", "inbox", InboxRef)

/** The inbox of that fiber. From now on others may ask for the fiber, so its host is told. */
export function inboxOf(fiber: FiberAddress, host: Host): InboxRef {
  if (fiber instanceof FiberState && fiber.home === host.threadId && fiber.status !== "done") host.shared(fiber)
  return new InboxRef(null, { id: inboxId(fiber.id), home: fiber.home, kind: "inbox" })
}

/** Has it done at the object's home, if that is still known of, and waits for no word. */
export function tellTo(ref: HomedRef, operation: number, argument: unknown, host: Host): void {
  const object = HomedRef.at(ref, host) as HomedObject | null
  if (object !== null) return void object.attempt(operation, handOver(argument))
  try {
    host.homes.tell(HomedRef.share(ref), operation, argument)
  } catch (error) {
    if (!(error instanceof RoveError && error.code === "ROVE_UNKNOWN_OBJECT")) throw error
  }
}

/** What a user gives for a fiber. */
export function targetOf(target: unknown, where: string): FiberRef<unknown> {
  if (typeof target === "object" && target !== null && FiberRef.is(target)) return target as FiberRef<unknown>
  throw new RoveError(
    "ROVE_INVALID_ARGUMENT",
    `${where} takes the handle of a fiber, or a registered name, not ${kindOf(target)}`,
  )
}
export type Target = Fiber<unknown> | string
