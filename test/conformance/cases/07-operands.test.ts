/** Part 9: operands around a yield keep their order, their references and their number. */
import { here, part } from "../cases.ts"

part("operands around a yield", {
  "a compound assignment reads the old value before the yield":
    "const o = { k: 1 }; (yield o)[yield 'k'] += (o.k = 10, yield 5); return o",
  "a variable is read before the yield": "let a = 1; const r = a + (yield (a = 5)); return [a, r]",
  "arguments are evaluated from left to right":
    "const f = (...a) => a; let n = 1; return f(n++, yield n, n++, ...(yield [n]), n)",
  "a method call keeps its receiver":
    "const o = { v: 1, m(x) { return [this === o, x] } }; return [o.m(yield 1), o[yield 'm'](yield 2), (0, o.m)?.name]",
  "(0, f)() has no receiver, (o.m)() has":
    "const o = { m() { return this === o } }; return [(0, o.m)(yield 1), (o.m)(yield 2)]",
  "an optional chain that ends early leaves its yields out":
    "const o = null; return [o?.a[yield 1].b(yield 2), (yield 3)?.x]",
  "optional calls of a parenthesised chain":
    "return [((yield null)?.b)?.(), (({ m() { return this.v }, v: 3 })?.m)(yield 1)]",
  "an optional call keeps its receiver":
    "const o = { v: 1, m(x) { return this.v + x } }; return [o?.m?.(yield 1), o.n?.(yield 2), o?.[yield 'm'](5)]",
  "delete of a member with yields":
    "const o = { a: 1, b: 2 }; yield delete (yield o)[yield 'a']; return [o, delete o?.b, delete null?.[yield 1]]",
  "delete of a parenthesised chain deletes": {
    main: "const o = { a: 1 }; return [delete ((yield o)?.a), o]",
  },
  "a key is converted once":
    "let n = 0; const k = { toString() { n++; return 'a' } }; const o = { a: 1 }; o[k] = yield 1; yield n; return [o, n]",
  "a key is converted for reading and once more for writing, as in V8": `
    let n = 0
    const key = { toString() { n++; return log("k" + n) } }
    const o = { k1: 1, k2: 2, k3: 3, k5: 5 }
    o[key] += yield 1
    o[key] ||= yield 2
    o[key] ??= yield 3
    o[yield key] += 4;
    (yield o)[key] -= 1
    o[yield key]++
    return [o, n]`,
  "the key that is written is the one from before the stop, whatever is assigned meanwhile":
    "let key = 'a'; const set = x => { key = x }; const o = { a: 1, b: 2 }; o[key] += (set('b'), yield 5); o[key] &&= (set('a'), yield 6); return o",
  "nothing of what is no object is converted to a key": `
    const key = { toString() { return log("converted") } }
    try { null[key] += yield 1 } catch (e) { log(e.constructor.name, e.message) }
    try { (yield undefined)[key] ||= yield 2 } catch (e) { log(e.constructor.name, e.message) }`,
  "a key of super is converted for reading and once more for writing": `
    let n = 0
    const key = { toString() { n++; return log("k" + n) } }
    const o = { __proto__: { k1: 1, k3: 3 }, *m() { super[key] += yield 1; super[key] ||= yield 2; super[key] ??= yield 3 } }
    yield* o.m()
    return o`,
  "short circuits leave the right side out":
    "return [0 && (yield 1), 1 || (yield 2), null ?? (yield 3), 0 ?? (yield 4)]",
  "logical assignment evaluates its right side only if it assigns":
    "const o = { a: 0, b: 1, c: null }; o.a ||= yield 1; o.b ||= yield 2; o.c ??= yield 3; o.b &&= yield 4; o[yield 'd'] ??= 5; return o",
  "update operators with yields": "const o = { a: 1 }; return [(yield o)[yield 'a']++, --o[yield 'a'], o]",
  "templates convert in order": `const o = { toString() { log('o'); return 'x' } }; return \`\${o}\${yield 1}\${o}\${yield 2}\``,
  "spread is taken before the next operand": "return [...iterator(2, 0), yield log('behind'), ...[yield 3]]",
  "new evaluates its class first":
    "class A { constructor(...a) { this.a = a } } const r = new (yield A)(yield 1, ...(yield [2])); return r.a",
  "conditional operands": "return (yield 1) ? (yield 2) : (yield 3)",
  "a comparison keeps its left side":
    "let a = 1; return [a < (yield (a = 9)), a in { 9: yield 1 }, (yield []) instanceof (yield Array)]",
  "a yield as operand of a yield": "return yield yield yield 1",
  "exponentiation, unary operators and void":
    "return [(yield 2) ** (yield 3), -(yield 1), !(yield 0), void (yield 1), typeof (yield 'x')]",
  "an assignment in an operand is seen by later ones": "let a = 1; return [a, (a = yield 5), a, a++, yield a, a]",
  "in with a private name": {
    main: "return yield* new A().m()",
    top: "class A { #p; *m() { return [#p in (yield this), #p in (yield {})] } }",
  },
})

part("delete", {
  "of an optional chain reads what is before it once": {
    main: "yield delete ({ get [(yield 'a')]() { log('in') } })?.a?.[0]; yield delete ({ get a() { return log('in', { b: 1 }) } })?.a?.[yield 'b']",
    variants: here,
  },
})
