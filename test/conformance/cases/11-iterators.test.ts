/** Part 1: iterators of the language that the program makes itself, in the middle of an iteration, across stops. */
import { part } from "../cases.ts"

/** A stop between any two steps. */
const stepped = (make: string, steps = 6) =>
  `${make}; for (let i = 0; i < ${steps}; i++) { const r = it.next(); yield r.done ? "end" : log(r.value) } yield 0; log(it.next().done)`

part("iterators of arrays", {
  "values stands where it stood": stepped('const it = ["a", "b", "c"].values()'),
  "keys and entries too": `${stepped("const it = [7, 8].keys()")}; { ${stepped("const it = [7, 8].entries()")} }`,
  "Symbol.iterator by its name": stepped("const a = [1, 2, 3], it = a[Symbol.iterator]()"),
  "an array that grows is seen to its new end, unless the end was reached before":
    "const a = [1], it = a.values(); yield it.next().value; a.push(2); yield it.next().value; log(it.next().done); a.push(3); yield 0; log(it.next().done)",
  "an array that shrinks below the position and grows again":
    "const a = [1, 2, 3, 4], it = a.values(); it.next(); it.next(); it.next(); a.length = 1; yield 0; a.push(5, 6, 7, 8); yield it.next().value; yield it.next().value",
  "iterator and array stay one graph":
    "const a = [1, 2, 3]; a.push(a.values()); const it = a[3]; yield it.next().value; a[1] = 9; yield it.next().value; yield a[3] === it",
  "holes and array-likes": `${stepped("const it = [1, , 3].entries()")}; { ${stepped("const it = Array.prototype.values.call({ length: 2, 0: 'x', 1: 'y' })")} }`,
  "typed arrays": stepped("const it = new Float64Array([1.5, 2.5]).entries()"),
  arguments: {
    main: "yield* f(1, 2, 3)",
    top: `function* f() { ${stepped("const it = arguments[Symbol.iterator]()")} }`,
  },
  "for-of over entries, with a break and a second loop over the rest":
    "const it = ['a', 'b', 'c', 'd'].entries(); for (const [i, x] of it) { yield i + x; if (i === 1) break } for (const x of it) yield x[1]",
  "spread, patterns and Array.from take from where it stands":
    "const it = [1, 2, 3, 4, 5, 6].values(); const [a, b] = it; yield a + b; const jt = [1, 2, 3].values(); jt.next(); yield 1; log(Array.from(jt)); const kt = [1, 2].values(); yield 2; log([...kt])",
  "an element that is an accessor is asked with its own array, and a throw leaves the position behind it":
    "const a = [1, 2, 3]; let n = 0; const it = a.values(); yield it.next().value; a.x = 'here'; try { Object.defineProperty(a, 1, { get() { return this === a } }); log(it.next().value) } finally { Object.defineProperty(a, 1, { value: 0 }) } yield it.next().value",
})

part("iterators of Maps and Sets", {
  "keys, values and entries stand where they stood":
    "const m = new Map([[1, 'a'], [2, 'b'], [3, 'c']]); const ks = m.keys(), vs = m.values(), es = m.entries(); yield ks.next().value; yield vs.next().value; vs.next(); yield es.next().value[1]; for (const x of ks) yield x; for (const x of vs) yield x; log([...es])",
  sets: stepped("const it = new Set(['x', 'y', 'z']).values()"),
  "entries that are added and deleted in between":
    "const m = new Map([[1, 1], [2, 2], [3, 3]]), it = m.keys(); yield it.next().value; m.delete(1); m.delete(2); m.set(4, 4); yield it.next().value; m.clear(); yield 0; m.set(5, 5); yield it.next().value; log(it.next().done); m.set(6, 6); yield 0; log(it.next().done)",
  "at the end, but not over it, it sees what is added":
    "const s = new Set([1]), it = s.values(); it.next(); yield 0; s.add(2); yield it.next().value; log(it.next().done); yield 1; s.add(3); log(it.next().done)",
  "a collection that holds its own iterator":
    "const m = new Map(); const it = m.entries(); m.set('it', it); m.set(1, 2); yield 0; log(m.get('it') === it); log(it.next().value[0]); yield 1; log(it.next().value)",
  "for-of over entries, by its name":
    "const m = new Map([[1, 2], [3, 4], [5, 6]]); for (const [k, v] of m.entries()) yield k + v",
  "delegation to entries": "const m = new Map([[1, 2], [3, 4]]); yield* m.keys(); yield* m; yield* new Set([5, 6])",
})

part("delegation", {
  "to arrays and typed arrays": "log(yield* [1, 2, 3]); yield* new Uint8Array([4, 5]); yield* [6].entries()",
})

part("iterators of matches", {
  "stand at the next match": stepped('const it = "a1b22c333".matchAll(/[a-z](\\d+)/g)'),
  "empty matches advance": stepped('const it = "ab".matchAll(/(?:)/g)'),
  "the pattern's own position is taken at the start, and is not moved":
    'const p = /a/g; p.lastIndex = 2; const it = "aaaa".matchAll(p); yield it.next().value.index; p.lastIndex = 0; yield it.next().value.index; log(it.next().done, p.lastIndex)',
  "for-of and groups": 'for (const { groups: { n }, index } of "x1 y2".matchAll(/\\w(?<n>\\d)/gu)) yield n + index',
  "a pattern that is not global, by the method of patterns":
    'const it = /a/[Symbol.matchAll]("aa"); yield it.next().value.index; log(it.next().done); yield 1; log(it.next().done)',
  "a pattern that is not global is the language's error":
    "yield 1; try { 'a'.matchAll(/a/) } catch (e) { log(e instanceof TypeError) }",
})

part("methods of iterators", {
  "map and filter count": stepped(
    "const it = [5, 6, 7, 8].values().map((x, i) => [x, i]).filter(([x], i) => (log(i), x % 2))",
  ),
  "take and drop know what is left": `${stepped("const it = [1, 2, 3, 4, 5].values().drop(1).take(2)")}; { ${stepped("const it = [1, 2].values().take(Infinity)")} }`,
  "flatMap stands within an inner iteration": stepped("const it = [1, 2, 3].values().flatMap((x, i) => [x, [i]])", 8),
  "over iterators of the program": stepped("const it = Iterator.prototype.map.call(iterator(4, 0), x => x * 2)"),
  "return closes what lies beneath, once":
    "const it = Iterator.prototype.take.call(iterator(4, 0), 3); yield it.next().value; log(it.return().done); yield 1; log(it.next().done)",
  "return closes the inner iteration first":
    "const it = [1, 2].values().flatMap(() => iterator(3, 0)); yield it.next().value; yield it.next().value; log(it.return())",
  "a function that throws closes what lies beneath and ends it":
    "const it = Iterator.prototype.map.call(iterator(4, 0), x => { if (x === 1) throw 'no'; return x }); for (let i = 0; i < 4; i++) { try { yield it.next().value } catch (e) { log(e) } }",
  "for-of over a chain, left early":
    "for (const x of [1, 2, 3, 4].values().map(x => x * 2).filter(x => x > 2)) { yield x; if (x === 6) break }",
  "arguments that are refused are the language's errors":
    "yield 1; for (const f of [it => it.map(1), it => it.filter(), it => it.flatMap({})]) try { f([1].values()) } catch (e) { log(e instanceof TypeError, e.message) } log([1, 2].values().take('1').next().done)",
  "functions that are given to them have no receiver": {
    main: "const own = function (x) { 'use strict'; log(this); return [x] }; const m = [1, 2].values().map(own), f = [1, 2].values().filter(own), fm = [1, 2].values().flatMap(own); log(m.next(), f.next(), fm.next()); yield 1; log(m.next(), f.next(), fm.next())",
  },
  "Iterator.from wraps what does not inherit, and gives back what does": {
    main: stepped("let n = 0; const own = { next() { return { value: n++, done: n > 4 } } }, it = Iterator.from(own)"),
  },
  "arrays have methods of the same names":
    "const a = [1, 2, 3]; yield a.map(x => x + 1).filter(x => x > 2).join(); yield [...a.flatMap(x => [x, x]).keys()].length",
})

part("the same objects", {
  "prototypes, tags and own properties are those of the language":
    "for (const it of [[1].values(), [1].entries(), new Map().keys(), new Set().values(), 'a'.matchAll(/a/g), [1].values().map(x => x), Iterator.from({ next() {} })]) { yield 0; log(String(it), Reflect.ownKeys(it), typeof it.next, it[Symbol.iterator]() === it, Object.getPrototypeOf(it) === Object.prototype) }",
  "methods of the program with these names are called as they are":
    "const o = { values(...a) { return [this === o, a.length] }, map: x => x }; yield o.values(); yield o.map(3); log(o.missing?.map(1))",
  "what is no function is an error after the arguments, with the text of the source":
    "const o = {}; yield 1; try { o.filter(log('argument')) } catch (e) { log(e.message) } try { o.a.map(log('argument')) } catch (e) { log(e.message) }",
})

part("a generator object whose function has another prototype by now", {
  "keeps its own, and does not move": {
    main: "function* g() { yield 1 } const it = g(); yield 1; Object.setPrototypeOf(g.prototype, { extra: 3 }); g.prototype = 5; yield it.extra; yield [it.extra, typeof it.next, Object.hasOwn(it, 'next')]",
    partly: "another prototype than its function",
  },
})

part("iterators of the language as objects", {
  "have the properties that a program gave them, and are frozen where they were":
    "const all = [[1, 2].values(), new Map([[1, 2]]).keys(), 'ab'.matchAll(/./g), [1, 2].values().map(x => x + 1), Iterator.from({ next: () => ({ value: 1, done: false }) })]; for (const it of all) { it.tag = all; it.next(); Object.freeze(it) } yield all; return all.map(it => [it.tag === all, Object.isFrozen(it), it.next().done])",
  "are not portable with another prototype": {
    main: "for (const it of [[1, 2].values(), new Set([1]).values()]) { const { next } = it; Object.setPrototypeOf(it, { more: 1 }); yield it; log(it.more, it.next, next.call(it).value) }",
    partly: "an iterator that was given another prototype",
  },
})
