/**
 * Owns what the run loop and the operations need from outside: the host. The scheduler implements it, and `LocalHost`
 * for one thread without a pool.
 */
import type { StoppedFiber, ThreadIdentity } from "@rove/core"
import type { Birthplace, FiberState, Outcome } from "./fiber.ts"
import type { Homes } from "./homes.ts"
import type { Machine } from "./machine.ts"
import type { Random } from "./random.ts"
import type { Delivery } from "./thread-state.ts"

/** What happens when a time has come: a call, or what an object does that there may be a million of. */
export type Due = (() => void) | { due(): void }

export interface Timer {
  cancel(): void
}

/** What can be known of a fiber from anywhere: its id, its name and where its completion is kept. */
export interface FiberAddress {
  readonly id: string
  readonly name: string
  /** Id of the thread at which it was spawned; that thread keeps its completion and its joiners. */
  readonly home: number
}

/** Where what fibers yield goes to: part of a host that has takers. */
export interface Outlet {
  /** The value with that number; `asks`: `whenGranted` is to be answered. Throws, and nothing is gone, if it cannot leave. */
  emit(fiber: FiberState, number: number, value: unknown, asks: boolean): void
  /** There are so many, and no more. */
  end(fiber: FiberState, count: number): void
  /** Asks how many there may be, for a fiber that waited for that elsewhere. */
  ask(fiber: FiberState, number: number): void
  /** Calls back with how many there may be. */
  whenGranted(fiber: FiberState, granted: (upTo: number) => void): void
}

export interface Host {
  readonly machine: Machine
  /** The thread's id, as in `thread`; part of fiber ids. */
  readonly threadId: number
  /** What `currentThread()` gives. */
  readonly thread: ThreadIdentity
  /** Milliseconds on the host's clock (real or virtual). */
  now(): number
  /** Of this thread; with a seed, so that a run can be repeated. */
  readonly random: Random
  /** Where fibers begin that are spawned here. */
  readonly birthplace: Birthplace
  /** A new fiber id, never used again; a number is what follows the prefix of the birthplace. */
  nextId(): string | number
  /** An unstarted child was spawned: it becomes stealable. */
  spawned(child: FiberState): void
  /** Ordinary code of this thread started a fiber. Throws if there is no time left for that. */
  begin(fiber: FiberState): void
  /** Takes an unstarted fiber back for running it inline; false if it was stolen or has begun. */
  claim(child: FiberState): boolean
  /** A fiber that was parked (or preempted) can run again; its resumption is already set. */
  ready(fiber: FiberState): void
  /** Calls back once at `at` (host's clock) on this thread. */
  timer(at: number, target: Due): Timer
  /**
   * Calls `listener` once with the outcome of the fiber at that address, wherever it is; synchronously if it is known here.
   * A FiberState is the best address. `quiet`: who listens does not care how it ended, so a failure is still unheard of.
   */
  whenDone(address: FiberAddress, listener: (outcome: Outcome) => void, quiet?: boolean): void
  /** That listener is not called any more, if it has not been. */
  unlisten(address: FiberAddress, listener: (outcome: Outcome) => void): void
  /** A fiber stops here to wait for something. */
  parked?(fiber: FiberState): void
  /** Calls back, not at once, when all is known here that the homes of joined fibers knew of their ends; hosts without it know all. */
  caughtUp?(then: () => void): void
  /** Whether the fiber has become a record, and has yet to end here as that: an interrupt comes too late. */
  isRecord?(fiber: FiberState): boolean
  /** A fiber ended here; `heard`: somebody waited for that. */
  ended(fiber: FiberState, heard: boolean): void
  /** Somebody asked how a fiber ended that had failed before. */
  heard(fiber: FiberState): void
  /** The budget ran out: refills `machine.budget`; true if the running fiber is to be preempted. */
  poll(): boolean
  /** The address of a fiber of this thread is about to be encoded: from now on it may be joined and interrupted from elsewhere. */
  shared(fiber: FiberState): void
  /** Asks that the fiber at that address be interrupted. `tell` hears once what became of that; synchronously if it is known here. */
  interrupt(address: FiberAddress, reason: unknown, tell?: (delivery: Delivery) => void): void
  /** A fiber of this thread has had its interrupt, and is asked to end once more. */
  ignores?(fiber: FiberState): void
  /** There is a record of a fiber that goes on here. */
  recorded?(fiber: FiberState): void
  /** Who takes the record of a fiber that suspends itself; nobody, where there is no such method. */
  taker?(fiber: FiberState): ((record: StoppedFiber) => void) | undefined
  /** A child that was just spawned would better begin on that thread, if there is one. */
  prefer?(child: FiberState, thread: number): void
  /** Moves a fiber of this thread to another one as soon as it is ready: `told` hears null, or why that was not possible. Throws if there is no such thread. */
  migrate?(fiber: FiberState, thread: number, told: (error: unknown) => void): void
  /** The objects that have their home here, and the way to those of others. */
  readonly homes: Homes
  /** Where what fibers yield goes to; without one, nobody takes that. */
  readonly outlet?: Outlet
}
