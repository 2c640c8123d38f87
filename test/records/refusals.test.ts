/** A fiber whose save is refused: the path to what is in the way, no trap or text of the program's own run for it, and the fiber goes on. */
import { LocalHost, VirtualClock } from "@rove/fibers"
import { expect, test } from "vitest"
import { program } from "../semantics/program.ts"

const traps: string[] = []
/** A Proxy each of whose traps is told. */
function watched(target: object): object {
  const told = (_: object, name: PropertyKey) => {
    traps.push(String(name))
    return undefined
  }
  return new Proxy(target, new Proxy({}, { get: told }))
}

/** What is said when a fiber is saved that holds what the text gives; it goes on behind that. */
async function refusal(text: string): Promise<unknown> {
  const { holds } = program<{ holds: () => never }>(
    `function* holds() { const box = ${text}; yield* sleep(5); return typeof box }`,
    "({ holds })",
    { watched },
    { id: "src/refusals.js" },
  )
  const handle = new LocalHost({ clock: new VirtualClock(0) }).run(holds())
  for (let i = 0; i < 20; i++) await null // until it stands
  traps.length = 0
  const said: unknown = await handle.snapshot().catch(error => error as unknown)
  expect(traps).toEqual([])
  expect(await handle).toMatch(/^(object|function)$/)
  return said
}

const bodies: Record<string, string> = {
  ".prototype": "const f = function* () { yield 1 }; f.prototype = watched({}); return f",
  ".prototype › [[Prototype]]":
    "const f = function* () { yield 1 }; Object.setPrototypeOf(f.prototype, watched({})); return f",
  "[[Prototype]]": "const f = () => 1; Object.setPrototypeOf(f, watched(Function.prototype)); return f",
  ".prototype › .constructor": "const f = function () {}; f.prototype.constructor = watched(f); return f",
  ".prototype › get .a":
    "const f = function () {}; Object.defineProperty(f.prototype, 'a', { get: watched(f) }); return f",
  "its class › .prototype › [[Prototype]]":
    "class A {} Object.setPrototypeOf(A.prototype, watched({})); return new A()",
  ".prototype › .m": "class A { m() {} } A.prototype.m = watched(() => {}); return A",
}
for (const [path, body] of Object.entries(bodies))
  test(`names the path to a Proxy that a function made in a generator leads to: ${path}`, async () => {
    const { message, code } = (await refusal(`(() => { ${body} })()`)) as { message: string; code: string }
    expect([code, message.replace(/^.* › local box › /, "")]).toEqual([
      "ROVE_NOT_PORTABLE",
      `${path}: a Proxy is not portable`,
    ])
  })

test("names an error whose stack the program's own prepareStackTrace cannot write", async () => {
  const cause = new TypeError("no text")
  const before = Error.prepareStackTrace
  const text = "Object.assign(new Error('unwritten'), { code: 7 })"
  Error.prepareStackTrace = (error, ...more) => {
    if (error.message === "unwritten") throw cause
    return before?.(error, ...more) ?? String(error)
  }
  try {
    expect(await refusal(text)).toMatchObject({
      code: "ROVE_NOT_PORTABLE",
      message: expect.stringMatching(/ › local box › \.stack: its text could not be written/),
      cause,
    })
  } finally {
    Error.prepareStackTrace = before
  }
})

test("what a generator function's prototype object inherits from instead moves along", async () => {
  const text = `function* f(base) { const g = function* () { yield 1 }; Object.setPrototypeOf(g.prototype, base); yield* sleep(5)
    const own = Object.getPrototypeOf(g.prototype); return [own && own.hi, g().hi] }`
  const { f } = program<{ f: (base: unknown) => never }>(text, "({ f })", {}, { id: "src/heirs.js" })
  const ends = async (base: unknown): Promise<unknown> => {
    const handle = new LocalHost({ clock: new VirtualClock(0) }).run(f(base))
    handle.catch(() => {})
    for (let i = 0; i < 20; i++) await null // until it stands
    return await new LocalHost({ clock: new VirtualClock(0) }).resume(await handle.record())
  }
  expect([await ends({ hi: 6 }), await ends(null)]).toEqual([
    [6, 6],
    [null, undefined],
  ])
})
