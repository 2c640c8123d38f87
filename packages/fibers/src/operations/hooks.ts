/** Owns setting the hooks of a fiber, and doing something that they are not told of. */
import { Hooks, RoveError, SUSPENDED, type Suspended } from "@rove/core"
import { detach, type HookEvent, untold } from "../runtime/events.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { BOUNCE } from "../runtime/machine.ts"
import { isWork, notCompiled, refuseGenerator } from "../runtime/not-compiled.ts"
import { type Region, registerRegion, within } from "../runtime/region.ts"
import type { AnyComputation } from "../types.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { checkMayStop } from "./waiter.ts"

/** An ordinary synchronous function. To move with the fiber it has to be portable: declared at module level, say. */
export type HookFunction<A> = (event: HookEvent, argument: A) => void

class SetHook extends BaseOperation<void> {
  readonly #role: "trace" | "profile"
  readonly #fn: HookFunction<never> | null
  readonly #argument: unknown
  constructor(role: "trace" | "profile", fn: HookFunction<never> | null, argument: unknown) {
    super()
    this.#role = role
    this.#fn = fn
    this.#argument = argument
  }
  perform(fiber: FiberState, host: Host): undefined | Suspended {
    const m = host.machine
    checkMayStop(host, { reason: "its hooks change" })
    const more = fiber.ownContext().more()
    more.hooks ??= new Hooks()
    more.hooks.thread = host.birthplace.prefix
    more.hooks[this.#role] = this.#fn === null ? null : { fn: this.#fn, argument: this.#argument }
    m.hooks = more.hooks
    detach(m)
    // what lies beneath becomes data, so that the ends of those calls are told of too
    m.signal = BOUNCE
    return SUSPENDED
  }
}

function setHook<A>(role: "trace" | "profile", fn: HookFunction<A> | null, argument: A | undefined): Operation<void> {
  if (fn !== null && typeof fn !== "function")
    throw new RoveError("ROVE_INVALID_ARGUMENT", `a ${role} hook is a function, or null, not ${typeof fn}`)
  refuseGenerator(fn, `a ${role} hook`)
  return new SetHook(role, fn as HookFunction<never> | null, argument)
}

/**
 * Calls `hook(event, argument)` from now on at each call, return, exception, yield, resume and migration of this fiber, and
 * at each statement of code that was compiled with `lineEvents`; null ends that. Children start without hooks. What a
 * hook throws is thrown in the fiber, and the hook is gone. While there are hooks the fiber is many times slower.
 */
export function setTrace<A = undefined>(hook: HookFunction<A> | null, argument?: A): Operation<void> {
  return setHook("trace", hook, argument)
}

/** As `setTrace`, for a second hook, which is not told of lines. */
export function setProfile<A = undefined>(hook: HookFunction<A> | null, argument?: A): Operation<void> {
  return setHook("profile", hook, argument)
}

/** In force while nothing is to be told. */
class Untraced implements Region {
  enter(fiber: FiberState): void {
    untold(fiber.ownContext().more(), 1)
  }
  leave(fiber: FiberState): void {
    untold(fiber.ownContext().more(), -1)
  }
  rest(fiber: FiberState): void {
    this.leave(fiber)
  }
  resume(fiber: FiberState): void {
    this.enter(fiber)
  }
}

registerRegion("rove.Untraced", Untraced, {})

class RunUntraced<R> extends BaseOperation<R> {
  readonly #work: AnyComputation<R, unknown>
  constructor(work: AnyComputation<R, unknown>) {
    super()
    this.#work = work
  }
  perform(_: FiberState, host: Host): R | Suspended {
    return within(host.machine, new Untraced(), this.#work) as R | Suspended
  }
}

/** Runs a computation of which the fiber's hooks are told nothing, wherever it runs. */
export function untraced<R, Y>(work: AnyComputation<R, Y>): Operation<R> {
  if (!isWork(work)) throw notCompiled(work, "untraced")
  return new RunUntraced<R>(work)
}
