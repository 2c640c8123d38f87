/**
 * `npm run soak`: a pool under storms of fibers of all sorts, interrupts, and a death every second; every fiber has to end
 * exactly once, and memory has to stay. `--minutes 10`, `--workers 8`, `--seed 1`, `--deaths 1` (a second).
 */
import { parseArgs } from "node:util"
import { Pool } from "rove"
import { SeededRandom } from "../../packages/fibers/src/runtime/random.ts"
import { Crowd, kill } from "./crowd.ts"
import { Memory } from "./memory.ts"

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    workers: { type: "string", default: "8" },
    seed: { type: "string", default: "1" },
    deaths: { type: "string", default: "1" },
  },
})
const until = performance.now() + Number(values.minutes) * 60_000
/** Milliseconds between two looks at memory. */
const EVERY = 3000
const random = new SeededRandom(Number(values.seed))
const logger = { warn() {}, error() {} }
const pool = await Pool.start({ workers: Number(values.workers), seed: Number(values.seed), logger })
const crowd = new Crowd(pool, random)
const memory = new Memory()

const killing =
  Number(values.deaths) > 0 ? setInterval(() => kill(pool, random), 1000 / Number(values.deaths)) : undefined
/** Between two rounds. */
function tell(): void {
  memory.sample()
  const left = Math.max(0, Math.round((until - performance.now()) / 1000))
  console.log(`${left} s left, ${crowd.report()}, ${pool.stats().deaths} deaths, ${memory.report()}`)
}

let failure: unknown = null
try {
  for (let told = performance.now(); performance.now() < until; ) {
    await crowd.round()
    if (performance.now() - told < EVERY) continue
    tell()
    told = performance.now()
  }
  clearInterval(killing)
  await pool.close({ mode: "drain" })
  crowd.settle()
  console.log(memory.check())
} catch (error) {
  failure = error
  await pool.close({ grace: 500 })
} finally {
  clearInterval(killing)
}
console.log(`${crowd.report()}, ${pool.stats().deaths} deaths, ${memory.report()}`)
if (failure !== null) console.error("the soak failed:", failure)
process.exitCode = failure === null ? 0 : 1
