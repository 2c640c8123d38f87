/** Part 13: `throw` and `return` of generators that the program replaced, and what a generator yields instead of ending. */
import { next, part, returned, thrown } from "../cases.ts"

const inner = "function* inner() { try { yield 1; yield 2 } finally { log('inner ends') } }"
const outer = "function* outer() { try { return yield* inner() } finally { log('outer ends') } }"
const top = `${inner} ${outer}`

part("methods in the place of the engine's", {
  "return() of a called generator asks the method that stands on its function's prototype": {
    top: `${top} inner.prototype.return = function (value) { log("asked", value, this instanceof inner); return { value: 7 } }`,
    main: "yield* outer()",
    actions: [next(), returned(5), next()],
  },
  "a loop that is left asks it too, and so does an array pattern": {
    top: `${top} let asked = 0; inner.prototype.return = () => { asked++; return {} }`,
    main: "for (const x of outer()) break; const [y] = outer(); yield asked; log(y)",
  },
  "a method whose result is done ends the call with its value": {
    top: `${top} inner.prototype.throw = error => ({ done: true, value: "instead of " + error })`,
    main: "yield yield* outer()",
    actions: [next(), thrown("E")],
  },
  "throw() of a called generator without such a method closes it, and is a TypeError": {
    top: `${top} inner.prototype.throw = undefined`,
    main: "try { yield* outer() } catch (error) { yield error.message }",
    actions: [next(), thrown("E"), next()],
  },
  "return() of a called generator without such a method leaves that as it is": {
    top: `${top} inner.prototype.return = undefined`,
    main: "yield* outer()",
    actions: [next(), returned(5)],
  },
  "an outer generator's method is asked before an inner one's, and one that goes on to the engine's reaches both": {
    top: `${top} for (const f of [inner, outer]) { const prototype = Object.getPrototypeOf(f.prototype); f.prototype.throw = function (error) { log(f.name, error); return prototype.throw.call(this, error + "!") } }`,
    main: "try { yield* outer() } catch (error) { yield error }",
    actions: [next(), next(), thrown("E"), next()],
  },
  "a getter in its place is asked once": {
    top: `${top} Object.defineProperty(inner.prototype, "throw", { get() { log("got"); return Object.getPrototypeOf(inner.prototype).throw } })`,
    main: "yield* outer()",
    actions: [next(), thrown("E")],
  },
  "one that stands on the prototype of all generators is asked at each level": {
    top: `${top} const all = Object.getPrototypeOf(inner.prototype), engines = all.return; let levels = 0
      const watch = () => { all.return = function (value) { levels++; return engines.call(this, value) } }`,
    main: "const g = outer(); g.next(); watch(); g.return(3); all.return = engines; yield levels",
  },
  "a method that is put there while the generator rests is asked": {
    top,
    main: "const g = outer(); yield g.next().value; inner.prototype.return = () => ({ value: 'kept', done: false }); yield g.return(1).value; delete inner.prototype.return; yield g.next().value; g.return(2)",
  },
})

part("closing what does not end", {
  "a generator that yields when it is closed keeps nothing of that for whoever yields next": {
    top: "const source = { [Symbol.iterator]() { return this }, next: () => ({ value: 1 }), return: () => ({ value: 3 }) }\nfunction* through() { yield* source }",
    main: "for (const x of through()) break; yield 5; const [y] = through(); yield [y, 6]",
  },
})

part("typed arrays", {
  "a property `length` says nothing of their elements": {
    main: `const a = new Int8Array(4); Object.defineProperty(a, "length", { value: 10 })
      let n = 0; for (const x of a) { n++; yield 1 } for (const x of a) n++; for (const k of a.keys()) n++; for (const e of a.entries()) yield e
      const [p, q, r, s, t = "none"] = a; yield [n, t, [...a].length, [...a.values()].length]`,
  },
  "nor does one of their class, which is not asked": {
    top: "class Long extends Uint8Array { get length() { log('asked'); return 9 } }",
    main: "const a = new Long(2); for (const x of a) yield 'stops'; for (const x of a) log(x); const [p, q, r = 'none'] = a; yield r",
  },
})
