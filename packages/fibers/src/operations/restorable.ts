/** Owns a fiber's question whether a record of it could be made, and why not. */
import { FiberRecord, NEXT, RoveError, type Suspended } from "@rove/core"
import type { FiberState } from "../runtime/fiber.ts"
import type { Host } from "../runtime/host.ts"
import { save } from "../runtime/save.ts"
import { BaseOperation, type Operation } from "./operation.ts"
import { checkMayPark, LocalWaiter } from "./waiter.ts"

/** `bytes`: size of the record. `reason`: what is in the way, with the path to it. */
export type Restorable =
  | { readonly restorable: true; readonly bytes: number }
  | { readonly restorable: false; readonly reason: string }

const wait = { reason: "restorable", brief: true }

class AskRestorable extends BaseOperation<Restorable> {
  perform(fiber: FiberState, host: Host): Restorable | Suspended {
    const refusal = answer(() => checkMayPark(host, wait))
    if (refusal !== null) return refusal
    const waiter = new LocalWaiter(fiber, host, wait.reason, wait.brief)
    // When this microtask runs, the slice is over and the fiber is all data.
    queueMicrotask(() => {
      if (!waiter.take()) return
      fiber.resumeKind = NEXT
      fiber.resumeValue = tried(fiber)
      host.ready(fiber)
    })
    return waiter.park()
  }
}

function tried(fiber: FiberState): Restorable {
  let bytes = 0
  const refusal = answer(() => {
    bytes = FiberRecord.of(save(fiber)).bytes.byteLength
  })
  return refusal ?? { restorable: true, bytes }
}

/** What Rove refuses is the answer; anything else is an error. */
function answer(attempt: () => void): Restorable | null {
  try {
    attempt()
    return null
  } catch (error) {
    if (error instanceof RoveError) return { restorable: false, reason: error.message }
    throw error
  }
}

/** Says whether this fiber, as it stands here, could be a record; if not, why: the path to what is in the way. Nothing is kept. */
export function restorable(): Operation<Restorable> {
  return new AskRestorable()
}
