import { describe, expect, test } from "vitest"
import { program } from "../../../../test/semantics/program.ts"
import type { Resumable } from "../types.ts"
import { VirtualClock } from "./clock.ts"
import { LocalHost } from "./local-host.ts"

const host = () => new LocalHost({ clock: new VirtualClock() })
type Name = "twice" | "viaLoops" | "viaNative" | "spawns" | "handles" | "cleansUp" | "within"
type Made = Record<Name, (...args: unknown[]) => Resumable<unknown>>
const { twice, viaLoops, viaNative, spawns, handles, cleansUp, within } = program<Made>(
  `function* down(count) { count.calls++; yield* down(count) }
   function* fiber() { const count = { calls: 1 }; try { yield* down(count) } catch (e) { return [e.name, e.code, count.calls] } }
   function* twice() { return [(yield* fiber())[2], (yield* fiber())[2]] }
   function* loops(count) { count.calls++; for (const _ of loops(count)); }
   function* viaLoops() { const count = { calls: 1 }; try { for (const _ of loops(count)); } catch (e) { return [e.name, count.calls] } }
   function* natively(count) { count.calls++; Array.from(natively(count)) }
   function* viaNative() { const count = { calls: 1 }; try { Array.from(natively(count)) } catch (e) { return [e.name, count.calls] } }
   function* spawns(n) { if (n > 0) return yield* spawns(n - 1); const child = yield* spawn(fiber()); return yield* child.join() }
   function* further(n) { try { return yield* further(n + 1) } catch (e) { return [e.name, n] } }
   function* handles(seen) { try { yield* handles(seen) } catch (e) { if (seen.length === 0) seen.push(...yield* further(1)); throw e } }
   function* cleansUp(seen) { try { yield* cleansUp(seen) } finally { if (seen.length === 0) seen.push(...yield* further(1)) } }
   function* within(how, seen) { try { yield* how(seen) } catch (e) { seen.push(e.name) } return seen }`,
  "({ twice, viaLoops, viaNative, spawns, handles, cleansUp, within })",
)

describe("the limit of recursion", () => {
  test("is met at the same depth again after it was caught", async () => {
    expect(await host().run(twice(), { recursionLimit: 500 })).toEqual([499, 499])
  })

  test("counts the calls of computations that iterate one another, of compiled and of native code", async () => {
    expect(await host().run(viaLoops(), { recursionLimit: 50 })).toEqual(["RecursionLimitError", 50])
    expect(await host().run(viaNative(), { recursionLimit: 50 })).toEqual(["RecursionLimitError", 50])
  })

  test("is inherited, and a child may have another one; its depth is its own", async () => {
    const limited = { recursionLimit: 60 }
    expect(await host().run(spawns(40), limited)).toEqual(["RecursionLimitError", "ROVE_RECURSION_LIMIT", 60])
  })

  test.each([
    ["a catch", handles],
    ["a finally", cleansUp],
  ])("leaves those who handle its error, in %s, some frames more, and no more than those", async (_, how) => {
    const seen = (await host().run(within(how, []), { recursionLimit: 50 })) as unknown[]
    expect(seen).toEqual(["RecursionLimitError", 64, "RecursionLimitError"])
  })
})
