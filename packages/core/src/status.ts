/**
 * Owns the status of a fiber, which says who has it, and the transitions between statuses.
 *
 * | status    | where it is                        | who owns it               | who may change it            |
 * |-----------|------------------------------------|---------------------------|------------------------------|
 * | unstarted | a queue of its thread              | the queue                 | run loop, joiner, thief      |
 * | ready     | a queue of its thread              | the queue                 | run loop, thief, who holds it |
 * | running   | the stack of its thread            | the run loop              | itself: it parks, yields, ends |
 * | parked    | at what it waits for               | who holds its park        | that one, once; an interrupt |
 * | moved     | on its way, or on another thread   | that thread               | the sender, if it is refused |
 * | done      | nowhere                            | nobody                    | nobody                       |
 *
 * A transition says whether it was made; if not, nothing has changed, and the caller has to know what that means.
 */
import { invariant } from "./errors.ts"

export type FiberStatus = "unstarted" | "ready" | "running" | "parked" | "moved" | "done"

/** One wait: unique, with a reason that a person can read. Whoever holds it may wake the fiber once. */
export interface Park {
  readonly reason: string
  /** Only other fibers can end it: if all parks of a runtime are such, it is a deadlock. */
  readonly internal: boolean
  /**
   * Asks to be out of the wait before its time. False: that is for others to decide, and the wait ends by itself, soon, with what
   * was waited for or without.
   */
  withdraw(): boolean
  /** The operation that waits for the same elsewhere, for a record; null if only this thread can go on waiting. */
  again(): object | null
}

/** What transitions are about. `status` and `park` are written here and nowhere else. */
export interface Owned {
  status: FiberStatus
  park: Park | null
}

/** unstarted, ready → running: its queue gave it to the run loop. */
export function start(fiber: Owned): boolean {
  const { status } = fiber
  if (status !== "unstarted" && status !== "ready") return false
  fiber.status = "running"
  return true
}

/** running → ready: its quantum is over, and it goes back to a queue. */
export function preempt(fiber: Owned): boolean {
  if (fiber.status !== "running") return false
  fiber.status = "ready"
  return true
}

/** running → parked: who holds the park has it now. The park was set while it ran, by the operation that waits. */
export function park(fiber: Owned): boolean {
  if (fiber.status !== "running" || fiber.park === null) return false
  fiber.status = "parked"
  return true
}

/** ready → parked: whoever has it from its queue lets it wait before it goes on, as it would have. */
export function hold(fiber: Owned, held: Park): boolean {
  if (fiber.status !== "ready") return false
  fiber.status = "parked"
  fiber.park = held
  return true
}

/** parked → ready, by who holds that park; false if it is over. A wake-up before the fiber has stopped is for the operation to keep. */
export function unpark(fiber: Owned, held: Park): boolean {
  if (fiber.park !== held) return false
  certain(fiber.status === "parked", "unpark", fiber)
  fiber.park = null
  fiber.status = "ready"
  return true
}

/** parked → ready, against who holds the park: what was waited for is told. False also if it has the last word, and ends the wait itself. */
export function withdraw(fiber: Owned): boolean {
  const held = fiber.park
  if (fiber.status !== "parked" || held === null || !held.withdraw()) return false
  return unpark(fiber, held)
}

/** unstarted, ready → moved: its record is on its way. Gives what it was, for `revive`; null if it may not move. */
export function depart(fiber: Owned): "unstarted" | "ready" | null {
  const was = fiber.status
  if (was !== "unstarted" && was !== "ready") return null
  fiber.status = "moved"
  return was
}

/** moved → what it was: the other thread did not take it. */
export function revive(fiber: Owned, was: "unstarted" | "ready"): boolean {
  if (fiber.status !== "moved") return false
  fiber.status = was
  return true
}

/** any but done → done. */
export function finish(fiber: Owned): boolean {
  if (fiber.status === "done") return false
  fiber.status = "done"
  fiber.park = null
  return true
}

/** For transitions that cannot fail where they are made. */
export function certain(made: boolean, where: string, fiber: Owned): asserts made {
  // each slice asks several times: the text is made when it is needed
  if (!made) invariant(false, where, `the fiber allows it, which is ${fiber.status}`)
}

const OWNERS: Readonly<Record<FiberStatus, string>> = {
  unstarted: "waits in a queue to be begun",
  ready: "waits in a queue to go on",
  running: "is running",
  parked: "is parked",
  moved: "is on its way to another thread, or there",
  done: "has ended",
}

/** Where a fiber is, in words. */
export function whereabouts({ status, park: held }: Owned): string {
  return held === null ? OWNERS[status] : `${OWNERS[status]}: ${held.reason}`
}
