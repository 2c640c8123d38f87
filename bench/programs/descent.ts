/** A process that goes as deep as it is told, and says how far it came and what a call cost. */
import { LocalHost } from "rove"
import { descend } from "./depth.ts"

const depth = Number(process.argv[2])
const host = new LocalHost()
await host.run(descend(1_000), { recursionLimit: depth + 10 })
const started = performance.now()
const reached = await host.run(descend(depth), { recursionLimit: depth + 10 })
process.send?.({ reached, nanoseconds: ((performance.now() - started) * 1e6) / depth }, () => process.exit())
