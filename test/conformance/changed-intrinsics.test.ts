/** Programs that change what the language is made of, each in a realm of its own: compiled code goes on as native code does. */
import { join } from "node:path"
import vm from "node:vm"
import { compile } from "@rove/compiler"
import { describe, expect, test } from "vitest"
import { bundleStandalone } from "../../scripts/standalone.ts"

const runtime = new vm.Script(bundleStandalone(join(import.meta.dirname, "../..")))
const options = { sourceType: "script", always: true, runtime: { global: "rove" } } as const
/** Sends back what was yielded, and tells how often that was. */
const DRIVE = `(generator => {
  let yields = 0, result = generator.next()
  for (; !result.done; yields++) result = generator.next(result.value)
  return yields + ' yields; ' + result.value
})(main())`

function outcome(code: string, prepare: (context: vm.Context) => void): unknown {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY)
  prepare(context)
  try {
    return vm.runInContext(`${code}\n;${DRIVE}`, context)
  } catch (error) {
    return `throws ${error}`
  }
}

/** The body gives a text. */
function check(body: string): void {
  const source = `"use strict"\nfunction* main() {\n${body}\n}`
  const native = outcome(source, () => {})
  expect(native).toMatch(/^[1-9]\d* yields; ./)
  const compiled = compile(source, "a.js", options)?.code ?? ""
  expect(outcome(compiled, context => runtime.runInContext(context))).toBe(native)
}

const GLOBALS = "Symbol Reflect Object Math Array Map Set WeakMap Proxy String TypeError Error SuppressedError Promise"

describe("globals that the program took away", () => {
  const programs: Readonly<Record<string, string>> = {
    "loops, patterns, spread and rest": `
      for (const x of [1, yield 2]) note(x)
      const [a, ...b] = [1, yield 2, 3], { c, ...d } = { c: 1, e: yield 4 }
      note(b.length); note(d.e); note([...'a😀', ...(yield [5])].length)
      for (const k in { x: 1, [yield 'y']: 2 }) note(k)`,
    "Maps, Sets and arguments": `
      for (const [k, v] of map) note(k + (yield v))
      for (const v of set) { note(yield v); break }
      note((function () { return arguments.length })(...(yield [1, 2])))`,
    "objects and classes whose keys wait": `
      const o = { get [yield 'z']() { return 1 }, __proto__: null, m() { return super.x } }
      class A { #x = 1; static [yield 'w'] = 2; get x() { return this.#x } }
      class B extends A { get x() { return super.x + this.#y } #y = yield_ }
      note(o.z); note(new A().x + A.w); note(new B().x)`,
    "errors are those of the realm": `
      const known = e => note(e.constructor === kept)
      try { null[yield 1] } catch (e) { known(e) }
      try { (yield 2)() } catch (e) { known(e) }
      try { new (yield 3)() } catch (e) { known(e) }
      try { for (const x of yield 4); } catch (e) { known(e) }
      try { yield* yield 5 } catch (e) { known(e) }`,
    "delegation, disposal and closing": `
      { using r = { [dispose]() { note('disposed') } }; yield }
      const it = { [iterator]() { return this }, next() { return { value: 1, done: false } }, return() { note('closed'); return {} } }
      for (const x of it) { yield; break }
      const [y] = it
      function* inner() { try { yield* [yield 1, 2] } finally { yield 'f' } }
      for (const i of inner()) { note(i); if (i === 2) break }`,
  }
  for (const [claim, program] of Object.entries(programs))
    test(claim, () =>
      check(`
        const { iterator, dispose } = Symbol, kept = TypeError, map = new Map([[1, 2]]), set = new Set([3, 4]), yield_ = 5
        let text = ''
        const note = v => { text += typeof v + ' ' + v + ', ' }
        ${GLOBALS.split(" ")
          .map(name => `${name} = undefined`)
          .join("; ")}
        ${program}
        return text`),
    )
})

describe("functions that the program replaced", () => {
  test.each([
    ["Math", "min"],
    ["Math", "max"],
    ["Object", "keys"],
    ["Object", "getPrototypeOf"],
    ["Reflect", "apply"],
    ["Array.prototype", "push"],
    ["Array.prototype", "includes"],
    ["Array.prototype", "slice"],
    ["Array.prototype", "map"],
    ["String.prototype", "codePointAt"],
    ["String.prototype", "slice"],
    ["Function.prototype", "apply"],
  ])("nobody calls %s.%s for the program", (owner, name) =>
    check(`
      let called = 0
      ${owner}.${name} = function () { called++ }
      const [a, , ...b] = [yield 1, 2, 3], { c, ...d } = { c: 1, [yield 'e']: 2 }
      for (const x of 'ab') yield x
      for (const k in d) yield k
      const f = (...r) => r.length
      return [a, b.length, d.e, f(yield 1, ...b), called] + ''`),
  )
})

describe("elements on the prototype of arrays", () => {
  test("a constant there is in nobody's way", () =>
    check(`
      Object.defineProperty(Array.prototype, '0', { value: 'x', writable: false })
      const a = [...'ab', yield], [b, ...c] = [1, 2, yield 3], r = ((...r) => r)(yield 4, ...[5], ...'6')
      return JSON.stringify([a, c, r])`))
  test("a setter there is not asked", () =>
    check(`
      let asked = 0
      Object.defineProperty(Array.prototype, '1', { set() { asked++ } })
      const a = [yield 1, ...[2, 3]], c = [yield 2, yield 3], [...d] = [4, yield 5]
      return JSON.stringify([a, c, d]) + asked`))
  test("a setter there is not asked by an array of many stops", () =>
    check(`
      let asked = 0
      for (const i of [1, 17, 20, 33]) Object.defineProperty(Array.prototype, i, { set() { asked++ } })
      const a = [${Array.from({ length: 40 }, (_, i) => `yield ${i}${i === 19 ? ", " : ""}`).join(", ")}]
      return Object.keys(a).join() + asked`))
  test("a proxy behind them is not asked", () =>
    check(`
      const asked = [], traps = new Proxy({}, { get: (_, trap) => { asked.push(trap) } })
      const list = [1, 2], text = 'ab'
      Object.setPrototypeOf(Array.prototype, new Proxy(Object.create(null), traps))
      const a = [0, ...yield list, 3], b = [yield 1, ...text], c = ((...r) => r)(yield 4, ...list), [...d] = yield list
      Object.setPrototypeOf(Array.prototype, Object.prototype)
      return JSON.stringify([a, b, c, d]) + asked.length`))
  test("without an iterator an array that functions share is called by its name", () =>
    check(`
      let list = [yield 1]
      delete Array.prototype[Symbol.iterator]
      const each = () => { for (const x of list) return x }, set = () => { list = 1 }
      try { each() } catch (e) { return e.message + typeof set }`))
  test("without an iterator of arrays goes on what needs none", () =>
    check(`
      delete Array.prototype[Symbol.iterator]
      const { a, ...b } = { a: 1, c: yield 2 }
      class A { static [yield 'k'] = 3; *m() { yield 5 } static *#n() { yield 6 } static n() { return A.#n().next().value } }
      return b.c + A.k + new A().m().next().value + A.n() + { get [yield 'g']() { return 4 } }.g`))
})

test("code is loaded, and classes are made, without the methods of Map and WeakMap", () => {
  const context = vm.createContext(vm.constants.DONT_CONTEXTIFY)
  runtime.runInContext(context)
  const run = (code: string) => vm.runInContext(code, context) as unknown
  run("for (const { prototype } of [Map, WeakMap]) for (const key of ['get', 'set', 'has']) delete prototype[key]")
  run(
    compile(
      "function* late(n) { const C = class { #p = n; *m() { yield this.#p } }; yield* new C().m() }",
      "b.js",
      options,
    )?.code ?? "",
  )
  expect(run("[...late(3)].join()")).toBe("3")
})

test("calls and bound functions do not need the iterators of arrays", () => {
  check(`
    yield 1
    const prototype = Object.getPrototypeOf([][Symbol.iterator]()), { next } = prototype
    delete prototype.next
    const out = []
    try {
      out[0] = function () { return arguments.length }.bind(null, 1, 2)(3)
      out[1] = (() => q => (0, q).values(1, 2))()({ values(a, b) { return a + b } })
      out[2] = (() => { let k = { entries(a) { return a } }; const set = () => k = 1; return k.entries(4) + [k][0].entries(5) })()
    } finally { prototype.next = next }
    return out.join()`)
})

test("the next of Maps and Sets that is replaced on the way is nobody's, and that of the next loop", () => {
  check(`
    const out = []
    const map = new Map([[1, 2], [3, 4], [5, 6]]), set = new Set([1, 2, 3])
    const prototypes = [map.entries(), set.values()].map(Object.getPrototypeOf)
    const natives = prototypes.map(p => p.next)
    const replace = () => prototypes.forEach((p, i) => { p.next = function () { out.push('asked'); return natives[i].call(this) } })
    const restore = () => prototypes.forEach((p, i) => { p.next = natives[i] })
    for (let round = 0; round < 2; round++) {
      for (const x of set) { out.push(x); if (x === 2) replace() }
      for (const x of set) out.push(x)
      restore()
      for (const e of map) { out.push(e[0]); if (e[0] === 3) replace() }
      restore()
      for (const [k, v] of map) { out.push(k, v); if (k === 1) replace(); else restore() }
      restore()
    }
    yield 1
    return out.join()`)
})

test("elements of the prototype of arrays are found by no pattern, rest, spread or call", () =>
  check(`
    let text = ''
    const note = (...all) => { text += all.length + all.map(String).join(' ') + ', ' }
    for (let i = 0; i < 4; i++) Object.defineProperty(Array.prototype, i, { value: 1024 + i, writable: true, configurable: true })
    function* inner(n) { for (let i = 0; i < n; i++) yield i; return 'done' }
    let r
    {
      const [x] = [], [y = 7, , z] = [1], [p, q = 5, ...r] = [2]
      note(x, y, z, p, q, r.length)
    }
    let a; [a, ...r] = []
    note(a, r.length, [...[], ...inner(1)].length)
    for (const [k, v] of [[1], []]) note(k, v, yield)
    for (const [k, v] of [[1], []]) note(k, v)
    for (const [k, v] of new Map([[1, 2]])) note(k, yield v)
    for (const [k, ...v] of [[], [1]]) note(k, v.length, yield)
    for (const [k] of [inner(0), inner(1)]) note(k)
    for (const e of [3, , 4]) note(e, yield)
    const [t] = inner(yield 0)
    note(t, ((...all) => all.length)(...[], yield 8), yield* inner(2))
    function* last([m] = [], n, ...rest) { yield m; return [n, rest.length].join() }
    for (const given of last()) note(given, yield)
    note(yield* last(undefined, 1), yield* last())
    note(...(yield []), [yield , yield].length)
    note(new (class { constructor(b, c) { this.c = c } })(yield 1).c, String.raw\`a\${yield}b\`)
    for (let i = 0; i < 4; i++) delete Array.prototype[i]
    return text
  `))

test.each([3, 4, 5, 6, 7])("an accessor without a setter at %i of that prototype is in no call's way", at =>
  check(`
    Object.defineProperty(Array.prototype, ${at}, { get() { return 30 }, configurable: true })
    function* many(a, b, c, d, e, f = a) { yield a; return a + b + c + d + e + f }
    function* few(a = 1, ...rest) { return a + rest.length }
    const sum = (yield* many(1, 2, yield 3, 4, 5)) + (yield* many(1, 2, 3, 4, 5, 6)) + (yield* few()) + (yield* few(1, 2, 3, 4, yield 5))
    delete Array.prototype[${at}]
    return sum + ''
  `),
)
