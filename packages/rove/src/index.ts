/** The facade: everything public of the parts, under one name. */
export {
  byReference,
  type ChangePolicy,
  CodeChangedError,
  FiberInterrupted,
  FiberRecord,
  NotPortableError,
  RecordError,
  type RecordView,
  RecursionLimitError,
  RoveError,
  ThreadAffinityError,
  ThreadIdentity,
  WorkerLost,
} from "@rove/core"
export * from "@rove/fibers"
export * from "@rove/scheduler"
