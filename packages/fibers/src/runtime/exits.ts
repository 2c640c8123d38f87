/**
 * Owns what a fiber does at its end: callbacks and the cleanup of its locals, last in, first out, each once, all of them
 * although one throws, on whichever thread the fiber ends. They move with it.
 */
import type { Context, Exit } from "@rove/core"
import { aside } from "./aside.ts"
import type { FiberState, Outcome } from "./fiber.ts"
import type { Machine } from "./machine.ts"

/** Something with a method that is called at the fiber's end: a fiber-local. */
export interface Ending {
  ended(fiber: FiberState): void
}

/** Registers a portable function and its argument, or a fiber-local. */
export function runAtEnd(
  fiber: FiberState,
  what: Ending | ((outcome: Outcome, argument: never) => void),
  argument: unknown,
): void {
  const more = fiber.ownContext().more()
  more.exits ??= []
  more.exits.push({ what, argument })
}

/** What was registered last under that name is not done. */
export function dropExit(fiber: FiberState, what: Ending): void {
  const exits = fiber.context.extra?.exits ?? []
  for (let i = exits.length - 1; i >= 0; i--) if (exits[i]?.what === what) return void exits.splice(i, 1)
}

/** The fiber's outcome once its callbacks have run: what they throw makes a failure of a success, and is told of otherwise. */
export function runExits(m: Machine, fiber: FiberState, outcome: Outcome): Outcome {
  const errors: unknown[] = []
  for (let exit = next(fiber.context); exit !== undefined; exit = next(fiber.context)) {
    const { what, argument } = exit
    try {
      aside(m, () => (typeof what === "function" ? what(outcome, argument) : (what as Ending).ended(fiber)))
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length === 0) return outcome
  if (outcome.kind === "returned")
    return { kind: "failed", error: errors.length === 1 ? errors[0] : all(fiber, errors) }
  process.emitWarning(`${describe(fiber)} failed too: ${errors.map(String).join("; ")}`, { type: "RoveCallbackFailed" })
  return outcome
}

function next(context: Context): Exit | undefined {
  return context.extra?.exits?.pop()
}

function all(fiber: FiberState, errors: readonly unknown[]): AggregateError {
  return new AggregateError(errors, `${errors.length} of ${describe(fiber)} failed`)
}

function describe({ id, name }: FiberState): string {
  return `the exit callbacks of fiber ${id} (${name})`
}
