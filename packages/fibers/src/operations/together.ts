/**
 * Owns running several branches and making one result of them. Each part of it is over when the fiber goes on: what was
 * begun for it has ended, by itself or interrupted; a fiber that was given to it goes on, it is somebody else's.
 */
import { anything, FiberInterrupted, instance, isTruth, oneOf, orNull, plain, type ResumeKind, THROW } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { deliverInterrupt } from "../runtime/interruption.ts"
import { OVER, type Routine } from "../runtime/routine.ts"
import { Group } from "./group.ts"
import { Settle } from "./settle.ts"

const BEGIN = 0
const WAIT = 1
const ENDING = 2

/** What they all have, for their registration. */
export const TOGETHER = {
  group: instance(Group),
  phase: oneOf(BEGIN, WAIT, ENDING),
  result: anything,
  thrown: orNull(plain({ error: anything })),
  refused: isTruth,
}

/** Registered classes of it say what is begun, when it is enough, and what comes out. */
export abstract class Together implements Routine {
  readonly group: Group = new Group()
  phase = BEGIN
  result: unknown = undefined
  /** What ends it before its time. */
  thrown: { readonly error: unknown } | null = null
  refused = false

  /**
   * Begins what can be begun, and gives what is performed then; null when enough is known. Called again with what that gave;
   * what it threw is the end.
   */
  abstract proceed(fiber: FiberState, host: Host, value: unknown): unknown
  /** What it gives, or throws. */
  abstract conclude(): unknown

  next(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (this.phase === ENDING) return this.ended(fiber, host, kind, value)
    this.phase = WAIT
    try {
      if (kind === THROW) throw value
      const task = this.proceed(fiber, host, value)
      if (task !== null) return task
    } catch (error) {
      this.thrown = { error }
    }
    this.phase = ENDING
    this.interrupt(host)
    return this.outlast(fiber, host)
  }

  // no private names: what was decoded was not constructed
  private interrupt(host: Host): void {
    if (this.group.pendingOwn === 0) return
    const error = this.thrown?.error
    const reason =
      this.thrown === null ? "it is not needed any more" : error instanceof FiberInterrupted ? error.reason : error
    this.group.interrupt(reason, host)
  }
  /** Until those that were begun have ended; an interrupt of the fiber is theirs too. */
  private ended(fiber: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (kind !== THROW) return this.outlast(fiber, host)
    if (!(this.thrown?.error instanceof FiberInterrupted)) this.thrown = { error: value }
    this.interrupt(host)
    if (!(value instanceof FiberInterrupted)) {
      if (this.refused) return this.over(fiber, host)
      this.refused = true
    }
    return this.outlast(fiber, host)
  }
  private outlast(fiber: FiberState, host: Host): unknown {
    return this.group.pendingOwn > 0 ? new Settle(this.group, "own") : this.over(fiber, host)
  }
  private over(fiber: FiberState, host: Host): unknown {
    this.group.dismiss(host)
    if (this.thrown !== null) throw this.thrown.error
    try {
      this.result = this.conclude()
    } catch (error) {
      // its branches were ended by what is to end it too, and were heard of first
      if (this.group.wasInterrupted) deliverInterrupt(fiber)
      throw error
    }
    return OVER
  }
}
