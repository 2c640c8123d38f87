/**
 * `npm run soak`: a pool under storms of fibers of all sorts, interrupts, and a death every second; every fiber has to end
 * exactly once, and memory has to stay. `--minutes 10`, `--workers 8`, `--seed 1`, `--deaths 1` (a second).
 */
import { parseArgs } from "node:util"
import { Pool } from "rove"
import { SeededRandom } from "../../packages/scheduler/src/random.ts"
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
const random = new SeededRandom(Number(values.seed))
const logger = { warn() {}, error() {} }
const pool = await Pool.start({ workers: Number(values.workers), seed: Number(values.seed), logger })
const crowd = new Crowd(pool, random)
const memory = new Memory()

const killing =
  Number(values.deaths) > 0 ? setInterval(() => kill(pool, random), 1000 / Number(values.deaths)) : undefined
const telling = setInterval(() => {
  memory.sample()
  const left = Math.max(0, Math.round((until - performance.now()) / 1000))
  console.log(`${left} s left, ${crowd.report()}, ${pool.stats().deaths} deaths, ${memory.report()}`)
}, 5000)

let failure: unknown = null
try {
  while (performance.now() < until) await crowd.round()
  clearInterval(killing)
  await pool.close({ mode: "drain" })
  crowd.settle()
  memory.check()
} catch (error) {
  failure = error
  await pool.close({ grace: 500 })
} finally {
  clearInterval(killing)
  clearInterval(telling)
}
console.log(`${crowd.report()}, ${pool.stats().deaths} deaths, ${memory.report()}`)
if (failure !== null) console.error("the soak failed:", failure)
process.exitCode = failure === null ? 0 : 1
