/** Declarations of one name in several places. */
import { here, part } from "../cases.ts"

part("var and function of one name", {
  "a var in a block is the function of the body around it": `function f() { return 1 }
      log(f()); { yield 1; var f = 2; log(f) } for (var f of [5]) { yield f; log(f) }
      return (() => f)()`,
})

part("generators in blocks and loops of the module itself see the variables there", {
  "constants of blocks, loops and catches": {
    top: "const fs = []; for (const k of ['a', 'b']) fs.push(function* () { yield k; const z = () => k; yield z() }); try { throw { e: 1 } } catch ({ e }) { fs.push({ *m() { yield e; yield (() => e)() } }.m) } { const q = 1; class B { v() { return q } } fs.push(function* (a = q, { b = a } = {}) { yield new B().v() + a + b }, () => (function* () { yield q })()) }",
    main: "for (const f of fs) yield* f()",
    variants: here,
  },
  "alone, such a generator moves with what it sees": {
    top: "let make; { const q = 1; make = () => function* () { yield q; const f = () => q + 1; yield f() } }",
    main: "const g = make(); yield 0; yield* g(); return [...g()]",
  },
  "variables that change, names that are used too early, and functions, classes and themselves": {
    top: "const fs = [], out = []; for (let i = 0; i < 2; i++) fs.push(function* () { yield i++; yield () => i }); { let n = 2, h = function* me() { if (n-- > 0) { yield n; yield* me() } }; fs.push(h); class A { #x = 1; *g() { yield this.#x; yield n } } fs.push(() => new A().g()) } { const g = function* () { yield q }; try { for (const x of g()); } catch (e) { out.push(e.name) } let q = 4; fs.push(g) } switch (1) { case 1: let y = 2; fs.push(function* () { yield y; yield [1].map(x => x + y)[0] }); y++ }",
    main: "for (const f of fs) for (const x of f()) yield typeof x === 'function' ? x() : x; return out",
    variants: here,
  },
})
