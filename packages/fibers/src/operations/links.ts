/** Owns what fibers hear of each other's ends: links, monitors and exit signals, as in Erlang. */
import {
  anything,
  FiberInterrupted,
  instance,
  isNatural,
  isText,
  isTruth,
  isUndefined,
  oneOf,
  orNull,
  type ResumeKind,
  THROW,
} from "@rove/core"
import { DEMONITOR, EXIT, EXIT_KILL, EXIT_NORMAL, LINK, MONITOR, TIE, TRAP, UNLINK } from "../homed/inbox.ts"
import { Down, Exit, KILL, NORMAL } from "../homed/signals.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { OVER, type Routine, registerRoutine } from "../runtime/routine.ts"
import { type Fiber, FiberRef, isFiber } from "./handle.ts"
import { InboxRef, inboxOf, targetOf } from "./inbox-ref.ts"
import type { Operation } from "./operation.ts"
import { isLost } from "./receive-branch.ts"
import { savedOf } from "./saved.ts"
import { SENDING, Sending } from "./sending.ts"
import { Steps } from "./steps.ts"
import { tied, untied } from "./ties.ts"

/** One request at the fiber's own inbox. */
class AtOwn implements Routine {
  result: unknown
  operation: number
  argument: unknown
  asked = false
  /** The inbox died with the fiber's home: the next one is asked. */
  orphaned = false
  constructor(operation: number, argument: unknown) {
    this.operation = operation
    this.argument = argument
  }
  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (this.asked) {
      if (kind !== THROW) {
        tied(fiber, this.operation, this.argument, value)
        this.result = value
        return OVER
      }
      if (!isLost(value) || this.orphaned) throw value
      this.orphaned = true
    }
    this.asked = true
    return inboxOf(fiber, host).request(this.operation, this.argument, null)
  }
}
registerRoutine(
  "rove.AtOwn",
  AtOwn,
  { result: anything, operation: isNatural, argument: anything, asked: isTruth, orphaned: isTruth },
  { holds: ({ operation, argument }: AtOwn) => takesOwn(operation, argument) },
)
function takesOwn(operation: number, argument: unknown): boolean {
  return [TIE, UNLINK, TRAP, MONITOR].includes(operation) && InboxRef.prototype.takes(operation, argument)
}

/** A link, or its end, at both inboxes: first at its own, since who is interrupted there must not leave half of one. */
class Tying extends Sending {
  readonly operation: number
  readonly other: FiberRef<unknown>
  step: "begin" | "own" | "other" = "begin"
  /** It came meanwhile, and is thrown when the other one has its half. */
  interrupted: FiberInterrupted | null = null
  constructor(operation: number, other: FiberRef<unknown>) {
    super()
    this.operation = operation
    this.other = other
  }
  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (this.step === "begin") {
      this.step = "own"
      return new Steps(new AtOwn(this.operation === LINK ? TIE : UNLINK, this.other), true)
    }
    if (this.step === "other") {
      if (kind === THROW && value instanceof FiberInterrupted) this.interrupted = value
      else if (this.isOver(this.operation, kind, value)) return this.over()
    } else if (kind === THROW) throw value
    this.step = "other"
    const sending = this.send(this.other, this.operation, new FiberRef(fiber), fiber, host)
    return sending === OVER ? this.over() : sending
  }
  private over(): typeof OVER {
    if (this.interrupted !== null) throw this.interrupted
    return OVER
  }
}
registerRoutine("rove.Tying", Tying, {
  ...SENDING,
  operation: oneOf(LINK, UNLINK),
  other: isFiber,
  step: oneOf("begin", "own", "other"),
  interrupted: orNull(instance(FiberInterrupted)),
})

/**
 * Ties this fiber and that one together: the end of one is an exit signal for the other. A signal ends a fiber unless its reason is
 * `"normal"`, or the fiber traps exits: then it is a message. A fiber that has ended before signals `"noproc"`, or how it ended.
 */
export function link(fiber: Fiber<unknown>): Operation<void> {
  const target = targetOf(fiber, "link")
  return new Steps(new Tying(LINK, target), true)
}
/** Unties them: from here on, nothing comes of the other one's end. */
export function unlink(fiber: Fiber<unknown>): Operation<void> {
  const target = targetOf(fiber, "unlink")
  return new Steps(new Tying(UNLINK, target), true)
}
/** Exit signals are messages from now on (`Exit`), or end this fiber again. Gives what was before. */
export function trapExits(trap = true): Operation<boolean> {
  return new Steps(new AtOwn(TRAP, trap), true)
}
/**
 * When that fiber has ended, this one gets a message `Down`, once, whose `monitor` is what is given here; at once if it has ended
 * before. Names and locks of a fiber are free before anybody hears of its end.
 */
export function monitor(fiber: Fiber<unknown>): Operation<string> {
  const target = targetOf(fiber, "monitor")
  return new Steps(new AtOwn(MONITOR, target), true)
}
/** Ends a monitor; a `Down` of it that was not received is gone. */
export function demonitor(monitor: string): Operation<void> {
  return new Steps(new Demonitoring(monitor), true)
}

class Demonitoring implements Routine {
  result: undefined
  monitor: string
  asked = false
  orphaned = false
  constructor(monitor: string) {
    this.monitor = monitor
  }
  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (this.asked) {
      if (kind === THROW) {
        if (!isLost(value) || this.orphaned) throw value
        this.orphaned = true
        return inboxOf(fiber, host).request(DEMONITOR, this.monitor, null)
      }
      untied(fiber, this.monitor)
      const saved = savedOf(fiber)
      const at = saved.findIndex(message => message instanceof Down && message.monitor === this.monitor)
      if (at >= 0) saved.splice(at, 1)
      return OVER
    }
    this.asked = true
    return inboxOf(fiber, host).request(DEMONITOR, this.monitor, null)
  }
}
registerRoutine("rove.Demonitoring", Demonitoring, {
  result: isUndefined,
  monitor: isText,
  asked: isTruth,
  orphaned: isTruth,
})

class Signalling extends Sending {
  readonly to: FiberRef<unknown>
  readonly reason: unknown
  constructor(to: FiberRef<unknown>, reason: unknown) {
    super()
    this.to = to
    this.reason = reason
  }
  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    const { reason } = this
    // to itself it is not nothing, as in Erlang
    const isNormal = reason === NORMAL && this.to.id !== fiber.id
    const operation = reason === KILL ? EXIT_KILL : isNormal ? EXIT_NORMAL : EXIT
    if (this.sent && this.isOver(operation, kind, value)) return OVER
    return this.send(this.to, operation, new Exit(new FiberRef(fiber), reason), fiber, host)
  }
}
registerRoutine("rove.Signalling", Signalling, { ...SENDING, to: isFiber, reason: anything })

/**
 * Sends a fiber an exit signal, and does not wait: it ends the fiber with that reason, or is a message if it traps exits. `"kill"` ends it
 * in any case (others hear `"killed"`); `"normal"` ends nobody but who sends it to itself.
 */
export function exit(fiber: Fiber<unknown>, reason: unknown = NORMAL): Operation<void> {
  const target = targetOf(fiber, "exit")
  return new Steps(new Signalling(target, reason))
}
