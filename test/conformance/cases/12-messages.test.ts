/** What errors say: they speak of what the source calls things, and not of names of ours. */
import { part } from "../cases.ts"

/** Each function runs to its end; what it throws is told. */
const told = (...bodies: readonly string[]) =>
  `const tell = function* (f) { try { yield* f() } catch (e) { log(e.constructor.name, e.message) } }; yield 0; ${bodies
    .map(body => `yield* tell(function* () { ${body} });`)
    .join(" ")}`

part("messages", {
  "what is called of a call, a sequence or a choice is called by what the source says": told(
    "let v = 1; const set = x => { v = x }; yield 1; (0, v)()",
    "let v = 1; const set = x => { v = x }; yield 1; (v || set)()",
    "let v = () => 3; const set = x => { v = x }; yield 1; v()()",
    "yield 1; (function () { return 1 })()()",
    "const o = { __proto__: { x: 1 }, *m() { yield 1; new super.x() } }; yield* o.m()",
    "const o = { __proto__: { x: 1 }, *m() { yield 1; super.x`a` } }; yield* o.m()",
    "new this(yield 1)",
    "class A { #v = 1; *m() { this.#v(yield 1) } } yield* new A().m()",
    "class A { #v = 1; *m() { new this.#v(yield 1) } } yield* new A().m()",
    "class A { #v = 1; *m() { [...this.#v, yield 1] } } yield* new A().m()",
    "class A { #v = 1; *m() { this?.#v(yield 1) } } yield* new A().m()",
  ),
  "a method that is not there is called by the name of its shared variable": told(
    "let o = { f: 1 }; const set = () => { o = { f: 2 } }; yield 1; set(); o.f()",
    "let o = {}; const set = () => { o = {} }; yield 1; o.x(1).y()",
  ),
  "a method of arguments, and of a function that is made in place": told(
    "yield 1; arguments.foo()",
    "yield 1; arguments[0]()",
    "yield 1; (() => 1)().foo()",
    "yield 1; (class {}).foo()",
  ),
  "a method of a shared variable has its receiver, and its arguments in order":
    "let o = { n: 1, add(a, b) { return [this.n, a, b] }, get self() { o = null; return this } }; const other = () => o; yield o.add(log(1), ...[log(2)]); const p = o; yield [o.self.add(3), other()]; o = p; yield o['add'](yield 4)",
  "what cannot be taken apart is what stands in the source": told(
    "for (const { a } of [undefined]) yield a",
    "for (const { [yield 1]: a } of [null]) yield a",
    "for (const {} of [null]) yield 1",
    "const { a } = yield 1",
    "const { ...a } = (yield 2, null)",
  ),
  "an element of an array pattern that cannot be taken apart has no name": told(
    "const [{ z }] = [yield null]; yield z",
    "const [{}] = [null]; yield 1",
    "const [{ z = 1 }] = [null]; yield z",
    "const [{ ['z']: q }] = [undefined]; yield q",
    "const [{ ...q }] = [null]; yield q",
    "const [{ z } = yield null] = []; yield z",
    "let z; [{ z }] = [null]; yield z",
    "for (const [{ 5: z }] of [[undefined]]) yield z",
    "const { a: [{ 'a b': z }] } = { a: [null] }; yield z",
    "const [{ [yield 1]: z }] = [null]; yield z",
    "const [{ z = yield 1 }] = [null]; yield z",
    "let o = {}; [{ z: o.z }] = [null]; yield 1",
  ),
  "a parameter that cannot be taken apart is told by its value": told(
    "const f = function* ({ a, b }) { yield a }; yield* f()",
    "const f = function* (z, { 'x y': b = 1 }) { yield b }; f(1, null)",
    "const f = function* ({ [log(1)]: a }) { yield a }; yield* f(null)",
    "const f = function* ({}) { yield 1 }; f()",
    "const f = function* ({ ...a }) { yield a }; f(null)",
    "const f = function* ({ a = 1 }) { yield a }; yield* f()",
    "const f = function* ({ a: { b } }) { yield b }; try { f() } finally { yield* f({}) }",
    "const o = { *m({ length }) { yield length } }; yield* o.m('abc'); yield* o.m()",
  ),
  "what cannot be delegated to": told(
    "yield* 1",
    "const o = {}; yield* o",
    "const o = {}; yield* o.a",
    "const o = { a() {} }; yield* o.a(yield 1)",
    "const f = () => 1; yield* f()",
    "const F = function () {}; yield* new F()",
  ),
  "broken iterators": told(
    ...["undefined", "null", "1", "'a'", "{}", "true"].flatMap(n => [
      `for (const x of { [Symbol.iterator]() { return { next: ${n} } } }) yield x`,
      `yield* { [Symbol.iterator]() { return { next: ${n} } } }`,
    ]),
    "for (const x of { [Symbol.iterator]() { return { next() { return {} }, return: 5 } } }) break",
    "for (const x of { [Symbol.iterator]() { return { next() { return {} }, return() { return 5 } } } }) break",
    "const g = (function* () { yield* { [Symbol.iterator]() { return this }, next() { return {} } } })(); g.next(); g.throw(1)",
    "const g = (function* () { yield* { [Symbol.iterator]() { return this }, next() { return {} }, throw: 'a' } })(); g.next(); g.throw(1)",
  ),
})
