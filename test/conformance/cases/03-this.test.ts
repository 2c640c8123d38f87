/** Part 4: this, arguments, new.target, super and private names. */
import { here, part, returned } from "../cases.ts"

part("this, arguments, new.target, super, private names", {
  "this is the receiver, before and behind a stop": {
    main: "yield* ({ x: 5, *m() { yield this.x; this.x++; return yield this.x } }).m()",
  },
  "arrows see this, arguments and new.target of the generator": {
    main: "return yield* f.call({ v: 7 }, 1, 2)",
    top: "function* f() { const g = () => [this.v, arguments.length, new.target]; yield g(); return g() }",
  },
  "arguments keeps what was passed, not what was assigned": {
    main: "return yield* f(1, 2)",
    top: "function* f(a) { a = 9; yield arguments[0]; arguments[0] = 3; return [a, arguments.length, ...arguments] }",
  },
  "sloppy functions get an object as this": {
    main: "yield* f.call(5)",
    top: "function* f() { yield typeof this; return typeof this }",
    sloppy: true,
  },
  "super in methods of objects and classes": {
    main: "yield* new B().m(); yield* B.s()",
    top: `class A { get v() { return this.w } static v = 1; n(x) { return x + 1 } }
      class B extends A { w = 3; *m() { yield super.v; const k = "n"; return super[yield k](yield super.n(1)) } static *s() { yield super.v } }`,
    variants: ["compiled", "preempted"],
  },
  "private fields, methods and accessors": {
    main: "yield* new A().m()",
    top: `class A { #x = 1; get #y() { return this.#x * 10 } set #y(v) { this.#x = v } #z() { return "z" }
      *m() { yield this.#x; this.#x += yield 5; this.#y = yield this.#y; yield #x in this; return [this.#x, this.#z(), #x in {}] } }`,
  },
  "a private generator method is called": {
    main: "yield* new A().m()",
    top: "class A { *#g(n) { yield n; return n + 1 } *m() { return yield* this.#g(yield 1) } }",
    variants: ["compiled", "preempted"],
  },
  "accessing a private name of another object is an error behind the operands": {
    main: "try { yield* new A().m({}) } catch (e) { log(e) }",
    top: "class A { #x = 1; *m(o) { o.#x = yield log(1) } }",
    variants: ["compiled", "preempted"],
  },
  "return before the start runs nothing": { main: "yield log(1)", actions: [{ kind: "echo" }, returned(1)] },
})

part("super and this in the parts of a class", {
  "arrow functions in fields and static blocks have those of the field": {
    variants: here,
    main: `class B { x() { return "bx" } static s() { return "bs" } }
           class A extends B { f = () => super.x(); g = [1].map(n => n + this.n); n = 1; static sf = () => super.s(); static { this.q = (() => this === A)(); } m() { return (() => super.x())() } constructor() { const q = () => super(); q() } }
           const a = new A(); yield a.f(); yield a.g; yield [A.sf(), A.q, a.m()]`,
  },
  "an optional call of super, and a template": {
    variants: here,
    main: "yield* new A().g()",
    top: "class B { m(...a) { return [this.n, ...a] } n = 4 } class A extends B { *g() { yield super.m?.(1); yield super.zz?.(1); yield super.zz?.(1).a.b; yield super.m`a`; yield super.m?.(yield 2); yield (() => super.m?.(3))() } }",
  },
  "delete of super is an error, behind its key": {
    variants: here,
    main: "yield* new A().g()",
    top: "class B {} class A extends B { *g() { try { delete super.x } catch (e) { yield e } try { delete super[yield 1] } catch (e) { yield e } try { (() => delete super[log(2)])() } catch (e) { yield e } } }",
  },
})
