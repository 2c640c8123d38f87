import { clone, encode } from "@rove/core"
import { describe, expect, test, vi } from "vitest"
import { program } from "../../../test/semantics/program.ts"
import { compiled } from "../../../test/support/hand-compiled.ts"
import { currentFiber, currentThread } from "./current.ts"
import { onFiberExit } from "./exit.ts"
import { FiberLocal } from "./fiber-local.ts"
import { spawn } from "./operations/spawn.ts"
import { sleep } from "./operations/time.ts"
import { pin } from "./pin.ts"
import { VirtualClock } from "./runtime/clock.ts"
import { LocalHost } from "./runtime/local-host.ts"
import { save } from "./runtime/save.ts"
import { machine } from "./runtime/thread.ts"
import { PENDING_CALLS, ThreadState } from "./runtime/thread-state.ts"
import { ThreadLocal } from "./thread-local.ts"
import type { Resumable } from "./types.ts"
import { ContextVar } from "./variables.ts"

const host = () => new LocalHost({ clock: new VirtualClock() })
const fiber = (body: () => unknown) =>
  compiled("fiber", function* () {
    return body()
  })

describe("a thread-local", () => {
  const counter = new ThreadLocal("counter", { initial: () => ({ n: 0 }) })

  test("belongs to the thread: ordinary code has one value, made when it is first asked for", () => {
    counter.get().n++
    expect(counter.get().n).toBe(1)
    const other = new ThreadLocal("other", { initial: () => 1 })
    other.set(5)
    expect(other.get()).toBe(5)
  })

  test("in a fiber that may move is a ThreadAffinityError that says how to pin", async () => {
    await expect(host().run(fiber(() => counter.get())())).rejects.toMatchObject({
      name: "ThreadAffinityError",
      code: "ROVE_THREAD_AFFINITY",
      message: expect.stringMatching(
        /"counter" is used in fiber \S+ \(fiber\).*using _ = pin\("counter"\).*pinned: "counter"/,
      ),
    })
  })

  test("is allowed in a pinned fiber, by pin() for a while or at the spawn", async () => {
    const child = compiled("child", function* () {
      return counter.get().n
    })
    const main = compiled("main", function* () {
      const hold = pin("counts")
      const inside = counter.get().n
      hold[Symbol.dispose]()
      expect(() => counter.get()).toThrow(/may go on on another thread/)
      return [inside, yield (yield spawn(child(), { pinned: "counts" })).join()]
    })
    expect(await host().run(main())).toEqual([1, 1])
  })

  test("can warn once, or allow", async () => {
    const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {})
    const warns = new ThreadLocal("warns", { initial: () => 1, inFibers: "warn" })
    const allows = new ThreadLocal("allows", { initial: () => 2, inFibers: "allow" })
    expect(await host().run(fiber(() => warns.get() + warns.get() + allows.get())())).toBe(4)
    expect(emitWarning.mock.calls.map(([message]) => String(message))).toEqual([expect.stringContaining('"warns"')])
    emitWarning.mockRestore()
  })

  test("is cleaned up when its thread ends, with the value that it has then, if it has one", () => {
    const { own } = machine
    const cleaned: number[] = []
    const used = new ThreadLocal("used", { initial: () => 1, cleanup: value => cleaned.push(value) })
    const unused = new ThreadLocal("unused", { initial: () => 3, cleanup: value => cleaned.push(value) })
    Object.assign(machine, { own: new ThreadState() })
    try {
      used.get()
      used.set(2)
      machine.own.end()
      expect([cleaned, machine.own.locals.has(unused)]).toEqual([[2], false])
    } finally {
      Object.assign(machine, { own })
    }
  })
})

describe("pin", () => {
  test("keeps the fiber from being saved, by its reason, and nests", async () => {
    const main = fiber(() => {
      const outer = pin("outer")
      const inner = pin("inner")
      inner[Symbol.dispose]()
      inner[Symbol.dispose]()
      const reason = machine.fiber?.pinned
      outer[Symbol.dispose]()
      return [reason, machine.fiber?.pinned]
    })
    expect(await host().run(main())).toEqual(["outer", null])
    expect(() => pin("x")).toThrow(/none runs here/)
    await expect(host().run(fiber(() => pin(""))())).rejects.toThrow(/takes a reason/)
  })

  test("shares with a pinned child what cannot be cloned", async () => {
    const child = compiled("child", function* (p: Promise<number>) {
      return p instanceof Promise
    })
    const main = compiled("main", function* () {
      const p = Promise.resolve(1)
      const refused = yield spawn(child(p), { pinned: "has a promise" })
      return yield refused.join()
    })
    expect(await host().run(main())).toBe(true)
  })
})

test("invariant 4: a thread's identity is in no record and in no copy", () => {
  new LocalHost({ name: "here" })
  const thread = currentThread()
  for (const way of [encode, clone])
    expect(() => way({ thread })).toThrow(/identity of thread .* stays with that thread: ask currentThread\(\) again/)
})

describe("a fiber-local", () => {
  const ended: string[] = []
  const own = new FiberLocal<string[]>("own", { initial: () => [], cleanup: list => ended.push(list.join()) })

  test("is the fiber's alone, and is cleaned up when it has ended, however it did", async () => {
    const child = compiled("child", function* (name: string) {
      own.get().push(name)
      yield sleep(1)
      if (name === "fails") throw new Error(name)
      return own.get().length
    })
    const main = compiled("main", function* () {
      own.set(["another, which is not the value at the end"])
      own.set(["main"])
      const results: number[] = []
      const children = [yield spawn(child("a")), yield spawn(child("b")), yield spawn(child("fails"))]
      for (const c of children)
        try {
          results.push(yield c.join())
        } catch {}
      return [results, own.get()]
    })
    expect(await host().run(main())).toEqual([[1, 1], ["main"]])
    expect(ended.toSorted()).toEqual(["a", "b", "fails", "main"])
    expect(() => own.get()).toThrow(/where no fiber runs/)
  })

  test("without a value and an initialiser says so", async () => {
    const empty = new FiberLocal("empty")
    await expect(host().run(fiber(() => empty.get())())).rejects.toThrow(/"empty" was not set in fiber/)
  })
})

describe("exit callbacks of a fiber", () => {
  test("run last in first out, each once, all although one throws; a success becomes that failure", async () => {
    const log: unknown[] = []
    const main = fiber(() => {
      onFiberExit((outcome, argument) => log.push(argument, outcome.kind), 1)
      onFiberExit(() => {
        throw new Error("in the way")
      })
      onFiberExit((_, argument) => log.push(argument), 3)
      return "result"
    })
    await expect(host().run(main())).rejects.toThrow("in the way")
    expect(log).toEqual([3, 1, "returned"])
  })

  test("hear of a failure, and do not replace it", async () => {
    const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {})
    const kinds: string[] = []
    const main = fiber(() => {
      onFiberExit(({ kind }) => {
        kinds.push(kind)
        throw new Error("second")
      })
      throw new Error("first")
    })
    await expect(host().run(main())).rejects.toThrow("first")
    expect([kinds, emitWarning.mock.calls.length]).toEqual([["failed"], 1])
    emitWarning.mockRestore()
    expect(() => onFiberExit(() => {})).toThrow(/none runs here/)
  })

  test("a fiber with callbacks that are not portable is refused by their name", async () => {
    const main = fiber(() => {
      onFiberExit(() => {})
      const own = machine.fiber
      if (own === null) return
      own.status = "ready"
      try {
        encode(save(own))
      } finally {
        own.status = "running"
      }
    })
    await expect(host().run(main())).rejects.toThrow(/exit callback/)
  })
})

const counter = () => new ThreadLocal("counter", { initial: () => 0 })

describe("what is addressed to a thread", () => {
  test("an error is thrown once, in what runs there at its next check, and that is told", async () => {
    const local = new LocalHost()
    const loop = program<() => Resumable<unknown>>(
      "function* loop() { try { for (;;) yield* sleep(0) } catch (e) { return e.message } }",
      "loop",
    )
    const running = local.run(loop())
    await new Promise(resolve => setTimeout(resolve, 5))
    expect(await local.raise(new Error("stop, thread"))).toBe("delivered")
    expect(await running).toBe("stop, thread")
  })

  test("calls wait up to a bound; one more is refused and nothing blocks; at the end all is too late", async () => {
    const state = new ThreadState()
    const made: number[] = []
    for (let i = 0; i < PENDING_CALLS; i++) expect(state.request(() => made.push(i))).toBe("accepted")
    expect(state.request(() => made.push(-1))).toBe("full")
    state.makeCalls()
    expect([made.length, made[0], made.at(-1)]).toEqual([PENDING_CALLS, 0, PENDING_CALLS - 1])
    const raised = state.raise(new Error("never"))
    state.end()
    expect([await raised, await state.raise(new Error("x")), state.request(() => {})]).toEqual(
      Array(3).fill("too late"),
    )
  })

  test("a call belongs to no fiber: it sees and changes the thread's variables and locals, and no hook is told of it", async () => {
    const { tenant, own, told } = {
      tenant: new ContextVar("called", { default: "none" }),
      own: counter(),
      told: [] as string[],
    }
    const seen: unknown[] = []
    const call = () => {
      seen.push(currentFiber(), tenant.get(), own.get(), ...numbers())
      tenant.set("the call's")
    }
    const { main, numbers } = program<{ main: () => Resumable<unknown>; numbers: () => Iterable<number> }>(
      `function* numbers() { yield 1 }
       function* main() { yield* setTrace(hook); tenant.set("the fiber's"); asks(); for (let i = 0; i < 9; i++); return [tenant.get(), currentFiber().name] }`,
      "({ main, numbers })",
      {
        tenant,
        hook: ({ kind, name }: { kind: string; name: string }) => told.push(`${kind} ${name}`),
        asks: () => {
          machine.own.request(call)
          machine.budget = 0
        },
      },
    )
    expect(await host().run(main())).toEqual(["the fiber's", "main"])
    expect([seen, tenant.get()]).toEqual([[null, "none", 0, 1], "the call's"])
    expect([told.includes("return main"), told.filter(event => event.endsWith("numbers"))]).toEqual([true, []])
  })

  test("exit callbacks of a thread run last in first out, each once, all although one throws", () => {
    const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {})
    const state = new ThreadState()
    const log: string[] = []
    state.atExit(() => log.push("first"))
    state.atExit(() => {
      throw new Error("in the middle")
    })
    state.atExit(() => log.push("last"))
    state.end()
    state.end()
    expect([log, emitWarning.mock.calls.length]).toEqual([["last", "first"], 1])
    emitWarning.mockRestore()
  })
})

describe("the end of a host", () => {
  test("runs the finally blocks of all its fibers, those that nobody joins too, and then what atExit has, last in first out", async () => {
    const log: string[] = []
    const local = host()
    local.atExit(() => log.push("first"))
    local.atExit(() => {
      throw new Error("one")
    })
    local.atExit(async () => {
      await null
      log.push("last")
      throw new Error("two")
    })
    const orphan = compiled("orphan", function* () {
      try {
        yield sleep(1e9)
      } finally {
        yield sleep(5)
        log.push("orphan")
      }
    })
    const main = compiled("main", function* () {
      yield spawn(orphan())
      yield sleep(1)
    })
    await local.run(main())
    await expect(local.close()).rejects.toMatchObject({ errors: [new Error("two"), new Error("one")] })
    expect(log).toEqual(["orphan", "last", "first"])
    await expect(local.run(main())).rejects.toHaveProperty("code", "ROVE_POOL_CLOSED")
  })
})
