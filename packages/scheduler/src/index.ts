export type { Logger, PoolOptions } from "./config.ts"
export { Pool, type PoolStats } from "./pool.ts"
export type { ShutdownOptions } from "./shutdown.ts"
export type { ThreadStats } from "./stats.ts"
