import { Context } from "@rove/core"
import { describe, expect, test } from "vitest"
import { program } from "../../../../test/semantics/program.ts"
import { currentFiber } from "../current.ts"
import type { Resumable } from "../types.ts"
import { ContextVar } from "../variables.ts"
import { VirtualClock } from "./clock.ts"
import type { FiberState } from "./fiber.ts"
import { LocalHost } from "./local-host.ts"
import { Unheard } from "./unheard.ts"

/** What is reported of a program, and what it gives. */
async function reports(body: string, given: Record<string, unknown> = {}): Promise<[string[], unknown]> {
  const seen: string[] = []
  const report = (id: string, text: string) => seen.push(`${id.slice(id.indexOf("-") + 1)} ${text.split("\n")[0]}`)
  const host = new LocalHost({ clock: new VirtualClock(), report })
  const source = `function* fails(ms = 1) { yield* sleep(ms); throw new TypeError("boom") } function* main() { ${body} }`
  const main = program<() => Resumable<unknown>>(source, "main", given)
  const value = await host.run(main()).catch((error: unknown) => (error as Error).message)
  for (let i = 0; i < 3; i++) await new Promise(setImmediate)
  return [seen, value]
}

describe("a fiber that fails and that nobody joins", () => {
  test("is reported once, with its name and error", async () => {
    expect(await reports("yield* spawn(fails(), { name: 'helper' }); yield* sleep(5); return 1")).toEqual([
      ["0.2 helper: TypeError: boom"],
      1,
    ])
  })
  test("is reported though it fails when all others have ended, and though it never stopped", async () => {
    expect(await reports("yield* spawn(fails(50)); return 1")).toEqual([["0.2 fails: TypeError: boom"], 1])
    const source =
      "function* quick() { throw new RangeError('at once') } yield* spawn(quick()); yield* sleep(5); return 1"
    expect(await reports(source)).toEqual([["0.2 quick: RangeError: at once"], 1])
  })
  test("is reported with the causes of its error, so many of them", async () => {
    const seen: string[] = []
    const host = new LocalHost({ clock: new VirtualClock(), report: (_, text) => seen.push(text) })
    const source = `function* fails() { yield* sleep(1); let error = new Error("0")
      for (let i = 1; i < 9; i++) error = new Error(String(i), { cause: error }); throw error }`
    await host.run(program<() => Resumable<void>>(`${source} function* main() { yield* spawn(fails()) }`, "main")())
    for (let i = 0; i < 3; i++) await new Promise(setImmediate)
    const lines = seen
      .join("\n")
      .split("\n")
      .filter(line => line.includes("Error: "))
    expect(lines).toEqual(["fails: Error: 8", ...[7, 6, 5, 4].map(i => `[cause]: Error: ${i}`)])
  })
  test("is not reported if it is joined, however late, or if it was interrupted", async () => {
    expect(await reports("const child = yield* spawn(fails()); yield* child.join()")).toEqual([[], "boom"])
    const late =
      "const child = yield* spawn(fails()); yield* sleep(9); try { yield* child.join() } catch (e) { return e.message }"
    expect(await reports(late)).toEqual([[], "boom"])
    expect(
      await reports("const child = yield* spawn(fails(90)); yield* child.interrupt(); yield* sleep(5); return 1"),
    ).toEqual([[], 1])
  })
  test("is reported to ordinary code, which sees nothing of any fiber's variables", async () => {
    const tenant = new ContextVar("unheard", { default: "none" })
    const seen: unknown[] = []
    const host = new LocalHost({ report: () => seen.push(currentFiber(), tenant.get()) })
    const source = "function* fails() { tenant.set('its own'); yield* sleep(1); throw new Error('boom') }"
    const main = program<() => Resumable<void>>(
      `${source} function* main() { yield* spawn(fails()); tenant.set("the parent's"); yield* sleep(3) }`,
      "main",
      { tenant },
    )
    await host.run(main())
    for (let i = 0; i < 3; i++) await new Promise(setImmediate)
    expect(seen).toEqual([null, "none"])
  })
  test("whoever started it is told by its promise, and by nothing else", async () => {
    expect(await reports("yield* sleep(1); throw new Error('mine')")).toEqual([[], "mine"])
  })
})

test("is reported with the place where it was spawned, if that was asked for", async () => {
  const texts: string[] = []
  const host = new LocalHost({ clock: new VirtualClock(), report: (_, text) => texts.push(text) })
  const source = `function* fails() { yield* sleep(1); throw new TypeError("boom") }
    function* main() { yield* spawn(fails(), { trackOrigin: 1 }); yield* sleep(5); yield* spawn(fails()); return 1 }`
  await host.run(program<() => Resumable<unknown>>(source, "main")()).catch(() => {})
  for (let i = 0; i < 3; i++) await new Promise(setImmediate)
  const [asked, other] = texts
  expect(asked).toMatch(/^fails: TypeError: boom[\s\S]*\n {2}spawned at\n {4}at main \(.*:\d+:\d+\)$/)
  expect(other).not.toContain("spawned at")
})

test("is reported though its handle is held, when nobody has joined it for five to ten seconds", () => {
  const seen: string[] = []
  const timers: { readonly pause: number; readonly callback: () => void }[] = []
  const unheard = new Unheard(
    (id, text) => seen.push(`${id.slice(id.indexOf("-") + 1)} ${text.split("\n")[0]}`),
    (pause, callback) => timers.push({ pause, callback }),
  )
  const passes = () => timers.shift()?.callback()
  const failed = (id: string) => {
    const fiber = {
      id,
      name: "held",
      context: new Context(),
      hasFailed: true,
      outcome: { kind: "failed", error: new Error(`of ${id}`) },
    } as unknown as FiberState
    unheard.ended(fiber)
    return fiber
  }
  const [first, second] = [failed("0.1"), failed("0.2")]
  expect(timers.map(({ pause }) => pause)).toEqual([5000])
  unheard.heard(second)
  const third = failed("0.3") // too late for that timer
  passes()
  expect(seen).toEqual(["0.1 held: Error: of 0.1"])
  unheard.ended(first) // once
  passes()
  expect(seen).toEqual(["0.1 held: Error: of 0.1", "0.3 held: Error: of 0.3"])
  expect(timers).toEqual([])
  unheard.heard(third)
  failed("0.4")
  passes()
  passes()
  expect([seen.length, timers.length]).toEqual([3, 0])
})

test("whatever is thrown, a proxy that answers nothing too, ends its fiber and no more", async () => {
  const trap = (): never => {
    throw new Error("do not ask")
  }
  const traps = Object.fromEntries(Object.getOwnPropertyNames(Reflect).map(name => [name, trap]))
  const hostile = new Proxy(() => {}, traps)
  const given = { hostile: () => hostile }
  const [seen, message] = await reports("yield* sleep(1); throw hostile()", given)
  expect([seen, message]).toEqual([[], expect.stringContaining("cannot be handed over")])
  const child =
    "function* throws() { yield* sleep(1); throw hostile() } yield* spawn(throws()); yield* sleep(5); return 'fine'"
  expect(await reports(child, given)).toEqual([["0.2 throws: (an error without text)"], "fine"])
})
