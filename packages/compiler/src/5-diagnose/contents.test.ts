import { expect, test } from "vitest"
import { compile } from "../compile.ts"
import { CompileError, type Diagnostic } from "../diagnostics.ts"

const head = `"use fibers"
import { all, atomic, channel, detach, forEach, map, scope, sleep, spawn, timeout } from "rove"
function* work(x) {}
`

function told(statements: string): readonly Diagnostic[] {
  try {
    return compile(`${head}export function* f(c) { ${statements} }`, "src/a.js")?.diagnostics ?? []
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return [...error.diagnostics, ...error.warnings]
  }
}

const found = (statements: string): string[] =>
  told(statements).map(d => `${d.severity} ${d.code} ${/`(\w+)`/.exec(d.message)?.[1]}`)

test.each([
  ["pushed to", "const l = []; yield* (yield* spawn((function* () { l.push(1) })())).join(); return l"],
  ["assigned an element of", "const l = [0, 0]; function* g(i) { l[i] = 1 }; yield* all([g(0), g(1)]); return l"],
  ["added to", "const l = new Set(); yield* forEach([1], function* (x) { l.add(x) }); return l.size"],
  ["set in", "const l = new Map(); yield* map([1], function* (x) { l.set(x, 1) }); for (const x of l) c(x)"],
  ["deleted from", "const l = { a: 1 }; function* g() { delete l.a }; yield* spawn(g()); return c(l)"],
  ["given a property", "const l = {}; function* g() { l.a = 1 }; yield* spawn(g()); yield* sleep(1); return l.a"],
  ["counted up in", "let l = { n: 0 }; function* g() { l.n++ }; yield* detach(g()); if (c) return l.n"],
  ["assigned together", "const l = {}; function* g() { Object.assign(l, c) }; yield* all([g()]); return { ...l }"],
  ["spliced", "const l = [1]; function* g() { for (;;) l.splice(0, 1) }; yield* timeout(5, all([g()])); return l[0]"],
  ["deep inside", "const l = { a: { b: [] } }; function* g() { l.a.b.push(1) }; yield* spawn(g()); return l.a"],
  [
    "taken apart with its rest",
    "const l = { n: 0, a: 0 }; function* g() { l.n++ }; yield* spawn(g()); const { a, ...d } = l; return d",
  ],
  [
    "taken apart, the property too",
    "const l = { n: 0, a: 0 }; function* g() { l.n++ }; yield* spawn(g()); const { a, n: d } = l; return d",
  ],
  ["changed by a callback", "const l = []; function* g() { c.forEach(x => l.push(x)) }; yield* spawn(g()); return l"],
  [
    "changed by what it calls",
    "const l = []; const p = x => { l.push(x) }; yield* spawn((function* () { p(1) })()); return l",
  ],
  ["changed by another name", "const l = []; function* g() { const m = l; m.push(1) }; yield* spawn(g()); return l"],
  [
    "read in the turn of a loop",
    "for (const x of c) { const l = []; function* g() { l.push(x) }; yield* spawn(g()); c(l) }",
  ],
  [
    "changed by each fiber that starts others",
    "const l = new Set(); function* g(n) { l.add(n); for (const m of n) yield* spawn(g(m)) }; yield* g(c); return l.size",
  ],
])("a list or its like that fibers have copies of is not what the parent reads: %s", (_, statements) => {
  expect(found(statements)).toEqual(["warning ROVE_COPIED_VARIABLE l"])
})

test.each([
  ["not read afterwards", "const l = []; c(l); function* g() { l.push(1) }; yield* spawn(g())"],
  [
    "only changed afterwards",
    "const l = [], o = {}; function* g() { l.push(o.n = 1) }; yield* spawn(g()); l.push(2); o.n = 2; l.length = 0",
  ],
  ["only read there", "const l = [1]; function* g() { return l.length }; yield* spawn(g()); return l"],
  ["its own", "function* g() { const l = []; l.push(1); return l }; return yield* (yield* spawn(g())).join()"],
  [
    "returned by it",
    "const l = [1]; function* g() { l.push(2); return l }; const a = yield* spawn(g()); return [l, yield* a.join()]",
  ],
  [
    "returned by it in another one",
    "const l = [1]; function* g() { l.push(2); return [...l] }; const a = yield* spawn(g()); return [l, yield* a.join()]",
  ],
  [
    "sent by it",
    "const ch = channel(), l = []; function* g() { l.push(1); yield* ch.send(l) }; yield* spawn(g()); return l",
  ],
  [
    "other properties taken apart",
    "const l = { a: 0, b: 0, n: 0 }; function* g() { l.n++ }; yield* spawn(g()); const { a, 'b': d = 1 } = l; return a + d",
  ],
  [
    "another property",
    "const o = { a: 1, b: [] }; function* g() { o.a = 2; o['c'] = 1 }; yield* spawn(g()); return o.b",
  ],
  ["a setter", "const o = { set a(x) { c(x) } }; function* g() { o.a = 2 }; yield* spawn(g()); return o"],
  [
    "in the same fiber",
    "const l = []; function* g() { l.push(1) }; yield* g(); yield* scope(g); yield* timeout(5, g()); return l",
  ],
  ["by what makes the computations", "const l = []; yield* map([1], x => { l.push(x); return work(x) }); return l"],
  ["by an ordinary callback", "const l = []; yield* all([1].map(x => { l.push(x); return work(x) })); return l"],
  ["of unknown kind", "const l = c.list(); function* g() { l.push(1) }; yield* spawn(g()); return l"],
  ["of shared memory", "const l = new Int32Array(c); function* g() { l[0] = 1 }; yield* spawn(g()); return l[0]"],
  ["in the other branch", "const l = []; function* g() { l.push(1) }; if (c) yield* spawn(g()); else return l"],
  [
    "filled anew in each turn",
    "const l = []; function* g() { while (l.length) l.pop() }; for (const x of c) { l.push(x); if (l.length > 9) { yield* spawn(g()); l.length = 0 } }",
  ],
  [
    "an own one in each turn",
    "for (const x of c) { const l = []; c(l); function* g() { l.push(x) }; yield* spawn(g()) }",
  ],
  ["a parameter", "function* g(l) { l.push(1); return l }; const l = []; yield* spawn(g(l)); return l"],
  ["an instance", "class K { n = 0 }; const l = new K(); function* g() { l.n++ }; yield* spawn(g()); return l.n"],
])("of lists and their like nothing is said where that may be meant: %s", (_, statements) => {
  expect(found(statements)).toEqual([])
})

test("it says where the copy is made, where the other one is read, and how the value gets out", () => {
  const [first] = told("const l = []\nfunction* g() { l.push(1) }\nyield* all([g()])\nreturn l")
  expect(first).toMatchObject({
    line: 5,
    message:
      "what is in `l` is changed in `g`, of which the `all` at 6:8 takes a copy with all that it captures: the `l` that is read at 7:8 is another one",
    hint: "return the value: `all` gives it; or send it through a channel",
  })
})
