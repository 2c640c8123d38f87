/**
 * Owns generator objects whose native generator was ended while their computation ran, by a call from inside.
 *
 * The methods of the engine find such an object at its end. So until its computation ends, the prototype object of its
 * function has methods that know better; the generator object itself shows nothing. It has them itself only where that
 * prototype object takes none. A method of the program's that stands before the engine's is left alone.
 */
import { type Computation, NEXT, RETURN, type ResumeKind, stampOf, THROW } from "@rove/core"
import { drive } from "./entry.ts"
import {
  apply,
  deleteProperty,
  generatorNext,
  generatorReturn,
  generatorThrow,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isExtensible,
  isProxyLike,
  reflectDefine,
} from "./intrinsics.ts"
import type { Machine } from "./machine.ts"
import { outermost } from "./passed-on.ts"
import { machine } from "./thread.ts"

interface Outliving {
  readonly generator: object
  readonly computation: Computation
  /** What has the methods. */
  readonly holder: object
}

const byGenerator = new WeakMap<object, Outliving>()
const byComputation = new WeakMap<Computation, Outliving>()
/** How many need the methods of that object. */
const needs = new WeakMap<object, number>()
const { get, set, delete: remove } = WeakMap.prototype

function resumed(self: unknown, kind: ResumeKind, value: unknown, engines: (value: never) => unknown): unknown {
  const c = typeof self === "object" && self !== null ? outlivedBy(self) : undefined
  return c === undefined ? apply(engines, self, [value]) : outlived(c, kind, value)
}

/** As the native generator does it whose place this takes. */
function outlived(c: Computation, kind: ResumeKind, value: unknown): IteratorResult<unknown> {
  for (let how = kind, what = value; ; outermost(c)) {
    const result = drive(c, how, what)
    if (!machine.left) return result
    machine.left = false
    try {
      if (!result.done) return result
      what = result.value
      how = NEXT
    } catch (error) {
      what = error
      how = THROW
    }
  }
}
const methods = {
  next(value: unknown): unknown {
    return resumed(this, NEXT, value, generatorNext)
  },
  return(value: unknown): unknown {
    return resumed(this, RETURN, value, generatorReturn)
  },
  throw(error: unknown): unknown {
    return resumed(this, THROW, error, generatorThrow)
  },
}
const engines = { next: generatorNext, return: generatorReturn, throw: generatorThrow }
const NAMES = ["next", "return", "throw"] as const

/** Whether it does what the engine's method does, and nothing of the program's. */
export function isNext(value: unknown): boolean {
  return value === generatorNext || value === methods.next
}
export function isReturn(value: unknown): boolean {
  return value === generatorReturn || value === methods.return
}
export function isThrow(value: unknown): boolean {
  return value === generatorThrow || value === methods.throw
}

/** Whether it is one of these methods, which no record carries. */
export function isOutliving(object: object, key: string): boolean {
  const name = NAMES.find(known => known === key)
  return name !== undefined && getOwnPropertyDescriptor(object, name)?.value === methods[name]
}

/** The computation of a generator object whose native generator it outlives. */
export function outlivedBy(generator: object): Computation | undefined {
  return (apply(get, byGenerator, [generator]) as Outliving | undefined)?.computation
}

/** From now on the generator object does without its native generator. */
export function outlive(m: Machine, generator: object, computation: Computation): void {
  const home = getPrototypeOf(generator) as object | null
  const holder = home !== null && stampOf(home) === computation.of && isExtensible(home) ? home : generator
  const outliving: Outliving = { generator, computation, holder }
  apply(set, byGenerator, [generator, outliving])
  apply(set, byComputation, [computation, outliving])
  const others = (apply(get, needs, [holder]) as number | undefined) ?? 0
  apply(set, needs, [holder, others + 1])
  m.ended = retire
  for (const name of NAMES) {
    if (!isEngines(generator, name)) continue
    // no error for an object that takes no properties: what it has is all that it has
    reflectDefine(holder, name, { __proto__: null, value: methods[name], writable: true, configurable: true } as object)
  }
}

/** Whether the generator object still has that method from the engine. */
function isEngines(generator: object, name: (typeof NAMES)[number]): boolean {
  for (let at: object | null = generator; at !== null && !isProxyLike(at); at = getPrototypeOf(at) as object | null) {
    const found = getOwnPropertyDescriptor(at, name)
    if (found !== undefined) return found.value === engines[name]
  }
  return false
}

/** A computation has ended, as its native generator has: nothing tells them apart any more. */
function retire(computation: Computation): void {
  const outliving = apply(get, byComputation, [computation]) as Outliving | undefined
  if (outliving === undefined) return
  const { generator, holder } = outliving
  apply(remove, byComputation, [computation])
  apply(remove, byGenerator, [generator])
  const left = (apply(get, needs, [holder]) as number) - 1
  apply(set, needs, [holder, left])
  if (left > 0) return
  for (const name of NAMES) if (isOutliving(holder, name)) deleteProperty(holder, name)
}
