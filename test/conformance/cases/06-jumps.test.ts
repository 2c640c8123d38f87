/** Parts 7 and 8: labels, switch, TDZ and const. */
import { part } from "../cases.ts"

part("labels and switch", {
  "break and continue of outer loops":
    "a: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (j === 1) continue a; if (i === 2) break a; yield [i, j] } } return 'end'",
  "a label on a block is left": "a: { yield 1; if (tick()) break a; log('not here') } return 2",
  "jumps out of loops that do not yield": "a: for (;;) { yield 1; for (;;) { for (;;) { break a } } } return 2",
  "a switch falls through, also across a stop":
    "switch (yield 1) { case 0: log(0); case 1: yield 'one'; case 2: log(2); break; case 3: log(3) } return 'end'",
  "default in the middle is taken last, and falls through":
    "for (const x of [1, 5]) switch (x) { default: yield 'd'; case 1: yield 'one'; break; case 2: log(2) }",
  "cases are evaluated in order, until one fits":
    "switch (2) { case yield log(1): log('no'); case yield log(2): return 'two'; case log(3): }",
  "all cases share one scope": "switch (yield 1) { case 1: let x = 1; const f = () => x; yield f(); x = 2; yield f() }",
  "a sequence as discriminant": "switch ((0), (1)) { default: return yield 0; case 0: return yield 1 }",
  "continue in a switch goes to the loop around":
    "for (let i = 0; i < 2; i++) { switch (i) { case 0: yield 0; continue; case 1: yield 1 } log('behind', i) }",
  "a do-while evaluates its condition after continue":
    "let i = 0; do { yield i; if (i < 2) continue; log('body') } while (yield* [i++ < 2], i < 3)",
  "comma and yield in the head of a for": "for (let i = 0, n = yield 2; i < n; i++, yield 'step') log(i)",
})

part("TDZ and const", {
  "a read before the declaration is an error": "yield 1; try { log(x) } catch (e) { log(e) } let x = yield 2; return x",
  "a closure may come first, a call may not":
    "const f = () => x; try { f() } catch (e) { log(e) } yield 1; let x = 5; yield f(); return f()",
  "assigning to const is an error after the right side":
    "const c = 1; try { c = yield log('right') } catch (e) { log(e) } return c",
  "compound assignment to const reads and evaluates first":
    "const c = 1; try { c += yield log('right') } catch (e) { log(e) } return c",
  "typeof in the TDZ is an error, of what is undeclared not":
    "yield typeof nothing; try { typeof x } catch (e) { log(e) } let x",
  "each turn of a loop has its own TDZ":
    "for (let i = 0; i < 2; i++) { try { x } catch (e) { yield e.constructor.name } let x = i }",
  "a class is in its TDZ while its heritage is evaluated":
    "try { class A extends (yield A) {} } catch (e) { log(e) } yield 1",
  "a name of the head of for-of is in its TDZ on the right":
    "try { for (const x of [yield x]) log(x) } catch (e) { yield e.constructor.name }",
  "an inner name hides an outer one, and the outer is back behind": "let x = 1; { let x = yield 2; log(x) } return x",
})
