/**
 * Owns working under a program that has replaced functions of the language: our own code must not run the program's, nor
 * fail because of it. What was replaced is put back for the time of one call, and then replaced again.
 */
import { ASKED, isPristine, USED } from "./language.ts"
import { List } from "./list.ts"

interface Original {
  readonly home: object
  readonly key: PropertyKey
  /** Of a function. */
  readonly value: unknown
  /** Of an accessor; undefined for a function. */
  readonly get: (() => unknown) | undefined
}

interface Replaced extends Original {
  /** What the program has there; undefined where it has taken the function away. */
  readonly own: PropertyDescriptor | undefined
}

const { getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf } = Object
const { defineProperty, deleteProperty, get } = Reflect

const originals: readonly Original[] = [
  ...listed(USED, (home, key) => ({ home, key, value: get(home, key), get: undefined })),
  ...listed(ASKED, (home, key) => ({ home, key, value: undefined, get: getterOf(home, key) })),
]

function listed(list: typeof USED, original: (home: object, key: PropertyKey) => Original): Original[] {
  return list.flatMap(([home, keys]) => (home === undefined ? [] : keys.map(key => original(home, key))))
}

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
function putBack(original: Original, replaced: List<Replaced>): void {
  if (isThere(original)) return
  const { home, key, value, get } = original
  const own = getOwnPropertyDescriptor(home, key)
  // noted first: whatever happens from here on, the program gets its own again
  replaced.add({ home, key, value, get, own })
  const enumerable = own?.enumerable ?? false
  const configurable = own?.configurable ?? true
  const there = get === undefined ? { value, writable: true } : { get }
  defineProperty(home, key, bare({ ...there, enumerable, configurable }))
}

/** An accessor of the program in the place of a function may throw. */
function isThere({ home, key, value, get: getter }: Original): boolean {
  try {
    return getter === undefined ? get(home, key) === value : getterOf(home, key) === getter
  } catch {
    return false
  }
}

/** The getter of an accessor, which may be inherited; nothing of the program is run. */
function getterOf(home: object, key: PropertyKey): (() => unknown) | undefined {
  for (let at: object | null = home; at !== null; at = getPrototypeOf(at) as object | null) {
    const own = getOwnPropertyDescriptor(at, key)
    if (own !== undefined) return own.get
  }
  return undefined
}

/** Leaves alone what could not be put back, and what a function of the program that ran within the call has put there. */
function replaceAgain({ home, key, value, get, own }: Replaced): void {
  const now = getOwnPropertyDescriptor(home, key)
  if (now?.value !== value || now?.get !== get) return
  if (own === undefined) deleteProperty(home, key)
  else defineProperty(home, key, bare(own))
}

/** A descriptor that inherits nothing, whatever a program has given all objects. */
function bare(descriptor: PropertyDescriptor): PropertyDescriptor {
  return setPrototypeOf(descriptor, null) as PropertyDescriptor
}
