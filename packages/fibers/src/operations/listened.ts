/**
 * Owns listening to promises for as long as somebody waits for them. The language cannot take back what `then` was given, so each
 * promise gets that once, however many wait for it one after the other, and those who have stopped waiting are forgotten.
 */
import { NEXT, THROW } from "@rove/core"

type Kind = typeof NEXT | typeof THROW
export type Listener = (kind: Kind, value: unknown) => void

const listening = new WeakMap<object, Set<Listener>>()
const { then } = Promise.prototype

/** Calls back once, later, with what becomes of the promise. Gives what ends that. Both outcomes count as heard, by whoever stopped listening too. */
export function listen(promise: PromiseLike<unknown>, listener: Listener): () => void {
  const known = listening.get(promise)
  if (known !== undefined) return add(known, listener)
  const listeners = new Set<Listener>()
  const settled =
    (kind: Kind) =>
    (value: unknown): void => {
      listening.delete(promise)
      for (const one of listeners) one(kind, value)
    }
  // what is no promise of the language may do something each time that it is asked
  if (promise instanceof Promise && promise.then === then) listening.set(promise, listeners)
  Promise.resolve(promise).then(settled(NEXT), settled(THROW))
  return add(listeners, listener)
}

function add(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
