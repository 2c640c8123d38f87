/**
 * Compiled functions without the compiler, with frames that can be encoded: a body is a table walked by `pc`, its locals
 * one plain object. Modules that use this can be imported by real workers.
 */
import { Closure, defineCode, Frame, NEXT, SUSPENDED, stamp } from "@rove/core"
import type { Resumable } from "@rove/fibers"
import { begin, delegate, enter, hold, poll } from "@rove/fibers/runtime"

type Machine = Parameters<typeof delegate>[0]

/** What comes next: perform (as `yield*`) and go on at a pc with the result, look at the budget and go on, or the result. */
export type Next =
  | { readonly perform: unknown; readonly to: number }
  | { readonly check: number }
  | { readonly result: unknown }
// biome-ignore lint/suspicious/noExplicitAny: locals and results are whatever the body makes of them
export type Body = (pc: number, locals: any, value: any) => Next

class TableFrame extends Frame {
  locals: unknown = undefined
}

/** A compiled generator function at module level. `handler`: the pc to which errors go, with the error as value. */
export function table<A extends unknown[], R>(
  url: string,
  name: string,
  points: number,
  bind: (...args: A) => object,
  body: Body,
  handler?: number,
): (...args: A) => Resumable<R> {
  const code = defineCode({
    id: `pool-test/${new URL(url).pathname.split("/").at(-1)}#${name}`,
    hash: "1",
    name,
    url,
    kind: "generator",
    points: Array.from({ length: points }, (_, i) => ({
      id: `state ${i}`,
      path: [],
      line: 1,
      column: 0,
      live: ["locals"],
      handled: [],
    })),
    captures: [],
    Frame: TableFrame,
    make: null,
  })
  const step = (m: Machine, frame: TableFrame | null, _self: unknown, ...args: A): unknown => {
    const depth = m.depth
    const locals = frame === null ? bind(...args) : (frame.locals as object)
    let pc = frame?.pc ?? 0
    let value: unknown = frame === null ? undefined : m.value
    let failed = frame !== null && m.kind !== NEXT
    const stop = (at: number): unknown => {
      const held = frame ?? new TableFrame(closure)
      held.pc = at
      held.locals = locals
      m.depth = depth
      hold(m, held)
      return SUSPENDED
    }
    if (frame === null && (--m.budget < 0 || m.depth > m.ceiling) && enter(m)) return stop(0)
    for (;;) {
      try {
        if (failed) throw value
        const next = body(pc, locals, value)
        if ("result" in next) return next.result
        if ("check" in next) {
          pc = next.check
          value = undefined
          if (--m.budget < 0 && poll(m)) return stop(pc)
        } else {
          pc = next.to
          m.depth = depth + 1
          value = delegate(m, next.perform)
          m.depth = depth
          if (value === SUSPENDED) return stop(pc)
        }
      } catch (error) {
        m.depth = depth
        if (handler === undefined || pc === handler) throw error
        pc = handler
        value = error
      }
      failed = false
    }
  }
  const closure = new Closure(code, step, step, [])
  code.single = closure
  const fn = {
    *[name](this: unknown, ...args: A): Generator<never, unknown, unknown> {
      return yield* begin(closure, undefined, args) as Generator<never>
    },
  }[name] as (...args: A) => Resumable<R>
  stamp(fn, closure)
  stamp(fn.prototype as object, closure)
  closure.fn = fn
  return fn
}
