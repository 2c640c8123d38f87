/** Names and functions that met the runtime's own once. */
import { LocalHost } from "@rove/fibers"
import { expect, test } from "vitest"
import { program } from "./program.ts"

type Make = () => Generator<never, unknown, unknown>
const run = (source: string) => new LocalHost().run(program<Make>(source, "main")())

test("locals may be called like the fields of a frame", async () => {
  const source = `function* main() {
    let pc = 0, caller = "me", closure = 3, constructor = 4
    for (let k = 0; k < 10; k++) { pc += k; yield* sleep(0) }
    return [pc, caller, closure, constructor]
  }`
  expect(await run(source)).toEqual([45, "me", 3, 4])
})

test("yield* of what an inner ordinary function gives is delegation", async () => {
  const source = `function* k() { yield* sleep(0); return "k" }
    function* main() { const f = () => k(); const o = { g() { return k() } }; return [yield* f(), yield* o.g(), yield* (() => [1])()] }`
  expect(await run(source)).toEqual(["k", "k", undefined])
})

test("generator methods may name their own class", async () => {
  const source = `class P { *it() { yield* sleep(0); return P.name } static *at() { return P.name } }
    function* main() { class Q { *it() { return Q.name } } return [yield* new P().it(), yield* P.at(), yield* new Q().it()] }`
  expect(await run(source)).toEqual(["P", "P", "Q"])
})

test("a receiver that nobody reads is not handed over", async () => {
  const socket = { f: program<Make>("function* main() { return 1 }", "main"), open: () => {} }
  expect(await new LocalHost().run(socket.f())).toBe(1)
})
