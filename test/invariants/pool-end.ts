/** Run by `invariants.test.ts` in a process of its own: what a pool does with its threads and at its end. */
import { Pool } from "rove"
import { brief, busy, leaves, shout } from "./fibers.ts"

const one = await Pool.start({ workers: 1, name: "t" })
const run = one.run(busy())
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
while (one.stats().threads.every(({ started }) => started === 0)) await pause(10)
await pause(100)
const [thread] = one.threads()
console.log(await thread?.call(shout, "called"), await thread?.raise(new Error("stop")), await run)
await one.close()
console.log(await thread?.raise(new Error("late")), await thread?.call(shout, "late"))

const pool = await Pool.start({ workers: 2, grace: 30_000 })
console.log(await pool.run(leaves(6)))
pool.atExit(() => console.log("closed"))
await pool.close()

const drained = await Pool.start({ workers: 2, grace: 30_000 })
await drained.run(brief(3))
await drained.close({ mode: "drain" })
