export {
  Attachment,
  activate,
  attach,
  createSeat,
  deactivate,
  deleteSeat,
  guard,
  release,
  type Seat,
  type SeatOptions,
} from "./attach.ts"
export type { Items, MapOptions } from "./batch.ts"
export type { Carry } from "./carry.ts"
export type { Logger, PoolLimits, PoolOptions, Uncaught } from "./config.ts"
export { Pool, type PoolStats } from "./pool.ts"
export type { Runtime, RuntimeView } from "./runtimes.ts"
export type { ShutdownOptions, ShutdownReport } from "./shutdown.ts"
export type { Counters, EarlierStats, ThreadStats } from "./stats.ts"
export type { FiberStream, ResumeStreamOptions, StreamOptions } from "./streams.ts"
export type { ThreadHandle } from "./thread-handle.ts"
