/** Owns seeing at run time that an operation or a computation was made and not performed: a `yield*` was forgotten. */
import { type Computation, type Frame, RoveError, UNSTARTED } from "@rove/core"
import type { FiberState } from "./fiber.ts"
import { computationOf } from "./generator.ts"
import { isArray } from "./intrinsics.ts"
import { calledAs } from "./not-compiled.ts"
import { Performable } from "./performable.ts"
import { placeOf, withPlace } from "./stacks.ts"

/**
 * An expression statement of the compiled function `name` did nothing if its value is an operation or a computation;
 * `place` is `file:line:column`.
 */
export function discard(value: unknown, place: string, name: string): void {
  if (typeof value !== "object" || value === null) return
  discardOperation(value, place, name)
  const made = unstarted(value)
  if (made !== null)
    warn?.(
      `a computation of ${made.of.code.name} was made and not run at ${place}, in ${name}: write yield* in front of it, or spawn it`,
      { code: "ROVE_FORGOTTEN_YIELD" },
    )
}

/** The same for a call that looks like one of a collection, which gives the collection: asking for computations takes longer than it. */
export function discardOperation(value: unknown, place: string, name: string): void {
  if (typeof value === "object" && value !== null && Performable.is(value))
    throw new RoveError(
      "ROVE_FORGOTTEN_YIELD",
      `an operation was made and not performed at ${place}, in ${name}: write yield* in front of it`,
    )
}

/** The result of a fiber; throws if it is something that nobody could perform any more. */
export function performed(fiber: FiberState, result: unknown): unknown {
  const what = inVain(result)
  if (what !== null) throw returnedInVain(`fiber ${fiber.id} (${fiber.name})`, what)
  return result
}
/** The same of what a function of the program found out in the middle of a fiber, as it might have at its end. */
export function foundOut(result: unknown, by: () => unknown, where: string): unknown {
  const what = inVain(result)
  if (what !== null) throw returnedInVain(`${where}: ${calledAs(by)}`, what)
  return result
}
function inVain(result: unknown): string | null {
  if (typeof result !== "object" || result === null) return null
  if (Performable.is(result)) return "an operation that was never performed"
  const made = unstarted(result)
  return made === null ? null : `a computation of ${made.of.code.name} that never ran`
}
function returnedInVain(who: string, what: string): RoveError {
  return new RoveError("ROVE_FORGOTTEN_YIELD", `${who} returned ${what}: write return yield* in place of return`)
}

/** What to throw at a yield of a fiber of which nobody takes what it yields, if that was to be performed. */
export function yieldedInVain({ id, name, root }: FiberState, value: object): RoveError | null {
  return yieldedBy(`fiber ${id} (${name})`, root.top, value)
}
/** The same of somebody else whose yields nobody takes, and whose youngest frame that is. */
export function yieldedBy(who: string, top: Frame | null, value: unknown): RoveError | null {
  if (typeof value !== "object" || value === null) return null
  const isOperation = Performable.is(value)
  const made = isOperation ? null : unstarted(value)
  if (!isOperation && made === null) return null
  const what = made === null ? "an operation" : `a computation of ${made.of.code.name}`
  const place = placeOf(top)
  const error = new RoveError(
    "ROVE_FORGOTTEN_YIELD",
    `${what} was yielded and not performed${place === null ? "" : ` at ${place}`}, and nobody takes what ${who} yields: write yield* in place of yield`,
  )
  withPlace(error, top)
  return error
}

function unstarted(value: object): Computation | null {
  const computation = isArray(value) ? null : computationOf(value)
  return computation !== null && computation.status === UNSTARTED ? computation : null
}

const warn = (globalThis as { process?: { emitWarning?(message: string, options: { code: string }): void } }).process
  ?.emitWarning
