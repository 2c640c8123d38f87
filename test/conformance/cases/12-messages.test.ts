/** What errors say: they speak of what the source calls things, and not of names of ours. */
import { here, part } from "../cases.ts"

/** Each function runs to its end; what it throws is told. */
const told = (...bodies: readonly string[]) =>
  `const tell = function* (f) { try { yield* f() } catch (e) { log(e.constructor.name, e.message) } }; yield 0; ${bodies
    .map(body => `yield* tell(function* () { ${body} });`)
    .join(" ")}`

/** Each where something iterates it. */
const iterated = (...operands: readonly string[]) =>
  told(
    ...operands.flatMap(operand =>
      [
        `for (const x of ${operand}) yield x`,
        `yield* ${operand}`,
        `yield [...${operand}]`,
        `log(...${operand}, yield)`,
      ].map(body => `const f = () => 5, o = { f, a: 5 }; let a = 5; ${body}`),
    ),
  )

const DEFAULTS = [
  "[1, 2, 3] ; [] ; [yield 1] ; [f()] ; {} ; { x: yield 1 } ; () => 1 ; class { [yield 'x']() {} } ; this ; -1 ; 1 + 2 ; !o ; !f()",
  `void f() ; o ; o.a ; o[f()] ; f() ; f?.() ; o?.a ; 5 ; [1, ...o.a] ; \`a\` ; \`\${a}\` ; \`\${yield a}\` ; f\`x\` ; /r/ ; new Map() ; -a ; typeof a`,
  "a + 1 ; a ?? f() ; (0, a) ; (0, 1, a) ; a && 5 ; (yield 1) && a ; a || f() ; a ? 1 : (yield 2) ; o.z = [1] ; yield ; a++ ; delete o.q",
].flatMap(line => line.split(" ; "))

part("messages", {
  "what cannot be iterated and has calls in it is called without their parentheses": {
    main: iterated(
      "f() + f()",
      "-f()",
      "f() === 1",
      "o[f()]",
      "o[f``]",
      "[f()].length",
      "(f(), 1).x",
      "o[`a`]",
      "o.f().g()",
    ),
    variants: here,
  },
  "of a sequence of two the last is told, of more the value": {
    main: iterated(
      "(log(1), 5)",
      "(f(), f())",
      "(5, o.f())",
      "(1, new Date(0))",
      "(2, f``)",
      "(f``, 2)",
      "(1, 2, f())",
      "(1, f(), 2)",
      "(1, 2, 3)",
    ),
    variants: here,
  },
  "what the engine computes while it reads is told as its value, and what is behind a call by the call": {
    main: iterated(
      "7 % 4",
      "7 % 4 * 2",
      "a % 4",
      "!!5",
      "!'a'",
      "!null",
      "!true",
      "!f()",
      "void f()",
      "f() || 1",
      "f() && 1",
      "f() ?? 1",
      "1 || f()",
    ),
    variants: here,
  },
  "what is taken apart inside is named by the default of its first property, or by nothing": {
    main: told(
      "const [{ a: { b } = yield }] = []",
      "const [{ a: { b } = 5 }, c = yield] = []",
      "const { x: { a: { b } = yield } } = {}",
      "const f = 0; const { x: { a: { b } = f(yield) } } = {}",
      "const [{ a: { b } }] = [yield]",
      "const [{ a: r, ...s }, q = yield] = []",
      "let p = {}; [{ a: p[yield] }] = []",
      "let p = {}; [{ ...p[yield] }] = [null]",
    ),
    variants: here,
  },
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
  "what is taken apart and has a default is told by the default if that has a place of its own, else by its value": {
    main: told(
      ...DEFAULTS.map(
        value =>
          `const f = () => 5, o = { a: [] }; let a = []; let b; ({ b: [b, ...o.q] = ${value} } = { b: {} }); yield b`,
      ),
      ...DEFAULTS.slice(0, 20).map(value => `const f = () => 5, o = {}; const [[b] = ${value}] = [5]; yield b`),
    ),
    variants: here,
  },
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
  "a shared variable in inner ordinary functions is called by its name": {
    main: told(
      ...["() => { BODY }", "function () { BODY }"].flatMap(inner =>
        [
          "v.a.m()",
          "v.a[0]()",
          "v?.m()",
          "v?.a.m()",
          "v.a?.m()",
          "v.m?.()",
          "v.a.m``",
          "new v.a.m()",
          "v.a.bind(1)",
          "v?.values()",
          "for (const x of v) ;",
          "for (let x of v.a) { const f = () => x++ }",
          "for (var x of v.a) ;",
          "for (const x of v.m()) ;",
          "[...v]",
          "[...v.m()]",
          "log(...v.b)",
          "log(...v.a, 1)",
          "const [x] = v",
          "const [x] = v.a",
          "let x; [x] = v",
          "v.a.m(...[], 1)",
          "new v(...[], 1)",
        ].map(
          body => `let v = { a: {}, m: 2 }; const set = x => { v = x }; yield 1; (${inner.replace("BODY", body)})()`,
        ),
      ),
    ),
    variants: here,
  },
  "this, arguments, super and new.target in inner functions, and functions that are written in place": {
    main: told(
      ...[
        "this.m()",
        "for (const x of this) ;",
        "[...this.a]",
        "arguments.m()",
        "arguments()",
        "for (const x of arguments[0]) ;",
        "new.target()",
        "new (new.target)()",
        "[...new.target]",
        "new.target.m()",
        "(() => {}).m()",
        "(class {}).m()",
        "(function () {})().m()",
        "for (const x of () => {}) ;",
        "[...class {}]",
        "new (() => {})()",
        "this.bind(1)",
      ].flatMap(body => [
        `yield 1; (() => { ${body} })()`,
        `yield 1; (function () { (() => { ${body} })() }).call({ a: 1 }, 1)`,
        `yield 1; ${body}`,
      ]),
      "const o = { __proto__: { x: 1 }, *m() { yield 1; (() => { super.x.m() })() } }; yield* o.m()",
      "const o = { __proto__: { x: 1 }, *m() { yield 1; (() => { for (const x of super.x) ; })() } }; yield* o.m()",
    ),
    variants: here,
  },
  "an inner function's receivers are evaluated once, and are those from before the method was found": `
    let o = { n: 1, add(a, b) { return [this.n, a, b] }, get self() { log("self"); return this }, get late() { o = { n: 9 }; return this.add }, none: null }
    const other = () => o
    const first = o
    yield (() => [o.self.add(1, 2), o?.self.add(3), o.none?.add(log("left out")), o.none?.self.add(log("left out")), o.add?.(4), o.lack?.(log("left out"))])()
    yield (() => o.late(5, o.n))()
    o = first
    yield (() => o.self.late(6))()
    o = first
    yield (() => o.self.add.bind(o, 7)(8))()
    const f = () => o
      o?.self
    return (f(), other() === first)`,
  "what a call is for is in the message about what cannot be called": {
    main: told(
      "const v = {}; yield 1; for (const x of v.m()) ;",
      "const v = {}; yield 1; for (const x of v()) ;",
      "const v = {}; yield 1; [...v.m()]",
      "const v = {}; yield 1; const [x] = v.m()",
      "const v = {}; yield 1; log(...v.m())",
      "const v = {}; yield* v.m()",
      "const v = {}; yield* v()",
      "const v = {}; yield* v``",
      "const v = {}; yield* new v()",
      "const v = {}; v.m(...[], yield 1)",
      "const v = {}; new v(...[], yield 1)",
      "for (const [x = yield 1] of [null]) ;",
      "arguments(yield 1)",
    ),
    variants: here,
  },
  "what is delegated to is told by its value, or not at all": {
    main: told(
      ...[
        "(0, v)",
        "(v = 5)",
        "-v",
        "v + 1",
        "(v ?? v)",
        "!v",
        "-1",
        "v?.m()",
        "v?.()",
        "v.m?.()",
        "v?.a",
        "(yield 1)",
      ].flatMap(operand => ["{}", "null", "() => 1"].map(value => `let v = ${value}; yield* ${operand}`)),
    ),
    variants: here,
  },
  "one of several variables of the same name is called by it": {
    main: told(
      ...[
        "{ let x = 1; yield x } { let x = {}; yield 1; BODY }",
        "let x = 1; yield x; { let x = {}; yield 1; BODY }",
        "{ let x = 1; const set = () => { x = 2 }; yield x } { let x = {}; yield 1; BODY }",
        "switch (0) { case 0: let x; case 1: x = {}; yield 1; BODY }",
      ].flatMap(around =>
        [
          "x.m()",
          "new x()",
          "x()",
          "x.a.m()",
          "new x.a()",
          "x?.m()",
          "x``",
          "x.m``",
          "[...x]",
          "log(...x)",
          "const [a] = x",
          "const { b } = x.b",
          "for (const a of x) ;",
          "yield* x()",
          "yield* x.m()",
          "x.bind(1)",
          "x.values()",
          "(0, x)()",
          "x.m(yield 1)",
          "new x(yield 1)",
          "(() => { x.m() })()",
          "(() => { new x() })()",
          "(() => { x() })()",
          "(() => { [...x] })()",
          "(() => { const { b } = x.b })()",
          "(() => { for (const a of x) ; })()",
        ].map(body => around.replace("BODY", body)),
      ),
      "try { yield 1; throw {} } catch (e) { yield 1 } try { throw {} } catch (e) { yield 1; e.m() }",
      "for (const e of [{}]) for (const e of [1]) { yield 1; e.m() }",
      "const x = {}; const f = function* () { let y = x; { let x = {}; yield y; x.m() } }; yield* f()",
    ),
    variants: here,
  },
  "variables of the same name in blocks that follow each other are each their own": `
    const made = []
    for (let i = 0; i < 2; i++) { made.push(() => i++); yield i }
    for (let i = 5n; i < 7n; i++) { made.push(() => i++); for (let j = 0n; j < 2n; j++) log(i, j) }
    for (let i = 0.5; i < 2; i++) { for (let j = 0; j < 2; j++) log(yield i, j); for (let j = 0.5; j < 2; j++) log(yield i, j) }
    for (const f of made) yield [f(), f()]
    { let x; log(x); x = 1; yield x } { let x; log(x); yield x; x = 3 }
    for (const k of [1, 2]) { let x; log(x); x = k; yield x }
    const name = Symbol.iterator
    { const x = name; yield typeof x; for (let k = 0; k < 2; k++) log(typeof x) } { let x = 0; for (let k = 0; k < 2; k++) log(x++); yield x }`,
  "with what is delegated to, V8 tells what is behind it in the function": {
    main: told(
      ...[
        "Y; x.y; 2",
        "if (1) Y; else 2",
        "if (Y) 1; else 2",
        "if (1) { Y; 2; 3 } else 4",
        "{ Y; 1 } 2; ; function g() {}",
        "for (Y; 1; 2) 3",
        "for (let i = Y; 1; 2) 3",
        "for (let i = 1; Y; i++) 3",
        "for (let i = 1; Y; i++) { () => i }",
        "for (let i = Y; ; ) { () => 1 }",
        "for (let i = 0; i < 5; (Y)) { () => 1 }",
        "for (let i = 0; ; ) { () => 1; Y }",
        "for (const k of Y) 1",
        "for (const k of [1]) { Y; 1 }",
        "for (const k in Y) 1",
        "while (Y) x",
        "do { Y; 2 } while (1)",
        "try { Y; 1 } finally { 1; 2 }",
        "try { throw 1 } catch (e) { Y; 3 } finally { 4 }",
        "switch (Y) { case 1: 2; 3; default: 5 }",
        "switch (1) { case Y: 2; 3; case 4: 5 }",
        "switch (1) { case 1: Y; 2; case 3: 4 }",
        "l: { Y; break l }",
        "const r = Y, s = 1",
        "var r = Y, s; 2",
        "let r = Y, s",
        "return Y",
        "throw Y",
        "(Y, 1)",
        "1 + (Y) + x.y",
        "(Y) + 1 - x()",
        "-(Y)",
        "(Y) ? 1 : 2",
        "[1, Y, 2, x.y, ...x, -1, x.y(1), new x(), `a$" + "{x}`]",
        "({ a: Y, b: 1, c: x.y })",
        "({ [Y]: 1 })",
        "class A { [Y]() {} }",
        "class A extends (Y) { m() {} } 3",
        "foo(Y, 1, x.y).bar(); 2",
        "foo(1).bar(Y, 2)",
        "new foo(...Y, 2)",
        "x[Y].z = 4",
        "`a$" + "{Y}b$" + "{1}c`",
        "foo`a$" + "{Y}b$" + "{1}`",
        "x?.y(Y)?.z",
        "yield Y; 1",
        "yield* new v(); 1",
        "yield* v`a`; 1",
        "yield* v(yield 1); 1",
        "yield* v.b(yield 1); 1",
        "yield* (v.q = 1); 1",
        "yield* v; 1",
        "yield* v?.m(); 1",
      ].map(
        body =>
          `const v = { m() {}, a: {} }, x = { y() {} }, foo = () => ({ bar() {} }); yield 1; ${body.replace("Y", "yield* v.a")}`,
      ),
    ),
    variants: here,
  },
})

/** So many arguments that they are made in portions. */
const MANY = Array.from({ length: 18 }, (_, i) => `yield ${i}`).join(", ")

part("messages of calls with many stops among their arguments", {
  "say what they say with few": told(
    `const nul = null; nul(${MANY})`,
    `let nul = null; yield* nul(${MANY})`,
    `const o = {}; o.nope(${MANY})`,
    `let nul = null; new nul(${MANY})`,
    `const o = { nul: 5 }; new o.nul(${MANY})`,
    `let nul = 5; nul?.(${MANY})`,
    `let nul = 5; nul(...[], ${MANY})`,
  ),
})
