/** Owns what fibers hear of each other's ends, as messages: exit signals, and the ends that they monitor. */
import { anything, FiberInterrupted, isText, RoveError, registerOwnClass } from "@rove/core"
import { type Fiber, isFiber } from "../operations/handle.ts"
import type { Outcome } from "../runtime/fiber.ts"

/** The reason of a fiber that has returned. */
export const NORMAL = "normal"
/** A signal with this reason cannot be trapped. */
export const KILL = "kill"
/** The reason of one that ended by `KILL`. */
export const KILLED = "killed"
/** The reason where nothing is known of the fiber: it had ended before. */
const NO_PROCESS = "noproc"

/** An exit signal, for a fiber that traps them. */
export class Exit {
  /** Who has ended, or sent it. */
  readonly fiber: Fiber<unknown>
  /** `"normal"`, the error, the reason of the interrupt, or `"noproc"`. */
  readonly reason: unknown
  constructor(fiber: Fiber<unknown>, reason: unknown) {
    this.fiber = fiber
    this.reason = reason
  }
}

/** One that a link says, which is over with that. To programs it is an `Exit` like those that are sent, after which a link goes on. */
export class LinkExit extends Exit {
  static override readonly name = "Exit"
}

/** A fiber has ended that is monitored. */
export class Down {
  /** What `monitor` gave. */
  readonly monitor: string
  readonly fiber: Fiber<unknown>
  readonly reason: unknown
  constructor(monitor: string, fiber: Fiber<unknown>, reason: unknown) {
    this.monitor = monitor
    this.fiber = fiber
    this.reason = reason
  }
}

registerOwnClass("rove.Exit", Exit, { fiber: isFiber, reason: anything }, { open: true })
registerOwnClass("rove.LinkExit", LinkExit, { fiber: isFiber, reason: anything }, { open: true })
registerOwnClass("rove.Down", Down, { monitor: isText, fiber: isFiber, reason: anything }, { open: true })

/** Why a fiber has ended, as others hear it. */
export function reasonOf(outcome: Outcome): unknown {
  if (outcome.kind === "returned") return NORMAL
  if (outcome.kind === "interrupted")
    return outcome.reason instanceof FiberInterrupted ? outcome.reason.reason : outcome.reason
  const { error } = outcome
  return error instanceof RoveError && error.code === "ROVE_UNKNOWN_FIBER" ? NO_PROCESS : error
}
