/** `yield* spawn(f(x))` has a short way in compiled code; whatever `spawn` and `f` are, it means what the long way means. */
import { compile } from "@rove/compiler"
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

/** `NAME` stands for the local name of the import: only under its own name there is a short way. */
const program = `"use fibers"
  import { spawn as NAME, sleep, type Resumable } from "rove"
  import { native } from "./native.ts"
  import { spawn as foreign } from "./foreign.ts"
  import { seen } from "./seen.ts"
  const say = <T>(what: string, value: T): T => { seen.push(what); return value }
  function* add(a: number, b: number): Resumable<number> { seen.push("add"); return a + b }
  function* preset(a: number, b = say("preset", 10)): Resumable<number> { return a + b }
  function* change(o: { n: number; list?: number[]; twin?: object }): Resumable<string> { o.n++; o.list?.push(o.n); return JSON.stringify(o) }
  function* same(a: object, b: object): Resumable<boolean> { return a === b }
  function* receiver(this: unknown): Resumable<string> { return typeof this }
  function* failing(): Resumable<never> { throw new Error("from the child") }
  function* caught(of: () => Generator<any, any, any>) { try { return yield* of() } catch (e: any) { return e.code ?? e.message } }
  export function* all() {
    const out: unknown[] = []
    const one = yield* NAME(add(say("first", 1), say("second", 2)))
    seen.push("spawned")
    out.push(yield* one.join())
    const two = yield* NAME(preset(1))
    seen.push("bound")
    out.push(yield* two.join())
    const mine = { n: 1 }, deep = { n: 5, list: [1] }, getter = { get n() { return say("getter", 1) } }
    out.push(yield* (yield* NAME(change(mine))).join(), mine.n, yield* (yield* NAME(change(deep))).join(), deep.list.length)
    out.push(yield* (yield* NAME(same(mine, mine))).join(), yield* (yield* NAME(same(mine, { n: 1 }))).join())
    out.push(yield* (yield* NAME(receiver())).join())
    out.push(yield* caught(function* () { return yield* (yield* NAME(failing())).join() }))
    out.push(yield* caught(function* () { return yield* NAME(native(1)) }))
    out.push(yield* caught(function* () { return yield* NAME((undefined as any)(1)) }))
    const late: any = { f: 1 }
    out.push(yield* caught(function* () { const f: any = late.f; return yield* NAME(f(say("argument", 1))) }))
    out.push(yield* caught(function* () { return yield* NAME(add(say("thrown", 1), (() => { throw new Error("argument") })())) }))
    out.push(yield* caught(function* () { return yield* NAME(change(Object.assign(() => {}, { n: 1 }))) }))
    out.push(yield* foreign(add(20, 22)))
    yield* sleep(0)
    return out
  }
  export function* outside() { yield* NAME(add(1, 2)) }`

const files = (name: string) => ({
  "package.json": '{ "name": "app", "type": "module" }',
  "seen.ts": "export const seen: string[] = []",
  "native.ts": "export function* native(n: number): Generator<never, number, any> { return n }",
  "foreign.ts": `export const spawn = (computation: Generator<any, any, any>) => ({
      *[Symbol.iterator]() { return Object.prototype.toString.call(computation) + computation.next().value } })`,
  "all.ts": program
    .replaceAll("spawn as NAME", name === "spawn" ? "spawn" : `spawn as ${name}`)
    .replaceAll("NAME", name),
  "app.ts": `import { LocalHost } from "rove"
    import { all, outside } from "./all.ts"
    import { seen } from "./seen.ts"
    let alone
    try { outside().next() } catch (error) { alone = error.code }
    console.log(JSON.stringify([await new LocalHost().run(all()), seen, alone]))`,
})

test("the short way of spawn and the long one give the same results, clones and errors, in the same order", async () => {
  const run = async (name: string) => {
    const { out, ...rest } = await node(scratch(files(name)), ["--import", "rove/register", "app.ts"])
    return { ...rest, out: out.replace(/"id":"\w+-/g, '"id":"') } // what is before that is each process's own
  }
  const [short, long] = [await run("spawn"), await run("start")]
  expect(short).toEqual(long)
  expect(short).toMatchObject({ code: 0, err: "" })
  const [results, seen, alone] = JSON.parse(short.out)
  expect(results.slice(0, 9)).toEqual([3, 11, '{"n":2}', 1, '{"n":6,"list":[1,6]}', 1, true, false, "undefined"])
  expect(results.slice(9, 11)).toEqual(["from the child", "ROVE_NOT_COMPILED"])
  expect(results.at(-1)).toBe("[object Generator]42")
  expect(seen.slice(0, 6)).toEqual(["first", "second", "spawned", "add", "preset", "bound"])
  expect(alone).toBe("ROVE_NO_FIBER")
}, 60_000)

test("the short way is taken where a call is spawned under the name of the import, and only there", () => {
  const emitted = (spawned: string) =>
    compile(
      `"use fibers"\nimport { spawn } from "rove"\nexport function* f(n) { ${spawned} }`,
      "/app/f.ts",
    )?.code.includes("spawnDirectly")
  expect(emitted("yield* spawn(f(n))")).toBe(true)
  for (const other of [
    "const c = f(n); yield* spawn(c)",
    "yield* spawn(f(n), { name: 'a' })",
    "yield* spawn(f(yield))",
    "{ const spawn = x => x; yield* spawn(f(n)) }",
    "const s = spawn(f(n)); yield* s",
  ])
    expect(emitted(other)).toBe(false)
})
