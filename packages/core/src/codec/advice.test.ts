import { runInNewContext } from "node:vm"
import { expect, test } from "vitest"
import { encode } from "./encode.ts"

const controller = new AbortController()
test.each([
  ["URL", new URL("http://localhost/a"), "keep its href"],
  ["URLSearchParams", new URLSearchParams("a=1"), "keep its toString()"],
  ["Headers", new Headers(), "keep its entries"],
  ["FormData", new FormData(), "keep its entries"],
  ["Request", new Request("http://localhost"), "keep its url"],
  ["Response", new Response("text"), "keep its status"],
  ["AbortSignal", controller.signal, "option signal"],
  ["AbortController", controller, "interrupt the fiber"],
  ["ReadableStream", new ReadableStream(), "reopen()"],
  ["WritableStream", new WritableStream(), "reopen()"],
])("the platform's %s is refused with what to keep instead", (name, value, hint) => {
  expect(() => encode({ value })).toThrow(new RegExp(`\\.value: ${name} is not portable \\(it is the platform's: .*`))
  expect(() => encode({ value })).toThrow(hint)
})

test.each([
  "({ a: 1 })",
  "[1]",
  "new Map()",
  "new Set()",
  "new Date(5)",
  "/a/g",
  "new RangeError('x')",
  "new Uint8Array(2)",
])("%s of another realm is refused as such, and structuredClone makes it portable", source => {
  const value: unknown = runInNewContext(source)
  expect(() => encode({ value })).toThrow("it comes from another realm")
  expect(() => encode({ value: structuredClone(value) })).not.toThrow()
})

test("a class of the program is not taken for one of another realm, whatever its name", () => {
  const value: unknown = runInNewContext("class Map {}; new Map()")
  expect(() => encode({ value })).toThrow(
    'Map is not portable (its class is not registered, as those are whose module says "use fibers")',
  )
  expect(() => encode(new (class URL {})())).toThrow(
    'URL is not portable (its class is not registered, as those are whose module says "use fibers")',
  )
})

test("what a class extends is not asked where that is a Proxy", () => {
  const asked: string[] = []
  const base = new Proxy(class {}, {
    getPrototypeOf(target) {
      asked.push("getPrototypeOf")
      return Object.getPrototypeOf(target) as object
    },
  })
  class Made {}
  Object.setPrototypeOf(Made, base)
  expect(() => encode(new Made())).toThrow("its class is not registered")
  expect(asked).toEqual([])
})
