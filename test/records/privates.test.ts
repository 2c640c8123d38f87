/** Private members in records: carried by name, compared with the class as it is, and shown without it. */
import { clone, FiberRecord } from "@rove/core"
import { LocalHost, type Resumable, VirtualClock } from "@rove/fibers"
import { describe, expect, test } from "vitest"
import { program } from "../semantics/program.ts"

const main = "function* main() { const p = new P(); yield* sleep(1); return p.seen() }"
const seen = "seen() { return [this.#low, this.#high] }"
const before = `class P { #low = 1; #high = 100; ${seen} }`

/** The program with that class, now in place of what the module was. */
function withClass(text: string): () => Resumable<unknown> {
  return program(`${text} ${main}`, "main", {}, { id: "src/privates.js" })
}
/** As another process would have it. */
async function recorded(make: () => Resumable<unknown>): Promise<FiberRecord> {
  const handle = new LocalHost({ clock: new VirtualClock() }).run(make())
  handle.catch(() => {})
  for (let i = 0; i < 20; i++) await null // until it sleeps: with a virtual clock, timers do not fire within microtasks
  return new FiberRecord(structuredClone((await handle.record()).bytes))
}
async function resumed(was: string, is: string, changed?: "compatible"): Promise<unknown> {
  const record = await recorded(withClass(was))
  withClass(is)
  const host = new LocalHost({ clock: new VirtualClock() })
  return await host.resume(record, changed === undefined ? {} : { changed }).catch(error => error)
}

describe("private fields", () => {
  test("keep their values when the source has them in another order", async () => {
    expect(await resumed(before, before)).toEqual([1, 100])
    expect(await resumed(before, `class P { #high = 7; #low = 8; ${seen} }`)).toEqual([1, 100])
  })

  test("of other names refuse the record under every policy, with the class and what differs", async () => {
    const renamed = "class P { #low = 1; #top = 100; seen() { return [this.#low, this.#top] } }"
    for (const policy of [undefined, "compatible"] as const) {
      const error = (await resumed(before, renamed, policy)) as Error
      expect(error).toMatchObject({
        code: "ROVE_CODE_CHANGED",
        changes: [
          { function: "src/privates.js#P", fields: { added: ["#top"], removed: ["#high"] }, compatible: false },
        ],
      })
      expect(error.message).toMatch(/class src\/privates\.js#P.*\n.*no more: #high\n.*new: #top$/)
    }
  })

  test("one more, one less, or none of them left refuse it too", async () => {
    const more = `class P { #low = 1; #high = 100; #mid = 5; ${seen} middle() { return this.#mid } }`
    const fewer = "class P { #low = 1; seen() { return this.#low } }"
    const none = "class P { seen() {} }"
    const fieldsOf = async (is: string) => ((await resumed(before, is)) as { changes: { fields: unknown }[] }).changes
    expect(await fieldsOf(more)).toMatchObject([{ fields: { added: ["#mid"], removed: [] } }])
    expect(await fieldsOf(fewer)).toMatchObject([{ fields: { added: [], removed: ["#high"] } }])
    expect(await fieldsOf(none)).toMatchObject([{ fields: { added: [], removed: ["#low", "#high"] } }])
  })

  test("that a class has for the first time refuse its instances, those of its heirs too; what never had them is no instance", async () => {
    const plain = "class Base { base() { return 1 } } class P extends Base { seen() { return 2 } }"
    const own = "class Base { base() { return 1 } } class P extends Base { #x = 1; seen() { return this.#x } }"
    const inherited =
      "class Base { #x = 1; base() { return this.#x } } class P extends Base { seen() { return this.base() } }"
    const method = "class Base { base() { return 1 } } class P extends Base { #m() {} seen() { return this.#m() } }"
    const both = own.replace("class Base {", "class Base { #b = 1;")
    const change = (name: string, added: string) => [
      { function: `src/privates.js#${name}`, fields: { added: [added], removed: [] } },
    ]
    const changes = async (was: string, is: string, policy?: "compatible") =>
      ((await resumed(was, is, policy)) as { changes: unknown }).changes
    for (const policy of [undefined, "compatible"] as const) {
      expect(await changes(plain, own, policy)).toMatchObject(change("P", "#x"))
      expect(await changes(plain, inherited, policy)).toMatchObject(change("Base", "#x"))
      expect(await changes(plain, method, policy)).toMatchObject(change("P", "private methods"))
      expect(await changes(own, both, policy)).toMatchObject(change("Base", "#b"))
    }
    expect(await resumed(plain, plain)).toBe(2)
    const bare = (text: string) =>
      program(
        `${text} function* main() { const p = Object.create(P.prototype); yield* sleep(1); return p instanceof P }`,
        "main",
        {},
        { id: "src/bare.js" },
      ) as () => Resumable<unknown>
    const record = await recorded(bare(before))
    expect(await new LocalHost({ clock: new VirtualClock() }).resume(record)).toBe(true)
  })

  test("of a class and of what it extends are told apart, though they have the same name", async () => {
    const chain = (fields: string) =>
      `class Base { #x = 1; base() { return this.#x } } class P extends Base { ${fields} seen() { return [this.base(), this.#x, this.#y] } }`
    expect(await resumed(chain("#x = 2; #y = 3;"), chain("#y = 9; #x = 9;"))).toEqual([1, 2, 3])
  })

  test("are in a clone what they were", () => {
    const { P } = program<{ P: new () => { seen(): unknown } }>(before, "{ P }", {}, { id: "src/cloned.js" })
    expect(clone(new P()).seen()).toEqual([1, 100])
  })
})

test("a record shows instances with private members and generator methods without their class", async () => {
  const record = await recorded(withClass(before))
  expect(String(record)).toMatch(/p = src\/privates\.js#P \{ #low, #high \}/)
  const making = program<() => Resumable<unknown>>(
    "function* main() { class Q { #n = 1; *go() { yield* sleep(1); return this.#n } } return yield* new Q().go() }",
    "main",
    {},
    { id: "src/making.js" },
  )
  const { frames } = (await recorded(making)).toJSON()
  expect(frames.map(({ name }) => name)).toEqual(["go", "main"])
})
