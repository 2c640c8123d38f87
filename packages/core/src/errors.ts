/** Owns the error classes and the list of error codes (docs/errors.md explains each). */

/** Every code that Rove's errors carry. */
export const ERROR_CODES = {
  ROVE_NOT_COMPILED: "a native generator was given where a compiled computation is needed",
  ROVE_NO_FIBER: "an operation was performed where no fiber can run it",
  ROVE_COMPUTATION_USED: "only a computation that has not begun and that nobody else runs can become a fiber",
  ROVE_CANNOT_PARK: "a fiber would have to wait while native code stands on its stack",
  ROVE_NO_SWITCH: "a fiber would let others run inside a region in which it must not",
  ROVE_NO_BLOCK: "a fiber would wait for others inside a region in which it must not",
  ROVE_COROUTINE: "a coroutine is switched to that cannot be, or yields where nobody takes it",
  ROVE_NO_PROCESS: "a fiber that is told or asked something has ended, or the name is nobody's",
  ROVE_NAME_TAKEN: "another fiber is registered under that name",
  ROVE_SUPERVISOR: "the children of a supervisor end more often than it may restart them",
  ROVE_RECORDED: "the fiber was stopped and is a record now",
  ROVE_ALIVE: "a record is resumed where its fiber is alive, or has ended",
  ROVE_NOT_ALIVE: "the fiber ended before its record could be made",
  ROVE_NO_TAKER: "a fiber suspends itself, and nobody takes its record",
  ROVE_DEADLOCK: "every fiber waits for another one",
  ROVE_INVALID_ARGUMENT: "an argument has the wrong type or is out of range",
  ROVE_NO_VALUE: "a context variable was read that was never set and has no default",
  ROVE_NO_THREAD: "the thread runs no fibers",
  ROVE_CONTEXT_ENTERED: "something runs in the context already",
  ROVE_THREAD_AFFINITY: "a fiber that may move uses what belongs to a thread",
  ROVE_TOKEN: "a token was used twice, or for another variable or context than its own",
  ROVE_INTERRUPTED: "the fiber was interrupted",
  ROVE_FORGOTTEN_YIELD: "an operation or a computation was made and not performed",
  ROVE_DYNAMIC: "a generator stays native because of a direct eval or a `with`",
  ROVE_HELD: "a local holds a value that cannot be saved across a suspension",
  ROVE_MODULE_STATE: "code that fibers run changes what is declared at module level",
  ROVE_COPIED_VARIABLE:
    "a variable that a function captures of which fibers are started is assigned there, or afterwards by the parent",
  ROVE_DIRECTIVE: "the directive stands where it does nothing",
  ROVE_RECURSION_LIMIT: "the computation has more frames than its limit",
  ROVE_WORKER_LOST: "the thread that ran the fiber is gone",
  ROVE_WORKER_START: "the threads of a pool do not come up",
  ROVE_POOL_CLOSED: "the pool is closing or closed and takes no more work",
  ROVE_ATTACHMENT: "a token or a seat is used twice, out of order, or on another thread than its own",
  ROVE_UNCAUGHT: "an error in a fiber was caught by nobody, and the pool was asked to end over that",
  ROVE_POOL_IN_MODULE: "a module that workers evaluate starts a pool",
  ROVE_QUEUE_FULL: "more wait to begin than the pool's limits allow",
  ROVE_LIMIT: "a thread has as many fibers as its limit allows",
  ROVE_CONFIG: "a configuration or an option is not valid",
  ROVE_TIMEOUT: "a run, a wait, or a part of a run took longer than it may",
  ROVE_SCOPE: "more than one thing failed in a scope",
  ROVE_CHANNEL_CLOSED: "a channel is closed",
  ROVE_LOCK: "a lock is given back by another fiber than the one that has it",
  ROVE_THREAD_LOCK: "a fiber that holds a lock of its thread would stop, or the lock is held already",
  ROVE_UNKNOWN_OBJECT: "nothing is known of a channel or a lock where its home would be",
  ROVE_NOT_HANDED_OVER: "an argument, result or error cannot be handed to another thread",
  ROVE_UNKNOWN_FIBER: "nothing is known of a fiber where its completion would be kept",
  ROVE_NOT_PORTABLE: "a value cannot be part of a record; the message names the path to it",
  ROVE_RECORD: "the bytes of a record are damaged, forged, or of an unknown version",
  ROVE_CODE_UNKNOWN: "a record names a compiled function that no module of this thread has defined",
  ROVE_CODE_CHANGED: "a record names a compiled function or resume point that has changed since",
  ROVE_REFERENCE_UNKNOWN: "a record refers to a value, kind or context variable that is not known on this thread",
  ROVE_SYNTAX: "the source of a module cannot be parsed",
  ROVE_UNSUPPORTED: "the compiler does not cover a construct",
  ROVE_DUPLICATE_ID: "two files have the same module id",
  ROVE_NODE: "this Node is too old",
  ROVE_USAGE: "the command line asks for what there is not",
} as const
export type ErrorCode = keyof typeof ERROR_CODES

/** Any error of Rove. `code` is stable; the message says what, where and what to do. */
export class RoveError extends Error {
  readonly code: ErrorCode
  /** A field, for a program may have frozen what errors inherit their name from. */
  override name = ""
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.name = new.target.name
  }
}

/** Thrown inside an interrupted fiber, and given to those who join it. `cause`: what failed on its way out, several in a ScopeError. */
export class FiberInterrupted extends RoveError {
  readonly _tag = "FiberInterrupted"
  readonly reason: unknown
  constructor(reason?: unknown, options?: ErrorOptions) {
    super(
      "ROVE_INTERRUPTED",
      reason === undefined ? "the fiber was interrupted" : `the fiber was interrupted: ${describe(reason)}`,
      options,
    )
    this.reason = reason
  }
}

/** Thrown by `timeout` and `deadline` when the time is over, and the reason of what they interrupt. */
export class TimeoutError extends RoveError {
  readonly _tag = "TimeoutError"
  constructor(message: string) {
    super("ROVE_TIMEOUT", message)
  }
}

/** Thrown by a scope in which more than one thing failed: `errors`, in the order in which they did. The death of one thread is one thing. */
export class ScopeError extends RoveError {
  readonly _tag = "ScopeError"
  readonly errors: readonly unknown[]
  constructor(errors: readonly unknown[]) {
    super("ROVE_SCOPE", `${errors.length} errors in one scope: ${errors.map(describe).join("; ")}`)
    this.errors = errors
  }
}

/** Given to those who join a fiber whose thread died; `cause` says of what. */
export class WorkerLost extends RoveError {
  readonly _tag = "WorkerLost"
  /** The id of that thread. */
  readonly thread: number | undefined
  constructor(message: string, options?: ErrorOptions & { readonly thread?: number | undefined }) {
    super("ROVE_WORKER_LOST", message, options)
    this.thread = options?.thread
  }
}

/** Whether both tell of the death of one thread. */
export function isSameDeath(one: unknown, other: unknown): boolean {
  return (
    one instanceof WorkerLost && other instanceof WorkerLost && one.thread !== undefined && one.thread === other.thread
  )
}

/** Thrown where a fiber that may move uses a thread-local; the message says how to pin it. */
export class ThreadAffinityError extends RoveError {
  constructor(message: string) {
    super("ROVE_THREAD_AFFINITY", message)
  }
}

/** Thrown by the call that would exceed the fiber's recursion limit. */
export class RecursionLimitError extends RoveError {
  constructor(limit: number) {
    super("ROVE_RECURSION_LIMIT", `the computation has reached its recursion limit of ${limit} frames`)
  }
}

function describe(reason: unknown): string {
  try {
    return reason instanceof Error ? reason.message : String(reason)
  } catch {
    return "(a reason without text)"
  }
}

/** A broken invariant of ours: dies at once with the function's name and the invariant. */
export function invariant(holds: boolean, where: string, what: string): asserts holds {
  if (!holds) throw new Error(`broken invariant in ${where}: ${what}`)
}
