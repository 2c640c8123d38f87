/** Part 14: accessors in the place of what the language iterates by, which are asked as often as natively. */
import { here, part } from "../cases.ts"

const PROTOTYPES = `
  const ITERATORS = Object.getPrototypeOf(Object.getPrototypeOf([].values()))
  const [ARRAYS, STRINGS, MAPS, SETS] = [[], "", new Map(), new Set()].map(x => Object.getPrototypeOf(x[Symbol.iterator]()))`

/** Puts a getter that tells of some receivers in the place of a property, and takes it away at the end. */
const watched = (home: string, key: string, tells: string, main: string) => ({
  main: `const before = Object.getOwnPropertyDescriptor(${home}, ${key})
    Object.defineProperty(${home}, ${key}, { configurable: true, get() { if (${tells}) log(typeof this, Object.prototype.toString.call(this)); return before.value } })
    try { ${main} } finally { Object.defineProperty(${home}, ${key}, before) }`,
  top: `let on = false; const listen = it => { on = it }; ${PROTOTYPES}`,
})

const string = (main: string) => watched("String.prototype", "Symbol.iterator", "String(this)[0] === '§'", main)
const listening = (home: string, key: string, main: string) => ({
  ...watched(home, key, "on", `listen(true); ${main}; listen(false); yield 1`),
  variants: here,
})

part("a getter in the place of an iterator method of the language is asked once for each iteration", {
  "of a string, by a loop that yields": string(`for (const c of "§bc") yield c`),
  "of a string, by a loop that yields and is left": string(`for (const c of "§bc") { yield c; break }`),
  "of a string, by spread, patterns, rest and yield*": string(
    `const a = [..."§b"], [b, ...c] = "§cd"; yield 1; yield* "§e"; const f = (...r) => r.length; return [a, b, c, f(...(yield "§fg"))]`,
  ),
  "of arrays, by loops, spread, patterns and entries of Maps that are taken apart": listening(
    "Array.prototype",
    "Symbol.iterator",
    "for (const x of [1, 2]) log(x); const [a] = [3], f = (...r) => r.length; f(...[4, yield 5]); for (const [k, v] of new Map([[1, 2], [3, 4]])) log(k + v); for (const [k, v] of new Map([[1, 2], [3, 4]])) log(yield k)",
  ),
  "of Maps and Sets, where those of all iterators are not asked": listening(
    "ITERATORS",
    "Symbol.iterator",
    `const map = new Map(Array.from({ length: 200 }, (_, i) => [i, i])), set = new Set(map.keys())
    let n = 0
    for (const x of set) n += x
    for (const e of map) n += e[0]
    for (const [k, v] of map) n += k + v
    for (const x of set) if (x === 100) break
    for (const [k] of map) for (const x of set) if (x > 10) break
    log(n)`,
  ),
})

const all = `for (const x of [1, 2]) log(x); const [a] = [3]
  for (const [k, v] of new Map([[1, 2], [3, 4]])) log(k + v)
  for (const e of new Map([[1, 2]])) log(e[0]); for (const x of new Set([1, 2])) log(x)
  for (const x of new Set([1, 2])) break
  for (const x of [1, 2]) { log(yield x); break }
  for (const x of new Set([1, 2])) { log(yield x) }`

part("a getter in the place of next is asked once for each iteration, about the iterator", {
  "of an array": listening("ARRAYS", "'next'", all),
  "of a Map": listening("MAPS", "'next'", all),
  "of a Set": listening("SETS", "'next'", all),
})

part("a method that closes iterators of the language", {
  "is got from the iterator, once, and finds it where the loop left it": {
    main: `
      for (const home of [ARRAYS, STRINGS, MAPS, SETS]) {
        Object.defineProperty(home, "return", { configurable: true, get() { log("got", String(this)); return function () { log(Reflect.ownKeys(this).length, this.next(), this.next()); return {} } } })
      }
      try {
        for (const x of [1, 2, 3]) { yield x; break }
        for (const c of "a😀bc") if (c !== "a") break
        for (const c of "abc") { yield c; break }
        for (const [k, v] of new Map([[1, 2], [3, 4], [5, 6]])) if (k === 3) break
        for (const e of new Map([[1, 2], [3, 4], [5, 6]])) break
        for (const x of new Set([1, 2, 3])) break
        const [a, b] = [1, 2, 3], [c] = "de", [d] = new Set([1, 2])
        try { for (const x of new Set([1, 2, 3])) throw 1 } catch (e) { log(e) }
      } finally { for (const home of [ARRAYS, STRINGS, MAPS, SETS]) delete home.return }`,
    top: PROTOTYPES,
    variants: here,
  },
  "finds an array's iterator where the loop left it, whatever left it": {
    main: `
      Object.defineProperty(ARRAYS, "return", { configurable: true, value() { log(...this); return {} } })
      try {
        for (const x of [1, 2, 3, 4]) if (x === 2) break
        for (const x of new Int8Array([1, 2, 3])) if (x > 1) break
        try { for (const x of [1, 2, 3, 4]) if (x === 2) throw "thrown" } catch (e) { log(e) }
        for (const x of [1, 2, 3]) { for (const y of [4, 5, 6]) { if (y === 5) break; log(x, y) } if (x === 2) break }
        a: for (const x of [1, 2, 3, 4]) for (const y of [5, 6, 7]) { if (x === 2) continue a; if (x === 3) break a }
        try { for (const x of [1, 2, 3]) for (const y of [4, 5]) if (x === 2) throw "deep" } catch (e) { log(e) }
        const find = function* (list) { for (const x of list) { for (let i = 0; i < 2; i++) if (x === 2) return x } }
        log(yield* find([1, 2, 3]), ...find([1]))
        yield 1
      } finally { delete ARRAYS.return }`,
    top: PROTOTYPES,
    variants: here,
  },
  "is asked too if it came while the loop ran": {
    main: `
      const give = home => { home.return = function () { log(String(this), Reflect.ownKeys(this).length, this.next()); return {} } }
      try {
        for (const x of [1, 2, 3]) { if (x === 2) break; give(ARRAYS); yield x }
        delete ARRAYS.return
        for (const e of new Map([[1, 2], [3, 4], [5, 6]])) { if (e[0] === 3) break; give(MAPS) }
        for (const x of new Set([1, 2, 3])) { if (x === 2) break; give(SETS) }
        yield 1
      } finally { for (const home of [ARRAYS, STRINGS, MAPS, SETS]) delete home.return }`,
    top: PROTOTYPES,
    variants: here,
  },
  "is asked for as natively where a Proxy stands among the prototypes": {
    main: `
      const before = Object.getPrototypeOf(ITERATORS)
      Object.setPrototypeOf(ITERATORS, new Proxy(before, { get(t, k, r) { log("get", String(k)); return Reflect.get(t, k, r) }, has(t, k) { log("has", String(k)); return k in t } }))
      try {
        for (const x of [1, 2]) break
        for (const c of "ab") break
        for (const [k, v] of new Map([[1, 2]])) break
        for (const x of new Set([1, 2])) break
        for (const x of new Set([1, 2])) { yield x; break }
      } finally { Object.setPrototypeOf(ITERATORS, before) }`,
    top: PROTOTYPES,
    variants: here,
  },
})

part("a getter in the place of the method that looks for matches", {
  "is asked about the iterator's own pattern, once for each search": {
    main: `
      const pattern = /a+/g, { exec } = RegExp.prototype, made = "aabbaa".matchAll(pattern), seen = []
      yield 1
      Object.defineProperty(RegExp.prototype, "exec", { configurable: true, get() { seen.push([this === pattern, this.lastIndex, this.source]); return exec } })
      try { for (const { index } of made) seen.push(index) } finally { Object.defineProperty(RegExp.prototype, "exec", { value: exec, writable: true, enumerable: false }) }
      yield seen`,
    variants: here,
  },
})
