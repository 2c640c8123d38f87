/** Records of fibers on real threads, and between real processes. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { node, scratch, write } from "../support/scratch.ts"

const work = `"use fibers"
import { ContextVar, currentFiber, currentThread, type Fiber, type FiberRecord, record, register, type Resumable, sleep, spawn, wait, whereis } from "rove"

const tenant = new ContextVar("tenant", { default: "none" })

export function* steps(ms: number): Resumable<string[]> {
  const log: string[] = []
  for (const step of ["one", "two", "three"]) {
    yield* sleep(ms)
    log.push(step)
  }
  return log
}

export function* hog(turns: number): Resumable<number> {
  let sum = 0
  for (let i = 0; i < turns; i++) sum = (sum + i * 7) % 1_000_003
  return sum
}

export function* id(): Resumable<string | undefined> {
  yield* sleep(1)
  return currentFiber()?.id
}

export function* socket(): Resumable<string> {
  const held = unportable()
  const key = {}
  held.set(key, "kept")
  yield* sleep(2000)
  return held.get(key) ?? "lost"
}

const unportable = () => new WeakMap<object, string>()

export function* parent(): Resumable<string> {
  const child = yield* spawn(naps(2500))
  yield* sleep(1)
  return yield* child.join()
}
function* naps(ms: number): Resumable<string> {
  yield* sleep(ms)
  return "slept"
}

/** A record of its child, made inside of a context that the child has entered. */
export function* lends(): Resumable<FiberRecord<unknown>> {
  const child = yield* spawn(entering())
  return (yield* child.join()) as FiberRecord<unknown>
}
function* entering(): Resumable<unknown> {
  return yield* tenant.run("inner", insideOf())
}
function* insideOf(): Resumable<unknown> {
  const token = tenant.set("own")
  const { resumed, record: taken } = yield* record()
  if (!resumed) return taken
  const own = tenant.get()
  tenant.reset(token)
  return [currentFiber()?.id, own, tenant.get()]
}

/** Records of its child, and of itself, who joins that child. */
export function* keeps(): Resumable<unknown> {
  const child = yield* spawn(copied())
  const ofChild = yield* child.join()
  const { resumed, record: taken } = yield* record()
  return resumed ? yield* joins(child) : [ofChild, taken]
}
function* copied(): Resumable<unknown> {
  const { resumed, record: taken } = yield* record()
  return resumed ? "resumed" : taken
}

export function* named(): Resumable<string> {
  yield* register("named", currentFiber() as Fiber<unknown>)
  yield* sleep(100)
  return "named"
}
export function* find(): Resumable<Fiber<unknown>> {
  for (;;) {
    const found = yield* whereis("named")
    if (found !== null) return found
    yield* sleep(1)
  }
}

export function* joins(other: Fiber<unknown>): Resumable<unknown> {
  try {
    return yield* other.join()
  } catch (error) {
    return (error as { code: string }).code
  }
}

export function* checkpoints(): Resumable<unknown[]> {
  const seen: unknown[] = ["begun"]
  const { resumed, record: taken } = yield* record()
  seen.push(resumed)
  return [seen, taken, currentThread().runtimeId]
}

export function* promises(): Resumable<string> {
  const read = yield* wait(new Promise<string>(resolve => setTimeout(resolve, 80, "settled")))
  yield* sleep(1)
  return read
}
`

const head = `import { FiberRecord, Pool } from "rove"
import * as work from "./work.ts"
const later = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const codeOf = (promise: Promise<unknown>) => promise.then(() => "none", (error: { code: string }) => error.code)
const travelled = <R>({ bytes }: FiberRecord<R>) => new FiberRecord<R>(structuredClone(bytes))
/** Polls until the fiber has begun: workers import modules first. */
async function begun<R>(handle: { snapshot(): Promise<FiberRecord<R>> }) {
  for (;;) {
    const seen = await handle.snapshot()
    if (seen.toJSON().status !== "unstarted") return seen
    await later(5)
  }
}
const pool = await Pool.start({ workers: 2 })
const print = (value: unknown) => console.log(JSON.stringify(value))
`
const files = (main: string) => ({
  "package.json": '{ "name": "app", "type": "module" }',
  "work.ts": work,
  "main.ts": `${head}${main}\nawait pool.close()\n`,
})

async function run(folder: string, name = "main.ts"): Promise<unknown[]> {
  const { code, out, err } = await node(folder, ["--import", "rove/register", name])
  expect(`${err}exit ${code}`).toBe("exit 0")
  return out
    .trim()
    .split("\n")
    .map(line => JSON.parse(line))
}
const runs = (main: string) => run(scratch(files(main)))

test("a fiber is stopped wherever it is, and goes on in another pool, under its own id", {
  timeout: 60_000,
}, async () => {
  const [states, results, ids, refused] = await runs(`
const other = await Pool.start({ workers: 1 })
const sleeping = pool.run(work.steps(500))
await begun(sleeping)
const asleep = await sleeping.record()
const hogging = pool.run(work.hog(2_000_000_000))
await begun(hogging)
const busy = await hogging.record()
const waiting = pool.run(work.promises())
const handles = [sleeping, hogging, waiting]
const records = [asleep, busy, await waiting.record()]
print(records.map(record => record.toJSON().resume.kind))
print(await Promise.all([records[0], records[2]].map(record => other.resume(travelled(record as never)))))
const going = other.resume(travelled(records[1]!))
print([going.id === hogging.id, pool.stats().pending])
await going.interrupt()
print(await Promise.all(handles.map(codeOf)))
await other.close()`)
  expect(states).toEqual(["again", "next", expect.any(String)])
  expect(results).toEqual([["one", "two", "three"], "settled"])
  expect(ids).toEqual([true, 0])
  expect(refused).toEqual(["ROVE_RECORDED", "ROVE_RECORDED", "ROVE_RECORDED"])
})

test("a copy is taken of one that goes on, and the original does not notice", { timeout: 60_000 }, async () => {
  const [original, copy, inside, own] = await runs(`
const handle = pool.run(work.steps(30))
const copy = await begun(handle)
print(await handle)
const other = await Pool.start({ workers: 2 })
print(await other.resume(travelled(copy)))
const [seen, taken, runtime] = (await pool.run(work.checkpoints())) as [unknown[], FiberRecord<unknown[]>, string]
const again = await other.resume(travelled(taken))
print([seen, again[0], again[2] !== runtime])
print(await codeOf(pool.resume(travelled(taken))))
await other.close()`)
  expect(original).toEqual(["one", "two", "three"])
  expect(copy).toEqual(original)
  expect(inside).toEqual([["begun", false], ["begun", true], true])
  // it has ended there, which the pool knows although nobody outside had asked for the record
  expect(own).toBe("ROVE_ALIVE")
})

test("of K resumers one wins; a fiber that runs or has ended is refused", { timeout: 60_000 }, async () => {
  const [winners, alive, ended, same] = await runs(`
const handle = pool.run(work.steps(700))
const copy = await begun(handle)
print(await codeOf(pool.resume(travelled(copy))))
const record = await handle.record()
const all = await Promise.allSettled(Array.from({ length: 6 }, () => pool.resume(travelled(record))))
print(all.map(result => result.status === "fulfilled" ? result.value : result.reason.code))
print(await codeOf(pool.resume(travelled(record))))
const named = pool.run(work.id())
const stopped = await named.record()
print([await pool.resume(stopped) === named.id])`)
  expect(winners).toBe("ROVE_ALIVE")
  expect(alive).toEqual([["one", "two", "three"], ...Array(5).fill("ROVE_ALIVE")])
  expect(ended).toBe("ROVE_ALIVE")
  expect(same).toEqual([true])
})

test("what cannot be recorded is named, and goes on; one that has ended is refused", { timeout: 60_000 }, async () => {
  const [refusal, kept, over] = await runs(`
const handle = pool.run(work.socket())
await later(0)
let refusal = ""
while (refusal === "") {
  await handle.snapshot().catch(error => { refusal = error.code + " " + error.message })
  await later(2)
}
print(refusal)
print(await handle)
print([await codeOf(handle.record()), await codeOf(handle.snapshot())])`)
  expect(refusal).toMatch(
    /^ROVE_NOT_PORTABLE fiber \S+-0\.1 › socket\(\) work\.ts:30 › local held: WeakMap is not portable$/,
  )
  expect(kept).toBe("kept")
  expect(over).toEqual(["ROVE_NOT_ALIVE", "ROVE_NOT_ALIVE"])
})

test("children stay where they are: their handle goes along, and leads nowhere in another runtime", {
  timeout: 60_000,
}, async () => {
  const [here, there, again, elsewhere] = await runs(`
const handle = pool.run(work.parent())
const record = await begun(handle)
print(await handle)
const other = await Pool.start({ workers: 1 })
print(await codeOf(other.resume(travelled(record))))
const ofChild = await pool.run(work.lends())
print(await codeOf(pool.resume(travelled(ofChild))))
print([ofChild.toJSON().id, await other.resume(travelled(ofChild))].flat())
await other.close()`)
  expect(here).toBe("slept")
  expect(there).toBe("ROVE_UNKNOWN_FIBER")
  // a record of a child that goes on: its id is not given a second life where it is, and its tokens work elsewhere
  expect(again).toBe("ROVE_ALIVE")
  const [id] = elsewhere as string[]
  expect(elsewhere).toEqual([id, id, "own", "inner"])
})

test("the end of what was resumed is kept for those who join it later, in this runtime and in another one", {
  timeout: 60_000,
}, async () => {
  const [refusal, there, here] = await runs(`
const other = await Pool.start({ workers: 2 })
const [, unresumed] = await pool.run(work.keeps()) as FiberRecord<unknown>[]
print(await other.resume(travelled(unresumed)))
const [ofChild, ofParent] = await pool.run(work.keeps()) as FiberRecord<unknown>[]
print([await other.resume(travelled(ofChild)), await other.resume(travelled(ofParent))])
const handle = pool.run(work.named())
const fiber = await pool.run(work.find())
const record = await handle.record()
print([await pool.resume(record), await pool.run(work.joins(fiber))])
await other.close()`)
  expect(refusal).toBe("ROVE_UNKNOWN_FIBER")
  expect(there).toEqual(["resumed", "resumed"])
  expect(here).toEqual(["named", "named"])
})

test("in the same runtime a join goes on, with the answer that it waited for", { timeout: 60_000 }, async () => {
  const [answer] = await runs(`
const handle = pool.run(work.parent())
await begun(handle)
await later(50)
const record = await handle.record()
print(await pool.resume(record))`)
  expect(answer).toBe("slept")
})

test("options are checked before anything happens, and long times do not come at once", {
  timeout: 60_000,
}, async () => {
  const [refused, late] = await runs(`
const bad = [{ timeout: -1 }, { timeout: "5" }, { timeout: Number.NaN }, { signal: {} }, { name: 5 }, { recursionLimit: 0 }]
print(await Promise.all(bad.map(options => pool.run(work.steps(1), options as never).catch(error => error.code + " " + error.message))))
print(await pool.run(work.steps(10), { timeout: 2 ** 31 + 5 }))`)
  expect(refused).toEqual([
    "ROVE_INVALID_ARGUMENT pool.run takes a number of milliseconds, 0 or more as timeout, not -1",
    'ROVE_INVALID_ARGUMENT pool.run takes a number of milliseconds, 0 or more as timeout, not "5"',
    "ROVE_INVALID_ARGUMENT pool.run takes a number of milliseconds, 0 or more as timeout, not NaN",
    "ROVE_INVALID_ARGUMENT pool.run takes an AbortSignal as signal, not [object Object]",
    "ROVE_INVALID_ARGUMENT pool.run takes a string as name, not 5",
    "ROVE_INVALID_ARGUMENT pool.run takes a whole number above 0 as recursionLimit, not 0",
  ])
  expect(late).toEqual(["one", "two", "three"])
})

test("one process writes a record to a file, and another goes on with it, also after the source has changed", {
  timeout: 60_000,
}, async () => {
  const folder = scratch(
    files(`
import { writeFileSync } from "node:fs"
const handle = pool.run(work.steps(800))
await begun(handle)
writeFileSync("steps.record", new Uint8Array((await handle.record()).bytes))
print("saved")`),
  )
  const resume = (changed: string) => `${head}
import { readFileSync } from "node:fs"
print(await pool.resume(new FiberRecord(readFileSync("steps.record")), { changed: ${changed} }).catch(error => error.message))
await pool.close()`
  write(folder, { "resume.ts": resume('"refuse"'), "compatible.ts": resume('"compatible"') })
  expect(await run(folder)).toEqual(["saved"])
  expect(await run(folder, "resume.ts")).toEqual([["one", "two", "three"]])
  writeFileSync(
    join(folder, "work.ts"),
    work.replace("  return log\n", "  log.push(log.length + ' in all')\n  return log\n"),
  )
  expect(await run(folder, "resume.ts")).toEqual([
    expect.stringMatching(
      /work\.ts#steps: its hash was \S+ and is \S+\n.*stands at "yield\* sleep".*\n.*"compatible"` takes it/s,
    ),
  ])
  expect(await run(folder, "compatible.ts")).toEqual([["one", "two", "three", "3 in all"]])
  write(folder, { "stranger.ts": resume('"refuse"').replace('import * as work from "./work.ts"\n', "") })
  expect(await run(folder, "stranger.ts")).toEqual([
    expect.stringMatching(/no module of this thread has defined work\.ts#steps: import it first/),
  ])
})

test("rove inspect shows a record, and says what is none", { timeout: 60_000 }, async () => {
  const folder = scratch(
    files(`
import { writeFileSync } from "node:fs"
const handle = pool.run(work.steps(800), { name: "three steps" })
await begun(handle)
writeFileSync("steps.record", new Uint8Array((await handle.record()).bytes))
print("saved")`),
  )
  await run(folder)
  const rove = (...args: string[]) => node(folder, ["node_modules/rove/src/cli/main.ts", "inspect", ...args])
  const text = await rove("steps.record")
  expect(text.out).toMatch(
    /^fiber \S+-0\.1 \(three steps\), \d+ bytes, waiting\n {2}at steps \(work\.ts:9:\d+\) yield\* sleep in loop\n {6}ms = 800 \(6 bytes\)/,
  )
  const { frames, context, bytes, pinned } = JSON.parse((await rove("steps.record", "--json")).out)
  expect(frames).toEqual([
    expect.objectContaining({
      name: "steps",
      function: "work.ts#steps",
      file: "work.ts",
      line: 9,
      point: "yield* sleep",
      path: ["loop"],
    }),
  ])
  expect(
    frames[0].locals.map((local: { name: string }) => local.name).filter((name: string) => !name.startsWith("$")),
  ).toEqual(expect.arrayContaining(["ms", "log", "step"]))
  expect([context.recursion, pinned, bytes > 100]).toEqual([{ depth: 1, limit: 100000 }, null, true])
  writeFileSync(join(folder, "none.record"), "this is no record")
  expect(await rove("none.record")).toMatchObject({
    code: 1,
    out: "",
    err: expect.stringMatching(/^rove: none\.record: [^\n]+ \(ROVE_RECORD\)\n$/),
  })
  expect((await rove("missing.record")).code).toBe(2)
  expect((await rove()).code).toBe(2)
  expect((await rove("--help")).out).toMatch(/^rove inspect <file>/)
})
