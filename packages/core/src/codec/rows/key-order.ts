/**
 * Owns the order of own keys: what a function or a prototype object is made with stands in front of what is added, unless it was taken
 * away and given back. The engine puts array indices first and symbols last in any case.
 */

/** Whether what an object was made with stands in front of what was added, where the engine orders keys by time. */
export function isInOrder(keys: readonly PropertyKey[], made: readonly PropertyKey[]): boolean {
  if (made.every((key, i) => key === keys[i])) return true
  const again: Record<PropertyKey, true> = Object.create(null)
  for (const key of [...made, ...keys]) again[key] = true
  return Reflect.ownKeys(again).every((key, i) => key === keys[i])
}

/**
 * What a record says of the properties of a function: what differs from what it is made with, and, from the first key on that is not
 * where it was made, all that stands there. `nature`: what it is made with.
 */
export function recordedKeys(
  fn: object,
  different: readonly PropertyKey[],
  nature: () => Readonly<PropertyDescriptorMap>,
): readonly PropertyKey[] {
  const all = Reflect.ownKeys(fn)
  // nothing else can be taken away
  if (all[0] === "length" && all[1] === "name") return different
  const made = Reflect.ownKeys(nature())
  if (isInOrder(all, made)) return different
  const names = all.filter(key => typeof key === "string" && !isIndex(key))
  const late = names.slice(names.findIndex((key, i) => key !== made[i]))
  const isEarly = (key: PropertyKey): boolean => typeof key === "string" && !late.includes(key)
  return [...different.filter(isEarly), ...late, ...different.filter(key => typeof key === "symbol")]
}

/** Called with each key of such a list, before the function has the property: takes away what stands too far in front. */
export function placing(fn: object): (key: PropertyKey) => void {
  let isBehindLength = false
  let isBehindName = false
  return key => {
    if ((key === "length" && isBehindLength) || (key === "name" && isBehindName)) Reflect.deleteProperty(fn, key)
    if (key === "length" || typeof key === "symbol" || isIndex(key as string)) return
    isBehindLength = true
    isBehindName ||= key !== "name"
  }
}

function isIndex(key: string): boolean {
  return String(Number(key) >>> 0) === key && Number(key) < 2 ** 32 - 1
}
