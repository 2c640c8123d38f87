/**
 * Owns `throw` and `return` methods of the program on the prototypes of called generators.
 *
 * A call has no generator object, so `throw` and `return` go straight to the youngest frame. Natively `yield*` looks the
 * method up at each generator on the way in. So where one would find something else than the engine's, the frames of that
 * call become a computation of their own, with a generator object, to which the caller delegates from then on.
 */
import { Computation, type Frame, RESTING, type ResumeKind, THROW } from "@rove/core"
import { type AnyIterator, DelegateFrame, delegateClosure } from "./delegate.ts"
import { emptyGenerator, fillGenerator } from "./generator-objects.ts"
import {
  generatorNext,
  generatorPrototype,
  generatorReturn,
  generatorThrow,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  isProxyLike,
} from "./intrinsics.ts"
import { isReturn, isThrow } from "./outliving.ts"
import { machine } from "./thread.ts"

/** Takes the outermost call with such a method out of a computation that rests. */
function part(c: Computation, kind: ResumeKind): void {
  if (c.top === null || c.top.caller === c) return
  const name = kind === THROW ? "throw" : "return"
  const engines = getOwnPropertyDescriptor(generatorPrototype, name)?.value
  const pristine = engines === (kind === THROW ? generatorThrow : generatorReturn)
  let found: Frame | null = null
  let height = 0
  let count = 0
  for (let frame: Frame = c.top; frame.caller !== c; frame = frame.caller as Frame) {
    count++
    if (!isReplaced(frame, name, pristine)) continue
    found = frame
    height = count
  }
  if (found !== null) takeOut(c, found, height)
}

/** Whether the generator of a call would have a method of the program's; runs no code of it. */
function isReplaced(frame: Frame, name: "throw" | "return", pristine: boolean): boolean {
  const fn = frame.closure.fn as { prototype?: unknown } | null
  if (fn === null) return false
  const home: unknown = isProxyLike(fn) ? null : fn.prototype
  if (typeof home !== "object" || home === null) return !pristine
  if (!isProxyLike(home) && getPrototypeOf(home) === generatorPrototype && !hasOwn(home, name)) return !pristine
  for (let at: object | null = home; at !== null; at = getPrototypeOf(at) as object | null) {
    if (isProxyLike(at)) return true
    const { value } = getOwnPropertyDescriptor(at, name) ?? {}
    if (hasOwn(at, name)) return name === "throw" ? !isThrow(value) : !isReturn(value)
  }
  return true
}

/** The frames from the youngest to `oldest`, so many, become what its caller delegates to. */
function takeOut(c: Computation, oldest: Frame, height: number): void {
  const inner = new Computation(oldest.closure, undefined, null)
  const generator = emptyGenerator()
  const frame = new DelegateFrame(delegateClosure, generator as AnyIterator, generatorNext, inner)
  inner.status = RESTING
  inner.top = c.top
  inner.step = c.step
  inner.height = height
  frame.caller = oldest.caller
  oldest.caller = inner
  fillGenerator(generator, inner)
  c.top = frame
  c.step = delegateClosure.step
  c.height -= height - 1
}

machine.replaced = part
