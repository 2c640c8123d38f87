/** Owns the surface for those who schedule fibers: states, transitions, the slice, and the host they implement. */
import { announce } from "./runtime/copies.ts"

import "./operations/channel.ts"
import "./operations/gates.ts"
import "./operations/locks.ts"
import "./operations/suspension.ts"

export { called } from "./called.ts"
export { type JoinPark, joinOf } from "./operations/join.ts"
export { restoreTies } from "./operations/ties.ts"
export { awaitWork, type WorkEnd } from "./operations/work.ts"
export { admit, limit } from "./runtime/admit.ts"
export { currentContext } from "./runtime/ambient.ts"
export { Budget } from "./runtime/budget.ts"
export { causesOf } from "./runtime/causes.ts"
export type { Answer, Choice } from "./runtime/choice.ts"
export { RealClock } from "./runtime/clock.ts"
export { DeadlockFinder, deadlockOf, type Waits, whoWaits } from "./runtime/deadlock.ts"
export { ExitList } from "./runtime/exit-list.ts"
export { type Birthplace, FiberState, type Outcome, settle } from "./runtime/fiber.ts"
export { FiberHandle, type FiberOwner } from "./runtime/fiber-handle.ts"
export { computationOf } from "./runtime/generator.ts"
export { handedOver, handOver, resultRefused } from "./runtime/hand-over.ts"
export { goesOn } from "./runtime/held.ts"
export { type Fibers, makeHomed, provideHomed } from "./runtime/homed-kinds.ts"
export {
  type Ask,
  type Asker,
  type Homed,
  type HomedAddress,
  type Homes,
  NOTHING,
  type Party,
  type ReplyKind,
  Sealed,
  type Whereabouts,
} from "./runtime/homes.ts"
export type { Due, FiberAddress, Host, Outlet, Timer } from "./runtime/host.ts"
export { Ignored } from "./runtime/ignored.ts"
export { interruptFiber } from "./runtime/interruption.ts"
export { KEPT, KeptOutcomes } from "./runtime/kept-outcomes.ts"
export { Lanes } from "./runtime/lanes.ts"
export { release } from "./runtime/lifetime.ts"
export { type Listeners, withListener, withoutListener } from "./runtime/listeners.ts"
export { alive, Lives } from "./runtime/lives.ts"
export { unknownObject } from "./runtime/local-homes.ts"
export { ended, type FiberReport, look } from "./runtime/look.ts"
export type { Machine } from "./runtime/machine.ts"
export { nativeThreadId } from "./runtime/native-thread.ts"
export {
  checkOptions,
  RESUME_OPTIONS,
  type ResumeOptions,
  RUN_OPTIONS,
  type RunOptions,
  type SpawnOptions,
  show,
} from "./runtime/options.ts"
export { Queue } from "./runtime/queue.ts"
export { type Random, SeededRandom } from "./runtime/random.ts"
export { type RecordAnswer, Recorder, type RecordMode, recordedOutcome } from "./runtime/recorder.ts"
export { opened, restore, save, waitAgainElsewhere, waitForEnds } from "./runtime/save.ts"
export { runSlice, type SliceEnd } from "./runtime/slice.ts"
export { withoutFrames } from "./runtime/stacks.ts"
export { enterStore, findStore } from "./runtime/store.ts"
export { machine } from "./runtime/thread.ts"
export type { Acceptance, Delivery, ThreadState } from "./runtime/thread-state.ts"
export { Timers } from "./runtime/timers.ts"
export { giveUpArrival, holdUntilArrival, settleArrival } from "./runtime/underway.ts"
export { Unheard } from "./runtime/unheard.ts"
export { streamed, streamsOn } from "./streamed.ts"

announce(import.meta.url)
