/**
 * Compiled functions without the compiler: the body is a native generator that *yields* what compiled code would give to
 * `yield*`. Its frames hold that generator, so they stop and go on as real ones do, but cannot be encoded.
 */
import { Closure, defineCode, Frame, NEXT, SUSPENDED, stamp, THROW } from "@rove/core"
import type { Resumable } from "@rove/fibers"
import { begin, delegate, hold, poll } from "@rove/fibers/runtime"

type Machine = Parameters<typeof delegate>[0]
// biome-ignore lint/suspicious/noExplicitAny: whatever is yielded, whatever comes back
type Body<A extends unknown[], R> = (this: any, ...args: A) => Generator<unknown, R, any>

/** Yielded by a body where a compiled loop would look whether its budget is used up. */
export const CHECK: unique symbol = Symbol("check")

class GeneratorFrame extends Frame {
  body: Generator | null = null
}

let codes = 0

/** A compiled generator function with that body. */
export function compiled<A extends unknown[], R>(name: string, body: Body<A, R>): (...args: A) => Resumable<R> {
  const code = defineCode({
    id: `test/${++codes}#${name}`,
    hash: "",
    name,
    url: "",
    kind: "generator",
    points: [],
    captures: [],
    Frame: GeneratorFrame,
    make: null,
  })
  const step = (m: Machine, frame: GeneratorFrame | null, self: unknown, ...args: A): unknown => {
    const generator = frame?.body ?? (body.apply(self, args) as Generator)
    let kind: number = frame === null ? NEXT : m.kind
    let value: unknown = frame === null ? undefined : m.value
    const depth = m.depth
    for (;;) {
      const { done, value: given } =
        kind === NEXT ? generator.next(value) : kind === THROW ? generator.throw(value) : generator.return(value)
      if (done) return given
      m.depth = depth + 1
      kind = NEXT
      value = undefined
      try {
        if (given !== CHECK) value = delegate(m, given)
        else if (--m.budget < 0 && poll(m)) value = SUSPENDED
      } catch (error) {
        kind = THROW
        value = error
      }
      m.depth = depth
      if (value !== SUSPENDED) continue
      const held = frame ?? new GeneratorFrame(closure)
      held.body = generator
      hold(m, held)
      return SUSPENDED
    }
  }
  const closure = new Closure(code, step, step, [])
  code.single = closure
  const fn = {
    *[name](this: unknown, ...args: A): Generator<never, unknown, unknown> {
      return yield* begin(closure, this, args) as Generator<never>
    },
  }[name] as (...args: A) => Resumable<R>
  stamp(fn, closure)
  stamp(fn.prototype as object, closure)
  closure.fn = fn
  return fn
}
