/**
 * Owns `for-in` by compiled code whose body cannot stop: the engine runs it over the object itself, and there is nothing
 * besides until it is to stop on the way. Then the keys that are left become a list, once.
 */
import { conceal, type Exposed, engineKeys, expose, isThere, keysIn, mayComeBack } from "./enumeration.ts"
import { append, isProxyLike, isResizable, isView, ToObject } from "./intrinsics.ts"
import { nextOf } from "./keys.ts"

// Of an imported constant the engine does not know what it is. Of these it does, and both cost two nanoseconds, not 40.
const isProxy = isProxyLike
const isViewed = isView

/** So many keys are handed to the engine at once when they are a list: a stop costs no more than it. */
const PAGE = 512

/** The state of such a loop: it goes `over` the indices of the list's pages, one after another. */
export class NativeKeys {
  over: object
  readonly object: object
  /** What was left of the object's keys at the first stop; null while the engine has them. */
  list: readonly string[] | null
  /** Where the page begins in the list. */
  at = 0
  /** The loop is to stop: what else comes is not taken. */
  stopping = false
  /** Takes what else comes of the object itself; made by the first. */
  left: string[] | null = null
  /** The index in the list of the first key that was not taken; -1 if there was none. */
  first = -1
  /** What `leave` takes back. */
  exposed: Exposed | null = null
  constructor(object: object, list: readonly string[] | null) {
    this.object = object
    this.list = list
    this.over = list === null ? object : page(list, 0)
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
  stop(): NativeKeys | null {
    if (this.list === null) {
      this.exposed = expose(this.object)
      if (this.exposed === null && mayComeBack(this.object)) return null
    }
    this.stopping = true
    return this
  }
  /** Behind the loop: whether there is more, after a stop or on the next page. */
  stopped(): boolean {
    if (this.list === null) {
      if (!this.stopping) return false
      this.leave()
      this.list = this.left ?? []
      this.left = null
    } else this.at = this.first < 0 ? this.at + PAGE : this.first
    this.stopping = false
    this.first = -1
    this.over = page(this.list, this.at)
    return this.at < this.list.length
  }
  /** Whatever ended the engine's loop, the object has its prototype. */
  leave(): void {
    if (this.exposed !== null) conceal(this.exposed)
    this.exposed = null
  }
}

function page(list: readonly string[], at: number): string[] {
  const keys: string[] = []
  for (let i = at; i < at + PAGE && i < list.length; i++) append(keys, list[i] as string)
  return keys
}

const turns: readonly string[] = new Array<string>(PAGE).fill("")

/** The same over a Proxy: the keys come from a loop of the engine that stands still meanwhile, and the turns from a list. */
export class ProxyKeys {
  readonly over: object = turns
  readonly object: object
  /** Null at its end. */
  engine: Iterator<string, void> | null
  stopping = false
  constructor(object: object) {
    this.object = object
    this.engine = engineKeys(object)
  }
  take(turn: string): string | undefined {
    if (this.stopping || this.engine === null || !(Number(turn) < PAGE)) return undefined
    const { done, value } = nextOf(this.engine)
    if (done === true) this.engine = null
    return value as string | undefined
  }
  stop(): ProxyKeys {
    this.stopping = true
    return this
  }
  stopped(): boolean {
    this.stopping = false
    return this.engine !== null
  }
  leave(): void {}
}

/**
 * Begins one: null, but for what cannot be listed on the way. That is a Proxy, whose traps would be asked, and a typed array
 * whose elements may go and come back: behind its end the engine looks for an index nowhere else.
 */
export function beginKeys(value: unknown): NativeKeys | ProxyKeys | null {
  if (isProxy(value as object)) return new ProxyKeys(value as object)
  return isViewed(value) && isResizable(value as object)
    ? new NativeKeys(value as object, keysIn(value as object))
    : null
}

/**
 * Stops one that the engine runs over the value, or that stopped before. It had a key: it is neither null nor undefined. Null
 * if it cannot be stopped: what is left is not known where a key may have been deleted, and come back unseen.
 */
export function stopKeys(keys: NativeKeys | ProxyKeys | null, value: unknown): NativeKeys | ProxyKeys | null {
  return (keys ?? new NativeKeys(ToObject(value), null)).stop()
}
