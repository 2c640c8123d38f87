/** What design.md says of frames, registers, preemption and entry from native code, sentence by sentence, on compiled text. */
import { LocalHost, toAsyncIterable, VirtualClock } from "@rove/fibers"
import * as rove from "@rove/fibers/runtime"
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

/** What the text gives, and how many frames and generator objects its functions make. */
function counted<T>(source: string, names: string): { given: T; made: { frames: number; generators: number } } {
  const made = { frames: 0, generators: 0 }
  class Frame extends rove.Frame {
    constructor(...args: ConstructorParameters<typeof rove.Frame>) {
      super(...args)
      made.frames++
    }
  }
  const begin: typeof rove.begin = (...args) => {
    made.generators++
    return rove.begin(...args)
  }
  return { given: program<T>(source, names, { rove: { ...rove, Frame, begin } }), made }
}

describe("calls", () => {
  test("a call that returns a value makes no frame and no generator object", async () => {
    const { given: main, made } = counted<Make>(
      `function* leaf(n) { return n + 1 }
       class Point { constructor(x) { this.x = x } *plus(n) { return new Point(this.x + (yield* leaf(n))) } }
       function* main() { let p = new Point(0); for (let i = 0; i < 20; i++) p = yield* p.plus(i); return p.x }`,
      "main",
    )
    expect(await host().run(main())).toBe(210)
    expect(made).toEqual({ frames: 0, generators: 1 })
  })

  test("a stop makes a frame for each call that is under way; until the youngest returns, older ones are only data", () => {
    const { given: deep, made } = counted<(n: number) => Generator<number>>(
      `function* deep(n) { if (n > 0) return 1 + (yield* deep(n - 1)); for (let i = 0; i < 5; i++) yield i; return 0 }`,
      "deep",
    )
    const g = deep(20)
    const seen = Array.from({ length: 5 }, () => [g.next().value, made.frames])
    expect(seen).toEqual([0, 1, 2, 3, 4].map(i => [i, 21]))
    expect(g.next()).toEqual({ value: 20, done: true })
    expect(made).toEqual({ frames: 21, generators: 1 })
  })
})

describe("preemption", () => {
  test("calls without a loop let another fiber run, and go on where they were", async () => {
    const { fib, mark } = program<{ fib: (n: number) => never; mark: Make }>(
      `function* fib(n) { return n < 2 ? n : (yield* fib(n - 1)) + (yield* fib(n - 2)) }
       function* mark() { return 1 }`,
      "({ fib, mark })",
    )
    const local = host()
    const order: string[] = []
    const long = local.run(fib(29)).then(value => order.push(`fib ${value}`))
    await Promise.all([long, local.run(mark()).then(() => order.push("marked"))])
    expect(order).toEqual(["marked", "fib 514229"])
  })

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

  test("nothing stops in what native code drives, and everything does again when that is left, by a throw too", async () => {
    const { main, mark } = program<{ main: Make; mark: Make }>(
      `let marks = 0
       function* mark() { return ++marks }
       function* spin(fails) { for (let i = 0; i < 5_000_000; i++); if (fails) throw new Error("spun"); yield marks }
       function* deep(n) { return n === 0 ? marks : yield* deep(n - 1) }
       function* main() {
         const seen = [Array.from(spin(false))[0], ...Array.from((function* () { yield yield* deep(2000) })())]
         try { Array.from(spin(true)) } catch (error) { seen.push(error.message, marks) }
         for (let i = 0; marks === 0; i++) if (i > 1e9) throw new Error("nothing else ran")
         return seen
       }`,
      "({ main, mark })",
    )
    const local = host()
    const [seen] = await Promise.all([local.run(main()), local.run(mark())])
    expect(seen).toEqual([0, 0, "spun", 0])
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
    expect(() => g.throw(new RangeError("late"))).toThrow(RangeError)
    expect(Object.getPrototypeOf(g)).toBe(numbers.prototype)
    const native = Object.getPrototypeOf(function* () {})
    expect(Object.getPrototypeOf(numbers)).toBe(native)
    expect(Object.getPrototypeOf(numbers.prototype)).toBe(native.prototype)
    expect(Reflect.ownKeys(numbers)).toEqual(Reflect.ownKeys(function* (_n: number) {}))
    expect(() => Reflect.construct(numbers, [1])).toThrow("is not a constructor")
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

  test.each([
    ["a sleep", "yield sleep(1)", "an operation"],
    ["the join of a child", "const h = yield* spawn(b()); const n = yield h.join()", "an operation"],
    ["a computation", "const n = yield b()", "a computation of b"],
    ["one in a function that it calls", "yield* inner()", "a computation of b"],
  ])("a fiber that yields %s to nobody fails, with the place of the yield", async (_, body, what) => {
    const main = program<Make>(
      `function* b() { return 1 }
       function* inner() { yield 1; yield b() }
       function* main() { yield 1; ${body} }`,
      "main",
    )
    await refused(main, `${what} was yielded and not performed at `)
    const joiner = program<Make>(`function* main() { return yield* (yield* spawn(child())).join() }`, "main", {
      child: main,
    })
    await refused(joiner, "(main) yields: write yield* in place of yield")
  })

  test("what is yielded to nobody is told at the yield, where it can be caught, and the fiber goes on", async () => {
    const main = program<Make>(
      `function* main() {
         try { yield sleep(1) } catch (e) { yield 2; return [e.code, e.message, e.stack.split("\\n")[1].trim()] }
       }`,
      "main",
    )
    const [code, message, first] = (await host().run(main())) as [string, string, string]
    expect(code).toBe("ROVE_FORGOTTEN_YIELD")
    expect(message).toContain("at main (src/program.js:2:16), and nobody takes")
    expect(first).toBe("at main (src/program.js:2:16) [suspended]")
  })

  test("who takes what is yielded gets computations and operations as values, by hand and in a fiber; and lists of them are values to nobody, too", async () => {
    const { driver, steps, take } = program<Record<"driver" | "steps", Make> & { take: (fn: Make) => unknown[] }>(
      `function* b(n) { return n }
       function* steps() { const got = [yield b(1), yield sleep(1), yield b(2)]; return got.length }
       function* driver() { const results = []; for (const s of steps()) results.push(yield* s); return results }
       function take(fn) { return [...fn()] }`,
      "({ driver, steps, take })",
    )
    expect(take(steps)).toHaveLength(3)
    expect(await host().run(driver())).toEqual([1, undefined, 2])
    const own = program<Make>(
      "function* b() {}\nfunction* values() { yield [sleep(1), b()]; const g = b(); g.next(); yield g; return 3 }",
      "values",
    )
    expect(await host().run(own())).toBe(3)
  })

  test("a stream carries computations to whoever reads it", async () => {
    const streamed = program<Make>("function* b() { return 4 }\nfunction* main() { yield b() }", "main")
    const taken: unknown[] = []
    for await (const made of toAsyncIterable(streamed())) taken.push((made as Iterator<unknown>).next().value)
    expect(taken).toEqual([4])
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
