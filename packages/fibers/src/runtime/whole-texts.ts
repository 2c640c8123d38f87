/**
 * Owns whether the language's own functions for texts and lists are what they were: where a program has replaced one, work of ours that
 * the program did not ask for, and can do without, is left undone, so that nothing of the program runs in it.
 */
import { arrayIteratorPrototype, getOwnPropertyDescriptor, ITERATOR, isConstant } from "./intrinsics.ts"

/** What stacks are written with, each with what it was when this was loaded. */
const used: readonly (readonly [home: object, key: PropertyKey, value: unknown])[] = [
  ...of(RegExp.prototype, ["exec", Symbol.replace, Symbol.search, Symbol.split]),
  ...of(String.prototype, [
    "search",
    "split",
    "slice",
    "replace",
    "includes",
    "endsWith",
    "indexOf",
    "lastIndexOf",
    "startsWith",
  ]),
  ...of(Array.prototype, ["some", "every", "findIndex", "filter", "slice", "join", "map", "push", ITERATOR]),
  ...of(arrayIteratorPrototype, ["next"]),
]

function of(home: object, keys: readonly PropertyKey[]): (readonly [object, PropertyKey, unknown])[] {
  return keys.map(key => [home, key, getOwnPropertyDescriptor(home, key)?.value])
}

/** Runs nothing of the program. */
export function areTextsWhole(): boolean {
  for (let i = 0; i < used.length; i++) {
    const one = used[i] as (typeof used)[number]
    if (!isConstant(one[0], one[1], one[2])) return false
  }
  return true
}
