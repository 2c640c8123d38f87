/** Owns the built-in iterators that programs can see: all their kinds, and the methods of the language that step them. */
import { registerReference } from "@rove/core"
import "./arrays.ts"
import "./collections.ts"
import "./helpers.ts"
import "./matches.ts"
import "./wrapped.ts"

const { Iterator } = globalThis as { Iterator?: { prototype: { take(n: number): object }; from(x: object): object } }
const examples: readonly (readonly [string, object | undefined])[] = [
  ["Array", [].values()],
  ["String", ""[Symbol.iterator]()],
  ["Map", new Map().values()],
  ["Set", new Set().values()],
  ["RegExpString", "".matchAll(/a/g)],
  ["Helper", Iterator === undefined ? undefined : Reflect.apply(Iterator.prototype.take, Iterator.prototype, [0])],
  ["Wrapped", Iterator?.from({ next: () => ({ done: true }) })],
]
// what a loop over such an iterator holds
for (const [name, iterator] of examples)
  if (iterator !== undefined)
    registerReference(`rove.next.${name}`, (Object.getPrototypeOf(iterator) as { next: object }).next)
