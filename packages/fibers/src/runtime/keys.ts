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
    } else if (--m.budget < 0 && poll(m)) {
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

/**
 * A `for-in` that the engine runs: compiled code goes `over` the object itself. Only where it stops on the way the keys
 * that are left become a list; then it goes over the list's indices. (The traps of a Proxy are then asked once more.)
 */
export class NativeKeys {
  over: object | null
  readonly object: object | null
  /** What is left of the object's keys; null while the engine has them. */
  list: readonly string[] | null = null
  /** Takes what else comes: the loop is to stop. */
  left: string[] | null = null
  constructor(object: object | null) {
    this.object = this.over = object
  }
  /** What has a say in each round; null if nobody has. */
  get slow(): NativeKeys | null {
    return this.list === null ? null : this
  }
  /** The key whose turn it is, if it still is there; for a loop that is to stop nothing is any more. */
  take(key: string): string | undefined {
    const own = this.list === null ? key : (this.list[Number(key)] as string)
    if (this.left !== null) {
      append(this.left, own)
      return undefined
    }
    return this.list === null || isThere(this.object as object, own) ? own : undefined
  }
  stop(): NativeKeys {
    this.left = []
    return this
  }
  /** Behind the loop: whether it was to stop. What it did not come to is the list now. */
  stopped(): boolean {
    if (this.left === null) return false
    this.list = this.over = this.left
    this.left = null
    return true
  }
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

/** The same for a loop that the engine runs. */
export function nativeKeysOf(value: unknown): NativeKeys {
  return new NativeKeys(value === undefined || value === null ? null : ToObject(value))
}
