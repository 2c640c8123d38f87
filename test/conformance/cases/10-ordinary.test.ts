/** Part 2, further in: closures that ordinary functions inside a compiled generator make over their own variables. */
import { here, part } from "../cases.ts"

part("closures made by ordinary functions inside a compiled one", {
  "a variable of an ordinary function is shared by the closures made in it":
    "const counter = () => { let n = 0; return { up: () => ++n, get: () => n } }; const c = counter(); yield c.up(); c.up(); yield c.get(); return [c.up(), c.get()]",
  "a parameter that is assigned is shared":
    "const from = n => () => n++; const g = from(5); yield g(); yield g(); return [g(), from(1)()]",
  "parameters with defaults and patterns are shared":
    "const from = (a, { b, ...c } = { b: a + 1, d: 1 }, ...e) => () => [a++, b++, c.d++, e.length]; const g = from(5); yield g(); yield g(); return [g(), from.length]",
  "a parameter behind whose default a body with the same name stands":
    "const f = function (a, b = () => a) { var a; a++; return () => [a++, b()] }; const g = f(1); yield g()[0]; return g()[0]",
  "a parameter behind whose default a function of the body with the same name stands, which is assigned":
    "const f = function (a, b = () => a) { function a() { a = 2 } a(); return () => [a++, b()] }; const g = f(1); yield g()[0]; yield g()[1]; const h = ([a], b = 1) => { const c = () => ++a; function a() { a = 3 } a(); return c }; const k = h([5]); yield k(); return k()",
  "each turn of its loops has its own variable":
    "const make = () => { const fs = []; for (let i = 0; i < 3; i++) { if (i === 1) { fs.push(() => i++); continue } fs.push(() => i) } return fs }; const fs = make(); yield fs.map(f => f()); return fs.map(f => f())",
  "a closure in the head of its loop has the first variable":
    "const make = () => { const fs = []; for (let i = 0, f = () => i; i < 3; i++) { i++; fs.push(f, () => i) } return fs }; const fs = make(); yield fs.map(f => f()); return fs.map(f => f())",
  "each turn of its for-of and for-in":
    "const make = xs => { const fs = []; out: for (let [x, y = 2] of xs) { for (let k in { a: 1, b: 2 }) { if (x > 1) continue out; fs.push(() => [x++, y, k += 'k']) } } return fs }; const fs = make([[1], [1, 3], [2]]); yield fs.map(f => f()); return fs.map(f => f())",
  "a var of its loops is one variable":
    "const make = () => { const fs = []; for (var [q] of [[1], [2]]) fs.push(() => q++); for (var i = 0; i < 2; i++) fs.push(() => i); return fs }; const fs = make(); yield fs.map(f => f()); return fs.map(f => f())",
  "declared functions that call each other and share a variable":
    "const make = () => { let n = 0; function even(k) { n++; return k === 0 || odd(k - 1) } function odd(k) { n++; return k !== 0 && even(k - 1) } return { even, count: () => n } }; const o = make(); yield o.even(4); return [o.even(3), o.count(), o.even.name]",
  "a variable that is seen before it is initialised":
    "const make = () => { const h = () => z; try { h() } catch (e) { log(e.name) } let z = 4; try { w } catch (e) { z += e.name } let w = 1; return () => [h(), w++] }; const f = make(); yield f(); return f()",
  "a catch parameter that is assigned":
    "const make = () => { try { throw 1 } catch (e) { return () => e++ } }; const f = make(); yield f(); return f()",
  "a variable of a switch": {
    main: "const make = x => { switch (x) { case 1: let x = 5; return () => x++ } }; const f = make(1); yield f(); return f()",
  },
  "arrows of an ordinary function have its this, arguments and new.target":
    "const F = function (a) { this.x = 1; this.g = () => [this.x++, arguments.length, arguments[0], new.target === F] }; const o = new F(7, 8); yield o.g(); return o.g()",
  "arrows in methods, fields and static blocks of a class":
    "class A { x = 1; f = () => this.x++; m(y) { return () => [this.x, y++, A.name] } } const a = new A(), g = a.m(7); g(); yield [a.f(), g()]; return [a.f(), g(), new.target]",
  "an arrow in a derived constructor sees this once it is there": {
    main: "class B { } class A extends B { constructor() { const f = () => this; try { f() } catch (e) { log(e.name) } super(); this.same = f() === this } } yield new A().same; return new A().same",
    variants: ["compiled", "preempted"],
  },
  "methods, accessors and generators of its literals": {
    main: "const make = () => { let v = 1; return { m() { return v++ }, *g() { yield v++; yield this.m() }, ['k' + v]: () => v } }; const o = make(); yield o.m(); yield* o.g(); return [o.m(), o.k1(), o.k1.name]",
  },
  "accessors and methods alone": {
    main: "const make = () => { let v = 1; return { m() { return v++ }, get v() { return v }, set v(x) { v = x }, async a() { return v }, '1'() { return v } } }; const o = make(); o.v = 5; yield [o.m(), o.v]; o.v++; return [o.m(), o.v, o.m.name, Object.keys(o), o[1]()]",
  },
  "methods that use super beside others": {
    main: "const make = () => { let v = 1; return { m() { return v++ }, h() { return [super.toString === {}.toString, v] } } }; const o = make(); yield [o.m(), o.h()]; return [o.m(), o.h()]",
    variants: ["compiled", "preempted"],
  },
  "methods that use super beside generators": {
    main: "const make = () => { let v = 1; return { __proto__: { b: 7 }, *g() { yield super.b + v++ }, h() { return [super.b, v] } } }; const o = make(); yield* o.g(); yield o.h(); return [...o.g(), o.h()]",
  },
  "a declared generator shares its variables":
    "const make = () => { let n = 1; function* g() { yield n++; yield n++ } return { g, get: () => n } }; const o = make(); yield* o.g(); return [o.get(), [...o.g()], o.get()]",
  "classes made by it have their own variables each":
    "const make = n => class A { up() { return ++n } }; const A = make(1), B = make(10), a = new A(); yield a.up(); return [a.up(), new A().up(), new B().up(), a instanceof A, a instanceof B]",
  "a class declaration that is captured before it is there":
    "const make = () => { const f = () => new A().v; class A { v = 1 } return f }; const f = make(); yield f(); return f()",
  "an async function's closures are shared with it": {
    main: "const make = () => { let n = 0; (async () => { n++; await 0; n += 10 })(); return () => ++n }; const f = make(); yield f(); return f()",
  },
  "for await over a variable that functions share asks for its async iterator": {
    main: "let it = { [Symbol.asyncIterator]() { log('asked'); return { next() { log('next'); return { done: true } } } } }; (async () => { for await (const x of it) log(x) })(); (async () => { for await (var x of it) log(x) })(); (async () => { for await (const x of it) log(() => x) })(); it = 0; yield 1",
    variants: here,
  },
  "an arrow that a derived constructor gives a shared variable in front of super has its name": {
    main: "let a; const get = () => a; class A extends Object { constructor() { a = () => this; super() } } new A(); yield get().name",
    variants: here,
  },
  "a strict function fails that assigns the name of a sloppy one around it": {
    main: "const tried = f => { try { return f() } catch (e) { return e.name } }; function* f() { const s = function self() { return [tried(() => { 'use strict'; self = 1 }), [...(function* () { 'use strict'; yield tried(() => { self = 2 }); try { self = 3 } catch (e) { yield e.name } })()], self = 4, typeof self] }; yield s() } yield* f()",
    sloppy: true,
    variants: here,
  },
  "three levels of functions":
    "const a = x => { let y = x; return z => { let w = y++ + z; return () => [x, y++, z, w++] } }; const f = a(1), g = f(2), h = f(3); yield [g(), h()]; return [g(), h()]",
  "directives stay first": {
    main: "const f = function () { 'use strict'; let n = 0; const up = () => n++; up(); return [typeof this, up] }; const [t, up] = f(); yield [t, up()]; return up()",
    sloppy: true,
  },
  "sloppy arguments stay aliases of the parameters": {
    main: "const f = function (a) { const set = v => { a = v }; set(5); arguments[0]++; return [a, () => a] }; const [a] = f(1); yield a; return f(2)[1]()",
    sloppy: true,
    variants: ["compiled", "preempted"],
  },
  "anonymous functions under computed keys keep their names where the literal waits": {
    main: "const f = async k => { const o = { [await k]: class {}, [k + 1]: () => 1, m() { return super.toString }, *g() { return super.h() }, __proto__: { h() { return 'h' } } }; log(o[k].name, o[k + 1].name, o.g().next(), o.m() === Object.prototype.toString) }; f('a'); yield 1",
    variants: here,
  },
})
