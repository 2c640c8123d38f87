/** What records and `stack()` show of compiled functions: variables by the program's names, as the program sees them. */
import { type CodeChangedError, FiberRecord } from "@rove/core"
import { type FiberHandle, LocalHost, type Resumable, VirtualClock } from "@rove/fibers"
import { describe, expect, test } from "vitest"
import { program } from "../semantics/program.ts"

const here = () => new LocalHost({ clock: new VirtualClock() })
const modules = { count: 0 }
const make = (body: string, id = `src/inspected${++modules.count}.js`) =>
  program<(...args: unknown[]) => Resumable<unknown>>(`function* main(...args) { ${body} }`, "main", {}, { id })
const settled = async () => {
  for (let i = 0; i < 20; i++) await null
}

async function asleep(body: string, ...args: unknown[]): Promise<{ readonly handle: FiberHandle<unknown> }> {
  const handle = here().run(make(body)(...args))
  handle.catch(() => {})
  await settled()
  return { handle }
}
const texts = (variables: readonly { readonly name: string; readonly text: string }[] = []) =>
  variables.map(({ name, text }) => `${name} = ${text}`)
/** Of the youngest frame, by `stack()` and by a record that went through bytes. */
async function bothWays(body: string, ...args: unknown[]) {
  const { handle } = await asleep(body, ...args)
  const [seen] = await handle.stack()
  const record = new FiberRecord(structuredClone((await handle.record()).bytes))
  return { seen, recorded: record.toJSON().frames[0], text: String(record) }
}

describe("what a frame shows", () => {
  test("of a variable that a closure assigns is its value, and an object that looks like its cell stays one", async () => {
    const { seen, recorded, text } = await bothWays(
      "let n = 5; const own = { v: 1 }; const add = () => ++n; add(); yield* sleep(10); return [n, add(), own]",
    )
    for (const frame of [seen, recorded])
      expect(texts(frame?.locals)).toEqual(expect.arrayContaining(["n = 6", "own = { v }"]))
    expect(text).toMatch(/^ {6}n = 6 \(\d+ bytes?\)$/m)
  })

  test("of a parameter that a closure assigns is what was given, also if that looks like a cell itself", async () => {
    const { seen, recorded } = await bothWays(
      "function* inner(p) { const set = () => { p = 2 }; yield* sleep(10); set(); return p } return yield* inner({ v: { v: 3 } })",
    )
    for (const frame of [seen, recorded]) expect(texts(frame?.locals)).toContain("p = { v }")
  })

  test("is nothing that the compiler added in `stack()`; in records that is one line, and $names of the program are not", async () => {
    const { seen, recorded, text } = await bothWays(
      "const $_kept = 1, $1 = 2, $key = 3; for (const [k] of new Map([[1, 2]])) { yield* sleep(10); args.push(k, $_kept, $1, $key, yield* sleep(1)) } return args",
    )
    const names = seen?.locals.map(({ name }) => name) ?? []
    expect(names.toSorted()).toEqual(["$1", "$_kept", "$key", "args", "k"])
    expect(recorded?.locals.map(({ name }) => name).filter(name => !names.includes(name))).not.toEqual([])
    expect(text).toMatch(/^ {6}\$_kept = 1 /m)
    expect(text.match(/the compiler's own/g)).toHaveLength(1)
  })

  test("are the variables that its closure captured, by their names and out of their cells", async () => {
    const { seen, recorded, text } = await bothWays(`
      const list = [1, 2], own = { v: 1 }
      let n = 5
      return yield* deadline(1000, function* () {
        for (let i = 0; i < 3; i++) { yield* sleep(10); list.push(i); n++ }
        return [list, n, own]
      })`)
    for (const frame of [seen, recorded]) {
      expect(texts(frame?.locals)).toEqual(["i = 0"])
      expect(texts(frame?.captured).sort()).toEqual(["list = Array(2)", "n = 5", "own = { v }"])
    }
    expect(text).toMatch(/^ {6}captured n = 5 \(\d+ bytes?\)$/m)
  })
})

test("a function that has changed is named once, though the record has its frame and its closure", async () => {
  const body = (sum: string) =>
    `const list = [1]; return yield* scope(function* inside() { yield* sleep(10); return ${sum} })`
  const id = "src/inspected-changed.js"
  const handle = here().run(make(body("list"), id)())
  handle.catch(() => {})
  await settled()
  const { bytes } = await handle.record()
  make(body("[list]"), id)
  const error = await here()
    .resume(new FiberRecord(bytes))
    .then(
      () => null,
      (e: unknown) => e as CodeChangedError,
    )
  expect(error).toMatchObject({ code: "ROVE_CODE_CHANGED" })
  const named = error?.changes.map(change => change.function) ?? []
  expect(named.filter(name => name.endsWith("inside"))).toHaveLength(1)
  expect(error?.message.match(/inside: its hash/g)).toHaveLength(1)
  expect(error?.message).toContain('stands at "yield* sleep"')
})
