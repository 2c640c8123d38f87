import { afterEach, expect, test } from "vitest"
import { program } from "../../../../test/semantics/program.ts"
import { originLines, withoutFrames } from "./stacks.ts"

const own = Object.getOwnPropertyDescriptor(Error, "stackTraceLimit") as PropertyDescriptor
afterEach(() => void Object.defineProperty(Error, "stackTraceLimit", own))

test("an error is made without frames, and the limit is the program's again", () => {
  const { stackTraceLimit } = Error
  expect(withoutFrames(() => new Error("a")).stack).toBe("Error: a")
  expect(Error.stackTraceLimit).toBe(stackTraceLimit)
})

test("where a program has made the limit read-only, errors are made and origins found all the same", () => {
  Object.defineProperty(Error, "stackTraceLimit", { value: 7, writable: false })
  expect(withoutFrames(() => new Error("a")).message).toBe("a")
  expect(originLines(2).length).toBeLessThanOrEqual(2)
  expect(Error.stackTraceLimit).toBe(7)
})

const methods: readonly (readonly [home: object, key: PropertyKey])[] = [
  ...["exec", Symbol.replace, Symbol.search, Symbol.split].map(key => [RegExp.prototype, key] as const),
  ...["search", "split", "slice", "replace", "includes", "endsWith", "startsWith", "indexOf", "lastIndexOf"].map(
    key => [String.prototype, key] as const,
  ),
  ...["some", "every", "findIndex", "filter", "slice", "join", "map", "push", Symbol.iterator].map(
    key => [Array.prototype, key] as const,
  ),
  [Object.getPrototypeOf([].values()), "next"],
]
test.each(methods)(
  "an error that leaves a generator calls no method that a program has put there: %o %s",
  (home, key) => {
    const main = program<() => Generator<unknown, unknown>>(
      `function* fails() { yield 1; throw new Error("x", { cause: new Error("y") }) }
     function* main() { try { yield* fails() } catch (e) { return e.message } }`,
      "main",
    )
    main().next() // what is done once is done
    const it = main()
    it.next()
    const was = Object.getOwnPropertyDescriptor(home, key) as PropertyDescriptor
    let seen = 0
    let end: unknown
    Object.defineProperty(home, key, {
      ...was,
      value(this: unknown, ...args: unknown[]) {
        seen++
        return Reflect.apply(was.value, this, args)
      },
    })
    try {
      end = it.next().value
    } finally {
      Object.defineProperty(home, key, was)
    }
    expect([seen, end]).toEqual([0, "x"])
  },
)
