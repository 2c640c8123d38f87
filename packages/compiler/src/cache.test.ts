import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { Cache, type CacheEntry } from "./cache.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rove-cache-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

const entry: CacheEntry = { code: "one\ntwo\u2028😀", format: "module", warnings: ["careful"] }
const only = (): string => join(folder, readdirSync(folder)[0] as string)

test("gives back what was written, to the same parts and version only", () => {
  const cache = new Cache(folder, "1")
  expect(cache.read("a", ["x"])).toBe(null)
  cache.write("a", ["x"], entry)
  expect(cache.read("a", ["x"])).toEqual(entry)
  expect(cache.read("a", ["y"])).toBe(null)
  expect(cache.read("b", ["x"])).toBe(null)
  expect(new Cache(folder, "2").read("a", ["x"])).toBe(null)
  expect(new Cache(folder, "1").read("a", ["x"])).toEqual(entry)
})

test("a module that is none of ours is remembered, and is not an empty module", () => {
  const cache = new Cache(folder, "1")
  cache.write("a", [], { ...entry, code: null })
  expect(cache.read("a", [])?.code).toBe(null)
  cache.write("a", [], { ...entry, code: "" })
  expect(cache.read("a", [])?.code).toBe("")
})

test("a module has one file, however often it changes, and no draft stays", () => {
  const cache = new Cache(folder, "1")
  for (let i = 0; i < 3; i++) cache.write("a", [String(i)], entry)
  expect(readdirSync(folder)).toHaveLength(1)
})

test("every cut and every changed byte is an absent entry, and is replaced", () => {
  const cache = new Cache(folder, "1")
  cache.write("a", ["x"], entry)
  const whole = readFileSync(only())
  for (let i = 0; i < whole.length; i++) {
    writeFileSync(only(), whole.subarray(0, i))
    expect(cache.read("a", ["x"])).toBe(null)
  }
  for (const i of [0, 5, 20, whole.length - 3]) {
    const changed = Buffer.from(whole)
    changed[i] = (changed[i] as number) ^ 1
    writeFileSync(only(), changed)
    expect(cache.read("a", ["x"])).toBe(null)
  }
  cache.write("a", ["x"], entry)
  expect(cache.read("a", ["x"])).toEqual(entry)
})

test("a folder that cannot be written to costs nothing but time", () => {
  const cache = new Cache(join(folder, "cache"), "1")
  rmSync(join(folder, "cache"), { recursive: true })
  writeFileSync(join(folder, "cache"), "in the way")
  cache.write("a", ["x"], entry)
  expect(cache.read("a", ["x"])).toBe(null)
})
