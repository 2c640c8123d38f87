/** Owns telling people what happened in a pool that no program hears of: to the logger, or as a warning of the process. */
import { RoveError } from "@rove/core"
import type { Logger } from "./config.ts"
import { HELD, IGNORES, type Mail, UNHEARD } from "./mail.ts"
import type { Peer } from "./mesh.ts"
import type { Beat } from "./pulse.ts"

/**
 * What a thread reported. That code held a thread is told to a logger alone: nothing is lost by it; nor is by a fiber that goes on
 * after its interrupt. Everything else is an error that
 * nobody caught: it is given back too, as ROVE_UNCAUGHT.
 */
export function report(
  logger: Logger | undefined,
  { id: fiber, a: kind, object }: Mail,
  { id: thread }: Peer,
): RoveError | null {
  const error = String(object)
  const where = `on thread ${thread}${fiber === "" ? "" : `, in fiber ${fiber}`}`
  if (kind === HELD) {
    logger?.warn({ fiber, thread }, `${error}, ${where}`)
    return null
  }
  if (kind === IGNORES) {
    if (logger !== undefined) logger.warn({ fiber, thread }, `${error}, ${where}`)
    else process.emitWarning(`${error}, ${where}`, { type: "RoveInterruptIgnored" })
    return null
  }
  const message = kind === UNHEARD ? `a fiber failed ${where}, and nobody joined it` : `unhandled rejection ${where}`
  const type = kind === UNHEARD ? "RoveUnheardFailure" : "RoveUnhandledRejection"
  if (logger !== undefined) logger.error({ fiber, thread, error }, message)
  else process.emitWarning(`${message}: ${error}`, { type })
  return new RoveError("ROVE_UNCAUGHT", `${message}: ${error}`)
}

/** Code holds a thread, and has not returned. */
export function reportHeld(logger: Logger | undefined, thread: number, { fiber, code }: Beat, ms: number): void {
  const what = `${code ?? "a fiber"} holds the thread for ${Math.round(ms)} ms without a check, and has not returned`
  logger?.warn({ fiber, thread }, `${what}, on thread ${thread}, in fiber ${fiber}`)
}
