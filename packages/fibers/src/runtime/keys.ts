/** Owns `for-in` by compiled code: the keys are listed at the start, one that is gone before its turn is left out. */
import { SUSPENDED, type Suspended, THROW } from "@rove/core"
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

/** Whether the key still is an enumerable property of the object or of a prototype. */
function isThere(object: object, key: string): boolean {
  for (let o: object | null = object; o !== null; o = getPrototypeOf(o)) {
    const property = getOwnPropertyDescriptor(o, key)
    if (property !== undefined) return property.enumerable === true
  }
  return false
}

/** Begins a `for-in`. */
export function keysOf(value: unknown): KeysCursor {
  if (value === undefined || value === null) return new KeysCursor(null, [])
  const object = ToObject(value)
  const keys: string[] = []
  for (const key in object) append(keys, key)
  return new KeysCursor(object, keys)
}
