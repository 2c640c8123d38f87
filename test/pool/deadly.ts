/** A module that ends every worker that imports it. */
import { isMainThread, workerData } from "node:worker_threads"
import { table } from "./compiled.ts"

if (!isMainThread && typeof workerData === "object" && workerData !== null && "rove" in workerData) process.exit(4)

export const deadly = table<[], void>(
  import.meta.url,
  "deadly",
  1,
  () => ({}),
  () => ({ result: undefined }),
)
