/** Owns a fiber's own wish for a record of itself, while it goes on. */
import { FiberRecord, NEXT, type ResumeKind, type Suspended, THROW } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { save } from "../runtime/save.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { LocalWaiter } from "./waiter.ts"

/** What `yield* record()` gives: first here, with the record, and again wherever that is resumed. */
export type Recorded =
  | { readonly resumed: false; readonly record: FiberRecord }
  | { readonly resumed: true; readonly record?: undefined }

class TakeRecord extends BaseOperation<Recorded> {
  perform(fiber: FiberState, host: Host): Recorded | Suspended {
    const waiter = new LocalWaiter(fiber, host, "record of itself", true)
    // When this microtask runs, the slice is over and the fiber is all data.
    queueMicrotask(() => {
      if (!waiter.take()) return
      fiber.resumeValue = { resumed: true } satisfies Recorded
      const [kind, value] = taken(fiber, host)
      fiber.resumeKind = kind
      fiber.resumeValue = value
      host.ready(fiber)
    })
    return waiter.park()
  }
}

/** How the fiber goes on here. */
function taken(fiber: FiberState, host: Host): [ResumeKind, unknown] {
  try {
    const record = FiberRecord.of(save(fiber))
    host.recorded?.(fiber)
    return [NEXT, { resumed: false, record } satisfies Recorded]
  } catch (error) {
    return [THROW, error]
  }
}

/**
 * Gives a record of this fiber, which goes on: `{ resumed: false, record }`. Where the record is resumed, the same
 * `yield*` gives `{ resumed: true }`. Throws NotPortableError, with the path to what is in the way, and changes nothing then.
 */
export function record(): Operation<Recorded> {
  return new TakeRecord()
}
