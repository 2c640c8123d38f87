/** What becomes of the rest when a fiber is a record: the table of docs/records.md, row by row, in this runtime and in another one. */
import { readFileSync } from "node:fs"
import { FiberRecord } from "@rove/core"
import {
  ContextVar,
  channel,
  type FiberHandle,
  FiberLocal,
  LocalHost,
  mutex,
  type Resumable,
  ThreadMutex,
  VirtualClock,
} from "@rove/fibers"
import { expect, test } from "vitest"
import { program } from "../semantics/program.ts"

const tenant = new ContextVar("rest tenant", { default: "none" })
const local = new FiberLocal<string>("rest local")
const own = new ThreadMutex("the table")

const here = (start = 0) => new LocalHost({ clock: new VirtualClock(start) })
const codeOf = (code: string) => expect.objectContaining({ code })
const settled = async () => {
  for (let i = 0; i < 20; i++) await null
}
const travelled = <R>({ bytes }: FiberRecord<R>) => new FiberRecord<R>(structuredClone(bytes))
const modules = { count: 0 }
const given = {
  tenant,
  local,
  own,
  ended: [] as string[],
  taken: null as unknown,
  give: (what: unknown) => {
    given.taken = what
  },
}
/** Functions by name, of a module of their own. */
function make<Name extends string>(source: string, more: object = {}) {
  const names = [...source.matchAll(/function\* (\w+)/g)].map(([, name]) => name)
  type Made = Record<Name, (...args: unknown[]) => Resumable<unknown>>
  return program<Made>(
    source,
    `({ ${names.join(", ")} })`,
    { ...given, ...more },
    { id: `src/rest${++modules.count}.js` },
  )
}
/** A fiber that stands where it waits, and its host. */
async function standing(
  what: Resumable<unknown> | ((host: LocalHost) => FiberHandle<unknown>),
  host: LocalHost = here(),
): Promise<{ host: LocalHost; handle: FiberHandle<unknown> }> {
  const handle = typeof what === "function" ? what(host) : host.run(what)
  handle.catch(() => {})
  await settled()
  return { host, handle }
}

const rows: Record<string, () => Promise<void>> = {
  "its handle, and those who join it": async () => {
    const { naps, joins } = make<"naps" | "joins">(
      `function* naps() { give(currentFiber()); yield* sleep(5); return 1 }
       function* joins(f) { try { return yield* f.join() } catch (e) { return e.code } }`,
    )
    const { host, handle } = await standing(naps())
    const joiner = host.run(joins(given.taken))
    await settled()
    await handle.snapshot()
    await settled()
    await handle.record()
    await expect(handle).rejects.toThrow(codeOf("ROVE_RECORDED"))
    expect(await joiner).toBe("ROVE_RECORDED")
  },

  "its id and name": async () => {
    const { who } = make<"who">("function* who() { yield* sleep(5); return [currentFiber().id, currentFiber().name] }")
    const { host, handle } = await standing(host => host.run(who(), { name: "given" }))
    const record = await handle.record()
    for (const to of [host, here()]) {
      const resumed = to.resume(travelled(record))
      expect([resumed.id, resumed.name, await resumed]).toEqual([handle.id, "given", [handle.id, "given"]])
    }
  },

  "children it spawned": async () => {
    const gate = Promise.withResolvers<string>()
    const { parent } = make<"parent">(
      `function* child() { const value = yield* wait(gate); ended.push(value); return value }
       function* parent(joins) {
         const one = yield* spawn(child())
         yield* sleep(5)
         if (!joins) return "ended before its child"
         try { return yield* one.join() } catch (e) { return e.code }
       }`,
      { gate: gate.promise },
    )
    const inBoth = async (joins: boolean) => {
      const { host, handle } = await standing(parent(joins))
      const copy = await handle.snapshot()
      const record = await handle.record()
      const elsewhere = await here().resume(travelled(copy))
      return { elsewhere, here: host.resume(record).then(value => [value, given.ended.length]) }
    }
    given.ended.length = 0
    const [joins, leaves] = [await inBoth(true), await inBoth(false)]
    expect([joins.elsewhere, leaves.elsewhere, given.ended]).toEqual([
      "ROVE_UNKNOWN_FIBER",
      "ended before its child",
      [],
    ])
    gate.resolve("child")
    expect(await joins.here).toEqual(["child", 2])
    expect(await leaves.here).toEqual(["ended before its child", 2]) // when its child had ended
  },

  "scopes, deadlines, cleanups": async () => {
    const { limits } = make<"limits">(
      `function* cleanup(what) { ended.push(what) }
       function* limits() {
         yield* defer(cleanup("first")); yield* defer(cleanup("second"))
         try { return yield* timeout(100, sleep(1e6)) } catch (e) { return e.code }
       }`,
    )
    given.ended.length = 0
    const clock = new VirtualClock(1000)
    const { handle } = await standing(limits(), new LocalHost({ clock }))
    const record = await handle.record()
    expect([clock.armed, given.ended]).toEqual([0, []])
    const later = new VirtualClock(1060)
    expect(await new LocalHost({ clock: later }).resume(travelled(record))).toBe("ROVE_TIMEOUT")
    expect([later.now(), given.ended]).toEqual([1100, ["second", "first"]])
  },

  "a join it waits in": async () => {
    const { parent } = make<"parent">(
      `function* child() { yield* sleep(20); return "child" }
       function* parent() { const one = yield* spawn(child()); yield* sleep(0); try { return yield* one.join() } catch (e) { return e.code } }`,
    )
    const { host, handle } = await standing(parent())
    await new Promise(setImmediate)
    const copy = await handle.snapshot()
    expect(copy.toJSON().resume).toMatchObject({ kind: "again" })
    const record = await handle.record()
    expect(await here().resume(travelled(copy))).toBe("ROVE_UNKNOWN_FIBER")
    expect(await host.resume(record)).toBe("child")
  },

  "a sleep it waits in": async () => {
    const { naps } = make<"naps">("function* naps() { yield* sleep(50); return 'woken' }")
    const clock = new VirtualClock(1000)
    const { handle } = await standing(naps(), new LocalHost({ clock }))
    const record = await handle.record()
    expect(clock.armed).toBe(0)
    for (const [now, until] of [
      [1010, 1050],
      [5000, 5000],
    ] as const) {
      const there = new VirtualClock(now)
      expect(await new LocalHost({ clock: there }).resume(travelled(record))).toBe("woken")
      expect(there.now()).toBe(until)
    }
  },

  "a promise it waits for": async () => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const { waits } = make<"waits">("function* waits() { return yield* wait(promise) }", { promise })
    const { handle } = await standing(waits())
    const seen: string[] = []
    const record = handle.record()
    void record.then(() => seen.push("recorded"))
    await settled()
    expect(seen).toEqual([])
    resolve("settled")
    expect(await here().resume(travelled(await record))).toBe("settled")
  },

  "a channel that it has": async () => {
    const { waits, sends } = make<"waits" | "sends">(
      `function* waits(c) { try { return yield* c.receive() } catch (e) { return e.code } }
       function* sends(c) { yield* c.send("value") }`,
    )
    const c = channel<string>()
    const { host, handle } = await standing(waits(c))
    const copy = await handle.snapshot()
    const record = await handle.record()
    expect(await here().resume(travelled(copy))).toBe("ROVE_UNKNOWN_OBJECT")
    const again = host.resume(record)
    await host.run(sends(c))
    expect(await again).toBe("value")
  },

  "a lock that it owns": async () => {
    const { holds, tries } = make<"holds" | "tries">(
      `function* holds(m) { using guard = yield* m.lock(); yield* sleep(5); return guard.held ? "held" : "holds nothing" }
       function* tries(m) { const guard = yield* m.tryLock(); return guard !== undefined }`,
    )
    const m = mutex()
    const { host, handle } = await standing(holds(m))
    const copy = await handle.snapshot()
    const record = await handle.record()
    expect(await host.run(tries(m))).toBe(false)
    expect(await here().resume(travelled(copy))).toBe("holds nothing")
    expect(await host.run(tries(m))).toBe(false) // what was given back elsewhere was not this one
    expect(await host.resume(record)).toBe("held")
    expect(await host.run(tries(m))).toBe(true)
  },

  "its inbox and its names": async () => {
    const { named, finds } = make<"named" | "finds">(
      `function* named() {
         yield* register("rest")
         yield* tell(currentFiber(), "not wanted")
         const wanted = () => receive(message => message === "before", { timeout: 0 }) 
         try { yield* wanted() } catch {}
         yield* tell(currentFiber(), "before")
         yield* sleep(100)
         const found = (yield* whereis("rest")) !== null
         try { return yield* wanted() } catch (e) { return [found, e.code, yield* receive()] }
       }
       function* finds() { return (yield* whereis("rest")) !== null }`,
    )
    const { host, handle } = await standing(named(), new LocalHost())
    await expect.poll(async () => (await handle.status()).waitsFor).toMatch(/^sleep of 100/)
    expect(await host.run(finds())).toBe(true)
    const copy = await handle.snapshot()
    const record = await handle.record()
    expect(await host.run(finds())).toBe(false)
    for (const end of [host.resume(record), new LocalHost().resume(travelled(copy))])
      expect(await end).toEqual([false, "ROVE_TIMEOUT", "not wanted"])
  },

  "links to it, monitors of it": async () => {
    const { tied, partner } = make<"tied" | "partner">(
      `function* tied(other) { yield* trapExits(); yield* link(other); yield* tell(other, currentFiber()); yield* sleep(100); const heard = []
         try { for (;;) heard.push(yield* receive(undefined, { timeout: 50 })) } catch { return heard.map(m => String(m.reason)) } }
       function* partner() { yield* register("partner"); yield* trapExits(); const heard = []
         give(currentFiber()); const other = yield* receive(); yield* link(other); yield* monitor(other)
         while (heard.length < 2) { const m = yield* receive(); heard.push([m.constructor.name, m.reason.code]) }
         try { heard.push(yield* receive(undefined, { timeout: 300 })) } catch (e) { heard.push(e.code) }
         return heard }`,
    )
    const host = here()
    const { handle: other } = await standing(partner(), host)
    const { handle } = await standing(tied(given.taken), host)
    const copy = await handle.snapshot()
    const record = await handle.record()
    expect(await host.resume(record)).toEqual([])
    expect(await here().resume(travelled(copy))).toEqual([])
    const code = "ROVE_RECORDED"
    expect(await other).toEqual([["Exit", code], ["Down", code], "ROVE_TIMEOUT"])
  },

  "its own monitors, and whether it traps exits": async () => {
    const { watches, fails } = make<"watches" | "fails">(
      `function* watches(other) { yield* trapExits(); yield* monitor(other); yield* sleep(100); yield* exit(currentFiber(), "note")
         const heard = []
         try { for (;;) heard.push(yield* receive(undefined, { timeout: 500 })) }
         catch { return heard.map(m => m.constructor.name + " " + m.reason).sort() } }
       function* fails() { give(currentFiber()); yield* sleep(300); throw new RangeError("failed") }`,
    )
    const { host } = await standing(fails())
    const { handle } = await standing(watches(given.taken), host)
    const copy = await handle.snapshot()
    const record = await handle.record()
    expect(await host.resume(record)).toEqual(["Down RangeError: failed", "Exit note"])
    expect(await here().resume(travelled(copy))).toEqual(["Down noproc", "Exit note"])
  },

  "`timeout` and `signal`": async () => {
    const { naps } = make<"naps">("function* naps() { yield* sleep(1000); return 'slept' }")
    const clock = new VirtualClock()
    const abort = new AbortController()
    const host = new LocalHost({ clock })
    const { handle } = await standing(() => host.run(naps(), { timeout: 50, signal: abort.signal }), host)
    const record = await handle.record()
    expect(clock.armed).toBe(0)
    abort.abort()
    expect(await here().resume(travelled(record))).toBe("slept")
    await expect(here().resume(travelled(record), { timeout: 10 })).rejects.toThrow(codeOf("ROVE_TIMEOUT"))
    await expect(here().resume(travelled(record), { signal: AbortSignal.abort("enough") })).rejects.toBe("enough")
  },

  "an interrupt that was asked for": async () => {
    const { waits } = make<"waits">("function* waits() { try { yield* sleep(1e6) } catch (e) { return e.reason } }")
    const { handle } = await standing(waits())
    void handle.interrupt("asked for there")
    expect(await here().resume(travelled(await handle.record()))).toBe("asked for there")
  },

  "context variables, fiber-locals, recursion limit, handled exceptions": async () => {
    const { all } = make<"all">(
      `function* deep(n) { try { return yield* deep(n + 1) } catch { return n } }
       function* all() {
         tenant.set("blue"); local.set("mine")
         try { throw new RangeError("handled") } catch {
           yield* sleep(5)
           return [tenant.get(), local.get(), yield* deep(1), (yield* handledExceptions()).map(String)]
         }
       }`,
    )
    const host = here()
    const { handle } = await standing(() => host.run(all(), { recursionLimit: 50 }), host)
    const there = await here().resume(travelled(await handle.record()))
    expect(there).toEqual(["blue", "mine", 49, ["RangeError: handled"]])
  },

  "SharedArrayBuffers, ports": async () => {
    const { adds } = make<"adds">(
      "function* adds(memory) { yield* sleep(5); return Atomics.add(new Int32Array(memory), 0, 1) }",
    )
    const memory = new SharedArrayBuffer(4)
    const { handle } = await standing(adds(memory))
    const record = await handle.record()
    expect(record.handles).toEqual([memory])
    await expect(here().resume(travelled(record))).rejects.toThrow(codeOf("ROVE_RECORD"))
    expect(await here().resume(new FiberRecord(structuredClone(record.bytes), record.handles))).toBe(0)
    expect(new Int32Array(memory)[0]).toBe(1)
  },

  "thread handles, locks of a thread": async () => {
    const { keeps, locks } = make<"keeps" | "locks">(
      `function* keeps() { const thread = currentThread(); yield* sleep(5); return thread.id }
       function* locks() { const thread = own; { using _ = own.lock(); for (let i = 0; i < 9; i++); } yield* sleep(5); return thread.locked }`,
    )
    for (const [made, path] of [
      [keeps(), /local thread/],
      [locks(), /local thread/],
    ] as const) {
      const { handle } = await standing(made)
      await expect(handle.record()).rejects.toThrow(path)
    }
  },
}

test("the table has these rows, and no others", () => {
  const text = readFileSync(new URL("../../docs/records.md", import.meta.url), "utf8")
  const [, table = ""] = text.split("## What becomes of the rest")
  const first = [...table.slice(0, table.indexOf("**An id")).matchAll(/^\| ([^|]+) \|/gm)].map(([, cell]) => cell)
  expect(first).toEqual(Object.keys(rows))
})
test.each(Object.entries(rows))("%s", (_, row) => row())

test("a resumed parent that is recorded before it had a turn has what its child ended with meanwhile, on one thread too", async () => {
  const { parent } = make<"parent">(
    `function* child() { const { resumed, record: taken } = yield* record(); if (!resumed) { give(taken); yield* sleep(1e6) } return "child" }
     function* parent() { const one = yield* spawn(child()); yield* sleep(0); return yield* all([one]) }`,
  )
  const { handle } = await standing(parent())
  await new Promise(setImmediate)
  const ofParent = await handle.record()
  const second = here()
  expect(await second.resume(travelled(given.taken as FiberRecord<string>))).toBe("child")
  const again = second.resume(travelled(ofParent))
  again.catch(() => {})
  expect(await here().resume(travelled(await again.record()))).toEqual(["child"])
})
