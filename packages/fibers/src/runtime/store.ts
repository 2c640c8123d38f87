/**
 * Owns what asynchronous functions that a fiber calls see of its variables: each slice runs inside the fiber's store, the
 * map that its variables are at that moment. It is entered again only when that is another map than the one before, so
 * children that run inline and fibers that set nothing pay nothing.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import type { Variables } from "@rove/core"
import type { Machine } from "./machine.ts"

const storage = new AsyncLocalStorage<Variables | undefined>()

/** The variables of the fiber that led here; undefined if none did. */
export function storedVariables(): Variables | undefined {
  return storage.getStore()
}

/** At the start of a burst it is unknown which store the event loop has left behind. */
export function findStore(m: Machine): void {
  m.store = storage.getStore() ?? null
}

/** From here on, to the end of the slice or the next call, helpers see these variables. */
export function enterStore(m: Machine, variables: Variables): void {
  if (m.store === variables) return
  m.store = variables
  storage.enterWith(variables)
}

/** Runs ordinary code with these variables in place of those of the fiber that led here. */
export function inStore<R>(variables: Variables, run: () => R): R {
  return storage.run(variables, run)
}

/** Runs what no fiber led to, callbacks of a thread and of its host: whenever they are called, they see the thread's variables. */
export function outsideStores<R>(run: () => R): R {
  return storage.run(undefined, run)
}
