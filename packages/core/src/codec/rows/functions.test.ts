import { describe, expect, test } from "vitest"
import { Closure, clone, decode, defineCode, encode, stamp } from "../../index.ts"

const step = () => undefined
const shared = { id: "", hash: "h1", url: "", points: [], Frame: null }

/** An arrow function that captures a number, and a generator function, as compiled code makes them. */
const arrow = defineCode({
  ...shared,
  id: "app/functions.ts#arrow",
  name: "arrow",
  kind: "function",
  captures: ["n"],
  make: (n: number) => made(arrow, [n], (_a: unknown, _b: unknown) => n),
})
const generator = defineCode({
  ...shared,
  id: "app/functions.ts#generator",
  name: "generator",
  kind: "generator",
  captures: ["n"],
  make: (n: number) =>
    made(generator, [n], function* generator() {
      yield n
    }),
})

function made<T extends object>(code: typeof arrow, env: readonly unknown[], fn: T): T {
  const closure = new Closure(code, step, step, env)
  closure.fn = fn
  const { prototype } = fn as { prototype?: object }
  if (prototype !== undefined) stamp(prototype, closure)
  return stamp(fn, closure)
}

const makers = { arrow, generator }
const fresh = (name: keyof typeof makers): object => (makers[name].make as (n: number) => object)(5)

/** All that can be seen of a function without calling it. */
function seen(fn: object): unknown {
  const own = Object.getOwnPropertyDescriptors(fn) as PropertyDescriptorMap
  delete own.prototype?.value
  return { own, frozen: Object.isFrozen(fn), sealed: Object.isSealed(fn), extensible: Object.isExtensible(fn) }
}

const define = (key: string, descriptor: PropertyDescriptor) => (fn: object) =>
  Object.defineProperty(fn, key, descriptor)
const changes: [string, (fn: object) => object][] = [
  ["frozen", Object.freeze],
  ["sealed", Object.seal],
  ["not extensible", Object.preventExtensions],
  ["frozen with properties", fn => Object.freeze(Object.assign(fn, { own: 1, [Symbol.for("k")]: 2 }))],
  ["of another name", define("name", { value: "other" })],
  ["of another length", define("length", { value: 7 })],
  ["with a name that can be assigned", define("name", { writable: true })],
]

describe.each([
  ["decode(encode)", (value: object) => decode(encode(value).view) as object],
  ["clone", (value: object) => clone(value)],
])("%s", (_, go) => {
  describe.each(["arrow", "generator"] as const)("%s", name => {
    test("a function as it was made has nothing that is carried", () => {
      expect(seen(go(fresh(name)))).toEqual(seen(fresh(name)))
    })

    test.each(changes)("a function that is %s comes back so", (_, change) => {
      const fn = change(fresh(name))
      const want = seen(fn)
      const back = go(fn)
      expect(back).not.toBe(fn)
      expect(seen(back)).toEqual(want)
      expect(seen(go(back))).toEqual(want)
      expect(seen(fn)).toEqual(want)
    })

    test.each(["name", "length"])("a function whose %s was taken away is refused", key => {
      const fn = fresh(name) as Record<string, unknown>
      delete fn[key]
      expect(() => go([fn])).toThrow(`${name} has no "${key}" any more`)
    })
  })
})
