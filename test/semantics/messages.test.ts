/** Messages of errors that the engine throws: compiled code says what native code says, and names nothing of its own. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs as text
import { describe, expect, test } from "vitest"
import { program } from "./program.ts"

const GIVEN = `const o = { m() { return o } }, n = null, fr = Object.freeze({ a: 1, 7: 1 }), c = 0, gt = { get g() { return 1 } }
let u, shared
const share = () => { shared = undefined }
share()
const f = () => null
class C {}
class P { #p = 1; static read(q) { return q.#p } static write(q) { q.#p = 1 } }
`

/** Y stands for a yield. `shared` is a variable that closures share. */
const FAILING = [
  "`x${c}`.p(Y)",
  "`x${o.m}y${u}`.p(Y)",
  "`x${c}`(Y)",
  "new (`x${c}`)(Y)",
  "`x${c}`?.p(Y)",
  "`x${c}`.p`${Y}`",
  "(`x${c}` + 1).p(Y)",
  "[`x${c}`].p(Y)",
  "o[`x${c}${u}`](Y)",
  "[].map(f)()",
  "[].map(f).q()",
  "[].map(f)[0]()",
  "[].map(f).apply(1, 1)",
  "[].map(f).concat().q()",
  "new ([].map(f))()",
  "f.bind(1).q()",
  "f.bind(1)()()",
  "f.call.call(1)",
  "f()()",
  "(() => [].map(f).q())()",
  "(() => { shared = 1; return f.bind(1)()() })()",
  "u()",
  "u.x",
  "u.x()",
  "n.x",
  "o.x()",
  "o.x.y",
  "o.x.y()",
  'o["a b"]()',
  "o[0]()",
  "o.m().x()",
  "(0,o.x)()",
  "(o.x)()",
  "u?.x.y",
  "o?.x()",
  "o.x?.()",
  "o?.x.y.z",
  "new u",
  "new o.x",
  "new (f())",
  "new u(Y)",
  "u(Y)",
  "u.x(Y)",
  "n.x(Y)",
  "o.x(Y)",
  "o[Y]()",
  "o[Y](1)",
  "o.x[Y]",
  "u[Y]",
  "new o.x(Y)",
  "new (Y)",
  "new (Y)(1)",
  "(Y)()",
  "(Y).x.y",
  "(Y)`a`",
  "o.x`a`",
  "u`a`",
  "o.x`${Y}`",
  "u`${Y}`",
  "f()()",
  "f().x",
  "f(Y)()",
  "f(Y).x.y",
  "[...u]",
  "[...n]",
  "[...5]",
  "[...o]",
  "[...f()]",
  "[...o.x]",
  "[...(Y)]",
  "f(...u)",
  "f(...5)",
  "f(...o)",
  "f(1, ...u)",
  "f(1, ...5)",
  "new f(...5)",
  "new C(...u)",
  "{ const {a} = u }",
  "{ const {a} = n }",
  "{ const {a} = f() }",
  "{ const {a} = o.x }",
  "{ const {a = Y} = u }",
  "{ const {a: {b}} = o }",
  "{ const [a] = u }",
  "{ const [a] = n }",
  "{ const [a] = 5 }",
  "{ const [a] = o }",
  "{ const [a] = f() }",
  "{ const [a] = o.x }",
  "{ const [a = Y] = u }",
  "{ const [a = Y] = 5 }",
  "{ const [a] = (Y) }",
  "{ const [[a]] = [5] }",
  "{ let a; [a] = u }",
  "{ let a; [a] = 5 }",
  "{ let a; ({a} = u) }",
  "{ let a; [o.q] = 5 }",
  "for (const x of u) ;",
  "for (const x of 5) ;",
  "for (const x of o) ;",
  "for (const x of o.x) ;",
  "for (const x of f()) ;",
  "for (const x of (Y)) ;",
  "for (const [a] of [5]) ;",
  "for (const [a] of [u]) { log(a) }",
  "for (const x of u) yield x",
  "yield* u",
  "yield* n",
  "yield* 5",
  "yield* o",
  "1 in 5",
  "Y in 5",
  '"a" in u',
  '"a" in (Y)',
  "1 instanceof 5",
  "1 instanceof o",
  "1 instanceof u",
  "(Y) instanceof o",
  "(Y) instanceof (() => 1)",
  "class A extends u {}",
  "class A extends 5 {}",
  "class A extends o {}",
  "class A extends o.x {}",
  "class A extends (Y) {}",
  "class A extends f() {}",
  "c = 1",
  "c = Y",
  "c += Y",
  "c++",
  "[c] = [1]",
  "({ c } = { c: 1 })",
  "t; let t = 1",
  "t = 1; let t",
  "t = Y; let t",
  "(() => t)(); let t",
  "typeof t; let t",
  "nope",
  "nope()",
  "nope(Y)",
  "nope.x",
  "nope = Y",
  "nope += Y",
  "typeof nope.x",
  "u.x = 1",
  "u.x = Y",
  "u[Y] = 1",
  "n.x = 1",
  "o.x.y = 1",
  "o.x.y = Y",
  "o.x.y += Y",
  "u.x += 1",
  "u.x++",
  "u[Y]++",
  "o.x.y++",
  "delete u.x",
  "delete u[Y]",
  "delete o.x.y",
  "delete fr.a",
  "delete fr[Y]",
  "fr.a = 1",
  "fr.a = Y",
  "fr.zz = Y",
  "fr[Y] = 1",
  "fr.a++",
  "fr.a += Y",
  "gt.g = 1",
  "gt.g = Y",
  '"s".length = Y',
  '"s"[0] = Y',
  "(5).x = Y",
  "`${Symbol()}`",
  "`${Symbol()}${Y}`",
  "`${Y}${Symbol()}`",
  "1n + 1",
  "1n + Y",
  "Symbol() + Y",
  "+1n",
  "-(Y, Symbol())",
  "o.m?.x(Y).z.w",
  "shared()",
  "shared(Y)",
  "shared.x.y",
  "shared.zz()",
  "shared.zz(Y)",
  "new shared",
  "new shared(Y)",
  "shared.a.b = Y",
  "(() => { const { a } = shared })()",
  "{ const { a } = shared; yield a }",
  "o.m(Y).q()",
  "P.read(o)",
  "P.write(o)",
  "this.x",
  "this.x()",
  "this.x(Y)",
  "({}).x()",
  "({}).x(Y)",
  "[].x()",
  "[1][Y]()",
  "(class {})()",
  "C()",
  "C(Y)",
  "new (class { constructor() { u.q } })",
  'Object.defineProperty(fr, "q", { value: Y })',
  'JSON.parse("{")',
  "JSON.parse(Y)",
  "null.x",
  "null.x(Y)",
  "undefined.x",
  "undefined[Y]",
  "(void 0)()",
  "(void 0)(Y)",
  "(1, u)(Y)",
  "(u || n)(Y)",
  "(u ? 1 : n)(Y)",
  "(o.x || o.y).z",
  "(u ?? n).z(Y)",
  "o.x.y(Y).z",
  "o.m.n.p(Y)",
  "u()(Y)",
  "f()(Y)",
  "f(Y)(Y)",
  "o.x(Y)(Y)",
  "{ using q = 5 }",
  "{ using q = {} }",
  "{ using q = Y }",
]

const STATEMENT = /^(class|for|\{|yield|t[ ;]|\(\(\) => t|typeof t;)/

function body(expression: string): string {
  const text = expression.replaceAll("Y", "(yield 7)")
  const used = STATEMENT.test(expression) || expression.includes(";") ? text : `void (${text})`
  return `"use strict"; ${GIVEN}function* main() { yield 0; ${used}; yield 1 }`
}

function messageOf(main: () => Generator): string {
  try {
    const g = main()
    for (let result = g.next(); result.done !== true; result = g.next(result.value));
    return "no error"
  } catch (error) {
    return `${error}`
  }
}

/** What is no iterable, by how it is written: V8 tells the part of it that it evaluated last. */
const ITERATED =
  "{} {a:1} {a:{b:1}} {a:c} {a:f()} {[c]:1} {a:1,[c]:2} {[c]:f()} {...o} {...o,a:1} {a:1,...f()} {get_a(){}} {m(){}} {a:()=>1} {__proto__:o} (0,{a:c}) (0,{a:1}) " +
  "-1 +1 ~1 !1 -c 1+2 1+c 2*3-1 1<<3 o||1 1||o o&&1 c||1 o||o c??1 1..length 0x10 `a`.length `a${c}`.length `${c}b${o.m}`.length " +
  "f?.() o.m?.() o?.m() o?.a f().a o.m().a o.m().m.a f(1) new_C new_C() new_o.m() class{} class{m(){}} function(){} ()=>1 /x/g true [1][0] c++"

describe("the message of what fails is the engine's own", () => {
  test("of what is iterated, however that is written", () => {
    const operands = ITERATED.split(" ").map(text => text.replaceAll("_", " "))
    const forms = ["for (const x of (X)) ;", "for (const x of (X)) Y;", "for (const [x] of (X)) Y;", "const [x] = (X);"]
    const differing: string[] = []
    for (const form of [...forms, "[...(X), Y];", "o.m(...(X), Y);", "yield* (X);"])
      for (const operand of operands) {
        const text = body(form.replace("X", () => operand))
        const native = messageOf(new Function(`${text}\nreturn main`)() as () => Generator)
        const message = messageOf(program<() => Generator>(text, "main"))
        if (message !== native) differing.push(`${form} ${operand}: ${message}, natively ${native}`)
      }
    expect(differing).toEqual([])
  })

  test.each(FAILING)("%s", expression => {
    const native = new Function(`${body(expression)}\nreturn main`)() as () => Generator
    expect(messageOf(program<() => Generator>(body(expression), "main"))).toBe(messageOf(native))
  })
})

test("what is not iterable is not asked for its text", () => {
  const source = "function* main() { yield 0; for (const x of { toString() { throw 1 } }); }"
  const native = new Function(`${source}\nreturn main`)() as () => Generator
  const message = messageOf(program<() => Generator>(source, "main"))
  expect(message).toBe(messageOf(native))
  expect(message).toContain("object is not iterable")
})
