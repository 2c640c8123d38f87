/**
 * Owns what an operation offers that can be one of several of which one takes effect: it can be tried, and waited for without
 * having happened before it is chosen.
 */
import type { Suspended } from "@rove/core"
import type { Choice } from "../runtime/choice.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { ReplyKind } from "../runtime/homes.ts"
import type { Host } from "../runtime/host.ts"
import type { BaseOperation } from "./operation.ts"
import type { Wakers } from "./waiter.ts"

/** The place of an operation among the others. */
export interface Branch {
  readonly choice: Choice<unknown>
  /** False: it is ABSENT if it would have to wait. */
  readonly patient: boolean
  readonly fiber: FiberState
  readonly host: Host
  /** It can be had, and is, unless something else was chosen. */
  happened(kind: ReplyKind, value: unknown): void
  /** Its own time is over: it throws that, unless somebody has been promised the choice and has it. */
  late(error: unknown): void
}

/** An operation that is waited for as one of several. */
export interface Waiting {
  /** It is not wanted any more. */
  undo(): void
  /** The operation for a fiber that waits anew elsewhere; on this thread alone, if `stays`. */
  again(): BaseOperation<unknown>
  readonly stays?: boolean
}

export interface Alternative {
  /** Why it is none as it stands, for who wants to choose it: the end of a sentence. */
  readonly unfit?: string | null
  /** Who may end its wait. */
  wakersOf(fiber: FiberState, host: Host): Wakers
  /** What it gives without waiting; SUSPENDED if it has to wait, and then nothing has happened. Throws as `perform` does. */
  attempt(fiber: FiberState, host: Host): unknown | Suspended
  /** Whether what it waits for is decided on this thread: such branches begin to wait first. */
  isLocal(host: Host, fiber: FiberState): boolean
  /** Null: in that way it cannot be waited for without patience, and there is nothing. */
  waitAs(branch: Branch): Waiting | null
}

/** Why an operation is no alternative, mostly. */
export const TOO_SOON = "takes effect as soon as it is performed: spawn a fiber for it, and choose its join()"

export function isAlternative(operation: object): operation is Alternative {
  return "attempt" in operation && "waitAs" in operation
}
