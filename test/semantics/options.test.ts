/** Whatever takes options refuses one that it does not have, and says which it has. */
import { compile } from "@rove/compiler"
import { rove as plugin } from "@rove/compiler/vite"
import { decode, encode, reopen } from "@rove/core"
import { ContextVar, FiberLocal, LocalHost, ThreadLocal, wait } from "@rove/fibers"
import vite, { esbuild } from "rove/vite"
import { describe, expect, test } from "vitest"
import { program } from "./program.ts"

type Make = (...args: never[]) => Generator<never, unknown, unknown>
const wrong = (options: object): never => options as never
const refusal = (code: string, name: string, meant: string) =>
  expect.objectContaining({
    code,
    message: expect.stringContaining(`no option "${name}": did you mean "${meant}"? It`),
  })

test.each<[string, () => unknown, string, string, string]>([
  ["encode", () => encode({}, wrong({ refrence: () => "" })), "ROVE_INVALID_ARGUMENT", "refrence", "reference"],
  ["decode", () => decode(encode(1).bytes, wrong({ resolv: 1 })), "ROVE_INVALID_ARGUMENT", "resolv", "resolve"],
  ["reopen", () => reopen(() => 1, wrong({ clsoe: 1 })), "ROVE_INVALID_ARGUMENT", "clsoe", "close"],
  ["wait", () => wait(Promise.resolve(), wrong({ singal: 1 })), "ROVE_INVALID_ARGUMENT", "singal", "signal"],
  ["ContextVar", () => new ContextVar("a", wrong({ defualt: 1 })), "ROVE_INVALID_ARGUMENT", "defualt", "default"],
  ["FiberLocal", () => new FiberLocal("a", wrong({ init: 1 })), "ROVE_INVALID_ARGUMENT", "init", "initial"],
  ["ThreadLocal", () => new ThreadLocal("a", wrong({ intial: 1 })), "ROVE_INVALID_ARGUMENT", "intial", "initial"],
  ["LocalHost", () => new LocalHost(wrong({ clok: 1 })), "ROVE_CONFIG", "clok", "clock"],
  ["compile", () => compile("", "a.js", wrong({ sourceTyp: "script" })), "ROVE_CONFIG", "sourceTyp", "sourceType"],
  ["vite", () => vite(wrong({ rooot: "." })), "ROVE_CONFIG", "rooot", "root"],
  ["esbuild", () => esbuild(wrong({ lineEvent: true })), "ROVE_CONFIG", "lineEvent", "lineEvents"],
  ["the compiler's own plugin", () => plugin.rollup(wrong({ rooot: "." })), "ROVE_CONFIG", "rooot", "root"],
])("%s refuses an option that it does not have", (_, call, code, name, meant) => {
  expect(call).toThrow(refusal(code, name, meant))
})

describe("a fiber is not started with an option that there is not", () => {
  const { child, main } = program<{ child: Make; main: (options: object) => Generator<never, unknown, unknown> }>(
    `function* child() { ran.push(1) }
     function* main(options) { try { yield* spawn(child(), options) } catch (e) { return [e.code, e.message, ran.length] } }`,
    "{ child, main }",
    { ran: [] },
  )
  const text = (where: string, name: string, meant: string) =>
    `${where} has no option "${name}": did you mean "${meant}"? It has name, signal, timeout, recursionLimit, priority, trackOrigin, prefer, pinned`

  test("by spawn", async () => {
    const said = await new LocalHost().run(main({ nmae: "x" }))
    expect(said).toEqual(["ROVE_INVALID_ARGUMENT", text("spawn", "nmae", "name"), 0])
  })

  test("by run", async () => {
    await expect(new LocalHost().run(child(), wrong({ timeuot: 120 }))).rejects.toMatchObject({
      code: "ROVE_INVALID_ARGUMENT",
      message: text("run", "timeuot", "timeout"),
    })
  })

  test("nor resumed with one that only a start has", async () => {
    await expect(new LocalHost().resume({} as never, wrong({ pinned: "x" }))).rejects.toMatchObject({
      code: "ROVE_INVALID_ARGUMENT",
      message: expect.stringContaining('resume has no option "pinned"; it has signal, timeout, changed'),
    })
  })
})
