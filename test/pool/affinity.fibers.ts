"use fibers"
/** What runs on threads with processors of their own. */
import type { Resumable } from "@rove/fibers"

export function* one(): Resumable<number> {
  return 1
}

export function* dies(): Resumable<never> {
  process.exit(3)
}
