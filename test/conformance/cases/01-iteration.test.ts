/** Part 1: iteration by compiled code, across stops. */
import { next, part, returned, thrown } from "../cases.ts"

part("for-of over built-in iterables", {
  "an array that grows while it is iterated is seen to its new end":
    "const a = [1, 2]; for (const x of a) { if (a.length < 5) a.push(x * 10); yield x }",
  "an array that shrinks ends early": "const a = [1, 2, 3, 4]; for (const x of a) { a.pop(); yield x }",
  "holes are undefined": "for (const x of [1, , 3]) yield x",
  "a string goes by code points": 'for (const c of "a\\u{1F600}b\\uD83D") yield c',
  "a typed array goes by elements": "for (const x of new Uint16Array([1, 65535])) yield x",
  "a map that changes while it is iterated: added entries are seen, deleted ones are not":
    'const m = new Map([[1, "a"], [2, "b"], [3, "c"]]); for (const [k, v] of m) { yield k + v; if (k === 1) { m.delete(2); m.set(9, "z") } }',
  "an entry that is deleted and set again is seen again at its new place":
    "const s = new Set([1, 2, 3]); let n = 0; for (const x of s) { yield x; if (n++ < 3) { s.delete(x); s.add(x) } }",
  "a set that is cleared in the middle goes on with what is added later":
    "const s = new Set([1, 2]); for (const x of s) { yield x; if (x === 1) { s.clear(); s.add(7) } }",
  "two loops over one map do not disturb each other":
    "const m = new Map([[1, 1], [2, 2]]); for (const [a] of m) for (const [b] of m) yield a * 10 + b",
  "an exhausted iteration stays exhausted":
    "const s = new Set([1]); for (const x of s) { yield x } s.add(2); for (const x of s) yield -x",
  "the arguments of a function are iterated": {
    main: "yield* f(1, 2)",
    top: "function* f() { for (const x of arguments) yield x }",
  },
})

part("closing an iterator", {
  "break closes, the end does not": {
    main: "for (const x of iterator(3, 0)) { yield x; if (x === 2) break } for (const x of iterator(2, 0)) yield x",
  },
  "return() at a yield in the body closes": {
    main: "for (const x of iterator(3, 0)) yield x",
    actions: [next(), returned(5)],
  },
  "throw() at a yield in the body closes, and its error wins over that of closing": {
    main: "for (const x of iterator(3, 3)) yield x",
    actions: [next(), thrown("mine")],
  },
  "an error of closing wins over break": "yield 0; for (const x of iterator(3, 3)) break",
  "a result of return that is no object is an error after break": "yield 0; for (const x of iterator(3, 4)) break",
  "an iterator that throws is not closed": "try { for (const x of iterator(3, 1)) yield x } catch (e) { log(e) }",
  "continue to an outer loop closes the inner iterator":
    "a: for (const x of [1, 2]) for (const y of iterator(2, 0)) { yield y; continue a }",
  "an iterator without return is left alone": "for (const x of iterator(3, 2)) { yield x; break }",
})

part("for-in", {
  "a key that is deleted before its turn is left out":
    "const o = { a: 1, b: 2, c: 3 }; for (const k in o) { yield k; delete o.b }",
  "a key that is hidden before its turn has its turn":
    'const o = { a: 1, b: 2, c: 3 }; for (const k in o) { yield k; Object.defineProperty(o, "b", { enumerable: false }) }',
  "a key of a Proxy that is hidden before its turn is left out": {
    main: 'const o = new Proxy({ a: 1, b: 2, c: 3 }, {}); for (const k in o) { yield k; Object.defineProperty(o, "b", { enumerable: false }) }',
    partly: "a Proxy is not portable",
  },
  "a key that an own one hides on the way has its turn":
    'const o = Object.create({ z: 1 }, { a: { value: 1, enumerable: true } }); for (const k in o) { yield k; Object.defineProperty(o, "z", { value: 1, configurable: true }) }',
  "keys of prototypes come after, hidden ones not at all":
    "const o = Object.create({ a: 1, b: 2 }, { b: { value: 1, enumerable: false }, c: { value: 1, enumerable: true } }); for (const k in o) yield k",
  "null and undefined have none": "yield 0; for (const k in null) log(k); for (const k in undefined) log(k)",
  "integer keys come first, in order": "for (const k in { b: 1, 2: 1, 1: 1 }) yield k",
})
