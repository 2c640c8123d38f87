/** Part 4, further in: `super` of compiled functions, of ordinary methods and of what is made in them. */
import { type Case, part } from "../cases.ts"

const A =
  "class A { constructor(v) { this.v = v } m(k) { return ['A', this.v, k] } get g() { return 'g' + this.v } static s() { return 's' + (this.n ?? '') } };"

part("arrow functions with `super` of an ordinary method move with its home", {
  "of methods, getters, static methods and fields of classes": `${A} class B extends A { m() { return () => super.m(1) } get g() { return () => super.g } static s() { return () => [super.s(), this === B] } f = () => super.m(2) } const b = new B(3), all = [b.m(), b.g, B.s(), b.f]; yield all.map(f => f()); return all.map(f => f())`,
  "of methods and accessors of literals, in generators and in functions": `const proto = { get x() { return 'x' + this.v }, m() { return 'm' + this.v } }, make = (v, k) => ({ __proto__: proto, v, m() { return super.m() }, get x() { return () => super.x }, [k]() { return () => super.m() } }); const o = { __proto__: proto, v: 1, m() { return () => super.m() } }, p = make(2, 'k'), all = [o.m(), p.x, p.k(), p.m.bind(p)]; yield all.map(f => f()); return [all.map(f => f()), p.m()]`,
  "in each other, and in classes and literals within": `${A} class B extends A { m() { const o = this; return () => class C extends A { m() { return [() => super.m(1), () => o.v, { __proto__: { z() { return 'z' } }, z() { return () => super.z() } }.z()] } } } up() { return () => () => super.m(4) } } const b = new B(4), all = [...new (b.m()())(5).m(), b.up()()]; yield all.map(f => f()); return all.map(f => f())`,
  "with what they capture besides, and one home for each class that is made": `${A} const fs = []; for (const k of [1, 2]) { class B extends A { #n = k; m() { return () => [super.m(this.#n++), B.name, k] } } fs.push(new B(k * 10).m()) } yield fs.map(f => f()); return fs.map(f => f())`,
  "in every form of use": `class S { set x(v) { this.got = v } get x() { return this.got } m(...a) { return [this.got, ...a] } t(s, ...a) { return [s.raw.join(), a] } }; S.prototype.K = class { constructor(v) { this.v = v } }; class B extends S { m() { return k => { super.x = 1; super.x += 1; super.x++; [super.x, ...super.rest] = [super.x + 1, 5]; const r = [super.m(1), super[k]?.(2), super.no?.(3), super.t\`a\${1}b\`, new super.K(4).v]; try { delete super.x } catch (e) { r.push(e.name) } try { super.no() } catch (e) { r.push(e.message) } return [...r, this.got, this.rest] } } } const f = new B().m(); yield f('m'); return f('m')`,
  "in constructors behind `super()`, with `this`": `${A} class B extends A { constructor(x) { super(x); this.f = () => [super.m(1), this.v++]; { this.h = () => this.v } } } const { f, h } = new B(1); yield f(); return [f(), h()]`,
  "the prototype of the home may become another, and the method may be elsewhere": `${A} class B extends A { m() { return () => super.m(1) } } const f = new B(2).m(), g = B.prototype.m.call({ v: 9 }); Object.setPrototypeOf(B.prototype, { m() { return ['Z', this.v] } }); yield [f(), g()]; return [f(), g()]`,
})

part("`super` of generator methods", {
  "whose home has no prototype, or a property that does not take the value, fails as natively": failing(
    "*m(k)",
    "yield* ",
  ),
  "the same of ordinary methods and of arrow functions in them": failing("m(k)", ""),
  "the key is converted when the engine does so, which looks the prototype up before or behind that": `const o = { *m() { const k = { toString() { log('k'); Object.setPrototypeOf(o, { x: 'new' }); return 'x' } }; yield super[k]; return (super[k] = 5, o.x) } }; return yield* o.m()`,
  "the same in arrow functions and methods inside": keys(
    "yield (() => super[k])()",
    "const f = () => super[k]; yield f; yield f()",
    "(() => { super[k] = 1 })(); yield own.x",
    "yield (() => (super[k] += yielded))()",
    "const f = function* () {}, g = () => { const h = () => super[k]; return h() }; yield* f(); yield g()",
  ),
})

function keys(...bodies: readonly string[]): string {
  const one = (body: string) =>
    `{ const own = { __proto__: { get x() { return "old" }, set x(v) { log("old", v) } }, *m(yielded) { const k = { toString() { Object.setPrototypeOf(own, { get x() { return "new" }, set x(v) { log("new", v) } }); return "x" } }; ${body} } }; yield* own.m(yield 1) }`
  return bodies.map(one).join("\n")
}

function failing(head: string, call: string): Case {
  const uses = [
    "super.x",
    "super[k]",
    "super.x = 1",
    "super[k] = 1",
    "super.x++",
    "super.x ??= 5",
    "super.x()",
    "super.x?.()",
    "super.x`a`",
    "new super.x()",
    "[super.x] = [1]",
    "(() => super.x)()",
    "(() => super.x = 1)()",
  ]
  const protos = ["null", "Object.freeze({ x: 1, key: 2 })", "{ get x() { return 1 } }"]
  const methods = protos.flatMap(p => uses.map(use => `{ __proto__: ${p}, ${head} { return ${use} } }`))
  return {
    main: `for (const o of [${methods.join(", ")}]) { let r; try { r = ${call}o.m('key') } catch (e) { r = e.name + e.message } log(r) } yield 1`,
  }
}

part("literals that wait, with methods that use `super`", {
  "stand in place, generator methods among them": {
    main: "let r; make().then(v => (r = v)); yield 1; return r",
    top: "async function make() { return { *g() { yield 1 }, m() { return super.toString }, a: await 1 } }",
    variants: ["compiled", "preempted"],
  },
})
