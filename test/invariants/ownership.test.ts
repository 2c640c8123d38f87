/** Invariants 21 to 26: who owns a fiber, and that none is lost or doubled. */
import { decode, encode, FiberRecord, start } from "@rove/core"
import { LocalHost, type Resumable, VirtualClock } from "@rove/fibers"
import { type FiberState, restore, save } from "@rove/fibers/scheduling"
import { describe, expect, test } from "vitest"
import { Queues } from "../../packages/scheduler/src/queues.ts"
import { program } from "../semantics/program.ts"
import { node, scratch } from "../support/scratch.ts"

const here = () => new LocalHost({ clock: new VirtualClock() })
const codeOf = (code: string) => expect.objectContaining({ code })
const travelled = <R>({ bytes }: FiberRecord<R>) => new FiberRecord<R>(structuredClone(bytes))
const settled = async () => {
  for (let i = 0; i < 20; i++) await null
}
const modules = { count: 0 }
const make = <R = unknown>(body: string, given: Record<string, unknown> = {}) =>
  program<(...args: unknown[]) => Resumable<R>>(`function* main(...args) { ${body} }`, "main", given, {
    id: `src/ownership${++modules.count}.js`,
  })

describe("invariant 21: resuming a running, finished or queued fiber is refused and changes nothing", () => {
  test("of K concurrent resumers exactly one wins, over many rounds", async () => {
    const counts: number[] = []
    const main = make("yield* sleep(1); count(); return 'once'", { count: () => counts.push(1) })
    for (let round = 0; round < 20; round++) {
      const source = here()
      const handle = source.run(main())
      await settled()
      const record = await handle.record()
      const host = here()
      const results = await Promise.allSettled(Array.from({ length: 5 }, () => host.resume(travelled(record))))
      expect(results.filter(result => result.status === "fulfilled").length).toBe(1)
      await expect(host.resume(travelled(record))).rejects.toThrow(codeOf("ROVE_ALIVE"))
      expect(counts.length).toBe(round + 1)
    }
  })

  test("the fiber that is refused a twin has the state that it had", async () => {
    const host = here()
    const handle = host.run(make("let n = 1; yield* sleep(5); n++; yield* sleep(5); return n")())
    await settled()
    const before = await handle.snapshot()
    for (let i = 0; i < 3; i++) await expect(host.resume(travelled(before))).rejects.toThrow(codeOf("ROVE_ALIVE"))
    const after = await handle.snapshot()
    expect(Buffer.from(after.bytes).equals(Buffer.from(before.bytes))).toBe(true)
    expect(await handle).toBe(2)
  })

  test("the data of a stopped fiber is restored once", () => {
    const fiber = stopped()
    const saved = save(fiber)
    restore(saved)
    expect(() => restore(saved)).toThrow(codeOf("ROVE_COMPUTATION_USED"))
  })
})

/** A fiber that has not begun. */
function stopped(): FiberState {
  const taken: FiberState[] = []
  const host = here()
  const main = make("yield* sleep(1)")
  const original = host.ready.bind(host)
  host.ready = fiber => {
    taken.push(fiber)
    original(fiber)
  }
  void host.run(main()).catch(() => {})
  return restore(decode(encode(save(taken[0] as FiberState)).bytes)) // its host keeps the original
}

test("invariant 22: the source copy of a moved fiber is dead", async () => {
  const effects: string[] = []
  const main = make("try { yield* sleep(5); effect('on'); yield* sleep(5) } finally { effect('finally') }", {
    effect: (what: string) => effects.push(what),
  })
  const [a, b] = [new LocalHost({ clock: new VirtualClock() }), here()]
  const handle = a.run(main())
  await settled()
  const record = await handle.record()
  await handle.interrupt("too late")
  for (let i = 0; i < 5; i++) await new Promise(setImmediate)
  expect(effects).toEqual([])
  await b.resume(travelled(record))
  expect(effects).toEqual(["on", "finally"])
  await expect(handle).rejects.toThrow(codeOf("ROVE_RECORDED"))
})

test("invariant 23: a fiber cannot resume itself, nor an ancestor of the running one", async () => {
  const host = here()
  const records: Record<string, FiberRecord> = {}
  const refusals: string[] = []
  const tryAll = () => {
    for (const [name, record] of Object.entries(records))
      host
        .resume(travelled(record))
        .catch((error: Error) => refusals.push(`${name}: ${error.message.split("the fiber ")[1]}`))
  }
  const main = program<() => Resumable<unknown>>(
    `function* mark(name) { const { resumed, record: made } = yield* record(); if (!resumed) give(name, made); return resumed }
     function* child() { yield* mark("child"); tryAll(); return "child" }
     function* main() { yield* mark("parent"); const one = yield* spawn(child()); return [yield* one.join(), "parent"] }`,
    "main",
    { give: (name: string, record: FiberRecord) => (records[name] = record), tryAll },
    { id: "src/ancestors.js" },
  )
  expect(await host.run(main())).toEqual(["child", "parent"])
  expect(refusals).toEqual([
    expect.stringMatching(/^parent: \(main\) is parked: join of fiber \w+-0\.2/),
    "child: (child) is running",
  ])
  // inline, on the stack of its parent: that one is running too
  const inline = program<() => Resumable<unknown>>(
    `function* child() { tryAll(); return "child" }
     function* main() { const { resumed, record: made } = yield* record(); if (!resumed) give("inline", made); const one = yield* spawn(child()); return yield* one.join() }`,
    "main",
    { give: (name: string, record: FiberRecord) => (records[name] = record), tryAll },
    { id: "src/inline.js" },
  )
  refusals.length = 0
  for (const name of Object.keys(records)) delete records[name]
  expect(await host.run(inline())).toBe("child")
  expect(refusals).toEqual(["inline: (main) is running"])
})

test("invariant 24: only ready and unstarted, unpinned fibers migrate", async () => {
  const fiber = stopped()
  expect(encode(save(fiber)).bytes.byteLength).toBeGreaterThan(0)
  fiber.pinned = "it holds a lock"
  expect(() => save(fiber)).toThrow(/^fiber \w+-0\.1: it is pinned: it holds a lock$/)
  const queues = new Queues()
  queues.push(fiber)
  expect([queues.give(), queues.count, queues.isEmpty]).toEqual([null, 0, false])
  fiber.pinned = null
  expect(start(fiber)).toBe(true)
  expect(() => save(fiber)).toThrow("broken invariant in save")
  // one that waits for what only this thread has is not ready before that has come
  const host = here()
  const { promise, resolve } = Promise.withResolvers<number>()
  const handle = host.run(make("return yield* wait(promise)", { promise })())
  await settled()
  const answers: string[] = []
  void handle.record().then(() => answers.push("recorded"))
  await settled()
  expect(answers).toEqual([])
  resolve(1)
  await settled()
  expect(answers).toEqual(["recorded"])
})

test("invariant 25: no fiber is lost or doubled while they are stopped, sent between pools and resumed", {
  timeout: 60_000,
}, async () => {
  const work = `"use fibers"
import { type Fiber, type Resumable, sleep, spawn } from "rove"
function* part(n: number): Resumable<number> { let s = 0; for (let i = 0; i < 150_000; i++) s = (s + i * n) % 9973; return s }
// a child stays in its runtime: who is resumed in another one while it joins is told so
function* joined(child: Fiber<number>, n: number): Resumable<number> {
  try { return yield* child.join() } catch (error) {
    if (error.code !== "ROVE_UNKNOWN_FIBER") throw error
    return yield* part(n)
  }
}
export function* task(n: number): Resumable<number> {
  let sum = 0
  for (let i = 0; i < 4; i++) {
    sum += yield* part(n + i)
    if (n % 3 === 0) yield* sleep(1 + (n % 5))
    if (n % 4 === 0) sum += yield* joined(yield* spawn(part(i)), i)
  }
  return sum
}
`
  const main = `import { FiberRecord, Pool } from "rove"
import { task } from "./work.ts"
const pools = [await Pool.start({ workers: 2 }), await Pool.start({ workers: 2 })]
let seed = 12345
const random = (n: number) => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % n
const expected = await Promise.all(Array.from({ length: 40 }, (_, n) => pools[0].run(task(n))))
let moves = 0
const ends = new Map<number, number>()
async function life(n: number) {
  let at = 0
  let handle = pools[at].run(task(n))
  for (let i = 0; i < 3; i++) {
    await new Promise(resolve => setTimeout(resolve, random(12)))
    const record = await handle.record().catch(error => error)
    if (!(record instanceof FiberRecord)) { if (record.code !== "ROVE_NOT_ALIVE") throw record; break }
    // a join of a child that stays behind in another pool is an error, and a quarter of these have children
    if (n % 4 !== 0) at = random(2)
    moves++
    const twin = new FiberRecord<number>(structuredClone(record.bytes))
    handle = pools[at].resume(record)
    const refused = await pools[at].resume(twin).then(() => "doubled", error => error.code)
    if (refused !== "ROVE_ALIVE") throw new Error(refused)
  }
  const value = await handle
  ends.set(n, (ends.get(n) ?? 0) + 1)
  return value
}
const values = await Promise.all(Array.from({ length: 40 }, (_, n) => life(n)))
console.log(JSON.stringify({ same: values.every((value, n) => value === expected[n]), moved: moves > 20, ends: [...ends.values()].every(n => n === 1) && ends.size === 40, pending: pools.map(pool => pool.stats().pending) }))
for (const pool of pools) await pool.close()
`
  const folder = scratch({ "package.json": '{ "name": "app", "type": "module" }', "work.ts": work, "main.ts": main })
  const { out, err } = await node(folder, ["--import", "rove/register", "main.ts"])
  expect(err).toBe("")
  expect(JSON.parse(out)).toEqual({ same: true, moved: true, ends: true, pending: [0, 0] })
})

test("invariant 26: a wake-up that comes before the park is not lost", async () => {
  // biome-ignore lint/suspicious/noThenProperty: that it calls back at once is the point
  const early = { then: (resolve: (value: string) => void) => resolve("at once") }
  expect(await here().run(make("return yield* wait(early)", { early })())).toBe("at once")
  expect(
    await here().run(
      make(
        `function* quick() { return 'done' } const child = yield* spawn(quick()); yield* sleep(2); return yield* child.join()`,
      )(),
    ),
  ).toBe("done")
  const host = here()
  const { promise, resolve } = Promise.withResolvers<string>()
  const waits = host.run(make("resolve('while it registers'); return yield* wait(promise)", { promise, resolve })())
  expect(await waits).toBe("while it registers")
  const registering = make("return yield* suspend(resume => void resume.resolve('before it parks'))")
  expect(await here().run(registering())).toBe("before it parks")
})
