/** Owns what can be seen of a fiber from outside while it is stopped, portable or not; nothing in it changes. */
import { type FiberStatus, type FrameView, framesSeen } from "@rove/core"
import type { FiberState } from "./fiber.ts"
import { stopped } from "./save.ts"

export interface FiberReport {
  readonly id: string
  readonly name: string
  readonly status: FiberStatus
  /** While it is parked, or while the thread where it is imports its modules. */
  readonly waitsFor: string | null
  /** Id of the thread where it is; null while it waits for one, and after its end. */
  readonly thread: number | null
  /** Why it is tied to that thread; null if it is not known to be. */
  readonly pinned: string | null
  /** Youngest first. */
  readonly frames: readonly FrameView[]
}

/** Of a fiber on this thread. */
export function look(fiber: FiberState, thread: number): FiberReport {
  const { id, name, status, pinned, park } = fiber
  if (status === "done") return { ...ended(id, name), status }
  const waitsFor = status === "parked" ? (park?.reason ?? null) : null
  // while it runs, its frames are on the native stack
  const frames = status === "running" || fiber.top === null ? [] : framesSeen(stopped(fiber, "ready"))
  return { id, name, status, waitsFor, thread, pinned, frames }
}

/** Of one that has ended. */
export function ended(id: string, name: string): FiberReport {
  return { id, name, status: "done", waitsFor: null, thread: null, pinned: null, frames: [] }
}
