/** Owns starting child fibers. */
import { RoveError } from "@rove/core"
import { admit, limit } from "../runtime/admit.ts"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { adopt } from "../runtime/lifetime.ts"
import type { SpawnOptions } from "../runtime/options.ts"
import { registerSpawner } from "../runtime/spawner.ts"
import type { AnyComputation, Starred } from "../types.ts"
import { type Fiber, FiberRef } from "./handle.ts"
import { BaseOperation, type Operation } from "./operation.ts"

class Spawn<R> extends BaseOperation<Fiber<R>> {
  readonly #computation: unknown
  readonly #options: SpawnOptions | undefined
  constructor(computation: unknown, options: SpawnOptions | undefined) {
    super()
    this.#computation = computation
    this.#options = options
  }
  override get immediate(): boolean {
    return true
  }
  // of the handle, for who takes the operation for it; its type has neither
  get join(): never {
    throw notYetSpawned("join")
  }
  get interrupt(): never {
    throw notYetSpawned("interrupt")
  }
  perform(fiber: FiberState, host: Host): Fiber<R> {
    return start(this.#computation, fiber, host, this.#options)
  }
}

function notYetSpawned(member: string): RoveError {
  return new RoveError(
    "ROVE_FORGOTTEN_YIELD",
    `${member} is asked of an operation of spawn that was not performed, so there is no fiber: write const fiber = yield* spawn(…)`,
  )
}

/** Begins a child of the innermost scope of `parent`. */
function start<R>(computation: unknown, parent: FiberState, host: Host, options: SpawnOptions | undefined): Fiber<R> {
  const child = admit(computation, "spawn", parent.context, host, options)
  host.spawned(child)
  adopt(parent, child, host)
  return handleOf(child, host, options)
}

function handleOf<R>(child: FiberState, host: Host, options: SpawnOptions | undefined): Fiber<R> {
  if (options !== undefined) {
    limit(child, options, host)
    if (options.prefer !== undefined && child.pinned === null) host.prefer?.(child, options.prefer)
  }
  return new FiberRef<R>(child)
}

/**
 * Starts a child fiber that runs `computation`, which must not have begun, and gives its handle. The scope around here, or
 * this fiber if there is none, ends after its children. An idle worker may take the child; if nobody did by the time of the join, the join runs it. Arguments (and `this`) are cloned: fibers share
 * nothing. Throws ROVE_NOT_COMPILED for a generator of native code and ROVE_COMPUTATION_USED for one that has begun.
 */
export function spawn<R, Y>(
  computation: AnyComputation<R, Y> & Starred<Y>,
  options?: SpawnOptions,
): Operation<Fiber<R>> {
  return new Spawn<R>(computation, options)
}

class Detach<R> extends BaseOperation<Fiber<R>> {
  readonly #computation: unknown
  readonly #options: SpawnOptions | undefined
  constructor(computation: unknown, options: SpawnOptions | undefined) {
    super()
    this.#computation = computation
    this.#options = options
  }
  override get immediate(): boolean {
    return true
  }
  perform(fiber: FiberState, host: Host): Fiber<R> {
    const child = admit(this.#computation, "detach", fiber.context, host, this.#options)
    host.spawned(child)
    return handleOf(child, host, this.#options)
  }
}

/**
 * As `spawn`, but the fiber is nobody's child: no scope and no fiber waits for it or interrupts it, and no deadline is
 * its own. It starts with a copy of the context. If it fails and nobody joins it, that is reported.
 */
export function detach<R, Y>(
  computation: AnyComputation<R, Y> & Starred<Y>,
  options?: SpawnOptions,
): Operation<Fiber<R>> {
  return new Detach<R>(computation, options)
}

registerSpawner({
  fn: spawn,
  begin: (child, parent, host) => {
    host.spawned(child)
    adopt(parent, child, host)
    return new FiberRef(child)
  },
})
