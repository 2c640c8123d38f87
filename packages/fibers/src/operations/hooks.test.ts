/** Hooks on text that the compiler made: what they are told, of whom, and what becomes of what they throw. */
import type { StoppedFiber } from "@rove/core"
import { describe, expect, test } from "vitest"
import { compiled, program } from "../../../../test/semantics/program.ts"
import { VirtualClock } from "../runtime/clock.ts"
import type { HookEvent } from "../runtime/events.ts"
import { type Leg, LocalHost } from "../runtime/local-host.ts"

type Make = (...args: unknown[]) => Generator<never, unknown, unknown>
const host = () => new LocalHost({ clock: new VirtualClock() })

/** A hook that writes down what it is told, in short. */
function recorder(): { log: string[]; hook: (event: HookEvent, prefix?: string) => void } {
  const log: string[] = []
  const hook = ({ kind, name, value, reason }: HookEvent, prefix = "") => {
    const more =
      kind === "exception" ? String((value as Error).message) : (reason ?? (value === undefined ? "" : String(value)))
    log.push(`${prefix}${kind} ${name} ${more}`.trimEnd())
  }
  return { log, hook }
}

const source = `
function* leaf(n) { if (n < 0) throw new Error("negative"); return n + 1 }
function* middle(n) { try { return yield* leaf(n) } catch { return "caught" } }
function* numbers() { yield 1; yield 2 }
function* sum() { let s = 0; for (const n of numbers()) s += n; return s }
function* pause() { yield* sleep(5) }
`

describe("a trace hook", () => {
  test("is told of calls and returns in order, those that were under way included", async () => {
    const { log, hook } = recorder()
    const main = program<Make>(
      `${source} function* inner() { yield* setTrace(hook, "> "); return yield* middle(1) } function* main() { return yield* inner() }`,
      "main",
      { hook },
    )
    expect(await host().run(main())).toBe(2)
    expect(log).toEqual([
      "> call middle",
      "> call leaf",
      "> return leaf 2",
      "> return middle 2",
      "> return inner 2",
      "> return main 2",
    ])
  })

  test("is told of exceptions in each frame that they leave, and not in the one that catches", async () => {
    const { log, hook } = recorder()
    const main = program<Make>(
      `${source} function* main() { yield* setTrace(hook); return yield* middle(-1) }`,
      "main",
      { hook },
    )
    expect(await host().run(main())).toBe("caught")
    expect(log).toEqual([
      "call middle",
      "call leaf",
      "exception leaf negative",
      "return middle caught",
      "return main caught",
    ])
  })

  test("invariant 20: each switch is told once, paired and in order", async () => {
    const { log, hook } = recorder()
    const main = program<Make>(
      `${source} function* main() { yield* setTrace(hook); yield* pause(); const s = yield* sum(); yield* setTrace(null); yield* pause(); return s }`,
      "main",
      { hook },
    )
    expect(await host().run(main())).toBe(3)
    expect(log).toEqual([
      "call pause",
      "yield pause sleep of 5 ms",
      "resume pause",
      "return pause",
      "call sum",
      "call numbers",
      "yield numbers 1",
      "resume numbers",
      "yield numbers 2",
      "resume numbers",
      "return numbers",
      "return sum 3",
    ])
  })

  test("says where: the line of the function, of the yield and of the call", async () => {
    const places: string[] = []
    const hook = ({ kind, line, code }: HookEvent) => places.push(`${kind} ${code.split("#")[1]}:${line}`)
    const main = program<Make>(
      `function* main() {
  yield* setTrace(hook)
  yield* pause()
}
function* pause() {
  const n = 1
  yield* sleep(n)
}`,
      "main",
      { hook },
    )
    await host().run(main())
    expect(places.slice(0, 3)).toEqual(["call pause:5", "yield pause:7", "resume pause:7"])
  })

  test("invariant 19: set in one fiber it never fires for another, nor for a child, nor for ordinary code", async () => {
    const { log, hook } = recorder()
    const { traced, plain } = program<{ traced: Make; plain: Make }>(
      `${source}
       function* traced() { yield* setTrace(hook); const child = yield* spawn(plain()); yield* sleep(2); return yield* child.join() }
       function* plain() { yield* sleep(1); return yield* middle(5) }`,
      "({ traced, plain })",
      { hook },
    )
    const h = host()
    expect(await Promise.all([h.run(traced()), h.run(plain())])).toEqual([6, 6])
    expect(log.filter(line => !line.includes("traced"))).toEqual([])
  })

  test("invariant 19: is gone with its fiber, for the parent in whose slice that ran and for ordinary code on the thread", async () => {
    const { log, hook } = recorder()
    const { brief, parent, numbers } = program<{ brief: Make; parent: Make; numbers: Make }>(
      `${source}
       function* brief() { yield* setTrace(hook); return yield* leaf(1) }
       function* parent() { const child = yield* spawn(brief()); return (yield* child.join()) + (yield* middle(5)) }`,
      "({ brief, parent, numbers })",
      { hook },
    )
    const ofBrief = ["call leaf", "return leaf 2", "return brief 2"]
    expect([await host().run(parent()), log]).toEqual([8, ofBrief])
    expect([await host().run(brief()), [...numbers()], log]).toEqual([2, [1, 2], [...ofBrief, ...ofBrief]])
  })

  test("does not fire for itself: what it runs is not told", async () => {
    const { log, hook } = recorder()
    const { main, numbers } = program<{ main: Make; numbers: Make }>(
      `${source} function* main() { yield* setTrace(driving); return yield* middle(1) }`,
      "({ main, numbers })",
      {
        driving: (event: HookEvent) => {
          hook(event)
          hook({ ...event, name: [...numbers()].join() })
        },
      },
    )
    expect(await host().run(main())).toBe(2)
    expect(log).toEqual([
      "call middle",
      "call 1,2",
      "call leaf",
      "call 1,2",
      "return leaf 2",
      "return 1,2 2",
      "return middle 2",
      "return 1,2 2",
      "return main 2",
      "return 1,2 2",
    ])
  })

  test("untraced computations are not told, whatever they wait for", async () => {
    const { log, hook } = recorder()
    const main = program<Make>(
      `${source} function* main() { yield* setTrace(hook); yield* untraced(pause()); return yield* leaf(1) }`,
      "main",
      { hook },
    )
    await host().run(main())
    expect(log).toEqual(["call leaf", "return leaf 2", "return main 2"])
  })

  test("invariant 19: untraced holds though hooks are set, ended and set again inside, and ends with it", async () => {
    const { log, hook } = recorder()
    const main = program<Make>(
      `${source}
       function* begins() { yield* leaf(1); yield* setTrace(hook); yield* leaf(2); yield* pause() }
       function* anew() { yield* setTrace(null); yield* leaf(4); yield* setTrace(hook); yield* untraced(leaf(5)); yield* leaf(6) }
       function* main() { yield* untraced(begins()); yield* leaf(3); yield* untraced(anew()); yield* untraced(leaf(7)); return yield* leaf(8) }`,
      "main",
      { hook },
    )
    expect(await host().run(main())).toBe(9)
    expect(log).toEqual(["call leaf", "return leaf 4", "call leaf", "return leaf 9", "return main 9"])
  })

  test("what iterates an untraced computation is told of between its values", async () => {
    const { log, hook } = recorder()
    const main = program<Make>(
      `${source} function* quiet() { yield* untraced(numbers()) }
       function* main() { yield* setTrace(hook); let s = 0; for (const n of quiet()) s += yield* leaf(n); return s }`,
      "main",
      { hook },
    )
    expect(await host().run(main())).toBe(5)
    expect(log.filter(line => line.endsWith("leaf") || line.includes("numbers"))).toEqual(["call leaf", "call leaf"])
  })

  test("is told when the fiber goes on in another runtime, on the thread with the same number too", async () => {
    const { log, hook } = recorder()
    const main = program<Make>(
      `function* main() { yield* setTrace(hook); yield* suspend(); yield* suspend() }`,
      "main",
      {
        hook,
      },
    )
    const [here, there] = [new LocalHost({ id: 3 }), new LocalHost({ id: 3 })]
    const resumed = async (host: LocalHost, leg: Leg<unknown>): Promise<Leg<unknown>> =>
      host.proceed((leg as { readonly fiber: StoppedFiber }).fiber)
    const stopped = await here.start(main())
    await resumed(here, await resumed(there, stopped))
    const went = ["yield main suspend", "migrate main 3", "resume main"]
    expect(log).toEqual([...went, ...went, "return main"])
  })

  test("hears of computations that native code drives", async () => {
    const { log, hook } = recorder()
    const main = program<Make>(
      `${source} function* main() { yield* setTrace(hook); return Array.from(numbers()).length }`,
      "main",
      {
        hook,
      },
    )
    expect(await host().run(main())).toBe(2)
    expect(log).toEqual([
      "call numbers",
      "yield numbers 1",
      "resume numbers",
      "yield numbers 2",
      "resume numbers",
      "return numbers",
      "return main 2",
    ])
  })
})

describe("invariant 15: what a hook throws", () => {
  const failing = (kind: string) => {
    const log: string[] = []
    const hook = (event: HookEvent) => {
      log.push(`${event.kind} ${event.name}`)
      if (event.kind === kind) throw new Error(`from ${kind}`)
    }
    return { log, hook }
  }

  test.each([
    ["call", "call pause"],
    ["return", "return pause"],
    ["yield", "yield pause"],
    ["resume", "resume pause"],
  ])("at a %s is thrown in the computation, and disables the hook", async (kind, last) => {
    const { log, hook } = failing(kind)
    const main = program<Make>(
      `${source} function* main() {
         yield* setTrace(hook)
         try { yield* pause() } catch (e) { return [e.message, yield* middle(1)] }
       }`,
      "main",
      { hook },
    )
    expect(await host().run(main())).toEqual([`from ${kind}`, 2])
    expect(log.at(-1)).toBe(last)
  })

  test.each([
    ["compiled code", "for (const n of own()) got.push(n)"],
    ["native code", "got.push(...Array.from(own()))"],
  ])(
    "at a yield to %s is thrown at that yield, whose finally blocks run, whoever it delegates to",
    async (_, iterate) => {
      const { log, hook } = failing("yield")
      const main = program<Make>(
        `${source}
       function* own() { try { yield* inner(); yield 5 } finally { log.push("outer closed") } }
       function* inner() { try { yield 1 } catch (e) { log.push(e.message); yield 2 } finally { log.push("inner closed") } }
       function* main() { const got = []; yield* setTrace(hook); ${iterate}; return got }`,
        "main",
        { hook, log },
      )
      expect(await host().run(main())).toEqual([2, 5])
      expect(log).toEqual(["call own", "call inner", "yield inner", "from yield", "inner closed", "outer closed"])
    },
  )

  test("at an exception takes its place", async () => {
    const { hook } = failing("exception")
    const main = program<Make>(
      `${source} function* main() { yield* setTrace(hook); try { yield* leaf(-1) } catch (e) { return e.message } }`,
      "main",
      { hook },
    )
    expect(await host().run(main())).toBe("from exception")
  })

  test("leaves the other hook in its place", async () => {
    const { hook } = failing("call")
    const { log, hook: good } = recorder()
    const main = program<Make>(
      `${source} function* main() {
         yield* setProfile(good)
         yield* setTrace(hook)
         try { yield* leaf(1) } catch (e) { yield* leaf(2); return e.message }
       }`,
      "main",
      { hook, good },
    )
    expect(await host().run(main())).toBe("from call")
    expect(log).toEqual(["call leaf", "call leaf", "return leaf 3", "return main from call"])
  })
})

describe("line events", () => {
  const text = `function* main() {
  yield* setTrace(hook)
  let s = 0
  if (s === 0) {
    s = 1
  }
  for (let i = 0; i < 2; i++) {
    s += i
  }
  return yield* callee(s)
}
function* callee(s) {
  const plain = () => { return s }
  return plain()
}`

  test("come at each statement of code that was compiled with them, nested ones included", async () => {
    const lines: string[] = []
    const profiled: string[] = []
    const main = program<Make>(
      text.replace("let s = 0", "yield* setProfile(profile); let s = 0"),
      "main",
      {
        hook: ({ kind, name, line }: HookEvent) => void (kind === "line" && lines.push(`${name}:${line}`)),
        profile: ({ kind }: HookEvent) => profiled.push(kind),
      },
      { lineEvents: true },
    )
    expect(await host().run(main())).toBe(2)
    const inMain = [3, 3, 4, 5, 7, 8, 8, 10].map(line => `main:${line}`)
    expect(lines).toEqual([...inMain, "callee:13", "callee:14"])
    expect(profiled).not.toContain("line")
  })

  test("are none without the option, and the code has another hash with it", () => {
    const [plain, withLines] = [compiled(text), compiled(text, { lineEvents: true })]
    expect(plain.code).not.toContain(".hooks")
    expect(withLines.functions[0]?.hash).not.toBe(plain.functions[0]?.hash)
  })

  test("what a hook throws at a line is thrown by the statement", async () => {
    const hook = ({ kind, line }: HookEvent) => {
      if (kind === "line" && line === 14) throw new Error("stop here")
    }
    const main = program<Make>(
      text.replace("return yield* callee(s)", "try { yield* callee(s) } catch (e) { return e.message }"),
      "main",
      { hook },
      { lineEvents: true },
    )
    expect(await host().run(main())).toBe("stop here")
  })
})

test("a hook that is no function is refused", async () => {
  const main = program<Make>("function* main() { yield* setTrace(5) }", "main")
  await expect(host().run(main())).rejects.toThrow(/a trace hook is a function, or null, not number/)
})
