/** A module that ends every worker that imports it. */
import { isMainThread } from "node:worker_threads"
import { table } from "./compiled.ts"

if (!isMainThread && process.env["VITEST_POOL_ID"] !== undefined && "rove" in ((await import("node:worker_threads")).workerData ?? {})) process.exit(4)

export const deadly = table<[], void>(import.meta.url, "deadly", 1, () => ({}), () => ({ result: undefined }))
