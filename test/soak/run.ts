/**
 * `npm run soak`: a pool under storms of fibers of all sorts, interrupts, and a death every second; every fiber has to end
 * exactly once, and memory has to stay. `--minutes 10`, `--workers 8`, `--seed 1`, `--deaths 1` (a second).
 */
import { Pool } from "rove"
import { SeededRandom } from "../../packages/fibers/src/runtime/random.ts"
import { commandLine, numberOf } from "../../scripts/command-line.ts"
import { Crowd, kill } from "./crowd.ts"
import { Memory } from "./memory.ts"

const HELP = `Usage: npm run soak -- [--minutes N] [--workers N] [--seed N] [--deaths N]

A pool under storms of fibers of all sorts, of which some are interrupted, while threads die. Each fiber has to end exactly
once, and memory has to stay.

  --minutes N  how long, fractions too (default 10)
  --workers N  threads of the pool (default 8)
  --seed N     of what is by chance (default 1)
  --deaths N   threads that die in a second, fractions too; 0: none (default 1)
  --help       prints this

The exit code is 1 if something does not hold.`
const { values } = commandLine(HELP, {
  options: {
    minutes: { type: "string", default: "10" },
    workers: { type: "string", default: "8" },
    seed: { type: "string", default: "1" },
    deaths: { type: "string", default: "1" },
  },
})
const minutes = numberOf("--minutes", values.minutes, 0, false)
const workers = numberOf("--workers", values.workers, 1)
const seed = numberOf("--seed", values.seed)
const deaths = numberOf("--deaths", values.deaths, 0, false)
const until = performance.now() + minutes * 60_000
/** Milliseconds between two looks at memory. */
const EVERY = 3000
const random = new SeededRandom(seed)
const logger = { warn() {}, error() {} }
const pool = await Pool.start({ workers, seed, logger })
const crowd = new Crowd(pool, random)
const memory = new Memory()

const killing = deaths > 0 ? setInterval(() => kill(pool, random), 1000 / deaths) : undefined
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
