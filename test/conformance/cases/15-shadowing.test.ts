/** Part 15: variables that hide others of the same name, above all those that the head of a loop speaks of. */
import { here, part } from "../cases.ts"

/** Loops that nothing stops; they may end by the head's variable only, or else by `left`. */
const ends = (loops: string) => ({ top: "let left = 9", main: `${loops}\n; yield left`, variants: here })

part("the body of a loop may declare the name", {
  "that a for loop counts by": ends(
    "for (var d = 0; d < 2; d++) { let d = 7; log(d); if (left-- < 0) break } log(d); for (let i = 0; i < 2; i++) { const { a: i } = { a: 3 }; log(i); if (left-- < 0) break } for (let i = 0; i < 3; i++) { const i = 8, f = () => i; log(f()); if (left-- < 0) break }",
  ),
  "of a bound, a step or a condition, of the module or of the function": {
    top: "const step = 1, limit = 2; let left = 9",
    main: "for (let i = 0; i < limit; i += step) { const step = 5, limit = 7; log(i, step, limit); if (left-- < 0) break } let n = 3; for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) { let n = 5, i = 6; log(n, i, j); if (left-- < 0) break } while (n-- > 0) { let n = 5; log(n) } n = 2; do { class n {} function m() { return n } log(m().name) } while (n-- > 0); yield n",
    variants: here,
  },
  "of the element, over whatever it goes": ends(
    "for (var b of [1, 2]) { let b = 5; log(b) } log(b); for (const x of new Set([1])) { let x = 7; log(x) } for (const x of new Map([[1, 2]])) { let x = 7; log(x) } for (const [x, y] of new Map([[1, 2]])) { let x = 7; log(x, y) } for (const x of 'ab') { const x = 4; log(x) } for (const x of iterator(2, 0)) { const x = 4; log(x) } for (const x of [1, 2]) { for (const y of [3]) log(x, y); { let x = 6; log(x) } log(x) }",
  ),
  "of what it goes over, or of the key": ends(
    "const o = { a: 1, b: 2 }, list = [1, 2]; for (const k in o) { let k = 7; log(k) } for (const k in o) { const o = 7; log(k, o) } for (const k in o) { const o = 7, k = 8; log(k, o) } for (const x of list) { const list = [9]; log(x, list) } for (const x of list) { for (const y of [1]) log(y); const list = [9]; log(x, list) }",
  ),
  "behind a continue, with a label, and where the loop is in another": ends(
    "a: for (let i = 0; i < 4; i++) { if (i === 1) continue a; for (let j = 0; j < 2; j++) { if (j === i) continue a; let i2 = i; { let i = 10; log(i, i2) } } } for (let i = 4; i < 6; i++) { if (left < 0) continue; let j = i; { let i = 'in'; log(i, j) } left-- } let i = 4; for (; i < 6; i++) { if (left < -5) break; let i = 'in'; log(i); left-- }",
  ),
})

part("a variable that hides another", {
  "in blocks, tries, catches, finallies and cases, before and behind stops":
    "let v = 1; { let v = 2; log(v) } log(v); { let [v] = [3]; log(v); yield v; v++; log(v) } try { v = yield v } catch (v) { let w = v; log(w) } finally { let v = 5; log(v); yield v } switch (v) { default: let v = 6; log(v); yield v } for (let v = 0; v < 2; v++) { let v = 7; yield v } return v",
  "that closures share, of each turn":
    "const fs = []; for (let i = 0; i < 2; i++) { fs.push(() => i++); { let i = 5; fs.push(() => i++); yield i } const j = i; { const i = j; fs.push(() => i) } } yield fs.map(f => f()); return fs.map(f => f())",
})

part("variables that are called like what every program has", {
  "do not change what patterns, spreads and loops take":
    "const Infinity = 1, NaN = 2, undefined = 3; const [a, ...r] = [1, yield 2, 3, 4]; let list; [...list] = [5, yield 6]; for (const [k, ...v] of [[1, 2, 3]]) log(k, v.length, yield); for (let i = 0; i < 3; i++) for (let j = 0; j < i; j++) log(i, j); return [a, r.length, list.length, [...r, yield, ...list].length, Infinity, NaN, undefined]",
})

part("a variable that closures share may hide one of a block that nothing stops", {
  "a let, a const, one of a loop, of a catch, of a switch; by a let, a class or a function": `
    let f, out
    { let c = 3; { let c = 7; f = () => c++ } out = c } log(out, f(), f())
    { const c = 3; { let c = 7; f = () => c++ } out = c } log(out, f(), f())
    { let c = 3; { function c() { return c } f = c } out = c } log(out, typeof f())
    { const c = 3; { class c { static m() { return c } } f = () => c.m().name } out = c } log(out, f())
    const fs = []
    for (let j = 0; j < 3; j++) { const c = j; { let c = 7; fs[fs.length] = () => c++ } out = c }
    for (const c of [1, 2]) { { let c = 5; fs[fs.length] = () => c++ } out += c }
    for (const k in { a: 1 }) { const d = k; { let d = 5, k = 6; fs[fs.length] = () => d++ + k++ } out += d + k }
    try { throw 4 } catch (c) { { let c = 8; f = () => c++ } out += c }
    switch (out) { default: let c = 9; { let c = 1; f = () => c++ } out += c }
    yield out
    return fs.map(f => f() * 10 + f()).join() + f()`,
})
