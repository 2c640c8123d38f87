/** Owns who listens to the end of one fiber, in the order in which they came: mostly one, of a server perhaps thousands, each of whom may leave. */
import type { Outcome } from "./fiber.ts"

type Listener = (outcome: Outcome) => void

/** From so many on, leaving takes no look at all the others. */
const MANY = 16

export type Listeners = Listener[] | Set<Listener>

/** Each listens once. Uses up what it is given. */
export function withListener(to: Listeners | null, listener: Listener): Listeners {
  if (to === null) return [listener]
  if (to instanceof Set) return to.add(listener)
  if (to.length >= MANY) return new Set(to).add(listener)
  to.push(listener)
  return to
}

/** Uses up what it is given; null if nobody is left. */
export function withoutListener(from: Listeners | null, listener: Listener): Listeners | null {
  if (from === null) return null
  if (from instanceof Set) {
    from.delete(listener)
    return from.size === 0 ? null : from
  }
  const at = from.indexOf(listener)
  if (at >= 0) from.splice(at, 1)
  return from.length === 0 ? null : from
}
