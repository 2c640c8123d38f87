/**
 * Random functions that spawn, join, assign and branch. Where the compiler says "is assigned after the spawn" as an error,
 * some run of the same statements does assign while the child may be running.
 */
import fc from "fast-check"
import { expect, test } from "vitest"
import { compile } from "../compile.ts"
import { CompileError } from "../diagnostics.ts"

type Statement =
  | { readonly type: "spawn" | "join" | "assign" | "return" | "throw" | "break" | "yield" }
  | { readonly type: "if" | "while" | "for" | "try" | "catch" | "switch"; readonly parts: readonly Statement[][] }

const { statement } = fc.letrec<{ statement: Statement; list: Statement[] }>(tie => ({
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    {
      weight: 5,
      arbitrary: fc.record({ type: fc.constantFrom("spawn", "spawn", "assign", "assign", "join", "yield") }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constantFrom("return", "throw", "break") }) },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constantFrom("if", "while", "for", "try", "catch", "switch"),
        parts: fc.tuple(tie("list"), tie("list")),
      }),
    },
  ) as fc.Arbitrary<Statement>,
  list: fc.array(tie("statement"), { maxLength: 4 }),
}))

/** One statement a line; the same lines for the compiler and to be run. */
class Writer {
  readonly source: string[] = []
  readonly run: string[] = []
  add(source: string, run = source): void {
    this.source.push(source)
    this.run.push(run)
  }

  list(statements: readonly Statement[], handles: readonly number[], breakable: boolean): void {
    const own = [...handles]
    for (const s of statements) {
      const line = this.source.length
      if (s.type === "spawn") {
        this.add(`const a${line} = yield* spawn(g())`, `const a${line} = spawned(${line})`)
        own.push(line)
      } else if (s.type === "join") {
        const of = own.at(-1)
        if (of !== undefined) this.add(`yield* a${of}.join()`, `joined(a${of})`)
      } else if (s.type === "assign") this.add(`n = ${line}`, `assigned(${line})`)
      else if (s.type === "yield") this.add("yield 1", "")
      else if (s.type === "return") this.add("return")
      else if (s.type === "throw") this.add("throw 0")
      else if (s.type === "break") this.add(breakable ? "break" : "")
      else if ("parts" in s) this.construct(s.type, s.parts as readonly Statement[][], own, breakable)
    }
  }

  construct(type: string, [a = [], b = []]: readonly Statement[][], handles: readonly number[], breakable: boolean) {
    const part = (head: string, statements: readonly Statement[], inner = breakable) => {
      this.add(head)
      this.list(statements, handles, inner)
    }
    if (type === "if") part(`if (${["c()", "p", "!p", "q"][this.source.length % 4]}) {`, a)
    else if (type === "while") part("while (c()) {", [...a, ...b], true)
    else if (type === "for") part("for (let i = 0; i < 2; i++) {", [...a, ...b], true)
    else if (type === "switch") part("switch (c()) { case true: {", a, true)
    else part("try {", [{ type: "yield" }, ...a])
    if (type === "if") part("} else {", b)
    else if (type === "switch") part("} default: {", b, true)
    else if (type === "try") part("} finally {", b)
    else if (type === "catch") part("} catch {", b)
    this.add(type === "switch" ? "} }" : "}")
  }
}

/** Pairs of lines that ran, and assignments that ran while the child of a spawn was there. */
function runs(lines: readonly string[]): { ran: Set<number>; seen: Set<number> } {
  const ran = new Set<number>()
  const seen = new Set<number>()
  const body = new Function("c", "p", "q", "spawned", "joined", "assigned", lines.join("\n"))
  for (let seed = 1; seed < 300; seed++) {
    let state = seed * 2654435761
    let steps = 0
    const alive = new Set<object>()
    const c = () => {
      if (++steps > 50) throw new Error("enough")
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      return ((state >>> 16) & 1) === 1
    }
    const spawned = (line: number) => {
      ran.add(line)
      const child = {}
      alive.add(child)
      return child
    }
    const assigned = (line: number) => {
      ran.add(line)
      if (alive.size > 0) seen.add(line)
    }
    try {
      body(c, seed % 2 === 0, seed % 4 < 2, spawned, (child: object) => alive.delete(child), assigned)
    } catch {}
  }
  return { ran, seen }
}

function errors(source: string): { line: number; spawn: number }[] {
  try {
    compile(source, "a.js")
    return []
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return error.diagnostics.map(d => {
      expect(d.code).toBe("ROVE_COPIED_VARIABLE")
      return { line: d.line - 2, spawn: Number(/the spawn at (\d+)/.exec(d.message)?.[1]) - 2 }
    })
  }
}

test("an assignment that is called an error does come after the spawn in some run", { timeout: 120_000 }, () => {
  let told = 0
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 6 }), statements => {
      const writer = new Writer()
      writer.list(statements, [], false)
      const head =
        '"use fibers"; import { spawn } from "rove"; export function* f(c, p, q) { let n = 0; function* g() { return n }\n'
      const found = errors(`${head}${writer.source.join("\n")}\n}`)
      if (found.length === 0) return
      const { ran, seen } = runs(writer.run)
      for (const { line, spawn } of found) {
        if (!ran.has(line) || !ran.has(spawn)) continue // dead code
        told++
        expect(seen.has(line), writer.source.join("\n")).toBe(true)
      }
    }),
    { numRuns: 1000 },
  )
  expect(told).toBeGreaterThan(100)
})
