/**
 * Owns working under a program that has replaced functions of the language: our own code must not run the program's, nor
 * fail because of it. What was replaced is put back for the time of one call, and then replaced again.
 */
import { isPristine, USED } from "./language.ts"
import { List } from "./list.ts"

interface Original {
  readonly home: object
  readonly key: PropertyKey
  readonly value: unknown
}

interface Replaced extends Original {
  /** What the program has there; undefined where it has taken the function away. */
  readonly own: PropertyDescriptor | undefined
}

const originals: readonly Original[] = USED.flatMap(([home, keys]) =>
  home === undefined ? [] : keys.map(key => ({ home, key, value: Reflect.get(home, key) })),
)
const { getOwnPropertyDescriptor, setPrototypeOf } = Object
const { defineProperty, deleteProperty, get } = Reflect

/** Runs `work` with the language as it was when this was loaded. */
export function pristine<T>(work: () => T): T {
  if (isPristine()) return work()
  const replaced = new List<Replaced>()
  try {
    for (let i = 0; i < originals.length; i++) putBack(originals[i] as Original, replaced)
    return work()
  } finally {
    for (let i = replaced.length - 1; i >= 0; i--) replaceAgain(replaced[i] as Replaced)
  }
}

/** Puts a function of the language back, if it was replaced and the program has not seen to it that nobody can. */
function putBack({ home, key, value }: Original, replaced: List<Replaced>): void {
  if (isThere(home, key, value)) return
  const own = getOwnPropertyDescriptor(home, key)
  // noted first: whatever happens from here on, the program gets its own again
  replaced.add({ home, key, value, own })
  const enumerable = own?.enumerable ?? false
  const configurable = own?.configurable ?? true
  defineProperty(home, key, bare({ value, writable: true, enumerable, configurable }))
}

/** An accessor of the program may throw. */
function isThere(home: object, key: PropertyKey, value: unknown): boolean {
  try {
    return get(home, key) === value
  } catch {
    return false
  }
}

/** Leaves alone what could not be put back, and what a function of the program that ran within the call has put there. */
function replaceAgain({ home, key, value, own }: Replaced): void {
  if (getOwnPropertyDescriptor(home, key)?.value !== value) return
  if (own === undefined) deleteProperty(home, key)
  else defineProperty(home, key, bare(own))
}

/** A descriptor that inherits nothing, whatever a program has given all objects. */
function bare(descriptor: PropertyDescriptor): PropertyDescriptor {
  return setPrototypeOf(descriptor, null) as PropertyDescriptor
}
