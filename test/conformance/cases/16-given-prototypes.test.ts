/** Programs that give all objects, arrays, functions or iterators properties: nothing of the compiler's or of the runtime's has them. */
import { next, part } from "../cases.ts"

/** The body, with properties of those names on an object of the language for its time. */
function given(on: string, names: readonly string[], how: string, body: string): string {
  return `
    const names = ${JSON.stringify(names)}.filter(name => !Object.hasOwn(${on}, name))
    for (const name of names) Object.defineProperty(${on}, name, { __proto__: null, ${how}, configurable: true })
    try {
      ${body}
    } finally {
      for (const name of names) delete ${on}[name]
    }`
}

const HOW: Readonly<Record<string, string>> = {
  "a constant": "value: 5, writable: false",
  "a setter": "get() { return 5 }, set(v) { log('set', v) }",
}
const partly = "the program added"

const LOOPS = `
  for (const x of [1, 2]) log('array', yield x)
  for (const x of 'ab') log('string', yield x)
  for (const x of new Map([[1, 2]])) log('map', x.length, yield 1)
  for (const [k, v] of new Map([[1, 2]])) log('pairs', k, yield v)
  for (const x of new Set([1, 2])) log('set', yield x)
  for (const x of inner(2)) log('generator', yield x)
  for (const x of [1, 2].values()) log('iterator', yield x)
  for (const k in { a: 1, b: 2 }) log('key', yield k)
  const [a, , ...b] = [1, yield 2, 3, 4], { c, ...d } = { c: 1, e: yield 4 }
  log(a, b.length, c, Object.keys(d).length, [...inner(2), ...'xy'].length)
  log(yield* inner(2), yield* [1, 2])
  { using r = { [Symbol.dispose]() { log('disposed') } }; yield }
  const f = () => f.name + (() => c)()
  log(f(), yield (s => s.length)\`x\${yield}y\`)`
const TOP = `function* inner(n) { for (let i = 0; i < n; i++) log('got', yield i); return 'done' }`

const FIELDS =
  "source index polled iterator method ended waiting computation inner current failure holes list closing keys engine caller pc top step height status driver self args env fn owner shape bind of".split(
    " ",
  )

for (const [kind, how] of Object.entries(HOW)) {
  part(`all objects have ${kind}`, {
    "called like a field of the runtime's objects": {
      top: TOP,
      main: given("Object.prototype", FIELDS, how, LOOPS),
      partly,
    },
    "called like what our functions keep": {
      top: TOP,
      main: given("Object.prototype", ["closure", "code", "strings", "step"], how, LOOPS),
      partly,
    },
    "called like an option of the codec, or a part of a kind": {
      top: TOP,
      main: given(
        "Object.prototype",
        "reference handle label handles resolve changed undeclared limits holds fields refuse owns shared properties fill cells capturedCells plain fixed begins".split(
          " ",
        ),
        how,
        `${LOOPS}\nconst values = [1, 2].values(); yield values; log(values.next())`,
      ),
      partly,
    },
  })
  part(`all functions have ${kind}`, {
    "called like what ours keep": {
      top: TOP,
      main: given("Function.prototype", ["closure", "code", "strings", "step"], how, LOOPS),
      partly,
    },
  })
}

part("all iterators have a return", {
  "that is asked for as often as natively, where iterators of the language are made": given(
    "Iterator.prototype",
    ["return"],
    "get() { log('asked') }",
    `
    log([1, 2].values().map(x => x).next())
    log([1, 2].values().take(1).drop(yield 0).next())
    log(Iterator.from({ next() { return { done: true } } }).next())
    log('ab'.matchAll(/./g).next().value[0])
    log([].values.call([3]).next())
    for (const k in { a: 1 }) yield k`,
  ),
  "that cannot be called, while a record is taken": {
    main: given("Iterator.prototype", ["return"], "value: 5", "for (const k in { a: 1, b: yield 1 }) { yield k }"),
  },
})

part("a generator that was yielded before it began", {
  "begins where its driver goes on, though only frames could move": {
    top: TOP,
    main: given("Object.prototype", ["x"], "value: 5", "log([...(yield inner(2)), ...[1]].length)"),
    actions: [next()],
    partly,
  },
})
