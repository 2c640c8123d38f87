/** What becomes of an interrupt that goes to another thread: who asks is told, wherever the fiber is, whatever dies. */
import { existsSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Pool } from "@rove/scheduler"
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"
import * as gated from "./gated.fibers.ts"

const work = `"use fibers"
import { currentThread, type Fiber, type Interruption, type Resumable, sleep, spawn } from "rove"

/** Long enough for another thread to take what lies in the queue. */
export function* hog(ms: number): Resumable<void> {
  const end = Date.now() + ms
  while (Date.now() < end) continue
}
function* sleeper(): Resumable<number> {
  try {
    yield* sleep(60_000)
  } catch {
    yield* sleep(300) // it is still there for the second one
  }
  return currentThread().id
}
type Said = readonly [here: number, there: number, ...said: Interruption[]]

/** Of a child that another thread took: while it sleeps, again, and when it has ended. */
export function* asks(): Resumable<Said> {
  const child = yield* spawn(sleeper())
  yield* hog(30)
  const said = [yield* child.interrupt("first"), yield* child.interrupt("second")]
  const there = yield* child.join()
  return [currentThread().id, there, ...said, yield* child.interrupt("third")]
}
function* quick(): Resumable<void> {}
/** Of a fiber that ended on the thread that is its home, by one that another thread took. */
export function* asksAbroad(): Resumable<Said> {
  const ended = yield* spawn(quick())
  yield* ended.join()
  const asker = yield* spawn(tells(ended))
  yield* hog(30)
  const [there, said] = yield* asker.join()
  return [currentThread().id, there, said]
}
export function* tells(fiber: Fiber<unknown>): Resumable<readonly [number, Interruption]> {
  return [currentThread().id, yield* fiber.interrupt("from abroad")]
}
/** Beneath native code, which cannot be stopped. */
export function* asksBeneath(): Resumable<Said> {
  const child = yield* spawn(sleeper())
  yield* hog(30)
  const said = Array.from(inner(child))[0] as Interruption
  return [currentThread().id, yield* child.join(), said]
}
function* inner(child: Fiber<unknown>): Generator<Interruption, void, never> {
  yield yield* child.interrupt("beneath") as never
}
export function* handle(): Resumable<Fiber<void>> {
  const fiber = yield* spawn(quick())
  yield* fiber.join()
  return fiber
}

/** Its thread dies, which is the child's home; another one has the child, and a third one asks. */
export function* dies(): Resumable<void> {
  const child = yield* spawn(sleeper(), { name: "child" })
  yield* hog(30)
  yield* spawn(witness(child, currentThread().id))
  yield* hog(60)
  process.exit()
}
function* witness(child: Fiber<unknown>, dead: number): Resumable<void> {
  if (currentThread().id === dead) return
  yield* sleep(150)
  new BroadcastChannel("witness").postMessage(yield* child.interrupt("orphan"))
}
`
const main = `import { Pool } from "rove"
import { asks, asksAbroad, asksBeneath, handle, hog, tells } from "./work.ts"

const pool = await Pool.start({ workers: 2 })
for (const ask of [asks, asksAbroad, asksBeneath]) {
  for (let round = 0; round < 50; round++) {
    // it may be there and not have begun yet
    const [here, there, ...said] = await pool.run(ask()).catch(() => [])
    if (here === there) continue
    console.log(ask.name, said.join())
    break
  }
}
const other = await Pool.start({ workers: 1 })
console.log("another runtime's", (await other.run(tells(await pool.run(handle()))))[1])
const run = pool.run(hog(60_000))
console.log("ordinary code", await run.interrupt(), await run.interrupt())
await Promise.all([pool.close(), other.close()])
`

test("who interrupts a fiber of another thread hears what became of it", { timeout: 60_000 }, async () => {
  const folder = scratch({ "package.json": '{ "name": "app", "type": "module" }', "work.ts": work, "main.ts": main })
  const { out, err } = await node(folder, ["--import", "rove/register", "main.ts"])
  expect(err).toBe("")
  expect(out.trimEnd().split("\n")).toEqual([
    "asks delivered,delivered,too late",
    "asksAbroad too late",
    "asksBeneath sent",
    "another runtime's unknown",
    "ordinary code delivered too late",
  ])
})

const deadly = `import { Pool } from "rove"
import { dies } from "./work.ts"

const channel = new BroadcastChannel("witness")
const heard: string[] = []
channel.onmessage = ({ data }) => heard.push(data)
const pool = await Pool.start({ workers: 3 })
for (let round = 0; round < 20 && !heard.includes("delivered"); round++) {
  await pool.run(dies()).catch(error => console.log(error.code))
  await new Promise(resolve => setTimeout(resolve, 400))
}
console.log(heard.every(word => word === "delivered" || word === "too late"), heard.includes("delivered"))
channel.close()
await pool.close()
`

test("an interrupt of a fiber whose home has died reaches it, and who asked hears so", {
  timeout: 60_000,
}, async () => {
  const folder = scratch({ "package.json": '{ "name": "app", "type": "module" }', "work.ts": work, "main.ts": deadly })
  const { out } = await node(folder, ["--import", "rove/register", "main.ts"])
  expect(out).toMatch(/^(ROVE_WORKER_LOST\n)+true true\n$/)
})

test("invariant 31: what waits for its modules ends at once if it is interrupted, aborted, late or its pool closes: it has not begun", {
  timeout: 30_000,
}, async () => {
  const shut = join(scratch({}), "shut")
  process.env["ROVE_TEST_GATE"] = shut
  writeFileSync(shut, "") // it stays: the modules never come
  await using pool = await Pool.start({ workers: 1, grace: 60_000 })
  const control = new AbortController()
  const late = pool.run(gated.says("late"), { timeout: 1 })
  const aborted = pool.run(gated.says("aborted"), { signal: control.signal })
  const asked = pool.run(gated.says("asked"))
  const rest = Array.from({ length: 20 }, () => pool.run(gated.says("rest")))
  const ends = Promise.allSettled([late, aborted, asked, ...rest])
  await expect.poll(() => existsSync(`${shut}-2`), { timeout: 10_000, interval: 5 }).toBe(true)
  control.abort(new RangeError("enough"))
  expect(await asked.interrupt("not wanted")).toBe("delivered")
  expect(await asked.interrupt("again")).toBe("too late")
  await pool.close()
  const [one, two, three, ...others] = await ends
  expect(one).toMatchObject({ reason: { code: "ROVE_TIMEOUT" } })
  expect(two).toMatchObject({ reason: new RangeError("enough") })
  for (const end of [three, ...others]) expect(end).toMatchObject({ reason: { code: "ROVE_INTERRUPTED" } })
})

test("who asks what a fiber does whose modules are being imported is told so before it has begun, and that it is on its way after that", {
  timeout: 30_000,
}, async () => {
  const shut = join(scratch({}), "shut")
  process.env["ROVE_TEST_GATE"] = shut
  await using pool = await Pool.start({ workers: 2, grace: 60_000 })
  expect(await pool.run(gated.says("first"), { prefer: 1 })).toBe("first on 1")
  writeFileSync(shut, "")
  const goes = pool.run(gated.goesTo(2), { prefer: 1 })
  const begins = pool.run(gated.says("second"), { prefer: 2 })
  await expect.poll(() => existsSync(`${shut}-2`), { timeout: 10_000, interval: 5 }).toBe(true)
  const onItsWay = { status: "moved", waitsFor: null, thread: null }
  await expect.poll(() => goes.status(), { timeout: 10_000 }).toMatchObject(onItsWay)
  expect(await begins.status()).toMatchObject({ status: "unstarted", waitsFor: "its modules", thread: 2 })
  expect(await begins.stack()).toEqual([])
  rmSync(shut)
  expect(await Promise.all([goes, begins])).toEqual(["gone", "second on 2"])
})
