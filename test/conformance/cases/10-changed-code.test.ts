/** Part 18: a function changes between the save of a frame and its resumption. */
import { type ChangePolicy, CodeChangedError, decode, encode, type OldFrame, type StoppedFiber } from "@rove/core"
import { LocalHost, type Resumable, VirtualClock } from "@rove/fibers"
import { describe, expect, test } from "vitest"
import { program } from "../../semantics/program.ts"

type Main = () => Resumable<unknown>
const evaluate = (source: string) => program<Main>(source, "main")

/** Runs `before` to its first stop, and goes on with it as `after`. */
async function across(before: string, after: string, changed: ChangePolicy = "refuse"): Promise<unknown> {
  const host = new LocalHost({ clock: new VirtualClock() })
  const leg = await host.start(evaluate(before)())
  if (leg.done) throw new Error("it did not stop")
  const { bytes } = encode(leg.fiber)
  evaluate(after)
  const end = await host.proceed<unknown>(decode(bytes, { changed }) as StoppedFiber)
  if (!end.done) throw new Error("it stopped again")
  return end.value
}

/** What is refused, and why. */
async function refusal(before: string, after: string, changed: ChangePolicy = "refuse"): Promise<CodeChangedError> {
  const error: unknown = await across(before, after, changed).catch(error => error)
  expect(error).toMatchObject({ code: "ROVE_CODE_CHANGED" })
  if (error instanceof CodeChangedError) return error
  throw error
}

const main = (body: string) => `function* main() { ${body} }`
const base = main("let n = 1; for (const x of [1, 2]) { n += x; if (x === 1) { yield* suspend() } } return ['end', n]")

/** By what changed: the new text, and what the old frame gives there (as "compatible" has it); null for a refusal. */
const changes: Record<string, { readonly after: string; readonly gives: unknown; readonly says?: RegExp }> = {
  "a line before the point": { after: base.replace("let n", "const early = 1; let n"), gives: ["end", 4] },
  "a line behind the point": { after: base.replace("return", "n *= 10; return"), gives: ["end", 40] },
  "the text of the end": { after: base.replace("'end'", "'new end'"), gives: ["new end", 4] },
  "a condition around the point": { after: base.replace("x === 1", "x < 2"), gives: ["end", 4] },
  "another stop of other words": { after: base.replace("let n", "yield* sleep(1); let n"), gives: ["end", 4] },
  "a renamed local": {
    after: base.replace(/\bn\b/g, "m"),
    gives: null,
    says: /no more: n\n.*new: m/,
  },
  "a local that is needed now": {
    after: base.replace("let n = 1", "let n = 1, extra = 5").replace("return", "n += extra; return"),
    gives: null,
    says: /live locals there that are new: extra/,
  },
  "a local that is needed no more": {
    after: base.replace("['end', n]", "'end'").replace("n += x;", ""),
    gives: null,
    says: /live locals there that are no more: n/,
  },
  "the loop around it was taken away": {
    after: main("let n = 1; { const x = 1; n += x; yield* suspend() } return ['end', n]"),
    gives: null,
    says: /no more: \$cursor\n.*it stood in loop, and now in no try or loop/,
  },
  "a while in place of the for-of": {
    after: main("let n = 1, x = 0; while (x++ < 2) { n += x; if (x === 1) { yield* suspend() } } return ['end', n]"),
    gives: null,
    says: /no more: \$cursor\n.*new: x/,
  },
  "a try around it": {
    after: base.replace("yield* suspend()", "try { yield* suspend() } catch {}"),
    gives: null,
    says: /it stood in loop, and now in loop › try/,
  },
  "a finally around it": {
    after: base.replace("yield* suspend()", "try { yield* suspend() } finally { n++ }"),
    gives: null,
    says: /now in loop › try-finally/,
  },
  "one more stop of the same words": {
    after: base.replace("let n", "yield* suspend(); let n"),
    gives: null,
    says: /stood at "yield\* suspend" \(line 1\), which it has no more/,
  },
  "the stop was taken away": {
    after: base.replace("yield* suspend()", "n++"),
    gives: null,
    says: /which it has no more/,
  },
}

describe("what does not change a function's hash is no change", () => {
  const cases: Record<string, string> = {
    formatting: base.replaceAll(";", ";\n\n"),
    "a comment": base.replace("let n", "/* where it counts */ let n // from one\n"),
    "another function above it, with the same names": `function* other() { let n = 1; for (const x of [1]) yield n + x }\n${base}`,
    "a variable of the module with the same name": `const n = 5\n${base}`,
  }
  test.each(Object.entries(cases))("%s", async (_, after) => {
    expect(await across(base, after)).toEqual(["end", 4])
  })
})

describe("refuse, the default, takes nothing that changed and says what did", () => {
  test.each(Object.entries(changes))("%s", async (_, { after, gives, says }) => {
    const { message, changes } = await refusal(base, after)
    expect(message).toMatch(/src\/program\.js#main: its hash was \S+ and is \S+/)
    if (says !== undefined) expect(message).toMatch(says)
    expect(changes.map(change => change.compatible)).toEqual([gives !== null])
    expect(message.includes('`changed: "compatible"` takes it')).toBe(gives !== null)
  })
})

describe("compatible takes what the frame can stand in", () => {
  test.each(Object.entries(changes))("%s", async (_, { after, gives }) => {
    if (gives === null) await refusal(base, after, "compatible")
    else expect(await across(base, after, "compatible")).toEqual(gives)
  })

  test("every frame is looked at, and all that differ are named", async () => {
    const inner = "function* inner(k) { yield* suspend(); return k }"
    const before = `${inner} function* main() { return yield* inner(7) }`
    const after = `${inner.replace("return k", "return [k]")} function* main() { return [yield* inner(7)] }`
    expect(await across(before, after, "compatible")).toEqual([[7]])
    const { changes } = await refusal(before, after)
    expect(changes.map(change => change.function)).toEqual(["src/program.js#inner", "src/program.js#main"])
  })

  test("a local that only holds numbers now is given nothing else", async () => {
    const before = main("let sum = ''; yield* suspend(); for (let i = 0; i < 3; i++) sum += i; return sum")
    const after = before.replace("sum = ''", "sum = 0")
    expect(await across(before, before.replace("return sum", "return [sum]"), "compatible")).toEqual(["012"])
    expect(await across(after, after.replace("return sum", "return [sum]"), "compatible")).toEqual([3])
    const { changes, message } = await refusal(before, after, "compatible")
    expect(changes).toMatchObject([{ numbers: ["sum"], compatible: false }])
    expect(message).toMatch(/live locals there that are always numbers now, and are none in it: sum$/)
    const given = (sum: unknown) => across(before, after, (_, { point }) => ({ point, locals: { sum } }))
    expect(await given(-0)).toBe(3)
    await expect(given("5")).rejects.toThrow(
      'the migration of src/program.js#main is wrong: at "yield* suspend" the locals "sum" are always numbers, but something else was given',
    )
  })

  test("a closure is made by the new text if it captures the same", async () => {
    const before = main("let n = 1; const next = () => ++n; yield* suspend(); return [next(), n]")
    expect(await across(before, before.replace("++n", "(n += 10)"), "compatible")).toEqual([11, 11])
    const other = before.replace("++n", "++n + m").replace("let n = 1", "let n = 1, m = 5; m++")
    const { message } = await refusal(before, other, "compatible")
    expect(message).toMatch(/captured variables that are new: m/)
  })
})

describe("migrate gives a frame of the new function for one of the old", () => {
  const renamed = main(
    "let count = 1; for (const x of [1, 2]) { count += x; if (x === 1) yield* suspend() } return ['end', count]",
  )
  const rename: ChangePolicy = (_, { point, locals: { n, ...rest } }: OldFrame) => ({
    point,
    locals: { ...rest, count: n },
  })

  test("a renamed local", async () => {
    expect(await across(base, renamed, rename)).toEqual(["end", 4])
  })

  test("it sees the function as it is and the frame as it was, with its values complete", async () => {
    const before = main("const list = [{ deep: ['value'] }]; yield* suspend(); return list")
    const seen: unknown[] = []
    await across(before, before.replace("return list", "return [list]"), (fn, frame) => {
      seen.push([fn.name, fn.points.map(({ id }) => id), frame.point, frame.line, frame.path])
      return { point: "yield* suspend", locals: { list: [...(frame.locals.list as unknown[]), "more"] } }
    }).then(value => seen.push(value))
    expect(seen).toEqual([
      ["main", ["start", "yield* suspend"], "yield* suspend", 1, []],
      [[{ deep: ["value"] }, "more"]],
    ])
  })

  test("null refuses the record; a point or locals that do not fit are an error that lists what there is", async () => {
    await refusal(base, renamed, () => null)
    const wrong = (made: { point: string; locals: Record<string, unknown> }) => across(base, renamed, () => made)
    await expect(wrong({ point: "yield* nowhere", locals: {} })).rejects.toThrow(
      'the migration of src/program.js#main is wrong: there is no point "yield* nowhere"; it has "start", "leave", "for-of", "yield* suspend"',
    )
    await expect(wrong({ point: "yield* suspend", locals: { n: 1 } })).rejects.toThrow(
      /the locals .*"count".* are live, but "n" were given/,
    )
  })
})
