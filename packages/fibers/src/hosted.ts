/** Owns fibers that ordinary code starts on the thread where it runs itself. They stay there: whoever waits for them does. */
import { type OptionNames, optionNames, RoveError, THROW } from "@rove/core"
import { admit, limit } from "./runtime/admit.ts"
import { currentContext } from "./runtime/ambient.ts"
import type { FiberState } from "./runtime/fiber.ts"
import { handedOver } from "./runtime/hand-over.ts"
import type { Host } from "./runtime/host.ts"
import { checkOptions, type SpawnOptions } from "./runtime/options.ts"
import { machine } from "./runtime/thread.ts"
import type { AnyComputation, Starred } from "./types.ts"

export type HostedOptions = Pick<SpawnOptions, "name" | "signal" | "timeout" | "recursionLimit" | "priority">

const OPTIONS: OptionNames = optionNames<HostedOptions>({
  name: true,
  signal: true,
  timeout: true,
  recursionLimit: true,
  priority: true,
})

/** The host of ordinary code on this thread. Throws ROVE_NO_THREAD, naming the caller, where there is none. */
export function hostHere(where: string): Host {
  const { host } = machine
  if (host !== null) return host
  throw new RoveError(
    "ROVE_NO_THREAD",
    `${where} runs a computation on the thread that calls it, and this one runs no fibers: use pool.run or pool.stream, or attach the thread to a pool, or make a LocalHost`,
  )
}

export interface Hosted<R> {
  readonly result: Promise<R>
  interrupt(reason: unknown): void
}

/**
 * Starts a fiber that is nobody's child; its result is a clone. `admitted`: before it begins. Throws as `admit` does, and what the host
 * refuses.
 */
export function hosted<R>(
  computation: unknown,
  host: Host,
  where: string,
  options: HostedOptions,
  admitted?: (fiber: FiberState) => void,
): Hosted<R> {
  checkOptions(options, where, OPTIONS)
  const fiber = admit(computation, where, currentContext(), host, options)
  fiber.pinned = `ordinary code of this thread waits for it (${where})`
  const { promise, resolve, reject } = Promise.withResolvers<R>()
  let ended: { readonly reason: unknown } | null = null
  admitted?.(fiber)
  host.begin(fiber)
  host.whenDone(fiber, outcome => {
    const { kind, value } = handedOver(outcome, fiber)
    if (kind !== THROW) resolve(value as R)
    else reject(ended !== null && outcome.kind === "interrupted" ? ended.reason : value)
  })
  const end = (reason: unknown): void => {
    ended ??= { reason }
    host.interrupt(fiber, reason)
  }
  limit(fiber, options, host, end)
  return { result: promise, interrupt: reason => host.interrupt(fiber, reason) }
}

/**
 * Runs a computation that has not begun, `f(args)`, as a fiber of the thread that calls this, for ordinary code there: of a worker, of an
 * attached thread, or beside a LocalHost. The promise is that of a clone of the result; it rejects with the fiber's error, with
 * FiberInterrupted, with the signal's reason, with ROVE_TIMEOUT, and with ROVE_NO_THREAD where no fibers run. The fiber stays on
 * its thread; what it spawns may go.
 */
export async function toPromise<R, Y>(
  computation: AnyComputation<R, Y> & Starred<Y>,
  options: HostedOptions = {},
): Promise<R> {
  return hosted<R>(computation, hostHere("toPromise"), "toPromise", options).result
}
