"use fibers"
/** Owns the way to a thread on which a fiber stays: what tests run that end threads with those that are there. */
import { currentThread, migrateTo, pin, type Resumable } from "rove"

/** Others may steal it between its coming and the knot. */
export function* tiedTo(thread: number): Resumable<Disposable> {
  for (;;) {
    yield* migrateTo(thread)
    const tied = pin("it is to stay")
    if (currentThread().id === thread) return tied
    tied[Symbol.dispose]()
  }
}
