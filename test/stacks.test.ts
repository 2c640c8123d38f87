/** What people see of a fiber when something goes wrong: stacks, in real processes. */
import { expect, test } from "vitest"
import { install, node, scratch } from "./support/scratch.ts"

/** Types, an interface and an enum stand above, so that no line of the compiled text is the source's by chance. */
const walk = `"use fibers"
import { type Resumable, sleep, suspend } from "rove"

enum Way { Straight = "straight", Asleep = "asleep", Away = "away" }
interface Step { readonly way: \`\${Way}\`; readonly left: number }

export function* survey(way: \`\${Way}\`): Resumable<number> {
  const step: Step = { way, left: 1 }
  return 1 + (yield* walk(step))
}

function* walk({ way, left }: Step): Resumable<number> {
  if (left > 0) return yield* walk({ way, left: left - 1 })
  const visit = function* visit(): Resumable<number> {
    if (way === Way.Asleep) yield* sleep(1)
    if (way === Way.Away) yield* suspend()
    throw new RangeError(way satisfies string)
  }
  return yield* visit()
}

function* numbers(): Resumable<number, number> {
  yield 1
  yield* sleep(1)
  throw new RangeError("numbers")
}

export function* sum(): Resumable<number> {
  let total = 0
  for (const n of numbers()) total += n
  return total
}

export function* rethrows(): Resumable<number> {
  try {
    return yield* survey("asleep")
  } catch (error) {
    yield* sleep(1)
    throw error
  }
}
`
const app = { "package.json": '{"name":"app","type":"module"}', "src/walk.ts": walk }

/** Lines of the stacks that a program printed, without what lies before the file's name. */
async function stacks(main: string, more: Record<string, string> = {}): Promise<string[]> {
  const folder = scratch({ ...app, "src/main.ts": main, ...more })
  install(folder, "@rove/core")
  const { code, out, err } = await node(folder, ["--import", "rove/register", "src/main.ts"])
  expect(err).toBe("")
  expect(code).toBe(0)
  return out
    .replaceAll(folder, "")
    .trim()
    .split("\n")
    .map(line => line.trim())
}

const local = (call: string): string => `import { LocalHost } from "rove"
import { rethrows, sum, survey } from "./walk.ts"
await new LocalHost().run(${call}).catch((error: Error) => console.log(error.stack))
`
const suspended = [
  "at visit (/src/walk.ts:17:11)",
  "at walk (/src/walk.ts:19:10) [suspended]",
  "at walk (/src/walk.ts:13:24) [suspended]",
  "at survey (/src/walk.ts:9:15) [suspended]",
]

test("an error three calls deep shows the lines and names of the source, and none of ours", async () => {
  expect(await stacks(local('survey("straight")'))).toEqual([
    "RangeError: straight",
    "at visit (/src/walk.ts:17:11)",
    expect.stringMatching(/^at walk \(\/src\/walk\.ts:19:\d+\)$/),
    expect.stringMatching(/^at walk \(\/src\/walk\.ts:13:\d+\)$/),
    expect.stringMatching(/^at survey \(\/src\/walk\.ts:9:\d+\)$/),
  ])
})

test("after a suspension the frames that are data are shown as such", async () => {
  expect(await stacks(local('survey("asleep")'))).toEqual(["RangeError: asleep", ...suspended])
  expect(await stacks(local("sum()"))).toEqual([
    "RangeError: numbers",
    "at numbers (/src/walk.ts:25:9)",
    expect.stringMatching(/^at sum \(\/src\/walk\.ts:30:\d+\) \[suspended\]$/),
  ])
})

test("an error that is caught and thrown again keeps its stack", async () => {
  expect(await stacks(local("rethrows()"))).toEqual([
    "RangeError: asleep",
    ...suspended,
    "at rethrows (/src/walk.ts:36:12) [suspended]",
  ])
})

test("errors that come from timers, other threads and refusals show where the fiber stands, and nothing of ours", {
  timeout: 30_000,
}, async () => {
  const waits = `"use fibers"
import { type Channel, currentFiber, type Fiber, migrateTo, receive, record, type Resumable, select, sleep, spawn, timeout } from "rove"

export function* fails(how: string, it: Channel<unknown>): Resumable<unknown> {
  yield* migrateTo(1)
  return yield* place(how, it)
}
function* place(how: string, it: Channel<unknown>): Resumable<unknown> {
  const kept = how === "moved" || how === "recorded" ? tied() : 0
  if (how === "channel") return yield* it.receive({ timeout: 1 })
  if (how === "limit") return yield* timeout(1, sleep(60_000))
  if (how === "select") return yield* select({ it: it.receive() }, { timeout: 1 })
  if (how === "inbox") return yield* receive(undefined, { timeout: 1 })
  if (how === "sent") return yield* it.send(new WeakMap())
  if (how === "moved") yield* migrateTo(2)
  if (how === "recorded") yield* record()
  if (how === "circle") return yield* (yield* spawn(joins(currentFiber() as Fiber<unknown>))).join()
  if (how === "lost") return yield* (yield* spawn(dies())).join()
  if (how === "over") return yield* timeout(0, sleep(60_000))
  return kept
}
function* joins(other: Fiber<unknown>): Resumable<unknown> {
  yield* sleep(1)
  return yield* other.join()
}
function* dies(): Resumable<never> {
  yield* migrateTo(2)
  return process.exit(1)
}
function tied(): object {
  return new WeakMap()
}
`
  const main = `import { channel, Pool } from "rove"
import { fails } from "./waits.ts"
const pool = await Pool.start({ workers: 2 })
for (const how of ["channel", "limit", "select", "inbox", "sent", "moved", "recorded", "circle", "lost", "over"])
  await pool.run(fails(how, channel())).then(
    () => console.log(how, "went on"),
    error => console.log(error.stack.slice(error.stack.indexOf("\\n    at")).trim()),
  )
await pool.close()
`
  const lines = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19].flatMap(line => [
    expect.stringMatching(new RegExp(`^at place \\(/src/waits\\.ts:${line}:\\d+\\)( \\[suspended\\])?$`)),
    ...(line === 14 ? [] : [expect.stringMatching(/^at fails \(\/src\/waits\.ts:6:\d+\)( \[suspended\])?$/)]),
  ])
  expect(await stacks(main, { "src/waits.ts": waits })).toEqual(lines)
})

test("callers are shown behind the bodies of operations and behind computations, where our frames leave no room for them", {
  timeout: 30_000,
}, async () => {
  const deep = `"use fibers"
import { migrateTo, type Resumable, scope, sleep, timeout } from "rove"

export function* fails(how: string): Resumable<unknown> {
  yield* migrateTo(1)
  return yield* place(how)
}
function* place(how: string): Resumable<unknown> {
  if (how === "two") return yield* scope(function* outer() { yield* scope(function* inner() { throw new Error("two") }) })
  if (how === "over") return yield* scope(function* body() { yield* timeout(0, sleep(60_000)) })
  if (how === "asleep") return yield* scope(function* body() { yield* sleep(1); yield* scope(function* inner() { throw new Error("late") }) })
  return yield* kept(3)
}
function* kept(left: number): Resumable<number> {
  if (left === 0) throw new Error("kept")
  const next = kept(left - 1)
  return yield* next
}
`
  const main = `import { Pool } from "rove"
import { fails } from "./deep.ts"
await using pool = await Pool.start({ workers: 1 })
for (const how of ["two", "over", "asleep", "kept"])
  await pool.run(fails(how)).catch(error => console.log(how, ...[...error.stack.matchAll(/at (\\w+)/g)].map(found => found[1])))
`
  expect(await stacks(main, { "src/deep.ts": deep })).toEqual([
    "two inner outer place fails",
    "over body place fails",
    "asleep inner body place fails",
    "kept kept kept kept kept place fails",
  ])
})

test("in a pool, and on the thread to which a fiber has moved, stacks are the same", { timeout: 30_000 }, async () => {
  const pool = `import { Pool } from "rove"
import { survey } from "./walk.ts"
const pool = await Pool.start({ workers: 2 })
await pool.run(survey("asleep")).catch((error: Error) => console.log(error.stack))
await pool.close()
`
  expect(await stacks(pool)).toEqual(["RangeError: asleep", ...suspended])
  const away = `import { once } from "node:events"
import { Worker } from "node:worker_threads"
import { encode } from "@rove/core"
import { LocalHost } from "rove"
import { survey } from "./walk.ts"
const leg = await new LocalHost({ id: 1 }).start(survey("away"))
if (leg.done) throw new Error("it did not suspend")
const worker = new Worker(new URL("./away.ts", import.meta.url), { workerData: encode(leg.fiber).bytes })
console.log(...(await once(worker, "message")))
`
  const other = `import { parentPort, workerData } from "node:worker_threads"
import { decode, type StoppedFiber } from "@rove/core"
import { LocalHost } from "rove"
import "./walk.ts"
const record = decode(workerData) as StoppedFiber
await new LocalHost({ id: 2 }).proceed(record).catch((error: Error) => parentPort?.postMessage(error.stack))
`
  expect(await stacks(away, { "src/away.ts": other })).toEqual(["RangeError: away", ...suspended])
})

test("an error in the binding of parameters stands where it is, under the name of the function", async () => {
  const lines = await stacks(
    `import { method, param, pattern } from "./params.ts"
for (const make of [param, pattern, method, new (class { own = method })().own])
  try { make({} as any) } catch (error: any) { console.log(error.stack) }
`,
    {
      "src/params.ts": `"use fibers"
interface Wide {
  a?: number }
function fails(): never { throw new Error("fails") }
export function* param(_: any, b = fails()): Generator<number> { yield b }
export const pattern = function* ({ a = fails() }: Wide): Generator<number> { yield a }
class Own {
  static *method({ a = fails() }: Wide): Generator<number> { yield a } }
export const { method } = Own
`,
    },
  )
  const seen = lines.filter(line => line.includes("/src/params.ts")).map(line => line.replace(/:\d+\)$/, ")"))
  const at = (name: string, line: number) => `at ${name} (/src/params.ts:${line})`
  const of = (name: string, line: number) => [at("fails", 4), at(name, line)]
  expect(seen).toEqual([...of("param", 5), ...of("pattern", 6), ...of("method", 8), ...of("method", 8)])
  expect(lines.join()).not.toMatch(/\$|runtime/)
})

test("an error out of a promise shows what waited for it, once, and nothing of ours", async () => {
  const waits = `"use fibers"
import { type Resumable, sleep, wait } from "rove"
const fails = async (): Promise<never> => { throw new Error("at once") }
const later = async (): Promise<never> => { await null; throw new Error("later") }
function* inner(make: () => Promise<never>): Resumable<void> {
  yield* wait(make)
}
function* rested(): Resumable<void> {
  yield* sleep(1)
  yield* inner(fails)
}
export function* outer(which: number): Resumable<void> {
  if (which === 3) yield* sleep(1)
  try {
    yield* (which === 4 ? rested() : inner([fails, later, later, later][which] as never))
  } catch (error) {
    yield* wait(Promise.reject(error)) // it comes out of a promise twice
  }
}
`
  const main = `import { LocalHost, Pool } from "rove"
import { outer } from "./waits.ts"
const say = (error: Error) => console.log(error.stack)
await new LocalHost().run(outer(0)).catch(say)
await new LocalHost().run(outer(4)).catch(say)
await new LocalHost().run(outer(1)).catch(say)
await new LocalHost().run(outer(3)).catch(say)
await using pool = await Pool.start({ workers: 1 })
await pool.run(outer(2)).catch(say)
`
  const frames = ["at inner (/src/waits.ts:6:3) [suspended]", "at outer (/src/waits.ts:15:5) [suspended]"]
  const lines = await stacks(main, { "src/waits.ts": waits })
  expect(lines).toEqual([
    "Error: at once",
    "at fails (/src/waits.ts:3:51)",
    "at inner (/src/waits.ts:6:15)",
    ...frames.slice(1),
    "Error: at once",
    "at fails (/src/waits.ts:3:51)",
    "at inner (/src/waits.ts:6:15)",
    "at rested (/src/waits.ts:10:10)",
    "at outer (/src/waits.ts:15:5) [suspended]",
    ...[1, 2].flatMap(() => ["Error: later", "at later (/src/waits.ts:4:63)", ...frames]),
    "Error: later",
    "at later (/src/waits.ts:4:63)",
    ...frames,
  ])
}, 30_000)

test("causes and the parts of aggregates show none of our frames either", async () => {
  const causes = `"use fibers"
import { type Resumable, sleep } from "rove"
function* deep(): Resumable<never> {
  throw new Error("deep")
}
export function* middle(): Resumable<void> {
  try {
    yield* deep()
  } catch (cause) {
    throw new Error("middle", { cause })
  }
}
export function* top(): Resumable<void> {
  yield* sleep(1)
  const parts: unknown[] = []
  try {
    yield* middle()
  } catch (part) {
    parts.push(part)
  }
  const all = new AggregateError(parts, "all")
  throw Object.assign(all, { self: all, cause: all })
}
export function* seen(): Resumable<unknown> {
  yield* sleep(1)
  try {
    yield* top()
  } catch (error) {
    return (error as AggregateError).errors[0].cause.stack
  }
}
`
  const main = `import { LocalHost } from "rove"
import { middle, seen, top } from "./causes.ts"
const host = new LocalHost()
await host.run(top()).catch((all: any) => console.log(all.stack, "\\n" + all.errors[0].stack, "\\n" + all.errors[0].cause.stack))
console.log(await host.run(seen()))
console.log([...driven()].join())
function* driven() { try { yield* middle() } catch (error: any) { yield error.cause.stack } }
`
  const lines = await stacks(main, { "src/causes.ts": causes })
  expect(lines.join("\n")).not.toMatch(/runtime|rove/)
  expect(lines.filter(line => line.includes("at deep"))).toHaveLength(3)
}, 30_000)

test("a generator that native code drives has the stack that a native one has, callers included", async () => {
  const fails = (directive: string) => `${directive}
export function* deep(n: number, stored: Error[]): Generator<number> {
  if (n > 0) return yield* deep(n - 1, stored)
  if (stored.length > 0) throw stored[0]
  throw new Error("deep")
}
export function* later(stored: Error[]): Generator<number> {
  try {
    yield* deep(0, [])
  } catch (error) {
    stored.push(error as Error)
  }
  yield 1
  throw stored[0]
}
export function* thrown(): Generator<number> {
  for (;;) yield 1
}
`
  const lines = await stacks(
    `import * as compiled from "./compiled.ts"
import * as native from "./plain.ts"
const from = (make: () => Iterable<number>, name = "") => { for (const n of make()) if (name !== "") break }
const through = (make: () => Iterable<number>) => [from(make)]
const said = (code: typeof native, drive: (make: any) => unknown, limit: number): string => {
  Error.stackTraceLimit = limit
  try { drive(code) } catch (error: any) { return error.stack.replaceAll(/(?:compiled|plain)\\.ts/g, "code.ts").replaceAll(/:\\d+(?=\\)?$)/gm, "").replaceAll("file://", "").replaceAll("%20", " ").replaceAll(/async |Module\\.|\\n.*\\.(?:next|throw) \\(<anonymous>\\)/g, "") }
  return "none"
}
const drives: ((code: typeof native) => unknown)[] = [
  code => through(() => code.deep(0, [])),
  code => through(() => code.deep(3, [])),
  code => code.deep(2, []).next(),
  code => through(() => code.deep(20, [])),
  code => through(function* () { yield* code.deep(1, []) } as any),
  code => { const g = code.thrown(); g.next(); g.throw(new Error("given")) },
]
for (const drive of drives)
  for (const limit of [10, 3, 50, 0]) {
    const [a, b] = [said(compiled, drive, limit), said(native, drive, limit)]
    // native stacks have a line more for each generator, and so less room
    console.log((limit > 10 ? a === b : a.startsWith(b)) ? "same" : a + "\\nBUT\\n" + b)
  }
Error.stackTraceLimit = 10
const stored: Error[] = []
const one = compiled.later(stored)
const begins = () => one.next()
const ends = () => one.next()
begins()
try { ends() } catch (error: any) { console.log(/runtime|ends/.test(error.stack), error === stored[0]) }
`,
    { "src/compiled.ts": fails('"use fibers"'), "src/plain.ts": fails("") },
  )
  expect(lines).toEqual([...Array(24).fill("same"), "false true"])
}, 30_000)
