/** What design.md says of frames, registers, preemption and entry from native code, sentence by sentence, on compiled text. */
import { LocalHost, VirtualClock } from "@rove/fibers"
import { machine } from "@rove/fibers/scheduling"
import { describe, expect, test } from "vitest"
import { compiled, described, program } from "./program.ts"

type Make = (...args: never[]) => Generator<never, unknown, unknown>
const host = () => new LocalHost({ clock: new VirtualClock() })

describe("registers", () => {
  test("the depth is what it was after a throw that was caught, however deep it came from", async () => {
    const main = program<Make>(
      `function* deep(n) { if (n === 0) throw new Error("bottom"); return yield* deep(n - 1) }
       function* main() {
         const before = depth()
         for (let i = 0; i < 50; i++) try { yield* deep(i) } catch {}
         return depth() - before
       }`,
      "main",
      { depth: () => machine.depth },
    )
    expect(await host().run(main())).toBe(0)
  })

  test("recursion goes far deeper than the native stack", async () => {
    const sum = program<(n: number) => Generator<never, number, unknown>>(
      "function* sum(n) { return n === 0 ? 0 : n + (yield* sum(n - 1)) }",
      "sum",
    )
    expect(await host().run(sum(90_000))).toBe((90_000 * 90_001) / 2)
  })

  test("the limit of recursion is an error that can be caught, and the fiber goes on", async () => {
    const main = program<Make>(
      `function* forever(n) { return 1 + (yield* forever(n + 1)) }
       function* main() { try { yield* forever(0) } catch (e) { return [e.code, yield* sleepless()] } }
       function* sleepless() { return "fine" }`,
      "main",
    )
    expect(await host().run(main())).toEqual(["ROVE_RECURSION_LIMIT", "fine"])
  })
})

describe("preemption", () => {
  test("a loop without a yield lets another fiber run, and goes on where it was", async () => {
    const { spin, mark } = program<{ spin: Make; mark: Make }>(
      `function* spin(n) { let s = 0; for (let i = 0; i < n; i++) s += i; return s }
       function* mark() { done.push("marked"); return done.length }`,
      "({ spin, mark })",
      { done: [] as string[] },
    )
    const local = host()
    const order: string[] = []
    const long = local.run((spin as (n: number) => Generator<never, number>)(20_000_000)).then(v => {
      order.push("spun")
      return v
    })
    const short = local.run(mark()).then(() => order.push("marked"))
    expect(await long).toBe((20_000_000 * 19_999_999) / 2)
    await short
    expect(order).toEqual(["marked", "spun"])
  })

  test("a loop without a yield stays a native loop, and so do loops in it", () => {
    const { code } = compiled(
      "function* f(n) { let s = 0; for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) s += j; return s }",
    )
    expect(code).toMatch(/while \(true\) \{\s+if \(\$pc === 0\) \{\s+if \(!\(i < n\)\) break;/)
    expect(code).toMatch(/while \(j < i\) \{/)
  })

  test("of a nest's variables, those that live at the header where it stops are in the frame", () => {
    const { functions } = compiled(
      "function* f(n) { let s = 0; for (let i = 0; i < n; i++) { let big = [i]; for (let j = 0; j < i; j++) s += j; s += big[0] } return s }",
    )
    expect(functions[0]?.points.map(({ live }) => live.toSorted().join())).toEqual(["n", "i,n,s", "big,i,j,n,s"])
  })

  test("what a nest used of the budget is used when it is left by a throw", async () => {
    const { spin } = program<{ spin: Make }>(
      `function* spin() {
         let rounds = 0
         for (let turns = 0; turns < 300; turns++) {
           try { for (let i = 0; ; i++) { rounds++; if (i === 100_000) throw 0 } } catch {}
         }
         return rounds
       }`,
      "({ spin })",
    )
    const local = host()
    let turns = 0
    const other = setInterval(() => turns++, 1)
    expect(await local.run(spin())).toBe(300 * 100_001)
    clearInterval(other)
    expect(turns).toBeGreaterThan(0)
  })

  test("a statement that cannot stop is emitted as it stands", () => {
    const statement = "if (o?.a ?? false) { o.b = o.c  +  'x' }"
    expect(compiled(`function* f(o) { ${statement} yield 1 }`).code).toContain(statement)
  })
})

describe("entry from native code", () => {
  const source = `
    function* numbers(n) { for (let i = 0; i < n; i++) yield i }
    function* sleeping() { yield 1; yield* sleep(5); yield 2 }
    function* collect() { return Array.from(numbers(4)) }
    function* iterate() { const got = []; for (const x of sleeping()) got.push(x); return got }
    function* spread() { return [...sleeping(), 3] }
    function* apart() { const [a, b] = sleeping(); return [a, b] }
    function* natively() { try { return Array.from(sleeping()) } catch (e) { return e.code } }`
  const all = program<Record<string, Make>>(
    source,
    "({ numbers, sleeping, collect, iterate, spread, apart, natively })",
  )
  const run = (name: string) => host().run((all[name] as Make)())

  test("a computation is driven by Array.from as a native generator is", async () => {
    expect([...(all.numbers as unknown as (n: number) => Generator)(3)]).toEqual([0, 1, 2])
    expect(await run("collect")).toEqual([0, 1, 2, 3])
  })

  test("an operation inside what compiled code iterates suspends the whole fiber: for-of, spread, patterns", async () => {
    expect(await run("iterate")).toEqual([1, 2])
    expect(await run("spread")).toEqual([1, 2, 3])
    expect(await run("apart")).toEqual([1, 2])
  })

  test("with native code in between it is a clear error, and the program goes on", async () => {
    expect(await run("natively")).toBe("ROVE_CANNOT_PARK")
  })

  test("with no fiber around it is a clear error", () => {
    const g = (all.sleeping as Make)()
    expect(g.next()).toEqual({ value: 1, done: false })
    expect(() => g.next()).toThrow(expect.objectContaining({ code: "ROVE_NO_FIBER" }))
  })

  test("generator objects are the engine's own", () => {
    const { numbers } = all as unknown as { numbers: (n: number) => Generator }
    const g = numbers(2)
    expect(Object.prototype.toString.call(g)).toBe("[object Generator]")
    expect(g).toBeInstanceOf(numbers)
    expect(numbers.length).toBe(1)
    expect(numbers.name).toBe("numbers")
    expect(g.return(7)).toEqual({ value: 7, done: true })
    expect(g.next()).toEqual({ value: undefined, done: true })
    expect(() => numbers(1).throw(new RangeError("early"))).toThrow(RangeError)
  })
})

describe("liveness", () => {
  test("only what is used later is saved", () => {
    const f = described(`function* f(a, b) { const c = a + b; yield c; const d = b; yield d; return d }`).get("f")
    expect(f?.points.map(p => p.live)).toEqual([["a", "b"], ["b"], ["d"]])
  })

  test("a value that is dead is not in the record, so it does not pin", () => {
    const f = described(`function* f() { let socket = open(); socket.write(1); socket = null; yield 1; return 2 }`).get(
      "f",
    )
    expect(f?.points.at(-1)?.live).toEqual([])
  })
})

describe("fields", () => {
  test("a setter that the program gave Object.prototype, or one without a setter, takes no local away", () => {
    const counted = program<(n: number) => Generator<number, number>>(
      "function* counted(swallowed) { let fixed = 0; while (fixed < swallowed) yield fixed++; return fixed + swallowed }",
      "counted",
    )
    const names = ["swallowed", "fixed", "caller", "pc", "closure"]
    const taken: string[] = []
    try {
      for (const name of names)
        Object.defineProperty(Object.prototype, name, {
          get: () => taken.push(name),
          ...(name === "fixed" ? {} : { set: () => taken.push(name) }),
          configurable: true,
        })
      const g = counted(2)
      const results = [g.next(), g.next(), g.next()]
      for (const name of names) delete (Object.prototype as unknown as Record<string, unknown>)[name]
      expect(results.map(r => r.value)).toEqual([0, 1, 4])
      expect(taken).toEqual([])
    } finally {
      for (const name of names) delete (Object.prototype as unknown as Record<string, unknown>)[name]
    }
  })
})

describe("a forgotten yield*", () => {
  const refused = (make: () => Generator<never, unknown, unknown>, text: string) =>
    expect(host().run(make())).rejects.toMatchObject({
      code: "ROVE_FORGOTTEN_YIELD",
      message: expect.stringContaining(text),
    })

  test("an operation that is made and not performed throws, with its place and the function", async () => {
    const main = program<Make>("function* main() {\n  sleep(1);\n  yield 1\n}", "main")
    await refused(main, "at src/program.js:2:3, in main: write yield*")
  })

  test("a computation that is made and not run is warned of, with its function, its place and who made it", async () => {
    const main = program<Make>("function* b() {}\nfunction* main() {\n  b(); yield* b() }", "main")
    const { promise, resolve } = Promise.withResolvers<Error & { code?: string }>()
    process.once("warning", resolve)
    await host().run(main())
    const { code, message } = await promise
    expect(code).toBe("ROVE_FORGOTTEN_YIELD")
    expect(message).toContain("a computation of b was made and not run at src/program.js:3:3, in main: write yield*")
  })

  test.each([
    ["the join of a child", "const h = yield* spawn(b()); return h.join()", "an operation that was never performed"],
    ["a sleep", "return sleep(1)", "an operation that was never performed"],
    ["a computation", "return b()", "a computation of b that never ran"],
  ])("a fiber that returns %s fails, and is named", async (_, body, what) => {
    const main = program<Make>(`function* b() { return 1 }\nfunction* main() { ${body} }`, "main")
    await refused(main, `(main) returned ${what}: write return yield*`)
    const joiner = program<Make>(
      `function* b() { return 1 }\nfunction* child() { ${body} }
       function* main() { const h = yield* spawn(child()); return yield* h.join() }`,
      "main",
    )
    await refused(joiner, `(child) returned ${what}: write return yield*`)
  })

  test("a generator that has begun may be a result", async () => {
    const main = program<Make>(
      `function* b() { yield 1; yield 2 }
       function* main() { const g = b(); g.next(); return g }`,
      "main",
    )
    expect([...((await host().run(main())) as Iterable<number>)]).toEqual([2])
  })

  test.each(["join", "interrupt"])("%s of an operation of spawn says that yield* is missing", async member => {
    const main = program<Make>(
      `function* b() {}\nfunction* main() { const f = spawn(b()); return yield* f.${member}() }`,
      "main",
    )
    await refused(main, `${member} is asked of an operation of spawn that was not performed`)
  })
})
