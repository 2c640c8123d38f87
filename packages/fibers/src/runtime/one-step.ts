/** Owns code of ours that does one thing and gives what comes of it: where that stops, there is a frame that waits for the value. */
import { type Closure, type Code, Frame, SUSPENDED, type Suspended, THROW } from "@rove/core"
import { hold, type Machine } from "./machine.ts"
import { ownClosure } from "./own-code.ts"

type Act = (m: Machine, self: unknown, args: readonly unknown[]) => unknown | Suspended

/** The code has the id `rove#name`, and `name` in stacks and as the name of fibers that begin with it. `begins`: see `Code`. */
export function oneStep(name: string, begins: NonNullable<Code["begins"]>, act: Act): Closure {
  const step = (m: Machine, frame: Frame | null, self: unknown, ...args: unknown[]): unknown | Suspended => {
    if (frame !== null) {
      if (m.kind === THROW) throw m.value
      return m.value
    }
    const { depth } = m
    m.depth = depth + 1
    const value = act(m, self, args)
    m.depth = depth
    return value === SUSPENDED ? hold(m, new Frame(closure)) : value
  }
  const closure = ownClosure({ name, points: { result: [] }, Frame, fields: {}, begins, step })
  return closure
}
