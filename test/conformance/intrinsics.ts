/** Owns what the language itself owns in this realm: in a test, all of it stays by reference. */
import { reachable, unnamed } from "./moves.ts"

const STANDARD = /^([A-Z][A-Za-z0-9]*|eval|parseInt|parseFloat|isNaN|isFinite|(de|en)codeURI(Component)?)$/
let found: ReadonlySet<object> | undefined

/** Everything that a name of the standard leads to, without what else hangs on the global object; and that object. */
export function intrinsics(): ReadonlySet<object> {
  if (found !== undefined) return found
  const roots: unknown[] = [Object.getPrototypeOf(function* () {})]
  for (const key of Object.getOwnPropertyNames(globalThis)) {
    const property = Object.getOwnPropertyDescriptor(globalThis, key)
    if (STANDARD.test(key) && property !== undefined && "value" in property) roots.push(property.value)
  }
  const all = reachable([...roots, ...unnamed()])
  all.add(globalThis)
  found = all
  return all
}
