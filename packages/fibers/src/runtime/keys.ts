/** Owns `for-in` by compiled code: the keys are listed at the start, one that is gone before its turn is left out. */
import { isProxy, SUSPENDED, type Suspended, THROW } from "@rove/core"
import { append, getOwnPropertyDescriptor, getPrototypeOf, ToObject } from "./intrinsics.ts"
import { type Machine, PREEMPT } from "./machine.ts"
import { poll } from "./poll.ts"

export class KeysCursor {
  value: string | undefined = undefined
  readonly object: object | null
  readonly keys: readonly string[]
  index = 0
  polled = false
  constructor(object: object | null, keys: readonly string[]) {
    this.object = object
    this.keys = keys
  }
  /** As in any cursor. */
  get quick(): boolean {
    return true
  }
  next(m: Machine): boolean | Suspended {
    if (this.polled) {
      this.polled = false
      if (m.kind === THROW) throw m.value
    } else if (--m.budget < (m.due[0] as number) && poll(m)) {
      this.polled = true
      m.signal = PREEMPT
      return SUSPENDED
    }
    return this.more()
  }
  more(): boolean {
    while (this.index < this.keys.length) {
      const key = this.keys[this.index++] as string
      if (isThere(this.object as object, key)) {
        this.value = key
        return true
      }
    }
    this.value = undefined
    return false
  }
}

/** So many keys are handed to the engine at once when they are a list: a stop costs no more than it. */
const PAGE = 512

/**
 * A `for-in` that the engine runs: compiled code goes over the object itself, without one of these. Only where it stops on
 * the way the keys that are left become a list, once; then it goes `over` the indices of the list's pages, one after
 * another. (The traps of a Proxy are then asked once more.)
 */
export class NativeKeys {
  over: object
  readonly object: object
  /** What was left of the object's keys at the first stop; null while the engine has them. */
  list: readonly string[] | null = null
  /** Where the page begins in the list. */
  at = 0
  /** The loop is to stop: what else comes is not taken. */
  stopping = false
  /** Takes what else comes of the object itself; made by the first. */
  left: string[] | null = null
  /** The index in the list of the first key that was not taken; -1 if there was none. */
  first = -1
  /** `value`: it had a key, so it is neither null nor undefined. */
  constructor(value: unknown) {
    this.object = this.over = ToObject(value)
  }
  /** The key whose turn it is, if it still is there; for a loop that is to stop nothing is any more. */
  take(key: string): string | undefined {
    const { list } = this
    if (list === null) {
      this.left ??= []
      append(this.left, key)
      return undefined
    }
    const index = this.at + Number(key)
    // what the program put on the prototype of arrays is no index
    if (!(index < list.length)) return undefined
    if (this.stopping) {
      if (this.first < 0) this.first = index
      return undefined
    }
    const own = list[index] as string
    return isThere(this.object, own) ? own : undefined
  }
  stop(): NativeKeys {
    this.stopping = true
    return this
  }
  /** Behind the loop: whether there is more, after a stop or on the next page. */
  stopped(): boolean {
    if (this.list === null) {
      if (!this.stopping) return false
      this.list = this.left ?? []
      this.left = null
    } else this.at = this.first < 0 ? this.at + PAGE : this.first
    this.stopping = false
    this.first = -1
    this.over = page(this.list, this.at)
    return this.at < this.list.length
  }
}

function page(list: readonly string[], at: number): string[] {
  const keys: string[] = []
  for (let i = at; i < at + PAGE && i < list.length; i++) append(keys, list[i] as string)
  return keys
}

function keysIn(object: object): string[] {
  const keys: string[] = []
  for (const key in object) append(keys, key)
  return keys
}

/**
 * Whether the key still is a property of the object or of a prototype. Whether it can still be enumerated is asked of a
 * Proxy only, as the engine does.
 */
function isThere(object: object, key: string): boolean {
  for (let o: object | null = object; o !== null; o = getPrototypeOf(o)) {
    const property = getOwnPropertyDescriptor(o, key)
    if (property !== undefined) return property.enumerable === true || !isProxy(o)
  }
  return false
}

/** Begins a `for-in`. */
export function keysOf(value: unknown): KeysCursor {
  if (value === undefined || value === null) return new KeysCursor(null, [])
  const object = ToObject(value)
  return new KeysCursor(object, keysIn(object))
}

/** Stops a `for-in` that the engine runs over the value, or over what was left of its keys when it stopped before. */
export function stopKeys(keys: NativeKeys | null, value: unknown): NativeKeys {
  return (keys ?? new NativeKeys(value)).stop()
}
