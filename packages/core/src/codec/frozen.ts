/** Owns the verdict "frozen all the way down": such a value may be shared, because nobody can change it. */
import { stampOf } from "../code.ts"
import { List } from "./list.ts"
import { isProxy } from "./platform.ts"
import { referenceOf } from "./references.ts"
import { wellKnownIndex } from "./symbols.ts"

/** Never has to be taken back: what is frozen stays so, prototype included. */
const verdicts = new WeakSet<object>()

/** Whether a value is a plain object or array that is frozen, as everything in it is. */
export function isDeepFrozen(root: object): boolean {
  if (isProxy(root) || !Object.isFrozen(root)) return false
  if (verdicts.has(root)) return true
  const seen = new Set<object>([root])
  const objects = new List<object>()
  objects.add(root)
  // by index: an iteration that is left would ask for a `return` that a program put on the prototype of iterators
  for (let i = 0; i < objects.length; i++) {
    const object = objects[i] as object
    if (verdicts.has(object)) continue
    if (isProxy(object) || !Object.isFrozen(object) || !isPlain(object)) return false
    const keys = Reflect.ownKeys(object)
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k] as string | symbol
      if (typeof key === "symbol" && !isShared(key)) return false
      const descriptor = Object.getOwnPropertyDescriptor(object, key) as PropertyDescriptor
      if (descriptor.get !== undefined || descriptor.set !== undefined) return false
      const value: unknown = descriptor.value
      if (typeof value === "symbol" ? !isShared(value) : typeof value === "function" && !isReferred(value)) return false
      if (typeof value !== "object" || value === null || referenceOf(value) !== undefined || seen.has(value)) continue
      seen.add(value)
      objects.add(value)
    }
  }
  for (let i = 0; i < objects.length; i++) verdicts.add(objects[i] as object)
  return true
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return Array.isArray(object) ? prototype === Array.prototype : prototype === Object.prototype || prototype === null
}

function isShared(symbol: symbol): boolean {
  return wellKnownIndex(symbol) >= 0 || Symbol.keyFor(symbol) !== undefined || referenceOf(symbol) !== undefined
}

function isReferred(fn: object): boolean {
  const closure = stampOf(fn)
  return referenceOf(fn) !== undefined || (closure !== undefined && closure.code.single === closure)
}
