/** The facade: everything public of the parts, under one name. */
export {
  byReference,
  type ChangePolicy,
  CodeChangedError,
  FiberInterrupted,
  FiberRecord,
  move,
  NotPortableError,
  RecordError,
  type RecordView,
  RecursionLimitError,
  type Reopened,
  type ReopenOptions,
  RoveError,
  reopen,
  ScopeError,
  ThreadAffinityError,
  ThreadIdentity,
  TimeoutError,
  WorkerLost,
} from "@rove/core"
export * from "@rove/fibers"
export * from "@rove/scheduler"
