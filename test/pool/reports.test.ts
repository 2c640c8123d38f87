/** Failures in a pool that nobody waits for, and errors that do not want to be looked at, on real threads. */
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

const work = `"use fibers"
import { type Resumable, sleep, spawn } from "rove"

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
export function* rejectsHostile(): Resumable<string> {
  void Promise.reject(hostile())
  yield* sleep(20)
  return "alive"
}
`
const main = `import { Pool } from "rove"
import { careful, careless, rejectsHostile, throwsHostile } from "./work.ts"
const told: string[] = []
const logger = { warn(_: object, text: string) { told.push(text) }, error(d: { error: string }, text: string) { told.push(text + " | " + d.error.split("\\n")[0]) } }
const pool = await Pool.start({ workers: 2, logger })
const results: unknown[] = [await pool.run(careful()), await pool.run(careless())]
results.push(await pool.run(throwsHostile()).catch(error => error.code + " " + error.message))
results.push(await pool.run(rejectsHostile()), pool.stats().deaths)
await pool.close()
console.log(JSON.stringify({ results, told }))
`

test("a failing child that nobody joins is reported once; hostile errors end their fiber and no thread", {
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
  ])
  expect(told.toSorted()).toEqual([
    expect.stringMatching(
      /^a fiber failed on thread \d, in fiber \S+, and nobody joined it \| forgotten: TypeError: boom$/,
    ),
    expect.stringMatching(/^unhandled rejection on thread \d, in fiber \S+ \| /),
  ])
})

test("a failing child whose handle is held for minutes is reported within ten seconds, while everything else goes on", {
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
const text = await told.promise
const { status } = await run.status()
console.log(JSON.stringify({ text, late: performance.now() - started, status }))
await pool.close()
`,
  })
  const { out } = await node(folder, ["--import", "rove/register", "main.ts"])
  const { text, late, status } = JSON.parse(out)
  expect(text).toMatch(/and nobody joined it \| held: TypeError: boom$/)
  expect(status).toBe("parked")
  expect(late).toBeGreaterThan(4000)
  expect(late).toBeLessThan(15_000)
})
