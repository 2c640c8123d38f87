/** Parts 3 and 4, further in: classes made in a body, their private members and their generator methods. */
import { here, part } from "../cases.ts"

part("classes made in a body", {
  "instances keep private fields, methods and accessors":
    "class A { #x = 1; #y; constructor(y) { this.#y = y } #m() { return this.#x++ } get #p() { return this.#y } set #p(v) { this.#y = v } run() { this.#p = this.#p + 1; return [this.#m(), this.#y, #x in this] } static has(o) { return #x in o } } const a = new A(5); yield a.run(); yield A.has(a); return [a.run(), A.has(a), A.has({}), a instanceof A]",
  "initialisers and constructors do not run again":
    "let n = 0; class A { #x = log(++n); y = log(++n); constructor() { log('made'); this.z = ++n } sum() { return [this.#x, this.y, this.z, n] } } const a = new A(); yield a.sum(); yield 1; return [a.sum(), Object.keys(a)]",
  "private state of every class of a chain":
    "class A { #v = 1; a() { return this.#v++ } } class B extends A { #v = 10; own = log('own'); constructor(w) { super(); this.#v += w } b() { return this.#v++ } } class C extends B { #c = [this]; c() { return this.#c[0] === this } } const c = new C(5); yield [c.a(), c.b(), c.c()]; return [c.a(), c.b(), c.c(), c.own, Object.keys(c)]",
  "private state of subclasses of the language's own classes":
    "class M extends Map { #n = 0; constructor() { super() } set(k, v) { this.#n++; return super.set(k, v) } get n() { return this.#n } } class E extends Error { #why; constructor(m, why) { super(m); this.#why = why } get why() { return this.#why } } class L extends Array { #t = 't'; get t() { return this.#t } } const m = new M(), e = new E('no', 'because'), l = L.of(1, 2); m.set('b', 2); yield [m.n, e.why, l.t]; m.set('c', 3); return [m.n, [...m], e.why, e.message, e instanceof E, l.t, [...l]]",
  "objects that share private values share them afterwards":
    "class A { #s; constructor(s) { this.#s = s } get() { return this.#s } } const s = [1], a = new A(s), b = new A(s); yield 1; s.push(2); return [a.get() === b.get(), a.get() === s, a.get()]",
  "a private field can lead back to its instance":
    "class A { #self = this; get self() { return this.#self } } const a = new A(); yield a.self === a; return a.self === a",
  "frozen instances keep writable private fields":
    "class A { #n = 0; up() { return ++this.#n } } const a = Object.freeze(new A()); yield a.up(); return [a.up(), Object.isFrozen(a)]",
  "an object that only inherits from the class has none":
    "class A { #n = 0; static has(o) { return #n in o } } const o = Object.create(A.prototype); yield A.has(o); return [A.has(o), o instanceof A]",
  "defaults and patterns of constructors do not run again":
    "class A { #n; constructor(n = log('n'), { a = log('a'), b: [c = log('c'), , { d } = log('d')] = log('b'), ...r } = { b: [1, 2, { d: 3 }], e: 5 }, ...more) { this.#n = [n, a, c, d, r, more] } get n() { return this.#n } } class B extends A { #m; constructor([x = log('x')] = [], y = log('y')) { super(); this.#m = [x, y] } get m() { return this.#m } } const a = new A(1, undefined, 2), b = new B(); yield a.n; return [a.n, b.n, b.m]",
  "a constructor is passed by whose patterns have computed keys, or take what is left of a list":
    "class A { #n; constructor({ [log('k')]: { [log('l')]: n = log('d') } = { l: log('e') }, ...r }, [a, ...[b = log('b'), { z }]]) { this.#n = [n, r, a, b, z] } get n() { return this.#n } } class B extends A { #m; constructor(x, y, ...[m = log('m'), { v }, [w, ...q]]) { super(x, y); this.#m = [m, v, w, q] } get m() { return [this.#m, this.n] } } class C { #n = log('f'); constructor(...{ length, 0: n = log('n'), [log('one')]: o, foo: { x } = { x: log('x') }, bar = log('bar'), ...r }) { this.#n = [length, n, o, x, bar, r] } get n() { return this.#n } } const a = new A({ k: {}, o: 1 }, [1, undefined, { z: 3 }]), b = new B({ k: { l: 2 } }, [4, 5, {}], undefined, { v: 6 }, 'wq'), c = new C(undefined, 8); yield a.n; yield b.m; return [a.n, b.m, c.n, A.length, B.length, C.length]",
  "a field is left out that a computed key names":
    "class A { #n = 1; [log('k')] = class { me = log('c') }; [log('f')] = () => this.#n; get n() { return this.#n } } const a = new A(); yield [a.k.name, new a.k().me]; return [a.n, a.k.name, a.f(), a.f.name]",
  "static state stays where it is, and is named": {
    main: "class A { static count = 0 } yield ++A.count; return ++A.count",
    partly: "class A has static state (static count) and is not portable",
  },
  "a class whose name was taken away and given back has it behind its prototype object, and stays where it is": {
    main: "class A {} delete A.name; Object.defineProperty(A, 'name', { value: 'A', configurable: true }); yield new A() instanceof A; return Reflect.ownKeys(A)",
    partly: "class A has static state and is not portable",
  },
  "a generator method works behind a stop, its class too":
    "class A { *g(n) { yield n; return n * 2 } static *s() { yield this === A } } const a = new A(); yield 0; yield* A.s(); return yield* a.g(3)",
  "a generator method is stopped in the middle, by its class alone":
    "const it = new (class { *g(n) { yield n; yield this.x++; return n * 2 } x = 1 })().g(3); yield it.next().value; yield it.next().value; return it.next()",
  "generator methods as values are those of their class":
    "class A { *g() { yield 1 } } const { g } = A.prototype; yield 1; return [g === A.prototype.g, [...g()]]",
  "private generator methods with private state":
    "class A { #n = 1; *#g(k) { yield this.#n++; return k } *m() { return yield* this.#g(yield 'm') } } const a = new A(); return [yield* a.m(), yield* a.m()]",
  "generator methods of classes with different variables":
    "const make = n => class { *up() { yield ++n } }; const A = make(1), B = make(10), a = new A(), b = new B(); yield* a.up(); yield* b.up(); return [[...a.up()], [...b.up()]]",
  "super in generator methods of local classes":
    "class A { *g() { yield 'A' } } class B extends A { *g() { yield* super.g(); yield 'B' } } const b = new B(); yield 1; return [...b.g()].concat(yield* b.g())",
  "heritage and keys are evaluated once":
    "let n = 0; const base = () => (log('base'), class { v = ++n }); class A extends base() { [log('k')]() { return this.v } } const a = new A(); yield a.k(); return [a.k(), new A().k()]",
  "a class in a heritage or key, in an ordinary function, uses what is there":
    "class O { #k = 'k'; make(own) { class N extends class { [this.#k + arguments.length] = own } { #k = 3; [class { static s = this.name + own }.s] = own } return new N() } } const o = new O(); yield Object.entries(o.make(1)); return Object.entries(o.make(2))",
  "the name of a class inside its own heritage is not there yet":
    "const A = 1; const make = () => { try { return class A extends (() => A)() {} } catch (e) { return e.name } }; yield make(); return make()",
})

part("declarations with heritage and keys that stop", {
  "of a class that a function captures":
    "class A { *[yield 'k']() { yield 1 } } function make() { return new A() } yield [...make().k()]; class B extends (yield A) { again() { return new B() } } return [[...new B().again().k()], make() instanceof A]",
  "in a block, captured and not, with its name in a key":
    "const fs = []; for (const n of [1, 2]) { class A { static [yield n]() { return n } } fs.push(() => A[n]()); class B extends (yield A) { } yield B[n]() } return fs.map(f => f())",
})

part("methods of classes made in a body, as values", {
  "of instances and of the class, by plain and computed keys":
    "const k = Symbol('k'), n = yield 'n'; class A { v = 1; m() { return this.v } static s() { return this === A } async a() { return 1 } [k]() { return 'k' } [n]() { return 'n' } 5() { return 5 } async *g() {} } const { m, a, [k]: q, 5: five, g } = A.prototype, { s } = A, other = A.prototype.n; yield m.call({ v: 7 }); yield s.call(A); yield 1; return [m.call({ v: 2 }), s.call(A), q(), other(), five(), m === A.prototype.m, s === A.s, q === A.prototype[k], new A().m === m, a === A.prototype.a, g === A.prototype.g, m.name, q.name, five.name, typeof a]",
  "a method alone brings its class along":
    "const make = n => { class A { m() { return [A.name, ++n] } static s() { return new A().m } } return [A.prototype.m, A.s] }; const [m, s] = make(1), [m2] = make(10); yield m(); yield s()(); yield m2(); return [m(), m2(), s() === m, s() === m2]",
  "getters and setters":
    "class A { #x = 1; get x() { return this.#x } set x(v) { this.#x = v } static get y() { return 'y' } } const { get, set } = Object.getOwnPropertyDescriptor(A.prototype, 'x'), y = Object.getOwnPropertyDescriptor(A, 'y').get, a = new A(); yield get.call(a); set.call(a, 5); yield y(); return [get.call(a), get === Object.getOwnPropertyDescriptor(A.prototype, 'x').get, y(), set.length, get.name]",
  "a method that was replaced, or whose class was changed, is still that method":
    "class A { m() { return 'old' } n() { return 'n' } } const { m } = A.prototype; A.prototype.m = function () { return 'new' + m() }; const a = new A(); yield a.m(); A.prototype.more = m; yield a.more(); return [a.m(), m(), a.more === m, A.prototype.m === m]",
  "methods that use super, of a class that extends another":
    "class A { m() { return 'A' + this.v } } class B extends A { v = 2; m() { return 'B' + super.m() } } const { m } = B.prototype, base = A.prototype.m, b = new B(); yield m.call(b); yield base.call({ v: 3 }); return [m.call(b), base.call(b), b.m === m]",
  "bound methods, in an object, a Map and a closure":
    "class A { n = 0; up() { return ++this.n } } const a = new A(), f = a.up.bind(a), o = { up: a.up, n: 5 }, all = new Map([['m', a.up]]), g = () => all.get('m') === o.up; yield f(); yield o.up(); yield g(); return [f(), o.up(), g(), a.n]",
  "a class that holds its own method in a variable":
    "let held; class A { m() { return held === A.prototype.m } } held = A.prototype.m; yield held(); return [held(), new A().m()]",
  "a method that was given properties is refused, and so is its class": {
    main: "class A { m() {} } A.prototype.m.extra = 1; const a = new A(); yield 1; return a.m.extra",
    partly: "class A has a method that was given properties, and is not portable",
  },
})

part("private methods as values", {
  "while arrays cannot be iterated, and other methods beside them":
    "const own = Object.getOwnPropertyDescriptor(Array.prototype, Symbol.iterator); class A { #p() { return 'p' } m() { return 'm' } static async *s() {} get() { return this.#p } } const a = new A(), p = a.get(), m = a.m, s = A.s; delete Array.prototype[Symbol.iterator]; try { yield p(); return p() + m() + (p === a.get()) + (m === a.m) + (s === A.s) } finally { Object.defineProperty(Array.prototype, Symbol.iterator, own) }",
  "of classes made in a body: each class has its own, which bring it along":
    "const make = v => { class A { #n = v; #m(k) { return [this.#n++, k, A.name, v++] } static #s(k) { return [this === A, k, v] } static s() { return A.#s } async #a() {} all() { return { a: this, m: this.#m, s: A.#s, b: this.#m.bind(this, 'b'), async: this.#a, is: f => f === this.#m } } } return new A().all() }; class Z { z = 3 } class D extends Z { #m() { return [this.z, super.toString === Object.prototype.toString] } get() { return this.#m } } const x = make(1), y = make(10), d = new D(), dm = d.get(); yield [x.m.call(x.a, 1), x.b(), x.s(2), y.m.call(y.a, 3), dm.call(d)]; let wrong; try { x.m.call(y.a) } catch (e) { wrong = e.name } return [x.m.call(x.a, 4), x.b(), x.s(5), y.b(), x.is(x.m), x.is(y.m), x.m.name, x.async.name, wrong, dm.call(d), dm === d.get()]",
  alone:
    "const make = v => { class A { #m(k) { return [k, v++, A.name] } get() { return this.#m } } return new A().get() }, m = make(1), n = make(7); yield [m(1), n(2)]; return [m(5), n(6)]",
  "of classes at module level": {
    top: "class Z { z = 1 } class A extends Z { #n = 1; #m(k) { return [this.#n++, k, this.z] } '#m'() { return 'public' } static #s(k) { return [this.name, k] } all() { return [this.#m, A.#s, this['#m']] } is(f) { return f === this.#m } *g() { const f = this.#m; yield f.call(this, 1); return [f.call(this, 2), f === this.#m] } }",
    main: "const a = new A(), [m, s, p] = a.all(); yield [m.call(a, 1), s.call(A, 2), p()]; return [m.call(a, 3), s.call(A, 4), p(), a.is(m), m.name, m.length, yield* a.g()]",
    variants: ["compiled", "moved", "kept", "preempted", "preempted and moved"],
  },
  "one that was given properties is refused, and so is its class": {
    main: "class A { #m() { return 1 } given() { this.#m.x = 1; return this.#m } } const a = new A(), m = a.given(); yield a; return m.x",
    partly: "a method that was given properties",
  },
})

part("keys that yield and use private names of their class, which no object has yet", {
  "reading, writing and calling throw as natively":
    "const o = {}, r = []; const tried = e => r.push(e.message); try { class A { #x = 1; [(yield o).#x] = 2 } } catch (e) { tried(e) } try { class A { static #w; [(o.#w = yield 5, 'q')] } } catch (e) { tried(e) } try { class A { #w; [([o.#w] = [yield 5], 'q')] = 1 } } catch (e) { tried(e) } try { class A { #w; [((yield o).#w += 1, 'q')] = 1 } } catch (e) { tried(e) } try { class D { #m() {} [((yield o), o).#m()] = 2 } } catch (e) { tried(e) } try { class A { #w; [(yield null).#w] = 1 } } catch (e) { tried(e) } return r",
  "`in` is false, and a chain that ends gives undefined":
    "const o = {}; class B { #x = 1; ['k' + (#x in (yield o))]() { return this.#x } static has(o) { return #x in o } } yield new B().kfalse(); class C { #m() { return 5 } [(yield null)?.#m ?? 'q']() { return this.#m() } [yield 'z'] = () => this.#m() } const c = new C(); yield c.q(); return [B.has(new B()), B.has(o), c.q(), c.z(), Object.keys(c)]",
  "in methods, with parameters that have defaults":
    "class G { *g(a = 1, { b } = { b: 2 }) { class A { #x = a; [((yield a)?.#x, 'k')] = b; get x() { return this.#x } } const i = new A(); yield i.x; return [i.x, i.k] } } return yield* new G().g(undefined, { b: 7 })",
})

part("closures that use private names, in generator methods of classes of the top level", {
  "arrows, functions, generators, accessors and classes": {
    top: "class A { #n = 1; #m(k) { return this.#n += k } *g() { const f = () => this.#n++; yield f(); const h = function (o) { return #n in o ? o.#m(2) : 'no' }; yield h(this); const q = function* () { yield this.#n; yield f() }, x = this; yield* q.call(this); const o = { get v() { return (a => a.#n)(x) }, m() { return x.#n } }; yield o.v; class I { #z = 2; r = () => [this.#z, x.#n]; t() { return (() => this.#z + x.#n)() } } const i = new I(); yield i.r(); yield i.t(); return [f(), h(this), h({}), [...q.call(this)], o.v, o.m(), i.r(), i.t(), h.name, f.name] } }",
    main: "return yield* new A().g()",
  },
  "of static methods and private generator methods, nested, that share a variable": {
    top: "class A { static *s() { let n = 0; const up = () => ({ n: ++n, f: () => () => this.#get(n) }), u = up(); yield u.f()(); yield up().f()(); return [u.f()(), up().n, n, u.f === u.f] } static #get(n) { return [this.name, n] } *#p(k) { const f = (o = this) => [o.#v, k++]; yield f(); return [f(), f()] } #v = 'v'; *p() { return yield* this.#p(5) } }",
    main: "const a = yield* A.s(); return [a, yield* new A().p()]",
  },
  "a class inside that has a private name of the same text": {
    top: "class O { #k = 1; *g() { const f = () => { class I { #k = 2; static r(i) { return i.#k } } return [this.#k, I.r(new I())] }; yield f(); return f() } }",
    main: "return yield* new O().g()",
  },
  "of two classes around each other, and of an expression": {
    top: "class O { #o = 1; *g() { const outer = this; class I { #i = 2; *h() { const f = () => this.#i + outer.#o; yield f(); return f() } } const f = () => outer.#o++; yield f(); const r = yield* new I().h(); return [r, f()] } } const E = class { #e = 7; *g() { const f = () => this.#e++; yield f(); return f() } }",
    main: "const r = yield* new O().g(); return [r, yield* new E().g()]",
  },
  "of classes made in a body: methods, fields, getters, static and generator methods": {
    main: "const make = v => class A { #n = v; up = () => this.#n++; get f() { return () => [this.#n, A.name] } m(k) { return { add: () => (this.#n += k), has: o => #n in o } } *g() { const f = (d = 1) => this.#n - d; yield f(); yield f(2); return f } static s(a) { return function () { return a.#n } } gen() { const self = this; return function* (k) { yield self.#n + k; yield self.#n } } c() { const self = this; return class I { #i = 0; r = () => [self.#n, this.#i++] } } }; const A = make(1), B = make(100), a = new A(), b = new B(), { up } = a, f = b.f, m = a.m(10), s = A.s(a), it = a.gen()(5), I = b.c(), i = new I(); yield up(); yield f(); yield m.add(); yield s(); yield it.next().value; yield i.r(); const gf = yield* b.g(); yield [m.has(a), m.has(b)]; return [up(), a.up === up, f(), m.add(), m.has(a), m.has(b), s(), it.next(), gf(), i.r(), new I().r(), new A().up()]",
  },
  "a closure alone brings its class along, and classes do not get confused": {
    main: "const make = v => { class A { #n = v; f = () => A.read(this); static read(a) { return a.#n } static wrong(b) { return () => { try { return b.#n } catch (e) { return e.constructor.name } } } } return [new A(), A] }; const [a, A] = make(1), [b] = make(2), fs = [a.f, b.f, A.wrong(a), A.wrong(b)]; yield fs.map(f => f()); return fs.map(f => f())",
  },
  "a class in a class, each with private names that the other's closures use": {
    main: "class O { #o = 1; make() { const o = this; return class I { #i = 2; both = () => (o.#o += this.#i); static of(i) { return () => i.#i + o.#o } } } } const I = new O().make(), i = new I(), of = I.of(i); yield i.both(); yield of(); return [i.both(), of()]",
  },
})

part("calls of private methods whose arguments stop", {
  "the receiver is looked at before the arguments, and nothing but it is kept": {
    top: "class A { #v = 1; #m(a, b) { return [this.#v++, a, b] } static #s(...a) { return [this.name, ...a] } *g(o = this) { const r = [this.#m(yield 'a', log('b'))]; r.push(A.#s(...(yield [1, 2]), yield 3)); try { o.#m(yield log('never')) } catch (e) { r.push(e.message) } r.push((yield this).#m(log('c'), yield 'd')); return r } }",
    main: "const a = new A(); const r = yield* a.g(); return [r, yield* a.g({ no: 1 })]",
  },
  "of classes made in a body, and by the name of a field it is the field's value": {
    main: "class A { #f = x => [this.#n, x]; #n = 0; #up(k) { return this.#n += k } get #acc() { return v => ['acc', v] } *g() { const r = [this.#up(yield 1), this.#f(yield 2)]; const old = this.#f; this.#f = y => ['new', y]; r.push(this.#f((this.#f = old, yield 3)), this.#acc(4)); return r } } return yield* new A().g()",
  },
})

part("classes of the top level", {
  "no generator in a method assigns the name of the class": {
    main: "const tried = g => { try { return [...g] } catch (e) { return e.name } }; yield [tried(new A().n()), tried(new A().m()), tried(A.z())]; yield typeof A",
    top: "class A { n() { return (function* () { yield 2; A = 5 })() } m() { return (function* () { const w = () => { A = 7 }; yield 3; w() })() } static { this.z = function* () { yield 3; [A] = [4] } } }",
    variants: here,
  },
  "instances keep their private members": {
    main: "const a = new A(3), b = new B(4); yield [a.get(), b.get(), b.own()]; return [a.get(), b.get(), b.own(), Object.keys(b)]",
    top: "class A { #x = 1; #y; constructor(y) { this.#y = y } get() { return [this.#x++, this.#y] } } class B extends A { q = 1; #z = 9; own() { return this.#z++ } }",
    variants: ["compiled", "moved", "kept", "preempted", "preempted and moved"],
  },
})

part("generators in fields of classes of the top level, under computed keys", {
  "of instances and of the class, with and without private members, have the names of their keys": {
    main: "const a = new A(); yield [...a, A.s.name, ...A.s(a)]; yield [a[Symbol.iterator].name, a.k.name, a.c.name, ...a.k(), ...a.c.g(a)]",
    top: "class A { #p = 1; [Symbol.iterator] = function* () { yield this.#p }; ['' + 'k'] = function* () { yield () => 2 }; static ['' + 's'] = function* (a) { yield a.#p }; ['' + 'c'] = class { static *g(a) { yield a.#p } } }",
    variants: here,
  },
  "of a class that a loop makes again have the names and the variables of their turn": {
    main: "for (const A of made) { const a = new A(), [f] = Object.values(a); yield [f.name, ...f.call(a), ...a.m(), ...A.t()] }",
    top: "const made = []; for (const k of ['a', 'b']) { class A { [k] = function* () { yield k; yield this.#p() }; #p = () => k; *m() { yield k } static *[k + 't']() { yield k } static t() { return this[k + 't']() } } made.push(A) }",
    variants: here,
  },
})

part("prototype objects", {
  "a class that was given another base by Object.setPrototypeOf keeps it, and so do its prototype object and statics":
    "const set = Object.setPrototypeOf, get = Object.getPrototypeOf; class A { base = 1; static s() { return 'A' } } class B { base = 2; v() { return 'v' } static s() { return 'B' } } class C extends A {} set(C, B); class D extends A { constructor() { super() } } set(D, Function.prototype); class E extends A {} set(E, null); class F {} set(F, B); set(F.prototype, B.prototype); for (let i = 0; i < 2; i++) { yield [new C().base, C.s(), get(C) === B, new C() instanceof A, get(E), F.s(), new F().v(), get(D) === Function.prototype]; try { new D() } catch (e) { yield e.name } }",
  "a class keeps the prototype object that a function was given before it was extended, and the one that it had":
    "const F = function () {}; F.prototype = { x: 1 }; class C extends F { get up() { return super.x } } const G = function () {}; class D extends G {} G.prototype = { y: 2 }; const N = function () {}; N.prototype = null; class E extends N {} const c = new C(), d = new D(); for (let i = 0; i < 2; i++) { yield [c.x, c.up, c instanceof F, d.y, d instanceof G, new D() instanceof D]; yield Object.getPrototypeOf(D.prototype).constructor === G && Object.getPrototypeOf(E.prototype) }",
  "a class that extends a bound function does not move": {
    main: "const B = function () {}.bind(); B.prototype = { x: 1 }; class C extends B {} yield 1; return new C().x",
    partly: "class C extends a bound function",
  },
  "what is added to the prototype object of a class or function moves with it":
    "let n = 1; class A { m() { return 'm' } } A.prototype.extra = () => n++; Object.defineProperty(A.prototype, 'v', { get: () => n }); const F = function () {}; F.prototype.hi = function () { return ['hi', this.x] }; const a = new A(), f = Object.assign(new F(), { x: 1 }); yield [a.m(), a.extra(), a.v]; return [a.m(), a.extra(), a.v, f.hi(), f instanceof F, Object.keys(A.prototype)]",
  "an instance whose constructor failed between two private fields is told of by the name of its class, and stays where it is":
    {
      main: "let half; class A { #a = 1; #b = (half = this, (() => { throw 1 })()); has() { return [#a in this, #b in this, this.#a] } } try { new A() } catch {} yield half; return half.has()",
      partly: "A failed before it had all its private members",
    },
  "a method that was replaced stays replaced":
    "class A { m() { return 1 } get v() { return 1 } } A.prototype.m = () => 2; Object.defineProperty(A.prototype, 'v', { value: 2 }); const a = new A(); yield a.m(); return [a.m(), a.v]",
  "prototype objects as values, and inheritance by hand":
    "const A = function () {}, B = function () {}; B.prototype = Object.create(A.prototype, { constructor: { value: B } }); A.prototype.a = 1; class C {} class D extends C {} const b = new B(), { prototype } = A, d = D.prototype; yield b.a; return [b.a, b instanceof A, prototype === A.prototype, d === D.prototype, Object.getPrototypeOf(d) === C.prototype, Object.getPrototypeOf(B.prototype) === prototype]",
  "a prototype object is carried as that of a function only if the function is made with it: arrows, bound functions and generators may be given one":
    "const a = () => 1, b = (function () {}).bind(), g = function* () {}; a.prototype = { constructor: a, z: 1 }; b.prototype = { constructor: b }; g.prototype = { constructor: g, w: 1 }; const all = [a, b, g], of = all.map(f => Object.create(f.prototype)); yield [all, of]; return [of.map((i, at) => Object.getPrototypeOf(i) === all[at].prototype), all.map(f => Object.keys(f.prototype)), of.map((i, at) => i.constructor === all[at])]",
  "a prototype object that is written as a literal is one object, as a value and for what inherits from it":
    "const F = function () {}; F.prototype = { constructor: F, m() { return 1 } }; const p = F.prototype, f = new F(), G = function () {}, H = function () {}; H.prototype = G.prototype; G.prototype.constructor = H; yield [p, f, G, H]; return [p === F.prototype, Object.getPrototypeOf(f) === p, f instanceof F, f.m(), G.prototype === H.prototype]",
  "a class whose prototype object says that it is another's is refused: what inherits from it would no more be an instance":
    {
      main: "class A { #x = 1; get() { return this.#x } } A.prototype.constructor = 5; class B {} delete B.prototype.constructor; B.prototype.constructor = B; const a = new A(), b = new B(); yield [A, a]; yield B; return [a instanceof A, a.get(), b instanceof B, Object.getPrototypeOf(b) === B.prototype]",
      partly: "A has a prototype object that was changed",
    },
  "the prototype object that a generator function had before it was given another one is not taken for that": {
    main: "const g = function* () {}, old = g.prototype; old.q = 1; g.prototype = { z: 1 }; const i = Object.create(old); yield [old, g]; yield i; return [old.q, old.z, old === g.prototype, i.q, i.z]",
    partly: "the prototype object that function g had before",
  },
  "private members are there behind an object that was put between an instance and its class":
    "const A = class { #p = 1; p() { return this.#p++ } }, M = class extends Map { #q = 5; q() { return this.#q } }; const a = new A(), m = new M([[1, 2]]), o = Object.create(new A()); for (const x of [a, m]) Object.setPrototypeOf(x, Object.create(Object.getPrototypeOf(x), { between: { value: 1 } })); yield [a, m, o]; try { o.p() } catch (e) { log(e) } return [a.p(), a.p(), a.between, a instanceof A, m.q(), m.get(1)]",
  "an arguments object stays one with another prototype":
    "const x = (function () { return arguments })(1, 2); Object.setPrototypeOf(x, { more: 1 }); yield x; const tag = Object.prototype.toString; log(tag.call(x), x.more, x.length, x[1]); Object.setPrototypeOf(x, null); yield x; return [tag.call(x), x.length, Object.getPrototypeOf(x)]",
  "a list, an error or an expression that inherits from Object.prototype alone is refused, not carried as an object without content":
    {
      main: "const all = [[1, 2], new Error('!e'), /a/g]; for (const x of all) Object.setPrototypeOf(x, Object.prototype); yield all; return [Array.isArray(all[0]), all.map(x => Object.prototype.toString.call(x))]",
      partly: "an object of the language that inherits from Object.prototype alone",
    },
  "what inherits from a function is refused": {
    main: "const f = () => 1; Object.setPrototypeOf(f, null); const o = Object.create(f); yield o; return Object.getPrototypeOf(o) === f",
    partly: "an object that inherits from a function is not portable",
  },
  "a function with another prototype object":
    "const F = function () {}; F.prototype = { m() { return this.x } }; yield new F().m(); const f = new F(); f.x = 1; return [f.m(), f instanceof F, Object.getPrototypeOf(f) === F.prototype]",
  "async generator functions": {
    main: "const f = async function* () {}; yield f.name; return [f.name, Object.keys(f.prototype)]",
  },
})
