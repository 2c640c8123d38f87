/**
 * Owns `yield*` of anything that is not a direct call of a compiled function: operations, generator objects, and
 * iterables with the full `next/throw/return` protocol (ECMA-262, 15.5.5).
 */
import {
  anything,
  type Closure,
  Computation,
  Frame,
  instance,
  isObject as isSome,
  isTruth,
  NEXT,
  orNull,
  RETURN,
  type ResumeKind,
  SUSPENDED,
  type Suspended,
  THROW,
} from "@rove/core"
import { computationOf } from "./generator.ts"
import { insteadOf } from "./instead.ts"
import { deliverInterrupt } from "./interruption.ts"
import {
  apply,
  arrayIteratorNext,
  arrayIteratorPrototype,
  arrayValues,
  codePoints,
  define,
  ITERATOR,
  isConstant,
  RealmTypeError,
  stringIterator,
  stringIteratorNext,
  stringIteratorPrototype,
  ToString,
} from "./intrinsics.ts"
import { makers } from "./iterators/origin.ts"
import { hold, type Machine, stopped, YIELD } from "./machine.ts"
import { notFunction, notIterable } from "./not-iterable.ts"
import { isNext, isReturn, isThrow } from "./outliving.ts"
import { ownClosure } from "./own-code.ts"
import { isOpaque } from "./passed-on.ts"
import { Performable } from "./performable.ts"
import { type Advance, ENDED, resume, STOPPED, YIELDED } from "./run.ts"
import { withCutOff } from "./stacks.ts"

export type AnyIterator = Iterator<unknown> & { [key: string]: unknown }

/** Stands in the chain for the iterator that its caller delegates to. */
export class DelegateFrame extends Frame {
  iterator: AnyIterator
  next: unknown
  /** Set if the iterator is a generator object of compiled code. */
  computation: Computation | null
  /** The computation stopped in the middle of a resumption, together with us. */
  waiting = false
  constructor(closure: Closure, iterator?: AnyIterator, next?: unknown, computation: Computation | null = null) {
    super(closure)
    this.iterator = iterator as AnyIterator
    this.next = next
    this.computation = computation
  }
}

export const delegateClosure = ownClosure({
  id: "delegate",
  name: "yield*",
  points: { "yield*": ["iterator", "next", "computation", "waiting"] },
  Frame: DelegateFrame,
  fields: { iterator: isSome, next: anything, computation: orNull(instance(Computation)), waiting: isTruth },
  step,
})

/**
 * Performs `yield* value`, at the depth of the delegate. Its result, or SUSPENDED with a frame held. `message`: what is said
 * of a value that cannot be iterated, `true` of an intermediate one.
 */
export function delegate(m: Machine, value: unknown, message?: string | true): unknown {
  if (typeof value === "object" && value !== null && Performable.is(value) && m.fiber !== null && m.host !== null) {
    if (m.fiber.due !== null) deliverInterrupt(m.fiber)
    const result = value.perform(m.fiber, m.host)
    if (result === SUSPENDED && !m.held) stopped(m)
    return result
  }
  const iterator = iteratorOf(m, value, message)
  const { next } = iterator
  const computation = isNext(next) ? computationOf(iterator) : null
  m.kind = NEXT
  m.value = undefined
  return step(m, new DelegateFrame(delegateClosure, iterator, next, computation))
}

/** GetIterator(value, sync) of the specification. */
function iteratorOf(m: Machine, value: unknown, message: string | true | undefined): AnyIterator {
  const method = value === undefined || value === null ? undefined : (value as Iterable<unknown>)[ITERATOR]
  if (typeof method !== "function") throw notPerformable(m, value, message === true ? "*" : message)
  const iterator = pointsOf(value, method) ?? makers.get(method)?.(value, []) ?? apply(method, value, [])
  if (!isObject(iterator)) throw new RealmTypeError("Result of the Symbol.iterator method is not an object")
  return iterator as AnyIterator
}

/** In a fiber the error says behind the engine's words what to write: what is to be waited for is often not known to need it. */
function notPerformable(m: Machine, value: unknown, message: string | undefined): TypeError {
  const error = notIterable(value, message)
  const instead = m.fiber === null ? null : insteadOf(value)
  if (instead === null) return error
  const told = new RealmTypeError(`${error.message}: ${instead}`)
  define(told, "code", "ROVE_NOT_COMPILED")
  return told
}

/** An iterator of the code points of a string, as a list: nobody sees it, and one of the list can be saved. */
function pointsOf(value: unknown, method: unknown): unknown {
  const isPristine =
    typeof value === "string" &&
    method === stringIterator &&
    isConstant(stringIteratorPrototype, "next", stringIteratorNext) &&
    isConstant(arrayIteratorPrototype, "next", arrayIteratorNext)
  return isPristine ? makers.get(arrayValues)?.(codePoints(value), []) : null
}

function step(m: Machine, frame: DelegateFrame): unknown | Suspended {
  return frame.computation === null ? stepIterator(m, frame) : stepComputation(m, frame, frame.computation)
}

function stepComputation(m: Machine, frame: DelegateFrame, c: Computation): unknown | Suspended {
  const { kind, value } = m
  let result: number
  if (frame.waiting) {
    frame.waiting = false
    if (kind === THROW) throw value
    result = m.done ? ENDED : YIELDED
  } else {
    if (kind !== NEXT) {
      const method: unknown = frame.iterator[kind === THROW ? "throw" : "return"]
      if (!(kind === THROW ? isThrow(method) : isReturn(method))) return stepMethod(m, frame, method)
    }
    result = resumeOn(m, c, kind, value)
  }
  if (result === ENDED) return m.value
  if (result === STOPPED) frame.waiting = true
  else {
    // what was yielded stays where it is, raw or not
    m.asked = false
    m.signal = YIELD
  }
  hold(m, frame)
  return SUSPENDED
}

function resumeOn(m: Machine, c: Computation, kind: ResumeKind, value: unknown): Advance {
  m.cut = null
  try {
    return resume(m, c, kind, value, true)
  } catch (error) {
    withCutOff(m, error, 0)
    throw error
  }
}

function stepIterator(m: Machine, frame: DelegateFrame): unknown | Suspended {
  const { kind, value } = m
  const { iterator, next } = frame
  if (kind !== NEXT) return stepMethod(m, frame, iterator[kind === THROW ? "throw" : "return"])
  if (typeof next !== "function") throw notFunction(next)
  return passOn(m, frame, kind, apply(next as () => unknown, iterator, [value]))
}

/** Goes on with what was found as the iterator's `throw` or `return`. */
function stepMethod(m: Machine, frame: DelegateFrame, found: unknown): unknown | Suspended {
  const { kind, value } = m
  const { iterator } = frame
  const method = callableOf(found)
  if (method !== undefined) return passOn(m, frame, kind, apply(method, iterator, [value]))
  if (kind !== THROW) return value
  closeIterator(iterator)
  throw new RealmTypeError("The iterator does not provide a 'throw' method.")
}

function passOn(m: Machine, frame: DelegateFrame, kind: ResumeKind, result: unknown): unknown | Suspended {
  if (!isObject(result)) throw new RealmTypeError(`Iterator result ${describe(result)} is not an object`)
  m.asked = m.masked === 0 || kind === RETURN || !isOpaque(result as object)
  if (m.asked && (result as IteratorResult<unknown>).done) return (result as IteratorResult<unknown>).value
  m.out = result
  m.raw = true
  m.signal = YIELD
  hold(m, frame)
  return SUSPENDED
}

/** GetMethod: undefined for undefined and null, a TypeError for what cannot be called. */
function callableOf(method: unknown): ((...args: unknown[]) => unknown) | undefined {
  if (method === undefined || method === null) return undefined
  if (typeof method !== "function") throw notFunction(method)
  return method as (...args: unknown[]) => unknown
}

/** IteratorClose for a normal completion. */
export function closeIterator(iterator: object): void {
  closeBy(iterator, (iterator as AnyIterator).return)
}

/** The same with what was found as the iterator's `return`. */
export function closeBy(iterator: object, found: unknown): void {
  const method = callableOf(found)
  if (method === undefined) return
  const result = apply(method, iterator, [])
  if (!isObject(result)) throw new RealmTypeError(`Iterator result ${describe(result)} is not an object`)
}

export function isObject(value: unknown): boolean {
  return (typeof value === "object" && value !== null) || typeof value === "function"
}

function describe(value: unknown): string {
  return isObject(value) ? "object" : typeof value === "symbol" ? value.toString() : ToString(value)
}
