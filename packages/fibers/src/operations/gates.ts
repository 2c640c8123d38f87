/** Owns latches and barriers as fibers use them: what they wait at together. */
import { ARRIVE, BarrierObject, COUNT_DOWN, GATE_VERBS, LatchObject, WAIT } from "../homed/gates.ts"
import { HomedRef, type Limit, limitOf, registerHomedRef, type WaitingOptions } from "../homed/ref.ts"
import { AtOnce, Request } from "../homed/request.ts"
import { INSTEAD } from "../runtime/instead.ts"
import { atLeastOne, isAmount } from "./locks.ts"
import type { Operation } from "./operation.ts"

/** Closed until it was counted down to 0; then open for ever. */
export interface Latch {
  /** Counts down (by 1, if nothing is said), and gives what is left. */
  countDown(by?: number): Operation<number>
  /** Waits until it is open. Throws ROVE_TIMEOUT, and WorkerLost if its thread is gone. */
  wait(options?: WaitingOptions): Operation<void>
}
/** Opens whenever so many fibers wait at it, for these; whoever stops waiting is not counted. */
export interface Barrier {
  /** Waits for the others, and gives its place among them: 0 for the first. Throws as `Latch.wait`. */
  arrive(options?: WaitingOptions): Operation<number>
}

abstract class GateRef extends HomedRef {
  override verb(operation: number): string {
    return GATE_VERBS[operation] as string
  }
  override request(operation: number, argument: unknown, limit: Limit | null): Request<unknown> {
    return new Request<unknown>(this, operation, argument, limit)
  }
}
class LatchRef extends GateRef implements Latch {
  override takes(operation: number, argument: unknown): boolean {
    return operation === WAIT || (operation === COUNT_DOWN && isAmount(argument))
  }
  override get [INSTEAD](): string {
    return "it is a latch, and yield* latch.wait() waits until it is open"
  }
  countDown(by = 1): Operation<number> {
    return new AtOnce<number>(this, COUNT_DOWN, atLeastOne(by, "countDown"))
  }
  wait(options?: WaitingOptions): Operation<void> {
    return new Request<void>(this, WAIT, undefined, limitOf(options, "wait"))
  }
}
class BarrierRef extends GateRef implements Barrier {
  override takes(operation: number): boolean {
    return operation === ARRIVE
  }
  override get [INSTEAD](): string {
    return "it is a barrier, and yield* barrier.arrive() waits for the others"
  }
  arrive(options?: WaitingOptions): Operation<number> {
    return new Request<number>(this, ARRIVE, undefined, limitOf(options, "arrive"))
  }
}

registerHomedRef("rove.latch", "latch", LatchRef)
registerHomedRef("rove.barrier", "barrier", BarrierRef)

/** Makes a latch that opens when it was counted down so often; 0: it is open. */
export function latch(count: number): Latch {
  return new LatchRef(new LatchObject(count === 0 ? 0 : atLeastOne(count, "latch")), null)
}
/** Makes a barrier for so many fibers. */
export function barrier(fibers: number): Barrier {
  return new BarrierRef(new BarrierObject(atLeastOne(fibers, "barrier")), null)
}
