/** Owns what can be a branch of `all`, `race` and their like: a computation or an operation, which gets a fiber of its own, or a fiber. */
import { anything, Computation, RoveError } from "@rove/core"
import { admit } from "../runtime/admit.ts"
import { delegate } from "../runtime/delegate.ts"
import { FiberState } from "../runtime/fiber.ts"
import type { FiberAddress, Host } from "../runtime/host.ts"
import { type Child, Distant, inherit } from "../runtime/lifetime.ts"
import { isWork, kindOf, workOf } from "../runtime/not-compiled.ts"
import { oneStep } from "../runtime/one-step.ts"
import { Performable } from "../runtime/performable.ts"
import type { Group } from "./group.ts"
import { type Fiber, FiberRef } from "./handle.ts"
import type { BaseOperation, Operation } from "./operation.ts"

// biome-ignore lint/suspicious/noExplicitAny: what they give is inferred from each
export type Branch = Generator<any, any, any> | Operation<any> | Fiber<any>

/** A fiber that performs one operation. */
const performing = oneStep("perform", anything, (m, _, [operation]) => delegate(m, operation))

/** Adds a branch to the group; it begins, unless it is a fiber. `given`: the function whose call gave it; `key`: where it is in the list. */
export function begin(
  branch: unknown,
  group: Group,
  parent: FiberState,
  host: Host,
  where: string,
  given?: unknown,
  key?: string,
): void {
  const isObject = typeof branch === "object" && branch !== null
  if (isObject && FiberRef.is(branch)) group.add(childOf(FiberRef.addressOf(branch as FiberRef<unknown>)), false)
  else if (!isObject || !Performable.is(branch)) {
    if (given !== undefined) workOf(branch, where, given)
    else if (!isWork(branch)) throw noBranch(branch, where, key)
    group.add(started(branch, parent, host, where, false), true)
  } else if ((branch as BaseOperation<unknown>).own)
    throw new RoveError(
      "ROVE_INVALID_ARGUMENT",
      `${where}: a branch gets a fiber of its own, and this operation is about the fiber that performs it (a lock would be the branch's, a message that of its inbox): perform it by itself, with \`timeout\` as option or around it, or use select`,
    )
  else if (branch.immediate) group.addEnded({ kind: "returned", value: branch.perform(parent, host) })
  else group.add(started(new Computation(performing, undefined, [branch]), parent, host, where, true), true)
}

function noBranch(value: unknown, where: string, key: string | undefined): RoveError {
  const which = key === undefined ? "a branch" : `the branch ${key}`
  const isPromise = value instanceof Promise
  return new RoveError(
    "ROVE_NOT_COMPILED",
    `${where} takes computations, f(args) with a compiled generator function f, operations and fibers, and ${which} is ${kindOf(value)}${isPromise ? ": wait(promise) is an operation" : ""}`,
  )
}

/** Of a handle that came from elsewhere no more is known than where to ask. */
function childOf(address: FiberAddress): Child {
  return address instanceof FiberState ? address : new Distant(address)
}

function started(computation: unknown, parent: FiberState, host: Host, where: string, tied: boolean): FiberState {
  const child = admit(computation, where, parent.context, host, undefined, tied)
  inherit(parent.lifetime, child)
  host.spawned(child)
  return child
}
