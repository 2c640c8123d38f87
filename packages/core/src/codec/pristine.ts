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

const originals: readonly Original[] = USED.flatMap(([home, keys]) =>
  home === undefined ? [] : keys.map(key => ({ home, key, value: Reflect.get(home, key) })),
)
const { getOwnPropertyDescriptor, setPrototypeOf } = Object
const { defineProperty, get } = Reflect

/** Runs `work` with the language as it was when this was loaded. */
export function pristine<T>(work: () => T): T {
  if (isPristine()) return work()
  const undone = new List<() => void>()
  for (let i = 0; i < originals.length; i++) {
    const { home, key, value } = originals[i] as Original
    if (get(home, key) === value) continue
    const undo = putBack(home, key, value)
    if (undo !== null) undone.add(undo)
  }
  try {
    return work()
  } finally {
    for (let i = undone.length - 1; i >= 0; i--) (undone[i] as () => void)()
  }
}

/** Puts a function of the language back; gives what replaces it again. Null where the program has seen to it that nobody can. */
function putBack(home: object, key: PropertyKey, value: unknown): (() => void) | null {
  const own = getOwnPropertyDescriptor(home, key)
  const { enumerable = false, configurable = true } = own ?? {}
  if (!defineProperty(home, key, bare({ value, writable: true, enumerable, configurable }))) return null
  if (own === undefined) return () => delete (home as Record<PropertyKey, unknown>)[key]
  return () => defineProperty(home, key, bare(own))
}

/** A descriptor that inherits nothing, whatever a program has given all objects. */
function bare(descriptor: PropertyDescriptor): PropertyDescriptor {
  return setPrototypeOf(descriptor, null) as PropertyDescriptor
}
