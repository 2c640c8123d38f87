/** Parts 10 to 13: tagged templates, literals, using, symbols. */
import { here, next, part, returned, thrown } from "../cases.ts"

const resource = (name: string, fails = false) =>
  `{ [Symbol.dispose]() { log("dispose ${name}"); ${fails ? `throw new Error("!${name}")` : ""} } }`

part("literals that begin with a spread", {
  "have their accessors behind all else up to the next spread or computed key, as V8 defines them":
    "const z = { a: 1 }, x = 1; const show = o => log(Object.keys(o).join(), o); show({ ...z, get c() { return x }, set c(v) { x }, d: 1 }); show({ ...(yield z), get c() { return x }, d: yield 2, ['e']: 3, get f() { return x }, g: 4 }); show({ ...z, get c() { return x }, d: 1, ...z, set c(v) { x } }); show({ get c() { return x }, ...z, d: 1 })",
  "have no place for what a later accessor replaces, nor for an accessor that a later value replaces":
    "const z = { a: 1 }, x = 1; const show = o => log(Object.keys(o).join(), o); show({ ...z, c: log(9), d: 1, set c(v) { x } }); show({ ...z, get c() { return x }, d: 1, c: x }); show({ ...z, get c() { return x }, d: 1, ['q']: 2, c: 8 }); show({ ...z, c: yield 1, d: 1, ['q']: 2, get c() { return x } })",
  "have no place for what a later property replaces, also if that stands behind a computed key":
    "const z = { z: 1 }, x = 1, __proto__ = 2; const show = o => log(Object.keys(o).join(), o); show({ ...z, a: yield 1, b: 1, get c() { return x }, ['q']: 2, a: 3 }); show({ ...z, a() { return x }, b: 1, set c(v) { x }, ['q']: 2, get a() { return x }, a: 3 }); show({ ...z, a: yield 2, __proto__() { return x }, b: 1, a: 3 }); show({ ...z, __proto__() { return x }, b: yield 3, set c(v) { x }, __proto__ }); show({ ...z, a: 1, __proto__: yield z, b: 1, a: 3 })",
})

part("literals that do not begin with a spread", {
  "keep the place of a repeated name, also behind functions with computed keys and accessors":
    "const z = { z: 1 }, x = 1; const show = o => log(Object.keys(o).join(), o); show({ ['q']() { return x }, a: yield 1, b: 1, a: 2, ...z }); show({ set ['q'](v) { x }, ['r']() { return x }, a: yield 2, b: 1, a: 2 }); show({ get q() { return x }, ...z, a: yield 3, b: 1, 'a': 2, get c() { return x }, ...z, d: 1, e: 2, d: 3 }); show({ __proto__() { return x }, a: 1, b: yield 4, ...z, a: 1 }); show({ a: 1, ['q']: () => x, b: yield 5, c: 1, b: 2, a: 3 })",
})

part("tagged templates", {
  "functions whose names are numbers, or those of parameters in what users see": `
    const v = { 1: x => x + 1, 0: x => x, 2: x => x, *[3]() { yield 3 }, a0: () => 10, p: () => 11, g: () => 12 }
    const g = function* (x, y = 1) { const a0 = () => x, p = () => y, e = () => 7, r = () => 8; yield a0() + p() + e() + r() }
    return [yield 1, (yield 2) + (yield v[1](3)), ...v[3](), ...g(1), v.a0() + v.p() + v.g()]`,
  "classes without a name as values of literals, with keys that stop":
    "const o = { a: class { static [yield 's']() { return 1 } [yield 'i'] = 3 }, [yield 'k']: class { static [yield 's']() { return 1 } [yield 'i'] = 3 }, ['__proto__']: class { static [yield 's']() { return 1 } [yield 'i'] = 3 }, [Symbol.for('q')]: (class { static [yield 's']() { return 1 } [yield 'i'] = 3 }), z: yield 5, m() { return super.toString } }; yield Object.keys(o); return [o.a.name, o.k.name, o['__proto__'].name, o[Symbol.for('q')].name, new o.a().i, o.k.s(), Object.getPrototypeOf(o) === Object.prototype]",
  "one strings array per site, frozen, with raw text": {
    main: `const seen = []; for (const x of [1, 2]) seen.push(tag\`a\${yield x}\\n\`); return [seen[0] === seen[1], Object.isFrozen(seen[0]), seen[0].raw[1], tag\`a\${yield 3}\\n\` === seen[0]]`,
    top: "const tag = strings => strings",
    variants: ["compiled", "preempted"],
  },
  "a site is one object for all who keep its strings, wherever they are": `const tag = (strings, ...values) => [strings, values], site = x => tag\`a\${x}\\unicode\`; const a = site(1), [s] = tag\`\${1}\`; yield a; yield s.raw; const b = site(2); return [a[0] === b[0], b, a[0].raw, s === tag\`\${1}\`[0], s.length]`,
  "a tag that is a method has its receiver": `const o = { v: 2, t(s, x) { return [this.v, s.length, x] } }; return o.t\`\${yield 1}\``,
  "String.raw": `return String.raw\`\\n\${yield 1}\\t\``,
})

const MANY = Array.from(
  { length: 40 },
  (_, i) =>
    `${i % 7 === 3 ? "..." : ""}(yield ${i % 7 === 3 ? `[${i}, 'x']` : i})${i % 5 === 0 ? ", " : ""}${i % 9 === 4 ? `, log(${i})` : ""}`,
)

const GIVEN = MANY.map(element => element.replace(/^(.*\)), (?=,|$)/, "$1"))

part("arrays of many stops", {
  "have their values, what is spread, and their holes, in order": `const a = [, 'first', ${MANY.join(", ")}, , 'last', ,]; yield a.length; return [a, Object.keys(a).length, Array.isArray(a)]`,
  "one within another": `const a = [${MANY.slice(0, 18).join(", ")}, [${MANY.slice(0, 18).join(", ")}], f(...[${MANY.slice(20, 38).join(", ")}])]; function f(...r) { return r.length } return [a.length, a]`,
  "an error in the middle leaves nothing": `let a = 1; try { a = [${MANY.slice(0, 30).join(", ")}, ...(yield 7)] } catch (e) { log(e.constructor === TypeError) } return a`,
})

part("calls with many stops in their arguments", {
  "have their arguments, and what is spread, in order": `const r = (...a) => a; const o = { r(...a) { return [this === o, a] } }; return [r(${GIVEN.join(", ")}), o.r(${GIVEN.join(", ")}), (yield r)(${GIVEN.slice(0, 20).join(", ")})]`,
  "have their number of them": `class C { constructor(...a) { this.a = a; this.t = new.target === C } }; const c = new C(${GIVEN.join(", ")}); function n(a, b) { return [a, b, arguments.length] } return [c.a, c.t, n(${GIVEN.slice(0, 18).join(", ")}), n(${GIVEN.slice(20).join(", ")}, log('last'))]`,
  "delegated to": `function* g(...a) { yield a.length; return a } return [yield* g(${GIVEN.join(", ")}), yield* ({ g }).g(${GIVEN.slice(1).join(", ")})]`,
  "an error in the middle calls nothing": `let a = 1; try { a = log(${GIVEN.slice(0, 30).join(", ")}, ...(yield 7)) } catch (e) { log(e.constructor === TypeError) } return a`,
  "of a tag": `const t = (s, ...a) => [s.length, a]; return t\`${Array.from({ length: 20 }, (_, i) => `\${yield ${i}}`).join("-")}\``,
})

part("object and class literals", {
  "keys, values and spreads in order":
    "const o = { a: yield 1, [yield 'b']: log('v'), ...(yield { c: 3 }), a2: yield 4 }; return [o, Object.keys(o)]",
  "__proto__: v sets the prototype, ['__proto__'] does not":
    "const p = { x: 1 }; const o = { __proto__: yield p, y: yield 2 }, q = { ['__proto__']: yield 3 }; return [o.x, Object.keys(q).length]",
  "anonymous functions are named by their keys": {
    main: "const o = { f: () => yieldless, [yield 'g']: function () {}, c: class {}, a: yield 1 }; function yieldless() {} return [o.f.name, o.g.name, o.c.name]",
  },
  "a computed key names a class although that has a static method called name, as in V8": {
    main: "const k = 'k', o = { [k]: class { static name() {} }, [k + 2]: class { static get name() { return 1 } }, a: class { static name() {} }, [yield 'y']: class { static name() {} } }; yield 1; return [typeof o.k.name, o.k2.name, typeof o.a.name, typeof o.y.name]",
  },
  "accessors and methods beside yields": {
    main: "const o = { get a() { return 1 }, b: yield 2, set a(v) { log(v) }, m() { return super.toString === Object.prototype.toString } }; o.a = 5; return [o.a, o.b, o.m()]",
  },
  "accessors of literals move with the variables that they share": {
    main: "let n = 1; const k = 'k', o = { get n() { return n++ }, set n(v) { n = v }, get [k]() { return super.toString === {}.toString }, set only(v) { n = v } }; yield o.n; o.n = 5; yield o.n; o.only = 9; const { get, set, enumerable, configurable } = Object.getOwnPropertyDescriptor(o, 'n'); return [o.n, o.k, get.name, set.name, enumerable, configurable, Object.keys(o)]",
  },
  "accessors are defined on other objects too": {
    main: "let n = 1; const a = [1, 2], f = () => 3, m = new Map(); for (const o of [a, f, m, Object.freeze({ x: 1, get v() { return n++ } })]) { if (Object.isExtensible(o)) Object.defineProperty(o, 'v', { get: () => n++, configurable: true, enumerable: o === a }); yield o.v; yield [o.v, Object.isFrozen(o), Object.keys(o)] }",
  },
  "a later key replaces an earlier one at its place": "return Object.entries({ a: yield 1, b: 2, a: yield 3 })",
  "computed keys and statics of a class, in order": {
    main: "class A { [yield 'x']() { return 1 } static [yield 's'] = log('static'); static { log('block') } } yield 3; return [new A().x(), A.s === undefined]",
    partly: "static state (static [computed])",
  },
  "a class with a generator method works behind a stop": {
    main: "class A { *g(n) { yield n; return n * 2 } } const a = new A(); yield 0; return yield* a.g(3)",
  },
  "a computed generator method": {
    main: "class A { *['x']() { yield 1 } static *['y']() { yield 2 } } yield* new A().x(); yield* A.y()",
  },
  "a method that a setter of the same name replaces": {
    main: "class A { static *['b']() {} static set ['b'](p) {} } yield typeof Object.getOwnPropertyDescriptor(A, 'b').set",
  },
  "heritage with a yield":
    "class B { m() { return 1 } } class A extends (yield B) { m() { return super.m() + 1 } } return new A().m()",
  "array literals keep holes": "const a = [, yield 1, , ...(yield [2]), ,]; return [a.length, 0 in a, 2 in a]",
})

/** Properties of all kinds, of which each stops: many times sixteen. */
const PROPERTIES = Array.from({ length: 6 }, (_, i) =>
  [
    `a${i}: yield ${i}`,
    `[yield 'k${i}']: log(${i})`,
    `...(yield { s${i}: ${i}, a${i}: 'again' })`,
    `['m' + (yield ${i})]() { return [super.toString === Object.prototype.toString, ${i}] }`,
    `get ['g' + (yield ${i})]() { return ${i} }`,
    `set ['g' + (yield ${i})](v) { log('set', v) }`,
    `p${i}, f${i}: () => p${i}, get b${i}() { return super.valueOf === Object.prototype.valueOf }`,
    `['c' + (yield ${i})]: class { static [yield 's'] = ${i} }, [yield 'n${i}']: function () {}`,
    `d${i}: class { [yield 'x']() { return ${i} } }, ${i}: yield 'index'`,
  ].join(", "),
)
const SHOWN = `const shown = (o, names = Object.getOwnPropertyNames(o)) => names.map(n => [n, typeof o[n] === 'function' ? [o[n].name, n[0] === 'm' || n[0] === 'f' ? o[n]() : 0] : o[n]])`
const P = Array.from({ length: 6 }, (_, i) => `p${i} = 'p' + ${i}`).join(", ")

part("object literals, templates and classes of many stops", {
  "all kinds of properties, in order": {
    main: `let ${P}; ${SHOWN}; const o = { ${PROPERTIES.join(", ")} }; yield 1; o.g1 = 5; return shown(o)`,
    partly: "static state (static [computed])",
  },
  "a literal that begins with a spread, and one with a prototype in the middle": {
    main: `let ${P}; ${SHOWN}; const z = { z: 1, a3: 2 }, o = { ...z, get early() { return p1 }, ${PROPERTIES.slice(0, 3).join(", ")}, __proto__: yield z, ['__proto__']: yield 'own', ${PROPERTIES.slice(3).join(", ")}, a1: yield 'last' }; yield 1; return [shown(o), Object.getPrototypeOf(o) === z]`,
    partly: "static state (static [computed])",
  },
  "repeated names keep the places that they have with few stops": `const x = 1; return [Object.keys({ ['q']: 1, m() { return x }, ${Array.from({ length: 40 }, (_, i) => `v${i % 30}: yield ${i}`).join(", ")}, m() {}, get v3() { return x } }), Object.keys({ m() {}, ...{ w: 1 }, ${Array.from({ length: 40 }, (_, i) => `v${i % 30}: yield ${i}`).join(", ")}, m() {} })]`,
  "an error in the middle, and one within another": `let o = 1; try { o = { ${Array.from({ length: 30 }, (_, i) => `[yield ${i}]: ${i === 20 ? "nope()" : i % 9 === 0 ? `{ ${Array.from({ length: 17 }, (_, j) => `b${j}: yield ${j}`).join(", ")} }` : i}`).join(", ")} } } catch (e) { log(e) } return o`,
  "keys and texts are converted before the next is evaluated": `const told = x => ({ toString() { log('told', x); return 't' + x } }); return [{ ${Array.from({ length: 40 }, (_, i) => `[told(yield ${i})]: log(${i})`).join(", ")} }, \`a${Array.from({ length: 40 }, (_, i) => `\${told(yield ${i})}\\n\${told('x')}\\u{61}`).join(" ")}\`]`,
  "a template whose part cannot be a text": `let n = 0; try { \`${Array.from({ length: 40 }, (_, i) => `\${(n++, yield ${i})}${i === 25 ? `\${Symbol('s')}` : ""}`).join("-")}\` } catch (e) { log(e) } return n`,
  "templates in templates": `return \`${Array.from({ length: 20 }, (_, i) => `${i}\${yield ${i}}${i % 7 !== 2 ? "" : `\${\`<${Array.from({ length: 18 }, (_, j) => `\${(yield ${j}) ?? 'none'}`).join(",")}>\`}`}`).join(" ")}!\``,
  "the keys and the heritage of a class, in order": {
    main: `class B { m() { return 'B' } } const C = class extends (yield 'heritage', B) { ${Array.from({ length: 40 }, (_, i) => [`['m' + (yield ${i})]() { return super.m() + ${i} }`, `static ['s' + (yield ${i})] = log(${i})`, `['f' + (yield ${i})] = () => ${i}`, `*['g' + (yield ${i})]() { yield ${i} }`][i % 4]).join("; ")} }; yield 1; const c = new C(); return [Object.getOwnPropertyNames(C.prototype), Object.keys(C), Object.keys(c), c.m36(), c.f38(), c.f38.name, [...c.g39()]]`,
    partly: "static state (static [computed])",
  },
})

part("using", {
  "resources are disposed in reverse, behind stops": `{ using a = ${resource("a")}; yield 1; using b = ${resource("b")}; yield 2 } return 3`,
  "return() disposes": { main: `using a = ${resource("a")}; yield 1`, actions: [next(), returned(2)] },
  "errors of disposing are chained": {
    main: `try { using a = ${resource("a", true)}; using b = ${resource("b", true)}; yield 1 } catch (e) { return e }`,
    actions: [next(), thrown("body")],
  },
  "null and undefined are left alone, anything else is an error":
    "using a = null, b = undefined; yield 1; try { using c = {} } catch (e) { log(e) }",
  "what a disposal suppressed is told with the platform's words": `try { using a = ${resource("a", true)}; yield 1; throw 2 } catch (e) { log(e.message, Object.keys(Object.getOwnPropertyDescriptors(e)).sort(), e.suppressed) }`,
  "in the head of for-of, per turn": `for (using r of [${resource("1")}, ${resource("2")}]) yield 1`,
  "a captured resource is disposed": `{ using r = ${resource("r")}; const f = () => typeof r; yield f() } yield 2`,
})

part("symbols", {
  "well-known and registered ones are themselves":
    "const a = Symbol.iterator, b = Symbol.for('x'); yield 1; return [a === Symbol.iterator, b === Symbol.for('x')]",
  "one symbol stays one, as value and as key":
    "const s = Symbol('s'); const o = { [s]: 1 }; yield 1; return [o[s], s.description, Object.getOwnPropertySymbols(o)[0] === s]",
})

part("order of keys", {
  "a repeated method keeps its first place, and a computed key before it changes nothing": {
    main: "var p = 5; yield Object.keys({ [0]: x => x, m() {}, p, m() {} }); yield Object.keys({ ['a']: () => 1, b: 1, 'c d': 2, p: yield 1, 'c d': 3, b() {} })",
    variants: here,
  },
  "a literal right behind a word":
    "let b = 1; const f = k => { b++; return{get a(){return b},m(){return b + k}} }, t = () => typeof{get a(){return b}}, i = () => 'a' in{get a(){return b}}; const e = () => { throw{get a(){return b}} }; yield [f(2).a, f(3).m(1), t(), i()]; try { e() } catch (x) { return x.a }",
  "a heritage in parentheses right behind its word":
    "const C = class extends(function (base) { return class extends base {} }(Error)) {}, mk = X => class extends(X){ *m() { yield 1 } }; yield [new C() instanceof Error, C.name]; const M = mk(Map); return [new M() instanceof Map, M.name, ...new M().m()]",
  "behind a spread they are in the order of V8": "yield Object.keys({ ...{ z: 1 }, m() {}, p: yield 1, m() {} })",
})

part("the name of a class in its heritage and keys", {
  "is the class once there is one": {
    main: "let f, g; class A extends (f = () => A, yield 1, Object) { static [(g = () => A, yield 2)] = 4 } yield f() === A; yield g() === A; const X = class Y extends (f = function* () { yield Y === X }, Object) {}; yield* f()",
    variants: here,
  },
  "is not initialised before":
    "let f; try { class A extends (f = () => A, f()) {} } catch (e) { yield e } try { f() } catch (e) { yield e } try { const B = class C extends (yield C) {} } catch (e) { yield e } try { class D { [yield D]() {} } } catch (e) { yield e }",
  "is a constant": {
    main: "let f; class A { static [(f = () => { A = 3 }, 'm')] = 1 } try { f() } catch (e) { yield e } yield A.m",
    variants: here,
  },
  "a private name in a key has its meaning": {
    main: "const fs = []; for (const i of [1, 2]) { class A { static #x = i; static [(class {}, fs.push(() => A.#x + i), 'k')] = 1; *g() { yield A.#x } } yield* new A().g() } const B = (() => class { #y = 4; *[(fs.push(b => b.#y), 'h')]() { yield this.#y } })(); const b = new B(); yield fs.map(f => f(b)); return yield* b.h()",
    variants: here,
  },
  "is one for each evaluation": {
    main: "const fs = []; for (let i = 0; i < 2; i++) { class A extends (fs.push(() => A.i), Object) { static i = i } yield i } yield fs.map(f => f())",
    variants: here,
  },
})
