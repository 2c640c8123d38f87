/** Owns names of fibers, by which others find them. */
import { anything, isText, isTruth, oneOf, orNull, plain, type ResumeKind, THROW } from "@rove/core"
import { NAMES_VERBS, REGISTER, type Registration, UNREGISTER, WHEREIS } from "../homed/names.ts"
import { HomedRef, type Limit, registerHomedRef } from "../homed/ref.ts"
import { Request } from "../homed/request.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { ownLifetime } from "../runtime/lifetime.ts"
import { refuseNameless } from "../runtime/options.ts"
import { OVER, type Routine, registerRoutine } from "../runtime/routine.ts"
import { type Fiber, FiberRef, isFiber } from "./handle.ts"
import { targetOf } from "./inbox-ref.ts"
import type { Operation } from "./operation.ts"
import { Steps } from "./steps.ts"

class NamesRef extends HomedRef {
  override verb(operation: number): string {
    return NAMES_VERBS[operation] as string
  }
  override request(operation: number, argument: unknown, limit: Limit | null): Request<unknown> {
    return operation === WHEREIS
      ? new Find(this, operation, argument, limit)
      : new Request(this, operation, argument, limit)
  }
  override takes(operation: number, argument: unknown): boolean {
    return operation === WHEREIS
      ? isText(argument)
      : (operation === REGISTER || operation === UNREGISTER) && isEntry(argument)
  }
}
const isEntry = plain({ name: isText, fiber: isFiber })

class Find extends Request<unknown> {
  override nothing(): null {
    return null
  }
}

registerHomedRef("rove.names", "names", NamesRef)

/** They are at the pool's own thread, 0, of the runtime that ids here begin with. */
function namesOf(host: Host): NamesRef {
  const id = `${host.birthplace.prefix.replace(/\d+\.$/, "0.")}/names`
  return new NamesRef(null, { id, home: 0, kind: "names" })
}

/** One request at the names. */
class Naming implements Routine {
  result: unknown
  operation: number
  name: string
  fiber: Fiber<unknown> | null
  asked = false
  constructor(operation: number, name: string, fiber: Fiber<unknown> | null) {
    this.operation = operation
    this.name = name
    this.fiber = fiber
  }
  next(self: FiberState, host: Host, kind: ResumeKind, value: unknown): unknown {
    if (this.asked) {
      if (kind === THROW) throw value
      this.result = value
      if (this.operation === REGISTER && this.fiber === null) freeAtEnd(self, this.name, host)
      else if (this.operation === UNREGISTER && value === true) freed(self, this.name)
      return OVER
    }
    this.asked = true
    const fiber = this.fiber ?? new FiberRef(self)
    const argument = this.operation === WHEREIS ? this.name : { name: this.name, fiber }
    return namesOf(host).request(this.operation, argument, null)
  }
}
registerRoutine("rove.Naming", Naming, {
  result: anything,
  operation: oneOf(REGISTER, UNREGISTER, WHEREIS),
  name: isText,
  fiber: orNull(isFiber),
  asked: isTruth,
})

/** The fiber does not end before its name is free. */
function freeAtEnd(fiber: FiberState, name: string, host: Host): void {
  const work = namesOf(host).request(UNREGISTER, { name, fiber: new FiberRef(fiber) }, null)
  ownLifetime(fiber).cleanups.push({ work, hears: false })
}

/** It is free already. */
function freed(fiber: FiberState, name: string): void {
  const { cleanups } = ownLifetime(fiber)
  const at = cleanups.findIndex(({ work }) => frees(work, name))
  if (at >= 0) cleanups.splice(at, 1)
}
function frees(work: unknown, name: string): boolean {
  return (
    work instanceof Request &&
    work.operation === UNREGISTER &&
    (work.argument as Registration | undefined)?.name === name
  )
}

/**
 * Gives a fiber (this one, if none is named) a name in its runtime, until it ends. Throws ROVE_NAME_TAKEN if a living fiber has it.
 */
export function register(name: string, fiber?: Fiber<unknown>): Operation<void> {
  refuseNameless(name, "register")
  return new Steps(new Naming(REGISTER, name, given(fiber, "register")), fiber === undefined)
}
/** Takes the name away from a fiber, this one if none is named; false if it does not have it. */
export function unregister(name: string, fiber?: Fiber<unknown>): Operation<boolean> {
  refuseNameless(name, "unregister")
  return new Steps(new Naming(UNREGISTER, name, given(fiber, "unregister")), fiber === undefined)
}
/** The fiber that has the name, or null. */
export function whereis(name: string): Operation<Fiber<unknown> | null> {
  refuseNameless(name, "whereis")
  return new Steps(new Naming(WHEREIS, name, null))
}

function given(fiber: Fiber<unknown> | undefined, where: string): Fiber<unknown> | null {
  return fiber === undefined ? null : targetOf(fiber, where)
}
