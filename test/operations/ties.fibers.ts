"use fibers"
/** Fibers that have had many links and monitors. */
import { Down, demonitor, link, monitor, type Resumable, receive, sleep, spawn } from "rove"

function* naps(ms: number): Resumable<void> {
  yield* sleep(ms)
}

export function* links(count: number): Resumable<void> {
  for (let i = 0; i < count; i++) {
    const other = yield* spawn(naps(0))
    yield* link(other)
    yield* other.join()
  }
  const living = yield* spawn(naps(60_000))
  yield* link(living)
  yield* sleep(60_000)
}

/** Three monitors, the second of which is over when the third is made: how many names they have, and of which the fiber hears. */
export function* watches(): Resumable<[number, boolean]> {
  const living = yield* spawn(naps(60_000))
  const first = yield* monitor(living)
  const over = yield* monitor(yield* spawn(naps(0)))
  yield* receive(Down)
  yield* sleep(100)
  const next = yield* monitor(living)
  yield* demonitor(over) // nobody else's name
  yield* living.interrupt()
  const heard = [(yield* receive(Down)).monitor, (yield* receive(Down)).monitor]
  return [new Set([first, over, next]).size, heard.includes(first) && heard.includes(next)]
}
