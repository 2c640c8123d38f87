/** Records of fibers on real threads, and between real processes. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type FiberHandle, FiberRecord, Pool } from "rove"
import { afterAll, expect, test } from "vitest"
import { installed, node, scratch, write } from "../support/scratch.ts"
import * as fibers from "./records.fibers.ts"

const work = readFileSync(new URL("./records.fibers.ts", import.meta.url), "utf8")
const lineOf = (text: string) => work.slice(0, work.indexOf(text)).split("\n").length
const pool = await Pool.start({ workers: 2 })
const other = await Pool.start({ workers: 2 })
afterAll(() => Promise.all([pool.close(), other.close()]))

/** A busy machine may take its time. */
const patiently = { timeout: 10_000, interval: 5 }
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error: { code: string }) => error.code,
  )
/** As it comes from elsewhere. */
const travelled = <R>({ bytes }: FiberRecord<R>) => new FiberRecord<R>(structuredClone(bytes))
/** A copy of it once it has begun: workers import modules first. */
async function begun<R>(handle: FiberHandle<R>): Promise<FiberRecord<R>> {
  let seen = await handle.snapshot()
  await expect
    .poll(async () => {
      seen = await handle.snapshot()
      return seen.toJSON().status
    }, patiently)
    .not.toBe("unstarted")
  return seen
}

test("a fiber is stopped wherever it is, and goes on in another pool, under its own id", async () => {
  const sleeping = pool.run(fibers.steps(300))
  await begun(sleeping)
  const asleep = await sleeping.record()
  const hogging = pool.run(fibers.hog(2_000_000_000))
  await begun(hogging)
  const busy = await hogging.record()
  const waiting = pool.run(fibers.promises())
  const settled = await waiting.record()
  expect([asleep, busy].map(record => record.toJSON().resume.kind)).toEqual(["again", "next"])
  expect(await Promise.all([other.resume(travelled(asleep)), other.resume(travelled(settled))])).toEqual([
    ["one", "two", "three"],
    "settled",
  ])
  const going = other.resume(travelled(busy))
  expect([going.id, pool.stats().pending]).toEqual([hogging.id, 0])
  going.catch(() => {})
  await going.interrupt()
  expect(await Promise.all([sleeping, hogging, waiting].map(codeOf))).toEqual(Array(3).fill("ROVE_RECORDED"))
})

test("a copy is taken of one that goes on, and the original does not notice", async () => {
  const steps = ["one", "two", "three"]
  const handle = pool.run(fibers.steps(30))
  const copy = await begun(handle)
  expect(await handle).toEqual(steps)
  expect(await other.resume(travelled(copy))).toEqual(steps)
  const [seen, taken, runtime] = await pool.run(fibers.checkpoints())
  const again = await other.resume(travelled(taken as FiberRecord<unknown[]>))
  expect([seen, again[0]]).toEqual([
    ["begun", false],
    ["begun", true],
  ])
  expect(again[2]).not.toBe(runtime)
  // it has ended there, which the pool knows although nobody outside had asked for the record
  expect(await codeOf(pool.resume(travelled(taken as FiberRecord<unknown[]>)))).toBe("ROVE_ALIVE")
})

test("of K resumers one wins; a fiber that runs or has ended is refused", async () => {
  const handle = pool.run(fibers.steps(400))
  const copy = await begun(handle)
  expect(await codeOf(pool.resume(travelled(copy)))).toBe("ROVE_ALIVE")
  const record = await handle.record()
  await expect(handle).rejects.toMatchObject({ code: "ROVE_RECORDED" })
  const all = await Promise.allSettled(Array.from({ length: 6 }, () => pool.resume(travelled(record))))
  expect(all.map(end => (end.status === "fulfilled" ? end.value : end.reason.code))).toEqual([
    ["one", "two", "three"],
    ...Array(5).fill("ROVE_ALIVE"),
  ])
  expect(await codeOf(pool.resume(travelled(record)))).toBe("ROVE_ALIVE")
  const named = pool.run(fibers.id())
  const stopped = await named.record()
  expect(await pool.resume(stopped)).toBe(named.id)
  await expect(named).rejects.toMatchObject({ code: "ROVE_RECORDED" })
})

test("what cannot be recorded is named, and goes on; one that has ended is refused", async () => {
  const handle = pool.run(fibers.socket())
  const refusal = () =>
    handle.snapshot().then(
      () => "",
      error => `${error.code} ${error.message}`,
    )
  await expect
    .poll(refusal, patiently)
    .toMatch(
      new RegExp(
        `^ROVE_NOT_PORTABLE fiber \\S+-0\\.\\d+ › socket\\(\\) \\S*records\\.fibers\\.ts:${lineOf("yield* sleep(1000)")} › local held: WeakMap is not portable$`,
      ),
    )
  expect(await handle).toBe("kept")
  expect([await codeOf(handle.record()), await codeOf(handle.snapshot())]).toEqual(Array(2).fill("ROVE_NOT_ALIVE"))
})

test("children stay where they are: their handle goes along, and leads nowhere in another runtime", async () => {
  const handle = pool.run(fibers.parent())
  await expect.poll(async () => (await handle.status()).waitsFor, patiently).toMatch(/^join of /)
  const record = await handle.snapshot()
  expect(await handle).toBe("slept")
  expect(await codeOf(other.resume(travelled(record)))).toBe("ROVE_UNKNOWN_FIBER")
  // a record of a child that goes on: its id is not given a second life where it is, and its tokens work elsewhere
  const ofChild = await pool.run(fibers.lends())
  expect(await codeOf(pool.resume(travelled(ofChild)))).toBe("ROVE_ALIVE")
  expect(await other.resume(travelled(ofChild))).toEqual([ofChild.toJSON().id, "own", "inner"])
})

test("the end of what was resumed is kept for those who join it later, in this runtime and in another one", async () => {
  const [, unresumed] = (await pool.run(fibers.keeps())) as FiberRecord<unknown>[]
  expect(await other.resume(travelled(unresumed as FiberRecord<unknown>))).toBe("ROVE_UNKNOWN_FIBER")
  const [ofChild, ofParent] = (await pool.run(fibers.keeps())) as [FiberRecord<unknown>, FiberRecord<unknown>]
  expect(await other.resume(travelled(ofChild))).toBe("resumed")
  expect(await other.resume(travelled(ofParent))).toBe("resumed")
  const handle = pool.run(fibers.named())
  const fiber = await pool.run(fibers.find())
  const record = await handle.record()
  await expect(handle).rejects.toMatchObject({ code: "ROVE_RECORDED" })
  expect([await pool.resume(record), await pool.run(fibers.joins(fiber))]).toEqual(["named", "named"])
})

test("in the same runtime a join goes on, with the answer that it waited for", async () => {
  const handle = pool.run(fibers.parent())
  await begun(handle)
  await expect.poll(async () => (await handle.status()).waitsFor, patiently).toMatch(/^join of /)
  const record = await handle.record()
  await expect(handle).rejects.toMatchObject({ code: "ROVE_RECORDED" })
  expect(await pool.resume(record)).toBe("slept")
})

test("options are checked before anything happens, and long times do not come at once", async () => {
  const bad = [
    { timeout: -1 },
    { timeout: "5" },
    { timeout: Number.NaN },
    { signal: {} },
    { name: 5 },
    { recursionLimit: 0 },
  ]
  const refusal = (options: object) =>
    pool.run(fibers.steps(1), options as never).catch(error => `${error.code} ${error.message}`)
  expect(await Promise.all(bad.map(refusal))).toEqual([
    "ROVE_INVALID_ARGUMENT pool.run takes a number of milliseconds, 0 or more as timeout, not -1",
    'ROVE_INVALID_ARGUMENT pool.run takes a number of milliseconds, 0 or more as timeout, not "5"',
    "ROVE_INVALID_ARGUMENT pool.run takes a number of milliseconds, 0 or more as timeout, not NaN",
    "ROVE_INVALID_ARGUMENT pool.run takes an AbortSignal as signal, not an object",
    "ROVE_INVALID_ARGUMENT pool.run takes a string as name, not 5",
    "ROVE_INVALID_ARGUMENT pool.run takes a whole number above 0 as recursionLimit, not 0",
  ])
  expect(await pool.run(fibers.steps(10), { timeout: 2 ** 31 + 5 })).toEqual(["one", "two", "three"])
})

const head = `import { FiberRecord, Pool } from "rove"
import * as work from "./work.ts"
/** Polls until the fiber has begun: workers import modules first. */
async function begun<R>(handle: { snapshot(): Promise<FiberRecord<R>> }) {
  while ((await handle.snapshot()).toJSON().status === "unstarted") await new Promise(resolve => setTimeout(resolve, 5))
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
  const { code, out, err } = await node(folder, ["--import", "rove/register", name], installed())
  expect(`${err}exit ${code}`).toBe("exit 0")
  return out
    .trim()
    .split("\n")
    .map(line => JSON.parse(line))
}

test("one process writes a record to a file, and another goes on with it, also after the source has changed", {
  timeout: 60_000,
}, async () => {
  const folder = scratch(
    files(`
import { writeFileSync } from "node:fs"
const handle = pool.run(work.steps(400))
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
  writeFileSync(join(folder, "work.ts"), work.replaceAll("steps", "stages"))
  expect(await run(folder, "resume.ts")).toEqual([
    expect.stringMatching(
      /has defined work\.ts#steps: work\.ts is imported here, and has no function of that name any more/,
    ),
  ])
  write(folder, { "stranger.ts": resume('"refuse"').replace('import * as work from "./work.ts"\n', "") })
  expect(await run(folder, "stranger.ts")).toEqual([
    expect.stringMatching(/no module of this thread has defined work\.ts#steps: import it first, with the compiler/),
  ])
})

test("rove inspect shows a record, and says what is none", { timeout: 60_000 }, async () => {
  const folder = scratch(
    files(`
import { writeFileSync } from "node:fs"
const handle = pool.run(work.steps(400), { name: "three steps" })
await begun(handle)
writeFileSync("steps.record", new Uint8Array((await handle.record()).bytes))
print("saved")`),
  )
  await run(folder)
  const rove = (...args: string[]) => node(folder, ["node_modules/rove/src/cli/main.ts", "inspect", ...args])
  const stepping = lineOf("yield* sleep(ms)")
  const text = await rove("steps.record")
  expect(text.out).toMatch(
    new RegExp(
      `^fiber \\S+-0\\.1 \\(three steps\\), \\d+ bytes, waiting\n {2}at steps \\(work\\.ts:${stepping}:\\d+\\) yield\\* sleep in loop\n {6}ms = 400 \\(6 bytes\\)`,
    ),
  )
  const { frames, context, bytes, pinned } = JSON.parse((await rove("steps.record", "--json")).out)
  expect(frames).toEqual([
    expect.objectContaining({
      name: "steps",
      function: "work.ts#steps",
      file: "work.ts",
      line: stepping,
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
