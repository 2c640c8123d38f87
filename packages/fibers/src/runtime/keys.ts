/**
 * Owns `for-in` by compiled code whose body can stop: the keys are listed at the start, one that is gone before its turn is
 * left out. Over a Proxy the engine's own loop goes on, which nothing can list without its traps: that cannot be saved, and
 * neither can the Proxy.
 */
import { SUSPENDED, type Suspended, THROW } from "@rove/core"
import { conceal, engineKeys, expose, isThere, keysIn, mayTrap } from "./enumeration.ts"
import { append, apply, generatorNext, isProxyKnown, setPrototypeOf, ToObject } from "./intrinsics.ts"
import { type Machine, PREEMPT } from "./machine.ts"
import { poll } from "./poll.ts"

export class KeysCursor {
  value: string | undefined = undefined
  readonly object: object | null
  keys: readonly string[]
  index = 0
  polled = false
  /** The engine's own loop, as long as there is no list. */
  engine: Iterator<string, void> | null
  constructor(object: object | null, keys: readonly string[], engine: Iterator<string, void> | null) {
    this.object = object
    this.keys = keys
    this.engine = engine
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
    if (this.engine !== null) {
      const { done, value } = nextOf(this.engine)
      this.value = value as string | undefined
      return done !== true
    }
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
  /** Before it is saved: a list of what is left, in a realm where what can be listed cannot be told from a Proxy. */
  list(): void {
    const { engine } = this
    if (engine === null || isProxyKnown) return
    const left: string[] = []
    const exposed = expose(this.object as object)
    try {
      for (let next = nextOf(engine); next.done !== true; next = nextOf(engine)) append(left, next.value)
    } finally {
      if (exposed !== null) conceal(exposed)
    }
    this.engine = null
    this.keys = left
    this.index = 0
  }
}

// as any cursor
setPrototypeOf(KeysCursor.prototype, null)

/** The next step of a generator of ours, whatever the program made of the prototype of all. */
export function nextOf(engine: Iterator<string, void>): IteratorResult<string, void> {
  return apply(generatorNext, engine as Generator, []) as IteratorResult<string, void>
}

/** Begins a `for-in`. */
export function keysOf(value: unknown): KeysCursor {
  if (value === undefined || value === null) return new KeysCursor(null, [], null)
  const object = ToObject(value)
  return mayTrap(object) ? new KeysCursor(object, [], engineKeys(object)) : new KeysCursor(object, keysIn(object), null)
}
