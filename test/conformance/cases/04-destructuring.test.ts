/** Part 5: destructuring, with yields in defaults, keys and targets. */
import { here, next, part, returned, thrown } from "../cases.ts"

part("destructuring", {
  "defaults are evaluated only where they are needed, in order": {
    main: "const { a = yield 1, b = yield 2, c = log(3) } = { b: 5 }; return [a, b, c]",
    actions: [next(), next(7)],
  },
  "computed keys come before what they read": {
    main: 'const { [yield "k"]: a = yield "d", ...rest } = { x: 1, y: 2 }; return [a, rest]',
    actions: [next(), next("x")],
  },
  "rest leaves out the keys that were read":
    'const { a, [yield "b"]: b, ...r } = { a: 1, b: 2, c: 3 }; return [a, b, r]',
  "array patterns take from the iterator one by one, and close it":
    "const [a, { b = yield 1 }] = iterator(5, 0); return [a, b]",
  "holes take, rest takes all, and nothing is closed behind the end":
    "const [, { a = yield 1 }, ...r] = iterator(4, 0); return [a, r]",
  "return() in a default closes the iterator": {
    main: "const [a, b = yield 1] = [1, ...[]].concat() && iterator(1, 0)",
    actions: [next(), returned(3)],
  },
  "return() in a default of an unfinished iterator closes it": {
    main: "const [{ x = yield 1 } = {}] = iterator(5, 0)",
    actions: [next(), returned(3)],
  },
  "throw() in a default closes, and the error of closing is dropped": {
    main: "try { const [{ x = yield 1 } = {}] = iterator(5, 3) } catch (e) { log(e) }",
    actions: [next(), thrown("t")],
  },
  "targets are evaluated before the value is taken":
    "const o = {}; [(yield o).a, o[yield log('b')]] = iterator(5, 0); return o",
  "assignment patterns give the right side": "let a, b; const r = ([a, b = yield 3] = [1]); return [a, b, r]",
  "a nested pattern of undefined is an error that closes":
    "try { yield 0; const [{ a }] = (function* () { try { yield undefined } finally { log('closed') } })() } catch (e) { log(e) }",
  "parameters are bound at the call, before the first next": {
    main: "const g = f(log('arg')); log('called'); yield* g",
    top: "function* f(a, b = log('default'), { c = log('c') } = {}, ...r) { yield [a, b, c, r] }",
  },
  "an error in a parameter comes out of the call": {
    main: "try { f() } catch (e) { log(e) } yield 1",
    top: "function* f({ a }) {}",
  },
  "destructuring in the head of a loop":
    "for (const { a, b: [c = yield 'd'] = [] } of [{ a: 1 }, { a: 2, b: [3] }]) yield [a, c]",
  "destructuring of a caught error": "try { throw { a: 1 } } catch ({ a, b = yield a }) { return [a, b] }",
})

part("order", {
  "an element that has no properties fails behind the evaluation of a member that takes the first of them":
    "const v = {}; try { [{ a: v[yield 0] }] = [] } catch (e) { yield e } try { [, { ...v[yield 1] }] = [0, null] } catch (e) { yield e } try { [{ a: log(v).x, b: v[yield 2] }] = [] } catch (e) { yield e } try { [{ a: log(v).x }, v[yield 3]] = [] } catch (e) { yield e } try { [{ [yield 4]: v[yield 5] }] = [] } catch (e) { yield e }",
  "a hole takes a step and asks for no value": {
    main: "const it = n => { let i = 0; return { [Symbol.iterator]() { return this }, next() { return { get value() { return log('value', i) }, get done() { return i++ >= n } } } } }; const make = [it(4), it(3), it(3)]; yield 1; let a, b; [, a, , ...b] = make[0]; yield [a, b]; [, ] = make[1]; for ([, a = yield 2] of [make[2]]) yield a",
    variants: here,
  },
  "a value that has no properties fails where V8 lets it fail":
    "var v; try { ({ 0: (v)[yield 0] } = v) } catch (e) { yield e } try { ({ [log('key')]: v = yield 1 } = null) } catch (e) { yield e } try { ({ a: v = yield 2 } = null) } catch (e) { yield e } try { ({ ...log({})[yield 3] } = null) } catch (e) { yield e } try { const {} = yield } catch (e) { yield e }",
})
