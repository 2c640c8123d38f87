/** Owns generator objects that are made for a computation: those of compiled functions make their own. */
import type { Computation } from "@rove/core"
import { ask, proceed } from "./generator.ts"
import { setPrototypeOf } from "./intrinsics.ts"

/** A generator object whose computation is yet to come: its native body looks here when it first runs. */
interface Box {
  computation: Computation | null
}
const boxes = new WeakMap<object, Box>()

function* shell(box: Box): Generator<unknown, unknown, unknown> {
  for (const iteration = proceed(box.computation as Computation); ; )
    try {
      const value = yield* iteration as Iterable<unknown> as Generator<unknown, unknown, unknown>
      if (iteration.ends(value)) return value
    } catch (error) {
      iteration.fails(error)
    }
}

/** The generator object of a computation that has none, and has not begun. */
export function generatorOf(computation: Computation): object {
  return inheriting(shell({ computation }), computation)
}

/** One whose computation is yet to come, by `fill`. */
export function emptyGenerator(): object {
  const box: Box = { computation: null }
  const generator = shell(box)
  boxes.set(generator, box)
  return generator
}

export function fillGenerator(generator: object, computation: Computation | null): void {
  const box = boxes.get(generator)
  if (box !== undefined) box.computation = computation
  boxes.delete(generator)
  inheriting(generator, computation)
  ask(generator) // starts the native body, which would otherwise swallow the value of the first next()
}

function inheriting(generator: object, computation: Computation | null): object {
  const prototype = prototypeFor(computation)
  return prototype === null ? generator : setPrototypeOf(generator, prototype)
}

/** What generator objects of its function inherit from. */
export function prototypeFor(computation: Computation | null): object | null {
  const prototype: unknown = (computation?.of.fn as { prototype?: unknown } | null | undefined)?.prototype
  return typeof prototype === "object" ? prototype : null
}
