/** What is told of classes of the module whose own members change their static state, and what is not. */
import { expect, test } from "vitest"
import { compile } from "../compile.ts"

const found = (body: string): string[] =>
  (compile(`"use fibers"\n${body}`, "src/a.js")?.diagnostics ?? []).map(
    d => `${d.code.slice(5)} ${/`(.*?)`/.exec(d.message)?.[1]}`,
  )

test.each([
  "class K { static n = 0; static *g() { K.n++ } }",
  "class K { static n = 0; *g() { K.n += 1 } }",
  "class K { static n = 0; static *g() { this.n = 1 } }",
  "class K { static #n = 0; static *g() { this.#n++ } }",
  "class K { static n = 0; static *g() { [1].forEach(() => { this.n++ }) } }",
  "class K { static seen = new Map(); static *g(x) { K.seen.set(x, 1) } }",
  "class K { static #seen = []; *g(x) { K.#seen.push(x) } }",
  "class K { static at = { n: 0 }; static *g() { this.at.n++ } }",
  "class K { static n = 0; static add() { K.n++ } *g() { K.add() } }",
  "class K { static n = 0; constructor() { K.n++ } }; function* f() { return new K() }",
  "const K = class { static n = 0; static *g() { this.n++ } }",
  "const L = class K { static n = 0; static *g() { K.n++ } }",
  "export default class K { static n = 0; static *g() { K.n++ } }",
])("a class of the module has its static state on each thread: %s", body => {
  expect(found(body)).toEqual(["MODULE_STATE K"])
})

test.each([
  "class K { n = 0; *g() { this.n++ } }",
  "class K { static n = 0; static *g() { return K.n + this.n } }",
  "class K { static n = 0; static add() { K.n++ } *g() {} }",
  "class K { static seen = new Set(); static { K.seen.add(1); this.n = 1 } static m = K.seen.add(2); *g() { return new K() } }",
  "class K { static set n(x) {} static *g() { K.n = 1; this.n = 2 } }",
  "class K { static set #n(x) {} static *g() { K.#n = 1; this.#n = 2 } }",
  "class K extends c { static n = 0; static *g() { K.m = 1 } }",
  "class K { static own = new ThreadLocal(); static *g() { K.own.set(1) } }",
  "function* f() { class K { static n = 0; static add() { K.n++ } }; K.add() }",
  "class K { static *g() { const K = {}; K.n = 1; return K } }",
])("valid beside that: %s", body => {
  expect(found(body)).toEqual([])
})
