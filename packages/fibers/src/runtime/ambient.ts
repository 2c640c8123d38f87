/**
 * Owns the question "in which context does this code run": the current fiber's; in what a fiber called and awaits, the
 * variables as they were then; else the thread's own.
 */
import { Context, type Variables } from "@rove/core"
import { enterStore, outsideStores, storedVariables } from "./store.ts"
import { machine } from "./thread.ts"

const base = new Context()
machine.own.outside = outsideStores

/** Changes with every slice: ask again after each wait. */
export function currentContext(): Context {
  if (machine.fiber !== null) return machine.fiber.context
  const stored = storedVariables()
  return stored === undefined ? base : new Context(stored)
}

/** The same, as one that nobody else has: to be written. */
export function ownContext(): Context {
  return machine.fiber !== null ? machine.fiber.ownContext() : currentContext()
}

export function currentVariables(): Variables {
  return machine.fiber !== null ? machine.fiber.context.variables : (storedVariables() ?? base.variables)
}

/** Whether this is asynchronous code that a fiber called: it reads the fiber's variables, and nobody would see what it sets. */
export function isHelper(): boolean {
  return machine.fiber === null && storedVariables() !== undefined
}

/** Gives the context, an owned one, its new variables; helpers that are called from here on see them. */
export function assignVariables(context: Context, variables: Variables): void {
  context.variables = variables
  if (context !== base) enterStore(machine, variables)
}

/** Names the entered context; moves with the fiber. The base contexts of threads need no names: nothing moves from one to another. */
export function currentScope(): string {
  const { fiber } = machine
  const scope = (fiber === null ? base : fiber.context).extra?.scope ?? 0
  return `${fiber === null ? "thread" : fiber.id}${scope === 0 ? "" : `/${scope}`}`
}
