/** The bundled runtime, in realms that have nothing but the language. */
import { join } from "node:path"
import vm from "node:vm"
import { compile } from "@rove/compiler"
import { expect, test } from "vitest"
import { bundleStandalone } from "../../scripts/standalone.ts"

const text = bundleStandalone(join(import.meta.dirname, "../.."))
const realm = () => {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY)
  vm.runInContext(text, context)
  return context
}
const compiled = (source: string) =>
  compile(source, "script.js", { sourceType: "script", always: true, runtime: { global: "rove" } })?.code ?? ""

const source = `function* sum(list) {
  let n = 0
  const add = x => (n += x)
  for (const [key, value] of new Map(list)) add(key * (yield value))
  return n
}`

test("it names nothing of Node, and defines one global and the hidden one of the scripts' helpers", () => {
  expect(text).not.toMatch(/\brequire\(|["']node:(?!util|inspector)/)
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY)
  const names = () => vm.runInContext("Object.getOwnPropertyNames(globalThis).sort().join()", context) as string
  const before = names().split(",")
  vm.runInContext(text, context)
  expect(
    names()
      .split(",")
      .filter(name => !before.includes(name)),
  ).toEqual(["$rove", "rove"])
  expect(vm.runInContext("Object.keys(globalThis).join()", context)).toBe("")
})

const several = `function* sum(list) { const add = x => x + 1; for (const x of list) yield add(x) }
function* again(a = 1, [b] = [2]) { yield a + b }
class A { #p = 1; *m() { yield this.#p; return text\`a\${yield 2}\` } }
const o = { *g() { yield 1 } }, text = ([a]) => a
function make() { return function* () { yield* o.g() } }`

test("a script makes globals of its own functions and of nothing else, and gives the value that it gives natively", () => {
  const contexts = [vm.createContext(vm.constants.DONT_CONTEXTIFY), vm.createContext({})]
  for (const context of contexts) {
    vm.runInContext(text, context)
    const run = (code: string) => vm.runInContext(code, context) as unknown
    const names = () => run("Object.getOwnPropertyNames(globalThis).sort().join()")
    const before = names()
    expect(run(compiled(several))).toBeUndefined()
    expect(run(compiled("function* other() { yield 5 } 7"))).toBe(7)
    // Node 26 lists what a script declares among the keys of a context with a sandbox, hidden or not
    const isSeen = "name => Object.getOwnPropertyDescriptor(globalThis, name).enumerable"
    expect(run(`Object.keys(globalThis).filter(${isSeen}).sort().join()`)).toBe("again,make,other,sum")
    run(
      compiled(
        "class C { *m() { yield 8 } static *#p() { yield 9 } static all() { return [...new C().m(), ...C.#p()] } }",
      ),
    )
    expect(run("C.all().join()")).toBe("8,9")
    for (const name of ["sum", "again", "make", "other"]) run(`var ${name}$ = ${name}; ${name} = undefined`)
    expect(run("[...sum$([1]), ...again$(), ...new A().m(), ...o.g(), ...make$()(), ...other$()].join()")).toBe(
      "2,3,1,2,1,1,5",
    )
    expect(before).toContain("$rove")
  }
})

test("a script that is evaluated in functions has helpers of its own each time", () => {
  const context = realm()
  const run = vm.runInContext(`(code, x) => new Function("x", code + "; return [f, make, A]")(x)`, context) as (
    code: string,
    x: number,
  ) => [() => Generator, () => () => Generator, new () => { m(): Generator }]
  const code = compiled(`function* f(a = x) { const g = () => x; yield a + g() }
    function make() { return function* () { yield* f() } }
    class A { *m() { yield* make()() } }`)
  const [one, two] = [run(code, 1), run(code, 20)]
  const values = ([f, make, A]: typeof one) => [...f(), ...make()(), ...new A().m()]
  expect([values(one), values(two), values(one)]).toEqual([
    [2, 2, 2],
    [40, 40, 40],
    [2, 2, 2],
  ])
})

test("a script whose names cannot be told from the helpers' runs all the same", () => {
  const context = realm()
  for (const source of [
    "var $rove = 3; function* f() { yield $rove }",
    "function* f() { yield '\\x24f$_$$'.length - 3 }",
  ]) {
    vm.runInContext(compiled(source), context)
    expect(vm.runInContext("f().next().value", context)).toBe(3)
    vm.runInContext("$rove = undefined", context)
  }
})

test("compiled text runs with the intrinsics of its realm", () => {
  const context = realm()
  vm.runInContext(compiled(source), context)
  expect(vm.runInContext("var it = sum([[1, 2]]); it.next(); JSON.stringify(it.next(5))", context)).toBe(
    '{"value":5,"done":true}',
  )
  expect(
    vm.runInContext(
      "it instanceof sum && Object.getPrototypeOf(sum) === Object.getPrototypeOf(function* () {})",
      context,
    ),
  ).toBe(true)
})

test("a generator goes on in another realm that ran the same script", () => {
  const [here, there] = [realm(), realm()]
  for (const context of [here, there]) vm.runInContext(compiled(source), context)
  const bytes = vm.runInContext("var it = sum([[1, 2], [3, 4]]); it.next(); it.next(5); rove.encode(it)", here)
  Object.assign(vm.runInContext("globalThis", there) as object, { bytes })
  expect(vm.runInContext("JSON.stringify(rove.decode(bytes).next(7))", there)).toBe('{"value":26,"done":true}')
  expect(vm.runInContext("JSON.stringify(it.next(8))", here), "the first one is as it was").toBe(
    '{"value":29,"done":true}',
  )
})

test("a for-in asks the traps of a Proxy as natively, also in a realm that cannot tell one from other objects", () => {
  const script = `var seen = [], o = new Proxy({ a: 1, b: 2 }, {
      ownKeys(t) { seen.push("ownKeys"); return Reflect.ownKeys(t) },
      getOwnPropertyDescriptor(t, k) { seen.push("asked for " + k); return Reflect.getOwnPropertyDescriptor(t, k) } })
    function* turns() { for (const key in o) { seen.push("turn"); yield key } }
    function* keys() { for (const key in o) seen.push("turn " + key) }`
  const run = (code: string) => {
    const context = realm()
    vm.runInContext(code, context)
    return vm.runInContext("for (const key of turns()) seen.push(key); [...keys()]; seen.join()", context) as string
  }
  expect(run(compiled(script))).toBe(run(script))
})

test("a key that is gone when a generator is saved has its turn if it is back then, of the copy and of the original", () => {
  const context = realm()
  const run = (code: string) => vm.runInContext(code, context) as unknown
  vm.runInContext(compiled("function* keys(o) { for (const key in o) yield o, yield key }"), context)
  run("var o = { a: 1, b: 2, c: 3, d: 4 }, it = keys(o); it.next(); it.next(); delete o.c; delete o.d")
  run(
    "var copy = rove.decode(rove.encode(it)), inside = copy.next().value, is = Object.getPrototypeOf(o) === Object.prototype",
  )
  run("it.next(); inside.c = o.c = 1")
  expect(run("JSON.stringify([is, copy.next().value, [...copy].length, it.next().value, [...it].length])")).toBe(
    '[true,"b",2,"b",2]',
  )
})

test("a script keeps its helpers to itself whatever it escapes, and strings with an escaped dollar keep their values", () => {
  const context = realm()
  const run = (code: string) => vm.runInContext(compiled(code), context) as unknown
  const names = () => vm.runInContext("Object.keys(globalThis).sort().join()", context)
  expect(run("function* tab() { yield '\\x20\\0\\u0009\\72' } 'last\\x20one'")).toBe("last one")
  expect(names()).toBe("tab")
  const keys = (written: string) =>
    `var keys = { "${written}f_step": function* () { yield "${written}f" } }; function* f() { yield Object.keys(keys) }`
  for (const written of ["\\x24", "\\u0024", "\\u{0024}", "\\44", "$\\$"]) {
    run(keys(written))
    const shown = vm.runInContext("[...f()].join() + keys[[...f()][0]].name + [...Object.values(keys)[0]()]", context)
    const value = written === "$\\$" ? "$$" : "$"
    expect(shown).toBe(`${value}f_step${value}f_step${value}f`)
  }
})

test("a script is loaded where a program has taken the iterators of arrays away", () => {
  const context = realm()
  vm.runInContext("delete Array.prototype[Symbol.iterator]", context)
  vm.runInContext(compiled(several), context)
  expect(vm.runInContext("new A().m().next().value", context)).toBe(1)
})

test("what is not portable is named, and stays by reference if it gets a key", () => {
  const context = realm()
  vm.runInContext(compiled("function* f(w) { yield w; return w }"), context)
  const run = (code: string) => vm.runInContext(code, context) as unknown
  run("var w = new WeakMap(), it = f(w); it.next(); var culprit")
  expect(
    run("try { rove.encode(it) } catch (e) { culprit = e.value; e instanceof rove.NotPortableError && e.message }"),
  ).toMatch(/local w: WeakMap is not portable/)
  expect(run("culprit === w")).toBe(true)
  run("var bytes = rove.encode(it, { reference: v => (v === w ? 'w' : undefined) })")
  expect(run("rove.decode(bytes, { resolve: key => (key === 'w' ? w : undefined) }).next().value === w")).toBe(true)
  expect(() => run("rove.decode(bytes)")).toThrow('refers to a value by the key "w": decode it with `resolve`')
  expect(() => run("rove.decode(bytes, { resolve() {} })")).toThrow('`resolve` gave undefined for the key "w"')
})

test("encode says what it takes when it is given anything else", () => {
  const context = realm()
  for (const given of ["{}", "undefined", "(function* () {})()"])
    expect(() => vm.runInContext(`rove.encode(${given})`, context)).toThrow(
      "encode takes a suspended generator of a compiled function",
    )
})

test("a `reference` or `resolve` that is no function is refused by name, whatever is encoded", () => {
  const run = (code: string) => vm.runInContext(code, context) as unknown
  const context = realm()
  run(compiled(source))
  const failure = (call: string) =>
    run(`(() => { try { ${call} } catch (error) { return error.code + " " + error.message } })()`)
  run("const it = sum([[1, 2]]); it.next(); const bytes = rove.encode(it, { reference: undefined })")
  const refused = "ROVE_INVALID_ARGUMENT"
  expect(failure("rove.encode(it, { reference: 5 })")).toBe(
    `${refused} encode: option "reference": expected a function, not number`,
  )
  expect(failure("rove.decode(bytes, { resolve: null })")).toBe(
    `${refused} decode: option "resolve": expected a function, not null`,
  )
  expect(failure("rove.decode(bytes, { resolve: undefined })")).toBeUndefined()
})
