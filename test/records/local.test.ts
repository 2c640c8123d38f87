/** Records on one thread: what can be recorded when, what changes on both sides, and what is refused. */
import { decode, encode, FiberRecord, registerReference } from "@rove/core"
import { type Fiber, LocalHost, type Resumable, VirtualClock } from "@rove/fibers"
import { describe, expect, test } from "vitest"
import { program } from "../semantics/program.ts"

const here = () => new LocalHost({ clock: new VirtualClock() })
const codeOf = (code: string) => expect.objectContaining({ code })
/** Lets what is ready run; with a virtual clock, timers do not fire within microtasks. */
const settled = async () => {
  for (let i = 0; i < 20; i++) await null
}
/** As another process would have it. */
const travelled = <R>(record: FiberRecord<R>) => new FiberRecord<R>(structuredClone(record.bytes))

type Make<R> = (...args: unknown[]) => Resumable<R>
const modules = { count: 0 }
/** A program of its own module, so that none takes the place of another. */
const make = <R = unknown>(body: string, given: Record<string, unknown> = {}) =>
  program<Make<R>>(`function* main(...args) { ${body} }`, "main", given, { id: `src/${++modules.count}.js` })

describe("a fiber that stops", () => {
  const twoSleeps = make<string[]>(
    "const log = ['a']; yield* sleep(10); log.push('b'); yield* sleep(20); log.push('c'); return log",
  )

  test("in a sleep, it is recorded there and sleeps the rest where it is resumed", async () => {
    const [from, to] = [new VirtualClock(1000), new VirtualClock(1004)]
    const a = new LocalHost({ clock: from })
    const handle = a.run(twoSleeps())
    await settled()
    const record = travelled(await handle.record())
    await expect(handle).rejects.toThrow(codeOf("ROVE_RECORDED"))
    expect(from.armed).toBe(0)
    expect(await new LocalHost({ clock: to }).resume(record)).toEqual(["a", "b", "c"])
    expect(to.now()).toBe(1030)
  })

  test("before it began, in the middle of a loop, and at a promise: then when that is settled", async () => {
    const unstarted = here().run(make("return args")(1, [2]))
    const early = await unstarted.record()
    expect(early.toJSON()).toMatchObject({
      status: "unstarted",
      start: { arguments: [{ text: "Array(2)" }] },
    })
    expect(await here().resume(travelled(early))).toEqual([1, [2]])

    const { promise, resolve } = Promise.withResolvers<string>()
    const waits = here().run(make("return [yield* wait(promise), yield* wait(() => promise)]", { promise })())
    await settled()
    const pending = waits.record()
    await settled()
    resolve("settled")
    const late = await pending
    expect(await here().resume(travelled(late))).toEqual(["settled", "settled"])
  })

  test("handles of the outside hear it once; who joins the fiber too", async () => {
    const host = here()
    const seen: unknown[] = []
    const given: Fiber<unknown>[] = []
    const give = (me: Fiber<unknown>) => given.push(me)
    const sleeper = host.run(make("give(currentFiber()); yield* sleep(10)", { give })())
    await settled()
    const joins = make("try { yield* args[0].join() } catch (error) { return error.code }")
    const joiner = host.run(joins(given[0]))
    await settled()
    void sleeper.catch(error => seen.push(error.code))
    await sleeper.record()
    expect([await joiner, seen]).toEqual(["ROVE_RECORDED", ["ROVE_RECORDED"]])
  })

  test("what is in the way is named, and it goes on as if nobody had asked", async () => {
    const host = here()
    const handle = host.run(
      make(
        "const cache = { map: new WeakMap() }; yield* sleep(5); cache.map.set(cache, 'kept'); return cache.map.get(cache)",
      )(),
    )
    await settled()
    const refused = /^fiber \w+-0\.1 › main\(\) \d+\.js:1 › local cache › \.map: WeakMap is not portable$/
    await expect(handle.record()).rejects.toThrow(refused)
    await expect(handle.snapshot()).rejects.toThrow(refused)
    expect(await handle).toBe("kept")
  })

  test("that has ended, there is nothing to record", async () => {
    const handle = here().run(make("return 1")())
    await handle
    await expect(handle.record()).rejects.toThrow(codeOf("ROVE_NOT_ALIVE"))
    const { promise, resolve } = Promise.withResolvers<void>()
    const ends = here().run(make("yield* wait(promise)", { promise })())
    await settled()
    const asked = ends.record()
    void ends.interrupt("enough")
    resolve()
    await expect(asked).resolves.toBeInstanceOf(FiberRecord) // the interrupt goes along
    await expect(here().resume(travelled(await asked))).rejects.toThrow(codeOf("ROVE_INTERRUPTED"))
  })
})

describe("a copy", () => {
  test("is taken of a fiber that goes on, and the two share nothing", async () => {
    const host = here()
    const handle = host.run(make("const list = [1]; yield* sleep(10); list.push(list.length); return list")())
    await settled()
    const record = await handle.snapshot()
    expect(await handle).toEqual([1, 1])
    expect(await here().resume(travelled(record))).toEqual([1, 1])
  })

  test("from inside gives its record here, and says there that it was resumed", async () => {
    const main = make<unknown[]>(
      "const seen = [args[0]]; const { resumed, record: taken } = yield* record(); seen.push(resumed); return [seen, taken]",
    )
    const [seen, taken] = (await here().run(main("arg"))) as [unknown[], FiberRecord]
    expect(seen).toEqual(["arg", false])
    expect(await here().resume(travelled(taken))).toEqual([["arg", true], undefined])
  })

  test("from inside is refused with the path, as an error that the fiber may catch", async () => {
    const main = make(
      "const socket = new WeakSet(); try { yield* record() } catch (e) { return [e.code, e.path, socket.has(e)] }",
    )
    expect(await here().run(main())).toEqual([
      "ROVE_NOT_PORTABLE",
      expect.stringMatching(/^fiber \w+-0\.1 › main\(\) \d+\.js:1 › local socket$/),
      false,
    ])
  })
})

describe("making a record changes nothing in what it records", () => {
  test("iterators, maps, buffers and generators in the middle go on as if there had been none", async () => {
    const body = `
      const out = []
      const map = new Map([[1, 'a'], [2, 'b'], [3, 'c']])
      const view = new Uint8Array([1, 2, 3, 4]).subarray(1)
      function* inner() { for (const k of [10, 20, 30]) yield k }
      const generator = inner()
      generator.next()
      for (const [key, value] of map) {
        if (key === 1) { map.delete(2); map.set(4, 'd') }
        yield* stop()
        out.push(key, value, ...generator.next().done ? ['over'] : [], view[key - 1])
      }
      for (const key in { x: 1, y: 2 }) { yield* stop(); out.push(key) }
      return [out, [...map], view.buffer.byteLength]`
    const quiet = await here().run(make(body, { stop: make("") })())
    const copying = make("try { yield* record() } catch (e) {} yield* stack(); yield* handledExceptions()")
    const seen = await here().run(make(body, { stop: copying })())
    const refusing = make("const no = new WeakMap(); try { yield* record() } catch (e) {} no.has(no)")
    expect(seen).toEqual(quiet)
    expect(await here().run(make(body, { stop: refusing })())).toEqual(quiet)
  })
})

describe("resume", () => {
  const sleeper = make("yield* sleep(5); return 'woken'")
  const recorded = async (): Promise<FiberRecord> => {
    const handle = here().run(sleeper())
    await settled()
    return handle.record()
  }

  test("of K resumers at once one wins, and nothing changes for it", async () => {
    const record = await recorded()
    const host = here()
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => host.resume(travelled(record))))
    expect(all.filter(({ status }) => status === "fulfilled")).toEqual([{ status: "fulfilled", value: "woken" }])
    for (const result of all)
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "ROVE_ALIVE" })
  })

  test("says where the fiber is: running, queued, parked or ended", async () => {
    const host = here()
    const given: { record?: FiberRecord } = {}
    const refusals: string[] = []
    const tryIt = () => host.resume(given.record as FiberRecord).catch((error: Error) => refusals.push(error.message))
    const main = make(
      "const { record: taken, resumed } = yield* record(); give(taken); tryIt(); yield* sleep(1); return resumed",
      {
        give: (record: FiberRecord) => {
          given.record = record
        },
        tryIt,
      },
    )
    registerReference("records.test#tryIt", tryIt)
    const handle = host.run(main())
    await settled()
    await tryIt()
    expect(await handle).toBe(false)
    await tryIt()
    expect(refusals.map(text => text.slice(text.indexOf("the fiber")))).toEqual([
      "the fiber (main) is running",
      "the fiber (main) is parked: sleep of 1 ms",
      "the fiber has ended in this runtime",
    ])
    expect(await here().resume(travelled(given.record as FiberRecord))).toBe(true)
  })

  test("a record of another host is taken beside the fibers here, and its handles lead to none of them", async () => {
    const parent = make<string>(
      "function* naps(what) { yield* sleep(50); return what } const child = yield* spawn(naps(args[0])); yield* sleep(10); return yield* child.join()",
    )
    const elsewhere = here().run(parent("its own child"))
    await settled()
    const copy = await elsewhere.snapshot()
    expect(await elsewhere).toBe("its own child")
    const host = here()
    const running = host.run(parent("another's child"))
    await settled()
    const resumed = host.resume(travelled(copy))
    expect(resumed.id).not.toBe(running.id)
    await expect(resumed).rejects.toThrow(codeOf("ROVE_UNKNOWN_FIBER"))
    expect(await running).toBe("another's child")
  })

  test("finds the children that a record waits for at the host where it was made, whichever host the thread had first", async () => {
    here()
    const host = here()
    const waits = host.run(
      make(`
        function* add(a, b) { yield* sleep(1); return a + b }
        return [yield* reduce([1, 2, 3, 4], add), yield* scope(function* () {
          yield* spawn(add(1, 2))
          yield* sleep(0)
        })]`)(),
    )
    let resumed = waits
    waits.catch(() => {})
    for (let i = 0; i < 3; i++) {
      await settled()
      const record = await resumed.record()
      resumed.catch(() => {})
      resumed = host.resume(record) as typeof waits
    }
    expect(await resumed).toEqual([10, undefined])
  })
  test("keeps the end for those who join the fiber later, where it was and in another runtime", async () => {
    const from = here()
    const family = make<[FiberRecord, FiberRecord]>(`
      function* copied() { const { resumed, record: taken } = yield* record(); return resumed ? "resumed" : taken }
      const child = yield* spawn(copied())
      const ofChild = yield* child.join()
      const { resumed, record: taken } = yield* record()
      return resumed ? yield* child.join() : [ofChild, taken]`)
    const [ofChild, ofParent] = await from.run(family())
    const there = here()
    expect(await there.resume(travelled(ofChild))).toBe("resumed")
    expect(await there.resume(travelled(ofParent))).toBe("resumed")

    const given = { fiber: null as Fiber<unknown> | null }
    const lends = make("given.fiber = travelled(currentFiber()); yield* sleep(10); return 'back'", {
      given,
      travelled: (fiber: unknown) => decode(encode(fiber).bytes),
    })
    const handle = from.run(lends())
    await settled()
    const record = await handle.record()
    expect(await from.resume(record)).toBe("back")
    const joins = make("return yield* args[0].join()")
    expect(await from.run(joins(given.fiber))).toBe("back")
  })

  test("a fiber that was stopped may be resumed where it was, again and again", async () => {
    const host = here()
    const first = host.run(make("let n = 0; for (let i = 0; i < 5; i++) { yield* sleep(1); n++ } return n")())
    let handle = first
    for (let i = 0; i < 4; i++) {
      await settled()
      handle = host.resume(await handle.record()) as typeof handle
    }
    expect(await handle).toBe(5)
    expect(handle.id).toBe(first.id)
  })

  test("timeout and signal are those of resume; options are checked before anything happens", async () => {
    const long = here().run(make("yield* sleep(100); return 'late'")())
    await settled()
    const record = await long.record()
    await expect(here().resume(travelled(record), { timeout: 10 })).rejects.toThrow(codeOf("ROVE_TIMEOUT"))
    await expect(here().resume(travelled(record), { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no")
    const host = here()
    await expect(host.resume(record, { timeout: "5" as never })).rejects.toThrow(
      'resume takes a number of milliseconds, 0 or more as timeout, not "5"',
    )
    expect(await host.resume(record)).toBe("late")
  })

  test("a view of a larger buffer is taken for what it shows", async () => {
    const { bytes } = await recorded()
    const file = Buffer.concat([Buffer.alloc(7), Buffer.from(bytes), Buffer.alloc(9)])
    expect(await here().resume(new FiberRecord(file.subarray(7, 7 + bytes.byteLength)))).toBe("woken")
  })

  test("what is no record, is cut, was transferred, or is of another version, is refused", async () => {
    const record = await recorded()
    const { bytes } = record
    await expect(here().resume(new FiberRecord(new ArrayBuffer(3)))).rejects.toThrow(codeOf("ROVE_RECORD"))
    await expect(here().resume(new FiberRecord(bytes.slice(0, -1)))).rejects.toThrow(/checksum/)
    structuredClone(bytes, { transfer: [bytes] })
    await expect(here().resume(record)).rejects.toThrow("the bytes of this record were transferred")
  })
})
