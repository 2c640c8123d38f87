/** Parts 14 to 17: what is not portable, dynamic code, native frames in between, delegation and module state. */
import { type Case, here, next, part, returned, thrown } from "../cases.ts"

part("delegation", {
  "to a compiled generator: values, errors and returns pass through": {
    main: "try { return ['r', yield* f()] } catch (e) { return ['c', e, yield 3] }",
    top: "function* f() { try { return yield 1 } catch (e) { log(e); yield 2; throw e } }",
    actions: [next(), thrown("t")],
  },
  "to an array and to a string": {
    main: "yield* [1, 2]; return yield* 'ab'",
  },
  "to an iterator: next, throw and return are called on it": {
    main: "try { yield* iterator(3, 6) } catch (e) { log(e) } return 1",
    actions: [next(), next(5), thrown("t")],
  },
  "an iterator without throw is closed, and that is a TypeError": {
    main: "try { yield* iterator(3, 0) } catch (e) { log(e) }",
    actions: [next(), thrown("t")],
  },
  "return() without a method ends": {
    main: "try { yield* iterator(3, 2) } finally { log('f') }",
    actions: [next(), returned(4)],
  },
  "to a generator object that has begun": {
    main: "const g = f(); log(g.next().value); return yield* g",
    top: "function* f() { yield 1; yield 2; return 3 }",
  },
  "to one that ended gives undefined": {
    main: "const g = f(); for (const x of g) yield x; return yield* g",
    top: "function* f() { yield 1; return 3 }",
  },
  "in the depth": {
    main: "return yield* f(20)",
    top: "function* f(n) { if (n === 0) { yield 'bottom'; return 0 } return 1 + (yield* f(n - 1)) }",
  },
  "a generator that calls itself while it is iterated gets an error, and goes on": {
    main: "for (const how of ['next', 'throw', 'return']) { const g = f(() => g[how](7)); for (const x of g) { yield x; if (x === 2) break } log(g.next()); const h = f(() => h[how](8)); yield* h; const k = f(() => k[how](9)); k.next(); for (const x of k) { yield x; try { log(k[how](5)) } catch (e) { log(e) } } try { k.throw(1) } catch (e) { log(e) } }",
    top: "function* f(again) { yield 1; try { again() } catch (e) { log(e.message) } yield 2; try { again() } catch (e) { log(e.message) } yield 3 }",
    variants: here,
  },
  "a generator object that was called from inside shows nothing of it, nor what it inherits from once it has ended": {
    main: "const g = f(() => g.next()), others = f(() => {}); const own = o => Reflect.ownKeys(o).map(String); log(others.next()); for (const x of g) { yield x; if (x === 1) continue; log(own(g), Object.keys(g), 'next' in g, g.hasOwnProperty('next'), Object.getPrototypeOf(g) === f.prototype); if (x === 2) break } log(g.next(), own(g), own(f.prototype), others.next(), others.next(), others.next()); const h = f(() => h.throw(8)); yield* h; log(own(h), own(f.prototype), f.prototype.next === Object.getPrototypeOf(f.prototype).next)",
    top: "function* f(again) { yield 1; try { again() } catch (e) { log(e.message) } yield 2; try { again() } catch (e) { log(e.message) } yield 3 }",
    variants: here, // in a move, the one that stays behind does not end
  },
  "a generator object whose prototype takes nothing, or stands before the engine's, goes on behind a call from inside":
    {
      main: "for (const home of [Object.freeze(f.prototype), Object.create(f.prototype)]) { const g = Object.setPrototypeOf(f(() => g.next()), home); for (const x of g) { yield x; if (x === 2) break } log(g.next(), g.next()) }",
      top: "function* f(again) { yield 1; try { again() } catch (e) { log(e.message) } yield 2; try { again() } catch (e) { log(e.message) } yield 3 }",
      variants: here,
    },
  "a method of the program's before the engine's is the one that is called": {
    main: "f.prototype.next = function (x) { log('mine'); return Object.getPrototypeOf(f.prototype).next.call(this, x) }; const g = f(() => g.next()); yield* g; log(g.next(), Object.keys(f.prototype))",
    top: "function* f(again) { yield 1; try { again() } catch (e) { log(e.message) } yield 2 }",
    variants: here,
  },
  "a generator that runs cannot be resumed": {
    main: "const g = f(() => g.next()); try { yield* g } catch (e) { yield e.constructor.name }",
    top: "function* f(again) { yield again() }",
  },
})

/** `g` delegates to an iterator whose results tell who reads them; `use(g)` is ordinary code. */
const telling = (result: string, use: string) => ({
  main: `yield 0; const use = Function("g", "log", "last", ${JSON.stringify(use)}); yield use(g(), log, () => last)`,
  top: `let last; const seen = result => (last = result);
    const source = { [Symbol.iterator]() { let n = 0; const step = how => v => { log(how, v); const d = n++ > 2; return ${result} }; return { next: step("next"), return: step("return") } } }
    function* g() { try { return yield* source } finally { log("closed") } }`,
  variants: here,
})

part("results that pass through yield* are asked once whether they are done", {
  "by for-of in ordinary code": telling(
    "{ a: 1, get value() { log('value'); return n }, get done() { log('done'); return d }, b: 2 }",
    "for (const x of g) log(x)",
  ),
  "with a getter that they inherit": telling(
    "Object.create({ get done() { log('done'); return d } }, { value: { value: n } })",
    "return [...g]",
  ),
  "with a Proxy among their prototypes": telling(
    "Object.setPrototypeOf({ value: n }, new Proxy({}, { get(t, k) { log(k); return d } }))",
    "return [...g]",
  ),
  "and are the very objects, unchanged, keys in order; return() that does not end included": telling(
    "seen({ a: 1, get done() { log('done'); return n > 3 }, b: n })",
    "for (let i = 0; i < 2; i++) { const r = g.next(i); log(r === last(), Object.keys(r).join(), typeof Object.getOwnPropertyDescriptor(r, 'done').get) } const r = g.return(7); log(r === last(), Object.keys(r).join()); return g.next().done",
  ),
  "a loop of compiled code asks once more, as natively": {
    main: "for (const x of g()) yield x; const [a, , b] = g(); return [a, b]",
    top: `const source = { [Symbol.iterator]() { let n = 0; return { next() { let asked = 0; n++; return { value: n, get done() { log('done', n); return ++asked > 1 ? n > 2 : n > 4 } } } } } }
      function* g() { try { yield* source } finally { log("closed") } }`,
    variants: here,
  },
})

/** Calls of generators that delegate to results which count how often they were asked, and are done from the `n`th time on, or late. */
const levels = (main: string, actions: Case["actions"] = []): Case => ({
  main,
  actions,
  top: `const source = n => ({ [Symbol.iterator]() { let steps = 0; const step = how => v => { const last = ++steps > 6; let asked = 0; log(how); return { get value() { log("value"); return how }, get done() { log("done"); if (n === 0) throw "refused"; return last || ++asked >= n } } }
      return { next: step("next"), return: step("return"), throw: step("throw") } } })
    function* a(n) { try { log("a", yield* source(n)) } catch (e) { log("a caught", e) } finally { log("a closed") } return 1 }
    function* b(n) { try { log("b", yield* a(n)) } catch (e) { log("b caught", e) } finally { log("b closed"); yield "late" } return 2 }
    function* c(n) { try { log("c", yield* b(n)) } finally { log("c closed") } return 3 }`,
  variants: here,
})

part("results of which nothing can be hidden are asked as natively", {
  "a Proxy, by for-of in ordinary code": telling(
    "new Proxy({ value: n, done: d }, { get(t, k) { log(k); return t[k] } })",
    "for (const x of g) log(x)",
  ),
  "one that takes no property, by hand": telling(
    "Object.preventExtensions(Object.create({ get done() { log('done'); return d } }, { value: { get() { log('value'); return n } } }))",
    "for (let i = 0; i < 3; i++) log(g.next().value); return g.return(7).value",
  ),
  "with a getter that stays, through several calls, one of which ends by what it hears": {
    main: `yield 0; const use = Function("g", "log", "for (let i = 0; i < 9; i++) { const r = g.next(i); log(r.value, r.done) }")
      for (const n of [1, 2, 3, 4, 5, 0]) use(c(n), log)`,
    top: `const source = n => ({ [Symbol.iterator]() { let steps = 0; return { next(v) { let asked = 0; const last = ++steps > 3; return Object.defineProperty({ value: steps }, "done", { get() { log("done"); if (n === 0) throw "refused"; return last || ++asked === n } }) } } } })
      function* a(n) { try { log("a", yield* source(n)) } catch (e) { log("a caught", e) } finally { log("a closed") } return 1 }
      function* b(n) { try { log("b", yield* a(n)) } catch (e) { log("b caught", e) } finally { log("b closed"); yield "late" } return 2 }
      function* c(n) { try { log("c", yield* b(n)) } catch (e) { log("c caught", e) } finally { log("c closed") } return 3 }`,
    variants: here,
  },
  "by an only call, which goes on behind its yield*": {
    main: `yield 0; const use = Function("g", "log", "for (let i = 0; i < 6; i++) { const r = g.next(i); log(r.value, r.done) }"); for (const n of [0, 1, 2]) use(a(n), log)`,
    top: `const source = n => ({ [Symbol.iterator]() { let steps = 0; return { next(v) { const d = ++steps === 2; return new Proxy({ value: steps }, { get(t, k) { log(k); if (k !== "done") return t[k]; if (n === 0 && d) throw "refused"; return d } }) } } } })
      function* a(n) { for (let i = 0; i < n; i++) try { yield* []; log("a", yield* source(n)); yield "behind" } catch (e) { log("caught", e) } finally { log("closed") } try { yield* source(0) } catch (e) { yield e } return 1 }`,
    variants: here,
  },
})

part("results that pass through several yield* are asked by each whether they are done", {
  "by those of called generators": {
    ...levels("yield* c(9)", [next(), next(1), thrown(2), returned(3)]),
    variants: ["compiled"], // a fiber that yields them has nobody who looks at results
  },
  "one that hears it ends there with the value, and what is further inside rests": {
    ...levels("for (const n of [1, 2, 3]) log(yield* c(n))"),
    actions: [next(), next(1), next(2), next(3), next(4)],
  },
  "by one that closes, where return() goes on outside": levels(
    "const g = b(3), h = c(4); log(g.next()); yield; log(g.return(5)); log(g.next()); log(h.next()); log(h.return(6)); log(h.next(7))",
  ),
  "a getter that throws is caught where it was asked": levels("yield* c(0)"),
  "by those of generator objects, and by the loop around them": levels(
    "for (const n of [1, 2, 3, 4, 5]) { const g = c(n), d = (function* () { return yield* g })(); let left = 3; for (const x of d) { log(yield x); if (left-- === 0) break } }",
  ),
})

/** A generator that delegates in its finally to results that are done when asked for the `n`th time, or to a Proxy that is. */
const closing = (main: string, inner: string): Case => ({
  main: `for (const n of [1, 2, 3, 4, 5, 0]) { const g = ${main}; log(n, g.next().value); yield n; let r = g.return("told"); log(r.value, r.done); r = g.next(); log(r.value, r.done) }`,
  top: `const source = n => ({ [Symbol.iterator]() { let steps = 0; return { next() { const last = ++steps > 2; let asked = 0;
      if (n === 0) return new Proxy({ value: steps, done: true }, {})
      return { value: steps, get done() { log("done"); return last || ++asked >= n } } } } } })
    function* a(n) { log("a", yield* source(n)); log("behind a") }
    function* b(n) { try { yield "begun" } finally { log("closing b"); ${inner}; log("b closed") } log("behind b") }
    function* c(n) { try { yield* b(n) } finally { log("c closed") } log("behind c") }
    function* d(n) { yield* c(n); log("behind d") }`,
  variants: here,
})

part("a generator that is told to return does, whatever its finally delegates to", {
  "to a generator, through whose yield* results come": closing("d(n)", "yield* a(n)"),
  "to the iterator itself": closing("d(n)", 'log("heard", yield* source(n))'),
  "in the only call": closing("b(n)", 'log("heard", yield* source(n))'),
  "by what it hears, if it was told on the way": closing(
    "(function* () { try { yield* d(n) } finally { yield* d(n); log('closed') } })()",
    "yield* a(n)",
  ),
})

part("native frames in between", {
  "functions and methods whose names are numbers": {
    main: "const o = { 0: x => x, *1() { yield 2 } }; class A { *[0]() { yield 3 } *2() { yield 4 } } yield* o[1](); yield* new A()[0](); yield [...new A()[2]()]; return o[0](5)",
  },
  "a compiled generator driven by Array.from and spread": {
    main: "yield Array.from(f(3)); return [...f(2), Math.max(...f(4))]",
    top: "function* f(n) { for (let i = 0; i < n; i++) yield i }",
  },
  "a generator object in a local goes on where it stood": {
    main: "const g = f(3); log(g.next()); yield 1; log(g.next()); yield 2; return [...g]",
    top: "function* f(n) { for (let i = 0; i < n; i++) yield i }",
  },
  "generator objects have their prototypes": {
    main: "const g = f(); yield g instanceof f; return [g instanceof f, Object.prototype.toString.call(g), g[Symbol.iterator]() === g]",
    top: "function* f() { yield 1 }",
  },
  "iterator helpers over a compiled generator": {
    main: "const it = f(5).filter(x => x % 2); for (const x of it) yield x",
    top: "function* f(n) { for (let i = 0; i < n; i++) yield i }",
  },
  "a getter and a callback that drive generators": {
    main: "const o = { get v() { return [...f(2)] } }; yield 0; return [o.v, [1, 2].map(x => [...f(x)])]",
    top: "function* f(n) { for (let i = 0; i < n; i++) yield i }",
    variants: ["compiled", "preempted"],
  },
})

part("generator objects that the program changed", {
  "own properties move with the object, methods among them": {
    main: `
      const g = f(); g.next(); g.self = g; Object.defineProperty(g, "hidden", { value: 3 })
      const h = f(); h.next = () => ({ value: "own", done: true })
      yield; log(g.self === g, Object.getOwnPropertyDescriptor(g, "hidden"), g.next(), Reflect.ownKeys(g))
      return [h.next(), [...h].length, yield* h]`,
    top: "function* f() { yield 1; yield 2 }",
  },
  "one that is frozen stays where it is": {
    main: "const g = Object.freeze(f()); yield g.next(); return [Object.isFrozen(g), g.next(), g.next()]",
    top: "function* f() { yield 1; yield 2 }",
    partly: "takes no properties",
  },
  "so does one that inherits from something else": {
    main: `
      function* other() {}
      const g = Object.setPrototypeOf(f(), other.prototype); yield g.next()
      return [g instanceof f, g instanceof other, g.next()]`,
    top: "function* f() { yield 1; yield 2 }",
    partly: "another prototype",
  },
  "and one whose function was given another prototype object since": {
    main: `
      function* f() { yield 1; yield 2 }
      const g = f(), { prototype } = f; f.prototype = Object.create(Object.getPrototypeOf(prototype)); yield g.next()
      return [g instanceof f, Object.getPrototypeOf(g) === prototype, g.next()]`,
    partly: "another prototype",
  },
})

part("what is not portable, and what stays native", {
  "a WeakMap in a local does not keep the frames from moving": {
    main: "const w = new WeakMap(), k = {}; w.set(k, 1); yield 1; return w.has(k)",
    partly: "WeakMap",
  },
  "a stack of resources stays what it is, also where its class goes by reference": {
    main: "const stack = new DisposableStack(); stack.defer(() => log('disposed')); yield stack.disposed; { using held = stack; yield 1 } return stack.disposed",
    partly: "DisposableStack is not portable",
  },
  "so does what Intl makes, and an heir of it": {
    main: "class Euro extends Intl.NumberFormat { of(n) { return this.format(n) } } const format = new Intl.NumberFormat('en'), own = new Euro('en'); yield format.format(1.5); return own.of(2.5)",
    partly: "is not portable",
  },
  "a dead one does not matter": "let w = new WeakMap(); log(typeof w); w = null; yield 1; return 2",
  "a function with direct eval stays native, and can be delegated to": {
    main: "yield 0; return yield* f()",
    top: "function* f() { yield eval('1 + 1') }",
    variants: ["compiled", "preempted"],
  },
  "a native generator that is delegated to hears of everything, and is named where the frames around it are saved": {
    main: "const seen = []; for (const how of ['next', 'throw', 'return']) { const g = (function* () { try { return ['returned', yield* f(1)] } catch (e) { return ['caught', e, yield 9] } finally { log('left') } })(); seen.push(g.next().value, g.next(how).value); yield how; for (let r = g[how]('told'), i = 0; i < 5; r = g.next(i), i++) seen.push(r.done, r.value); log(seen) }",
    top: "function* f(n) { eval(''); try { const got = yield n; return [got, yield n + 1] } catch (e) { log(e); yield 'inside'; throw 'again' } finally { yield 'closing' } }",
    partly: "Generator is not portable",
  },
  "a function with a with statement stays native": {
    main: "const o = { a: 1 }; return [yield* f(o), o.a]",
    top: "function* f(o) { with (o) { a = yield a; yield a; return a } }",
    sloppy: true,
    partly: "Generator is not portable",
  },
  "so does what the constructor of generator functions makes": {
    main: "const F = Object.getPrototypeOf(function* () {}).constructor, g = new F('a', 'const b = yield a; return [b, yield b]'); log(g.name, g.length, g instanceof F); return [yield* g(4), ...F('yield 1')()]",
    partly: "Generator is not portable",
  },
  "so does one whose eval stands in parentheses": {
    main: "yield* f()",
    top: "function* f() { var d = 1; const i = (a = ((eval))('() => d')) => { var d = 2; return a() }; yield i() }",
    variants: here,
  },
  "a method that uses super in a literal that waits stays native, where nothing else can be around it": {
    main: "yield* f()",
    top: "function* f() { eval('1'); const o = { *g() { yield super.h() }, x: yield 1, __proto__: { h() { return 2 } } }; yield* o.g() }",
    variants: here,
  },
  "so does a generator that yields in a key in which a function uses a private name of its class": {
    main: "yield* f()",
    top: "function* f() { let g; class A { static #x = 3; static [(g = () => A.#x, yield 1)] = 2 } yield g() }",
    variants: here,
  },
  "indirect eval and Function see the global scope":
    "const x = 1; yield (0, eval)('typeof x'); return new Function('return typeof x')()",
  "an async function is made and called": {
    main: "const f = async x => x; const p = f(1); yield 1; return p instanceof Promise",
    partly: "Promise",
  },
})

part("module state", {
  "constants and functions of the top level are referred to": {
    main: "yield C.n; C.n++; yield C.n; return g()",
    top: "const C = { n: 1 }; function g() { return C.n }",
    variants: ["compiled", "moved", "kept", "preempted", "preempted and moved"],
  },
  "variables of the top level are seen and changed": {
    main: "n++; yield n; n += yield 1; return n",
    top: "let n = 1",
    variants: ["compiled", "moved", "kept", "preempted", "preempted and moved"],
  },
})
