/** A spawned method that changes its object, of which it has a copy; and `receive` with options for a pattern. */
import { expect, test } from "vitest"
import { compile } from "../compile.ts"

const head = `"use fibers"
import { spawn, all, map, receive, sleep } from "rove"
class Job {
  n = 0
  #p = 0
  list: number[] = [];
  *run(): any { this.n++; yield* sleep(1); return this.n }
  *hidden(): any { this.#p = 1 }
  *deep(): any { this.step() }
  *lists(): any { this.list.push(1) }
  *inner(): any { [1].forEach(x => { this.n = x }) }
  *reads(): any { return this.n }
  *others(): any { class K { n = 0; set() { this.n = 1 } }; return new K() }
  set m(v: number) {}
  *sets(): any { this.m = 1 }
  step() { this.n = 2 }
  total() { return this.n }
  secret() { return this.#p }
  *own(): any { yield* (yield* spawn(this.run())).join(); return this.n }
  *away(): any { yield* (yield* spawn(this.run())).join(); return this.list }
}
`
const told = (statements: string, code: string) =>
  (
    compile(`${head}export function* f(c: any): any {\nconst job = new Job(); ${statements} }`, "src/a.ts")
      ?.diagnostics ?? []
  )
    .filter(d => d.code === code && d.line > 20)
    .map(d => `${d.severity} ${d.line} ${d.message}`)
const inHead = () =>
  (compile(head, "src/a.ts")?.diagnostics ?? []).map(d => `${d.severity} ${d.code} ${d.line}:${d.column} ${d.message}`)

test("a method of which the module starts a fiber changes `this`, and the parent reads its own", () => {
  expect(inHead()).toEqual([
    "warning ROVE_COPIED_VARIABLE 7:17 `this.n` is changed in `run`, of which the spawn at 19:32 takes a copy with the object: the `this.n` at 19:66 is of another one",
  ])
  const found = (statements: string) =>
    (
      compile(`${head}export function* f(c: any): any {\nconst job = new Job(); ${statements} }`, "src/a.ts")
        ?.diagnostics ?? []
    ).filter(d => d.code === "ROVE_COPIED_VARIABLE" && !d.message.includes("the spawn at 19"))
  for (const [wrong, change, read] of [
    ["const h = yield* spawn(job.run()); yield* h.join(); return job.n", "this.n", "job.n"],
    ["yield* spawn(job.hidden()); return job.secret()", "this.#p", "job.secret"],
    ["yield* spawn(job.deep()); return job.n", "this.n", "job.n"],
    ["yield* spawn(job.lists()); return job.list.length", "this.list", "job.list"],
    ["yield* spawn(job.inner()); c(job.total())", "this.n", "job.total"],
    ["yield* all([job.run(), job.reads()]); c(job.n)", "this.n", "job.n"],
    ["yield* map([1], () => job.run()); c(job.n)", "this.n", "job.n"],
    ["for (const _ of c) { c(job.n); yield* spawn(job.run()) } c(job.n)", "this.n", "job.n"],
    ["const o = { n: 0, *run(): any { this.n = 1 } }; yield* spawn(o.run()); return o.n", "this.n", "o.n"],
  ] as const) {
    const [one, ...more] = found(wrong)
    expect(more, wrong).toEqual([])
    expect(one?.severity).toBe("warning")
    expect(one?.message, wrong).toContain(`\`${change}\` is changed in`)
    expect(one?.message, wrong).toContain(`the \`${read}\` at`)
  }
  for (const fine of [
    "const h = yield* spawn(job.run()); return yield* h.join()",
    "c(job.n); yield* spawn(job.run())",
    "yield* spawn(job.run()); job.n = 1",
    "yield* spawn(job.run()); return job.list",
    "yield* spawn(job.reads()); return job.n",
    "yield* spawn(job.others()); return job.n",
    "yield* spawn(job.sets()); return (job as any).m",
    "yield* job.run(); return job.n",
    "yield* spawn(c.run()); return job.n",
    "let own = new Job(); yield* spawn(own.run()); own = c; return own.n",
    "for (const x of c) { const own = new Job(); c(own.n); yield* spawn(own.run()) }",
    "if (c) yield* spawn(job.run()); else return job.n",
    "if (c) return yield* spawn(job.run()); return job.n",
  ])
    expect(found(fine), fine).toEqual([])
})

test("a lone { timeout } given to `receive` is a pattern", () => {
  const code = "ROVE_INVALID_ARGUMENT"
  for (const wrong of ["yield* receive({ timeout: 5 })", "yield* receive({ 'timeout': c } as any)"])
    expect(told(wrong, code), wrong).toEqual([expect.stringMatching(/^warning 23 the first argument of `receive`/)])
  for (const fine of [
    "yield* receive(undefined, { timeout: 5 })",
    "yield* receive({ timeout: 5 }, {})",
    "yield* receive({ kind: 'late', timeout: 5 })",
    "const receive = c; receive({ timeout: 5 })",
    "yield* receive({ ...c })",
    "yield* receive(c)",
    "yield* receive()",
  ])
    expect(told(fine, code), fine).toEqual([])
})
