/** Sloppy mode (a script without "use strict"): what only it has must mean the same in compiled functions. */
import * as rove from "@rove/fibers/runtime"
import { expect, test } from "vitest"
import { compiled } from "../../semantics/program.ts"
import { type Case, part } from "../cases.ts"

const sloppy = (cases: Readonly<Record<string, string | Omit<Case, "sloppy">>>): Record<string, Case> =>
  Object.fromEntries(
    Object.entries(cases).map(([claim, given]) => [
      claim,
      { ...(typeof given === "string" ? { main: given } : given), sloppy: true },
    ]),
  )

part(
  "functions of blocks",
  sloppy({
    "are variables of the function once their block is entered":
      "yield typeof f; { yield f(); function f() { return 1 } yield f() } yield f(); yield typeof f",
    "in a block that cannot stop": "yield typeof f; { function f() { return 1 } } yield f()",
    "give the value that the block's own name has at the declaration":
      "{ yield typeof f; f = 1; function f() {} f = 2; yield f } yield f",
    "of two of the same name in one block the last counts":
      "{ function f() { return 1 } function f() { return 2 } yield f() } yield f()",
    "in a case of a switch": "switch (yield 1) { case 1: function f() { return 7 } } yield f()",
    "as the branch of an if": "if (yield 1) function f() { return 7 } else function f() { return 8 } yield f()",
    "behind a label, at the top and in a block":
      "a: function f() { return 1 } yield f(); b: { c: function g() { return 2 } } yield g()",
    "in a loop, where each iteration has its own":
      "const fs = []; for (let i = 0; i < 2; i++) { yield i; function f() { return i } fs.push(f) } yield f(); yield fs[0]()",
    "in a native loop": "for (let i = 0; i < 2; i++) { function f() { return i } } yield f()",
    "not where a let, a const or a parameter of the same name is in the way": {
      main: "let f = 1; { function f() {} } yield f; { let g = 2; { function g() {} } yield g } yield typeof g; yield* p(3)",
      top: "function* p(q) { { function q() {} } yield q }",
    },
    "one in a block inside the other's block is the variable too, as V8 has it, unless something else there has the name":
      {
        main: "yield* a(); yield* b(); yield* c(1); yield* d()",
        top: "function* a() { { yield f(); function f() { return 4 } { yield f(); function f() { return 5 } } yield f() } yield f() } function* b() { { function* f() {} { function f() {} } } yield typeof f } function* c(f) { { function f() {} { function f() {} } } yield f } function* d() { for (let i = 0; i < 2; i++) { function f() { return i } { yield f(); function f() { return [i] } } yield f() } yield f() }",
      },
    "the name of an exception is not in the way":
      "try { throw 1 } catch (f) { { function f() { return 3 } } yield f } yield f()",
    "are seen by closures made before": "const g = () => f; yield g(); { function f() { return 1 } } yield g()()",
    "named arguments replace the arguments object":
      "yield typeof arguments; { function arguments() {} } yield typeof arguments",
    "generators and async functions stay in their block":
      "{ function* g() { yield 1 } async function a() {} yield* g() } yield typeof g + typeof a",
  }),
)

part(
  "heritage and keys of classes, which are strict",
  sloppy({
    "assign no variable that is not there, and no property that may not be assigned, and delete none that stays":
      "const tried = f => { try { f(); return 'done' } catch (e) { return e.name } }; const frozen = Object.freeze({ x: 1 }); const run = function* () { try { class A { [absent = 'k']() {} } return 'done' } catch (e) { return e.name + typeof absent } }; yield yield* run(); yield [tried(() => class { [frozen.x = 2]() {} }), tried(() => class extends (absent = Object) {}), tried(() => class { [delete frozen.x]() {} }), tried(() => class { ['a' + frozen.x++]() {} })]; yield typeof absent",
    "assign no name of a function expression": {
      main: "for (const f of [function* n() { yield 1; class A { [n = 4]() {} } }, function* n() { class A extends (n ??= 1, n = Object) {} }, function* n() { class A { static [([n] = [1])] = 1 } }, function n() { class A { [n = 4]() {} } }]) try { yield [...f()] } catch (e) { yield e.name } const g = function* n() { class A { [n.name]() {} } n = 1; yield typeof n }; yield* g()",
    },
    "a part that assigns what is there is evaluated once, in its turn":
      "let k = 0; class A { [log(k++)]() {} [k++ + '' + typeof this]() {} [(k = 5, delete {}.x)]() { return k } } yield k; return [Object.getOwnPropertyNames(A.prototype), new A().true()]",
  }),
)

test.each([
  ["in a `with`", "const o = { p: 5 }; with (o) { var f = function () { return function* () { yield p } } }", "f()()"],
  [
    "in a generator in a `with`",
    "function* f(o) { with (o) { yield* (() => (function* () { yield p })())() } }",
    "f({ p: 5 })",
  ],
  ["of a method in a `with`", "with ({ p: 5 }) var o = { *m() { yield p } }", "o.m()"],
  ["beside a direct eval", "function f() { eval('var p = 5'); return function* () { yield p } }", "f()()"],
  ["before a direct eval", "function f(x) { const g = { *m() { yield p } }; eval(x); return g }", "f('var p = 5').m()"],
])("a generator %s sees what is declared there when it runs", (_, source, run) => {
  const made = `${compiled(`${source}\nfunction* other() { yield 1 }`).code}\nreturn [...${run}].join()`
  expect(new Function("rove", made)(rove)).toBe("5")
})

test("a sloppy generator that yields and assigns in the key of a class stays native, and says so", () => {
  const source =
    "function* f() { try { class A { [absent = yield 1]() {} } } catch (e) { yield e.name + typeof absent } }"
  const { code, diagnostics } = compiled(source)
  expect(diagnostics.map(d => d.message)).toContainEqual(
    expect.stringContaining("stays native that yields in the keys"),
  )
  expect([...(new Function("rove", `${code}\nreturn f`)(rove) as () => Iterable<unknown>)()]).toEqual([
    1,
    "ReferenceErrorundefined",
  ])
  expect(compiled(`"use strict"; ${source}`).diagnostics).toEqual([])
})

part(
  "variables",
  sloppy({
    "a var that shares the name of the exception assigns the exception's":
      "try { throw 1 } catch (e) { var e = 2; yield e } yield e; try { throw 1 } catch (e) { var e = yield 5; yield e } yield e",
    "the same in a catch that cannot stop":
      "try { throw 1 } catch (e) { var e = 2, other = 3; log(e) } yield [e, other]; for (var e in { a: 1 }); yield e",
    "the same in the head of a loop":
      "try { throw 1 } catch (e) { for (var e = 0; e < 2; e++) yield e; yield e } yield e; try { throw 1 } catch (e) { for (var e in { a: 1 }); yield e } yield e",
    "var arguments is the arguments object until it is assigned": {
      main: "yield* f(1, 2); yield* g(3)",
      top: "function* f() { yield arguments.length; var arguments; yield arguments[1]; arguments = 5; yield arguments } function* g() { const read = () => arguments; arguments = yield 4; yield read() }",
    },
    "inner functions have their own arguments beside a var arguments":
      "var arguments; function f(a) { return [arguments.length, arguments[0], (() => arguments[1])()] } const o = { m() { return arguments.length } }; yield f(4, 5); { let arguments = 3; yield [(() => arguments)(), (function () { return arguments.length })(1, 2)] } yield o.m(1, 2, 3); yield typeof (() => arguments)()",
    "var arguments of a body with an environment of its own begins as that of the parameters": {
      main: "yield* f(1, 2)",
      top: "function* f(a = arguments) { var arguments; yield arguments === a; arguments = 3; yield a.length }",
    },
    "an assignment to an undeclared name makes a property of the global object": {
      main: "undeclared1 = yield 3; yield undeclared1; yield delete undeclared1; yield typeof undeclared1; try { undeclared1 += yield 4 } catch (e) { yield e }",
      partly: "the program added to the global object, or to a prototype of the language",
    },
    "delete of a name":
      "var x = 1; let y = () => c; yield delete x; yield delete (y); yield (() => delete c)(); yield delete this; yield delete (yield 1); yield delete nothing; var c = x; yield [x, c, y()]",
    "the name of a function expression cannot be changed, without an error":
      "const f = function* me() { me = 1; me += yield 2; me++; [me] = [yield 3]; (() => { me ||= 4; me &&= 5 })(); yield typeof me; return me = 6 }; yield yield* f()",
    "a name that is written with escapes stays so": {
      main: "yield 1; yield (() => { var let = [1], a = 0; l\\u0065t\n[a] = [3]\nl\\u0065t[0].k = 5; return let })()",
    },
    "reserved words of strict code are names":
      "var let = 1, static = 2, implements = 3, await = 4; static += yield let; yield [let, static, implements, (() => await)()]",
    "old octal numbers and escapes": 'yield 010; yield "\\07"; const o = { 010: 1 }; yield o[yield 010]',
    "failing assignments to properties are silent":
      "const o = Object.freeze({ a: 1 }); o.a = yield 2; o.b = 3; yield delete o.a; undefined = yield 4; yield o; const p = { __proto__: o, *m() { super.c = 5; super.a = yield 6; yield this.a } }; yield* p.m()",
  }),
)

part(
  "this and arguments",
  sloppy({
    "primitives are boxed once, nothing is the global object": {
      main: "for (const self of [1, 's', true, undefined, null]) yield* f.call(self)",
      top: "function* f() { yield typeof this; yield this === globalThis; const a = () => this; yield a() === this }",
    },
    "in parameters it is the same object as in the body": {
      main: "yield* f(); yield* f.call(1); const g = f; yield* g()",
      top: "function* f(a = this, b = () => this) { yield a === this; yield b() === this; yield a === globalThis; yield typeof a }",
    },
    "arguments has a callee": {
      main: "yield* f(1)",
      top: "function* f() { yield arguments.callee === f; yield Object.getOwnPropertyNames(arguments).join() }",
    },
    "arguments and parameters are aliases": {
      main: "yield* f(1, 2); yield* g(1); yield* h(1)",
      top: `function* f(a, b) { arguments[0] = 9; yield a; a = 3; yield arguments[0]; delete arguments[0]; a = 5; yield arguments[0]; yield [a, b, arguments.length] }
            function* g(a, b) { b = 9; yield arguments[1]; a = yield 2; yield [arguments[0], arguments.callee === g] }
            function* h(a) { const read = () => arguments[0]; const write = x => { a = x }; write(7); yield read() }`,
      partly: "a parameter that shares its value with `arguments`",
    },
    "of equal parameters the last one is the alias": {
      main: "yield* f(1, 2)",
      top: "function* f(a, a) { yield a; a = 5; yield [arguments[0], arguments[1]] }",
      partly: "a parameter that shares its value with `arguments`",
    },
    "with defaults they are apart": {
      main: "yield* f(1, 2)",
      top: "function* f(a = 0, b) { arguments[0] = 9; yield a; b = 4; yield arguments[1] }",
    },
    "strict functions in a sloppy script stay strict": {
      main: "yield* f(); yield* g(); const h = function* () { 'use strict'; yield this; try { undeclared2 = yield 1 } catch (e) { yield e } }; yield* h()",
      top: `function* f() { 'use strict'; yield this; try { Object.freeze([1])[0] = yield 2 } catch (e) { yield e } }
            function* g(a = 1) { yield a; class A { *m() { yield this; try { undeclared3 = 1 } catch (e) { yield e } } } const { m } = A.prototype; yield* m() }`,
    },
  }),
)
