/** Failures in a pool that nobody waits for, and errors that do not want to be looked at, on real threads. */
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

const work = `"use fibers"
import { currentThread, migrateTo, type Resumable, sleep, spawn } from "rove"

export function* fails(ms: number): Resumable<never> {
  yield* sleep(ms)
  throw new TypeError("boom")
}
function* busy(): Resumable<number> {
  let n = 0
  for (let i = 0; i < 3_000_000; i++) n += i % 3
  return n
}
export function* careless(): Resumable<string> {
  yield* spawn(fails(5), { name: "forgotten" })
  for (let i = 0; i < 8; i++) yield* spawn(busy()) // somebody else may take some of them
  yield* sleep(60)
  return "done"
}
export function* careful(): Resumable<string> {
  const child = yield* spawn(fails(5), { name: "remembered" })
  yield* sleep(60)
  try {
    return yield* child.join()
  } catch (error) {
    return (error as Error).message
  }
}

function* roams(): Resumable<never> {
  const home = currentThread().id
  yield* sleep(20) // its parent waits for it by then
  yield* migrateTo(3 - home)
  yield* migrateTo(home)
  throw new TypeError("boom")
}
/** One child is joined all the while, one only after its end, one never. */
export function* ofRoamers(): Resumable<string> {
  const early = yield* spawn(roams(), { name: "early", prefer: currentThread().id })
  const late = yield* spawn(roams(), { name: "late" })
  yield* spawn(roams(), { name: "never" })
  const caught: string[] = []
  for (const child of [early, late]) {
    try {
      yield* child.join()
    } catch (error) {
      caught.push((error as Error).message)
    }
    yield* sleep(100)
  }
  return caught.join()
}

export function* keeps(): Resumable<string> {
  const child = yield* spawn(fails(1), { name: "held" })
  yield* sleep(60_000)
  return yield* child.join()
}

const trap = () => { throw new Error("do not ask") }
const hostile = (): unknown => new Proxy(() => {}, Object.fromEntries(Reflect.ownKeys(Reflect).map(key => [key, trap])))
export function* throwsHostile(): Resumable<never> {
  yield* sleep(1)
  throw hostile()
}
export function* rejects(ms: number): Resumable<string> {
  void Promise.reject(new TypeError("boom"))
  yield* sleep(ms)
  return "done"
}
export function* rejectsHostile(): Resumable<string> {
  void Promise.reject(hostile())
  yield* sleep(20)
  return "alive"
}
`
const main = `import { Pool } from "rove"
import { careful, careless, ofRoamers, rejectsHostile, throwsHostile } from "./work.ts"
const told: string[] = []
const logger = { warn(_: object, text: string) { told.push(text) }, error(d: { error: string }, text: string) { told.push(text + " | " + d.error.split("\\n")[0]) } }
const pool = await Pool.start({ workers: 2, logger })
const results: unknown[] = [await pool.run(careful()), await pool.run(careless())]
results.push(await pool.run(throwsHostile()).catch(error => error.code + " " + error.message))
results.push(await pool.run(rejectsHostile()), pool.stats().deaths, await pool.run(ofRoamers()))
await pool.close()
console.log(JSON.stringify({ results, told }))
`
const asked = `import { Pool } from "rove"
import { careful, keeps, rejects } from "./work.ts"
const logger = { warn() {}, error() {} }
const lines: unknown[] = []

const closing = await Pool.start({ workers: 1, uncaught: "pool", logger })
lines.push(await closing.run(careful())) // that one was caught
const { code, reason } = await closing.run(rejects(60_000)).catch(error => error)
lines.push(code, reason.code, reason.message.replace(/\\n[^]*/, ""))
lines.push(await closing.run(careful()).catch(error => error.code))
await closing.close()

const crashing = await Pool.start({ workers: 1, uncaught: "process", logger })
const thrown = new Promise<Error>(resolve => process.once("uncaughtException", resolve))
lines.push(await crashing.run(rejects(20)), (await thrown as { code?: string }).code, await crashing.run(careful()))
console.log(JSON.stringify(lines))
void crashing.run(rejects(60_000))
`

test.concurrent("a failing child that nobody joins is reported once, wherever it was; hostile errors end their fiber and no thread", {
  timeout: 60_000,
}, async () => {
  const folder = scratch({ "package.json": '{ "name": "app", "type": "module" }', "work.ts": work, "main.ts": main })
  const { out, err } = await node(folder, ["--import", "rove/register", "main.ts"])
  expect(err).toBe("")
  const { results, told } = JSON.parse(out)
  expect(results).toEqual([
    "boom",
    "done",
    expect.stringMatching(/^ROVE_NOT_HANDED_OVER the fiber ended with .* cannot be handed over/),
    "alive",
    0,
    "boom,boom",
  ])
  expect(told.toSorted()).toEqual([
    expect.stringMatching(
      /^a fiber failed on thread \d, in fiber \S+, and nobody joined it \| forgotten: TypeError: boom$/,
    ),
    expect.stringMatching(
      /^a fiber failed on thread \d, in fiber \S+, and nobody joined it \| never: TypeError: boom$/,
    ),
    expect.stringMatching(/^unhandled rejection on thread \d, in fiber \S+ \| /),
  ])
})

test.concurrent("an error that nobody catches closes the pool, or ends the process, where that was asked for", {
  timeout: 60_000,
}, async () => {
  const folder = scratch({ "package.json": '{ "name": "app", "type": "module" }', "work.ts": work, "main.ts": asked })
  const { code, out, err } = await node(folder, ["--import", "rove/register", "main.ts"])
  const [caught, ended, why, text, refused, ...crashed] = JSON.parse(out)
  expect([caught, ended, why, refused]).toEqual(["boom", "ROVE_INTERRUPTED", "ROVE_UNCAUGHT", "ROVE_UNCAUGHT"])
  expect(text).toMatch(/^unhandled rejection on thread 1, in fiber \S+: TypeError: boom$/)
  expect(crashed).toEqual(["done", "ROVE_UNCAUGHT", "boom"])
  // nobody hears the second one: it ends the process, as errors do that nobody catches
  expect(err).toMatch(/RoveError: unhandled rejection on thread 1, in fiber /)
  expect(code).toBe(1)
})

test.concurrent("a failing child whose handle is held for minutes is reported within ten seconds, while everything else goes on", {
  timeout: 60_000,
}, async () => {
  const folder = scratch({
    "package.json": '{ "name": "app", "type": "module" }',
    "work.ts": work,
    "main.ts": `import { Pool } from "rove"
import { keeps } from "./work.ts"
const told = Promise.withResolvers<string>()
const logger = { warn() {}, error: (d: { error: string }, text: string) => told.resolve(text + " | " + d.error.split("\\n")[0]) }
const pool = await Pool.start({ workers: 1, logger })
const started = performance.now()
const run = pool.run(keeps())
run.catch(() => {})
const closing = await Pool.start({ workers: 1, uncaught: "pool", logger: { warn() {}, error() {} } })
const other = closing.run(keeps()).catch(error => error.reason.message.replace(/\\n[^]*/, ""))
const text = await told.promise
const { status } = await run.status()
console.log(JSON.stringify({ text, late: performance.now() - started, status, closed: await other }))
await pool.close()
`,
  })
  const { out } = await node(folder, ["--import", "rove/register", "main.ts"])
  const { text, late, status, closed } = JSON.parse(out)
  expect(text).toMatch(/and nobody joined it \| held: TypeError: boom$/)
  expect(status).toBe("parked")
  // and where that was asked for, it closes its pool
  expect(closed).toMatch(/^a fiber failed on thread 1, in fiber \S+, and nobody joined it: held: TypeError: boom$/)
  expect(late).toBeGreaterThan(4000)
  expect(late).toBeLessThan(15_000)
})
