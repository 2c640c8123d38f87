/** Parts 2 and 3: closures over locals, and functions and classes in locals. */
import { here, part } from "../cases.ts"

part("closures over locals", {
  "the names of a catch pattern are shared, those in its defaults too": `const h = function () { const fs = []; try { throw { m: 1, q: { z: 1 } } } catch ({ m, n = () => m++, q: { z, ...w } }) { m++; z++; fs.push(n, () => m, () => [z++, w]) } try { throw [1] } catch ([a, b = () => a++, ...c]) { let d = a; fs.push(b, () => a, () => (c = c.concat(d++))) } for (const x of [1, 2]) try { throw [x] } catch ([k]) { fs.push(() => k++); if (x === 1) continue; var v = k; fs.push(() => v++) } return fs }, fs = h(); { try { throw { m: 1, q: { z: 1 } } } catch ({ m, n = () => m++, q: { z, ...w } }) { m++; z++; fs.push(n, () => m, () => [z++, w]) } try { throw [1] } catch ([a, b = () => a++, ...c]) { let d = a; fs.push(b, () => a, () => (c = c.concat(d++))) } for (const x of [1, 2]) try { throw [x] } catch ([k]) { fs.push(() => k++); if (x === 1) continue; var v = k; fs.push(() => v++) } } yield fs.length; for (let t = 0; t < 2; t++) for (const f of fs) log(f()); return fs.length`,
  "a name of a pattern that stands before its initialisation throws, though another of the pattern is shared": `const h = function () { const fs = []; for (const t of [() => { let [a = b, b] = []; fs.push(() => a++) }, () => { const { a = b, b } = {}; fs.push(() => a) }, () => { try { throw [] } catch ([a = b, b]) { fs.push(() => a++) } }, () => { for (let [a = b, b] of [[]]) fs.push(() => a++) }]) try { t() } catch (e) { fs.push(() => e.name) } try { let [a = b, b] = []; fs.push(() => a++) } catch (e) { fs.push(() => e.name) } try { try { throw [] } catch ([a = b, b]) { fs.push(() => a++) } } catch (e) { fs.push(() => e.name) } return fs }, fs = h(); { for (const t of [() => { let [a = b, b] = []; fs.push(() => a++) }, () => { const { a = b, b } = {}; fs.push(() => a) }, () => { try { throw [] } catch ([a = b, b]) { fs.push(() => a++) } }, () => { for (let [a = b, b] of [[]]) fs.push(() => a++) }]) try { t() } catch (e) { fs.push(() => e.name) } try { let [a = b, b] = []; fs.push(() => a++) } catch (e) { fs.push(() => e.name) } try { try { throw [] } catch ([a = b, b]) { fs.push(() => a++) } } catch (e) { fs.push(() => e.name) } } yield fs.length; for (let t = 0; t < 2; t++) for (const f of fs) log(f()); return fs.length`,
  "an optional call of a captured variable that holds nothing calls nothing, wherever it stands":
    "let f, g = null, h = 5; const q = v => { f = g = h = v }; yield 1; const r = [f?.(log('no')), g?.(1)?.(2).x, (f)?.(), (() => f?.())(), f?.(yield 2), (() => undefined)()?.(1), (() => null)()?.(1).x.y]; for (const t of [() => h?.(), () => (() => 4)()?.()(), () => f?.x(), () => f()]) try { r.push(t()) } catch (e) { r.push(e.message) } q(() => 'f'); yield r; const make = function () { let k; const set = v => { k = v }; class A { static v = k?.(); static { set(() => 'k') } static w = k?.() } return [k?.(), () => k?.(), set, A.v, A.w] }, m = make(); m[2](undefined); return [f?.(), g?.(), m[0], m[1](), m[3], m[4]]",
  "a variable that is assigned after its capture is shared with the closure":
    "let n = 1; const get = () => n; yield get(); n = 2; yield get(); return get()",
  "two closures share one variable":
    "let n = 0; const up = () => ++n, get = () => n; yield up(); yield get(); up(); yield [get(), n]",
  "a captured parameter is shared": {
    main: "yield* f(1)",
    top: "function* f(p) { const set = v => { p = v }; yield p; set(5); yield p; p++; return (() => p)() }",
  },
  "each turn of a for loop has its own variable":
    "const fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i); yield i } return fs.map(f => f())",
  "a closure that changes the variable of its turn changes the loop":
    "const fs = []; for (let i = 0; i < 4; i++) { fs.push(() => i++); yield i; fs.at(-1)() } return fs.map(f => f())",
  "a closure made in the head of a loop has the first variable":
    "const fs = []; for (let i = 0, f = () => i; i < 3; i++) { fs.push(f, () => i); yield i } return fs.map(f => f())",
  "continue copies the variable too":
    "const fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i); if (i === 1) continue; yield i } return fs.map(f => f())",
  "var is one variable for all turns":
    "const fs = []; for (var i = 0; i < 3; i++) { fs.push(() => i); yield i } return fs.map(f => f())",
  "each turn of for-of has its own variable":
    "const fs = []; for (const x of [1, 2]) { fs.push(() => x); yield x } return fs.map(f => f())",
  "recursion through a local name": "const fact = n => (n < 2 ? 1 : n * fact(n - 1)); yield fact(3); return fact(5)",
  "mutual recursion of local functions":
    "function even(n) { return n === 0 || odd(n - 1) } function odd(n) { return n !== 0 && even(n - 1) } yield even(4); return odd(4)",
  "a closure made by a closure": "const add = a => b => a + b; const inc = add(1); yield inc(1); return inc(2)",
  "a captured variable of an outer generator reaches an inner one":
    "let n = 1; function* inner() { n++; yield n; n++ } yield* inner(); return n",
  "properties of a function object are kept":
    "const f = () => 1; f.tag = [1]; yield f.tag; f.tag.push(2); return f.tag",
  "a named function expression knows itself, and cannot be assigned":
    "const f = function g() { try { g = 1 } catch (e) { return e.constructor.name } }; yield f(); return f()",
})

part("functions and classes in locals", {
  "a class made in a body keeps its instances' methods":
    "let n = 0; class A { v = ++n; get() { return this.v + n } } const a = new A(); yield a.get(); n = 9; return [a.get(), a instanceof A, new A().v]",
  "inheritance between local classes":
    "class A { m() { return 1 } } class B extends A { m() { return super.m() + 1 } } const b = new B(); yield b.m(); return [b.m(), b instanceof A]",
  "a class that is seen before it is there is made behind its declaration":
    "const f = () => new A(1).v; class A { constructor(v) { this.v = v } } yield f(); return f()",
  "functions of the top level are the same ones": {
    main: "const f = g; yield f === g; return f === g",
    top: "function g() {}",
    variants: ["compiled", "preempted"],
  },
  "bound functions are bound to what moves with them":
    "let n = 0; const o = { k: 2, up(x, y) { return [this.k, x, y, ++n] } }; const f = o.up.bind(o, 1), g = f.bind(null, 5); f.tag = 1; yield f(2); o.k = 3; yield g(); return [f(4), g(), f.name, f.length, f.tag, new (function (a) { this.a = a }.bind(null, 7))().a]",
  "a bound function has the name, the length and the prototype that it got when it was bound, whatever became of what it calls":
    "const f = function (a, b, c) {}, g = function (a, b) {}; Object.defineProperty(g, 'name', { value: 'f' }); const one = f.bind(null, 1); Object.defineProperty(f, 'name', { value: 'late' }); Object.defineProperty(f, 'length', { value: 9 }); const all = [one, one.bind(), f.bind(null, 1), g.bind(null, 1)]; class A {} class B extends A {} Object.setPrototypeOf(B, Function.prototype); all.push(B.bind()); yield all; return [all.map(x => x.name), all.map(x => x.length), Object.getPrototypeOf(all[4]) === Function.prototype]",
  "what was put in front of the constructor of a prototype object, or a method that was taken away and put back, keeps its place":
    "const F = function () {}, G = function () {}; F.prototype = { m() { return 1 }, constructor: F }; delete G.prototype.constructor; G.prototype.a = 1; G.prototype.constructor = G; const C2 = class { a() { return 'a' } *b() { yield 'b' } }; const { a } = C2.prototype; delete C2.prototype.a; C2.prototype.z = 1; C2.prototype.a = a; const all = [new F(), new G(), new C2()]; yield all; const keys = []; for (const one of all) for (const key in one) keys.push(key); return [keys, [F, G, C2].map(made => Reflect.ownKeys(made.prototype)), all[2].a(), [...all[2].b()], all[2] instanceof C2]",
  "names and lengths that were taken away and given back stand behind what came before":
    "const all = [() => 1, function () {}, function* () {}, { m() {} }.m, function () {}.bind(1)]; const [a, b, c, d, e] = all; const put = (f, k, value) => { delete f[k]; Object.defineProperty(f, k, { value, configurable: true }) }; a.x = 1; put(a, 'name', 'a'); put(b, 'name', 'b'); b[0] = 1; put(c, 'length', 0); c.w = 2; d.y = 1; put(d, 'length', 0); put(d, 'name', 'm'); put(e, 'length', 7); const g = function () {}; Object.defineProperty(g, 'name', { value: 'other' }); g[5] = 1; g.z = 2; all.push(g); yield all; return [all.map(f => Reflect.ownKeys(f)), all.map(f => [f.name, f.length])]",
  "a function has properties that are called as those of sloppy ones":
    "const f = () => 1; Object.defineProperty(f, 'caller', { value: 1 }); Object.defineProperty(f, 'arguments', { value: 2 }); yield f; return [f.caller, f.arguments]",
  "a function that got its name by a computed key keeps another one that it was given, though one of the same place is called so":
    "const made = k => [{ [k]: () => 1 }[k], { [k]() {} }[k], { *[k]() {} }[k], Object.getOwnPropertyDescriptor({ get [k]() { return 1 } }, k).get]; const a = made('a'), b = made('b'); for (const i of a.keys()) Object.defineProperty(b[i], 'name', { value: a[i].name }); yield [a, b]; return [a.map(x => x.name), b.map(x => x.name)]",
  "what has a bind of its own is called as it is": {
    main: "const o = { bind(x) { return [this === o, x] } }; yield o.bind(1); try { undefined.bind(log(1)) } catch (e) { log(e.name) } yield undefined?.bind(log(2)); return o?.bind(3)",
  },
  "names and lengths are kept":
    "const a = (x, y) => 1, { b = function () {} } = {}; class C { static m(x) {} } yield [a.name, a.length]; return [a.name, a.length, b.name, C.name, C.m.length]",
})

part("variables that closures share", {
  "a call of a shared variable has no receiver":
    "let f = function () { return this }; const g = () => f; f = function () { return [this] }; yield f(); yield f?.(); yield f``; yield (f)(); yield g()(); yield (() => f())(); yield (() => f`a`)(); yield f(yield 1); yield f?.(yield 2); yield (yield, f)`b`",
  "a shared generator is called without receiver":
    "let f = function* () { yield this }; const g = () => f; f = function* () { yield [this] }; yield* f(); yield* f(yield 1); for (const x of f()) yield x; yield* f?.(); yield* g()()",
  "new of a variable that may not be initialised yet":
    "try { new C() } catch (e) { yield e } switch (yield 1) { case 1: class C { x = 1 } default: yield new C().x; yield new C(yield 2).x; yield new C }",
  "a class expression behind new":
    "yield new class { x = 3 }().x; yield new class { y = 4 }; yield new function () { this.z = 5 }().z",
})

part("names that computed keys give", {
  "to values of a literal in an inner function": {
    main: "const f = () => ({ ['q']: () => 1, ['r']: class {}, ['s']: function* () {} }); const o = f(); yield o.q.name; yield [o.r.name, o.s.name]",
    variants: here,
  },
  "to fields": {
    main: "class A { ['x'] = () => 1; ['y'] = function* () { yield 1 }; static ['z'] = class {} } yield new A().x.name; yield new A().y.name; yield A.z.name",
    variants: here,
  },
  "at module level": { main: "yield [o.k.name, ...o.k()]", top: "const o = { ['k']: function* () { yield 1 } }" },
})
