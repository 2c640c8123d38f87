import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { ASKED, isPristine, USED } from "./language.ts"

const entries = USED.flatMap(([home, keys]) => (home === undefined ? [] : keys.map(key => [home, key] as const)))

test("each accessor in the list is noticed when it is replaced, and when it is there again", () => {
  const { defineProperty, getOwnPropertyDescriptor } = Object
  const { deleteProperty } = Reflect
  const missed: PropertyKey[] = []
  for (const [home, keys] of ASKED)
    for (const key of keys) {
      const own = getOwnPropertyDescriptor(home as object, key)
      defineProperty(home as object, key, { get: () => 9, configurable: true })
      const isNoticed = !isPristine()
      if (own === undefined) deleteProperty(home as object, key)
      else defineProperty(home as object, key, own)
      if (!isNoticed || !isPristine()) missed.push(key)
    }
  expect(missed).toEqual([])
  expect(ASKED.flatMap(([, keys]) => keys).length).toBe(4)
})

test("each function in the list is noticed when it is replaced, and when it is there again", () => {
  const { defineProperty, getOwnPropertyDescriptor } = Object
  const { deleteProperty } = Reflect
  const missed: PropertyKey[] = []
  let count = 0
  for (let i = 0; i < entries.length; i++) {
    const [home, key] = entries[i] as (typeof entries)[0]
    const own = getOwnPropertyDescriptor(home, key)
    defineProperty(home, key, { value: () => undefined, configurable: true })
    const isNoticed = !isPristine()
    if (own === undefined) deleteProperty(home, key)
    else defineProperty(home, key, own)
    if (!isNoticed || !isPristine()) missed[count++] = key
  }
  expect(missed).toEqual([])
  expect(entries.length).toBeGreaterThan(140)
})

test("the list has each function of a prototype that core calls by its name", () => {
  const root = join(import.meta.dirname, "..")
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  const sources = files.filter(file => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  const called = new Set<string>()
  for (const file of sources) {
    const text = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")
    for (const [, name] of text.matchAll(/\.(\w+)\(/g)) called.add(name as string)
  }
  const listed = new Set(entries.map(([, key]) => key))
  const prototypes = [Array, String, Map, Set, WeakMap, WeakRef, RegExp, DataView, Object.getPrototypeOf(Uint8Array)]
  const names = prototypes.flatMap(made => Object.getOwnPropertyNames(made.prototype))
  // what is called while core is loaded, or in the words of an error, and what is a name of our own
  const others = ["matchAll", "toLowerCase", "link"]
  expect(names.filter(name => called.has(name) && !listed.has(name) && !others.includes(name))).toEqual([])
})
