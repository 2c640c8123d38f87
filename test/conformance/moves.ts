/**
 * Owns what happens to a computation at a stop: it goes through bytes, with what it yielded.
 *
 * Either whole, with only what the realm owns by reference; or, if something in it is not portable, only its frames, with
 * all values by reference: then nothing is shared between a copy and an original. Runs in the realms of tests that
 * change intrinsics, and so takes all that it needs at the start.
 */
import { Closure, Computation, decode, encode, Frame, NotPortableError } from "@rove/core"
import { iterate, keysOf, taker } from "@rove/fibers/runtime"

const [Table, Items] = [Map, Set]
const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect
const { get: mapGet, set: mapSet } = Map.prototype
const { has: setHas, add: setAdd } = Set.prototype

/** Where it can be found out: asking a proxy anything else runs code of the program. */
const isProxy: (value: unknown) => boolean =
  (
    globalThis as { process?: { getBuiltinModule?(name: string): { types: { isProxy(value: unknown): boolean } } } }
  ).process?.getBuiltinModule?.("node:util").types.isProxy ?? (() => false)

const SHARED: readonly object[] = [globalThis, Object.prototype, Array.prototype, Function.prototype]

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function"

/** Prototypes of iterators, to which no name leads. */
export function unnamed(): object[] {
  const iterators = [[].values(), new Map().values(), new Set().values(), ""[Symbol.iterator](), "".matchAll(/a/g)]
  return [...iterators, [].values().map(x => x), Iterator.from({ next: [].values().next })].map(
    getPrototypeOf,
  ) as object[]
}

/** Everything that can be reached from some objects, without running getters. */
export function reachable(roots: readonly unknown[]): Set<object> {
  const seen = new Set<object>()
  const next: unknown[] = [...roots]
  while (next.length > 0) {
    const value = next.pop()
    if (!isObject(value) || seen.has(value)) continue
    seen.add(value)
    next.push(getPrototypeOf(value))
    for (const key of ownKeys(value)) {
      const { value: v, get, set } = getOwnPropertyDescriptor(value, key) as PropertyDescriptor
      next.push(v, get, set)
    }
  }
  return seen
}

/** Prototypes of the runtime's own objects in frames, which are moved with them. */
const own = new Set<object>()
for (const made of [iterate([]), iterate(""), iterate(new Map()), keysOf({}), taker([])])
  for (let at: object | null = getPrototypeOf(made); at !== null && at !== Object.prototype; at = getPrototypeOf(at))
    own.add(at)

/** What was done, so that a suite can tell a test that passed from one that never moved. */
export interface Moved {
  whole: number
  frames: number
  /** How often something was in the way, by the reason. */
  readonly partly: Map<string, number>
}

/**
 * What stands on objects, to be asked whether a program has put something of its own there. It may have put it where arrays
 * are iterated: nothing here does that after the start.
 */
export class Standing {
  readonly #objects: { readonly at: object; readonly from: object | null; readonly count: number }[] = []
  readonly #rows: { readonly at: object; readonly key: PropertyKey; readonly was: PropertyDescriptor }[] = []
  constructor(owned: Iterable<object>) {
    for (const at of owned) {
      const keys = ownKeys(at)
      // on the global object a script's own names are added
      const count = at === globalThis ? Number.POSITIVE_INFINITY : keys.length
      this.#objects.push({ at, from: getPrototypeOf(at), count })
      for (const key of keys) this.#rows.push({ at, key, was: getOwnPropertyDescriptor(at, key) as PropertyDescriptor })
    }
  }

  isChanged(): boolean {
    for (let i = 0; i < this.#objects.length; i++) {
      const { at, from, count } = this.#objects[i] as { at: object; from: object | null; count: number }
      if (ownKeys(at).length > count || getPrototypeOf(at) !== from) return true
    }
    for (let i = 0; i < this.#rows.length; i++) {
      const { at, key, was } = this.#rows[i] as { at: object; key: PropertyKey; was: PropertyDescriptor }
      const is = getOwnPropertyDescriptor(at, key)
      if (is !== undefined && (isOther(is.value, was.value) || isOther(is.get, was.get) || isOther(is.set, was.set)))
        return true
    }
    return false
  }
}

function isOther(is: unknown, was: unknown): boolean {
  return isObject(is) && is !== was
}

export class Mover {
  readonly #owned: ReadonlySet<object>
  readonly #fixed: ReadonlySet<object>
  readonly #moved: Moved
  readonly #standing: Standing | null
  /** Names on the realm's objects at the first move: the program's own script declares some before it starts. */
  #names: number | null = null
  /**
   * By reference stay the things of the realm (`owned`) and those of the harness (`fixed`). With `standing`, whatever the program
   * hangs on the realm is looked for, and not only what it adds where most do.
   */
  constructor(owned: ReadonlySet<object>, fixed: ReadonlySet<object>, moved: Moved, standing: Standing | null = null) {
    this.#standing = standing
    this.#owned = owned
    this.#fixed = fixed
    this.#moved = moved
  }

  /**
   * A copy of an object that holds a generator or computation, and beside it what was yielded. With `whole`, what cannot
   * move whole stays: values must not meet code of another evaluation. That comes about by `meanwhile`, which runs when the
   * bytes are there.
   */
  move<T extends object>(root: T, whole = false, meanwhile = () => {}): T {
    // what the program hung on objects of the realm stays, and may share variables with what would move
    let names = 0
    for (let i = 0; i < SHARED.length; i++) names += ownKeys(SHARED[i] as object).length
    this.#names ??= names
    if (names > this.#names || this.#standing?.isChanged() === true) {
      this.#blame("the program added to the global object, or to a prototype of the language")
      return whole ? root : this.#movePart(root)
    }
    const owned = this.#owned
    const fixed = this.#fixed
    try {
      const copy = through(root, value => apply(setHas, owned, [value]) || apply(setHas, fixed, [value]), meanwhile)
      this.#moved.whole++
      return copy
    } catch (error) {
      if (!(error instanceof NotPortableError)) throw error
      this.#blame(error.path === "" ? error.message : error.message.slice(error.path.length + 2))
    }
    return whole ? root : this.#movePart(root)
  }

  #movePart<T extends object>(root: T): T {
    const inner = (root as { inner?: unknown }).inner ?? null
    // it stopped inside another generator's body, which the program may hold: nothing can move without that
    if (inner !== null && inner !== (root as { root?: unknown }).root) return root
    return this.moveFrames(root)
  }

  /** No move of frames only is without a reason. */
  #blame(why: string): void {
    const { partly } = this.#moved
    apply(mapSet, partly, [why, ((apply(mapGet, partly, [why]) as number | undefined) ?? 0) + 1])
  }

  /** The same, with all values by reference. */
  moveFrames<T extends object>(root: T): T {
    const copy = through(root, framesOnly(root))
    this.#moved.frames++
    return copy
  }
}

/** Through bytes and back, but for what `stays`. */
function through<T extends object>(root: T, stays: (value: object | symbol) => boolean, meanwhile = () => {}): T {
  const keys = new Table<object | symbol, string>()
  const values = { __proto__: null } as unknown as Record<string, object | symbol>
  let count = 0
  const reference = (value: object | symbol): string | undefined => {
    if (!stays(value)) return undefined
    let key = apply(mapGet, keys, [value]) as string | undefined
    if (key === undefined) {
      key = `${count++}`
      apply(mapSet, keys, [value, key])
      values[key] = value
    }
    return key
  }
  const { bytes, handles } = encode(root, { reference })
  meanwhile()
  return decode(new Uint8Array(bytes), { handles, resolve: key => values[key] }) as T
}

/** Values of the program stay; the generator, its computation, frames and what the runtime keeps in them do not. */
function framesOnly(root: object): (value: object | symbol) => boolean {
  let computation: Computation | null = null
  const roots = new Items<unknown>()
  apply(setAdd, roots, [root])
  const { generator, root: started } = root as { generator?: unknown; root?: unknown }
  if (generator !== undefined) apply(setAdd, roots, [generator])
  if (started instanceof Computation) computation = started
  return value => {
    if (typeof value === "symbol" || isProxy(value)) return true
    if (apply(setHas, roots, [value]) || isPart(value)) return false
    if (isOf(value, Computation)) {
      computation ??= value as Computation
      return computation !== value
    }
    if (isOf(value, Frame)) return false
    if (isOf(value, Closure)) return true
    const prototype = getPrototypeOf(value)
    return prototype === null || !apply(setHas, own, [prototype])
  }
}

/** What the codec puts around the state of the runtime's objects. */
function isPart(value: object): boolean {
  if (getPrototypeOf(value) !== Object.prototype) return false
  const state = dataOf(value, "state")
  return (
    dataOf(value, "computation") instanceof Computation ||
    dataOf(value, "polled") !== undefined ||
    (isObject(state) && dataOf(state, "polled") !== undefined)
  )
}

/** As `instanceof`, which would run the trap of a proxy that the program put behind an object. */
function isOf(value: object, { prototype }: { readonly prototype: object }): boolean {
  for (let at = getPrototypeOf(value); at !== null && !isProxy(at); at = getPrototypeOf(at))
    if (at === prototype) return true
  return false
}

function dataOf(value: object, key: string): unknown {
  return getOwnPropertyDescriptor(value, key)?.value
}
