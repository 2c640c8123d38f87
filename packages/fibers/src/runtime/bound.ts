/** Owns functions that compiled code binds: the engine tells nobody what a bound function was made from, so it is noted. */
import { BOUND_FUNCTION, Closure, type Code, defineCode, stamp } from "@rove/core"
import { at, notCallable } from "./callees.ts"
import { append, apply } from "./intrinsics.ts"

type Callable = (...args: unknown[]) => unknown

const nativeBind = Function.prototype.bind
const noStep = (): never => {
  throw new Error("only generators have steps")
}

/** By the number of bound arguments: captured values are handed over one by one. With more, the function stays. */
const codes: readonly Code[] = Array.from({ length: 9 }, (_, count) =>
  defineCode({
    id: `rove#bound${count}`,
    hash: "1",
    name: "bound",
    url: "",
    kind: "function",
    points: [],
    captures: [BOUND_FUNCTION, "this", ...Array.from({ length: count }, (_, i) => `argument ${i + 1}`)],
    Frame: null,
    make: (target: Callable, self: unknown, ...args: unknown[]) => bound(target, self, args),
  }),
)

function bound(target: Callable, self: unknown, args: readonly unknown[]): object {
  // without spread, which the program may have broken for its own arrays
  const list: unknown[] = [self]
  const captured: unknown[] = [target, self]
  for (let i = 0; i < args.length; i++) {
    append(list, args[i])
    append(captured, args[i])
  }
  const fn: object = apply(nativeBind, target, list)
  const code = codes[args.length]
  if (code === undefined) return fn
  const closure = new Closure(code, noStep, noStep, captured)
  closure.fn = fn
  return stamp(fn, closure)
}

/** `self.bind(…)`, where `fn` is what was found as `bind`: a function that the language's own binds can be made again. */
export function bindOn(self: unknown, fn: unknown, name: string, ...args: unknown[]): unknown {
  at.o = undefined
  if (typeof fn !== "function") throw notCallable(fn, name)
  if (fn !== nativeBind || typeof self !== "function") return apply(fn, self, args)
  const list: unknown[] = []
  for (let i = 1; i < args.length; i++) append(list, args[i])
  return bound(self as Callable, args[0], list)
}

/** What stands for `value` in a chain `value?.bind(…)`: itself, unless it is a function that the language's own `bind` would bind. */
export function bindable(value: unknown): unknown {
  if (typeof value !== "function" || value.bind !== nativeBind) return value
  return { bind: (self: unknown, ...args: unknown[]) => bound(value as Callable, self, args) }
}
