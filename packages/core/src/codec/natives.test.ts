import { spawnSync } from "node:child_process"
import { expect, test } from "vitest"
import { forged } from "../../../../test/support/forged.ts"
import { clone } from "./clone.ts"
import { decode } from "./decode.ts"
import { encode } from "./encode.ts"
import { findNative, isNative, nativeOf } from "./natives.ts"

const back = <T>(value: T) => decode(encode(value).bytes) as T

test("functions of the language are carried by name, and are themselves on the other side and in copies", () => {
  const functions = [
    Array.prototype.push,
    [][Symbol.iterator],
    Math.max,
    Object.fromEntries,
    Map,
    TypeError,
    Function.prototype.call,
    Object.getPrototypeOf(Int8Array).from,
    console.log,
    parseFloat,
  ]
  for (const fn of functions) {
    expect(back([fn])[0] === fn, fn.name).toBe(true)
    expect(clone([fn])[0] === fn, fn.name).toBe(true)
  }
})

test("one that the program had replaced when names were given has its name when it is back", () => {
  const { stdout } = spawnSync(process.execPath, ["--import", "rove/register", "--input-type=module", "-e", replacing])
  expect(stdout.toString()).toBe("true true true\n")
})
const replacing = `
  import { clone, decode, encode } from "@rove/core"
  const { random } = Math
  Math.random = () => 4
  const bytes = encode(Math.max).bytes
  Math.random = random
  console.log(decode(encode({ random }).bytes).random === random, clone({ random }).random === random, decode(bytes) === Math.max)
`

test("the console is carried by name, as what a call of its methods waits with", () => {
  const { stdout } = spawnSync(process.execPath, ["--import", "rove/register", "--input-type=module", "-e", program])
  expect(stdout.toString()).toBe("true true\n")
})
const program = `
  import { clone, decode, encode } from "@rove/core"
  console.log(decode(encode({ callee: console }).bytes).callee === console, clone({ callee: console }).callee === console)
`

test("what makes code of text has no name, and neither has what is not the language's", () => {
  // biome-ignore lint/security/noGlobalEval: that it is refused is the claim
  const refused = [eval, Function, function* () {}.constructor, (async () => {}).constructor, process.exit, setTimeout]
  for (const fn of refused) {
    expect(nativeOf(fn), fn.name).toBeUndefined()
    expect(() => encode([fn])).toThrow("is not portable")
  }
  for (const name of [
    "js:eval",
    "js:Function",
    "js:Function.prototype.constructor",
    "js:Object.constructor",
    "js:process",
  ])
    expect(findNative(name), name).toBeUndefined()
})

test("a function of the program is not the language's, whatever a comment in it says", () => {
  for (const text of ["// { [native code]", "/* */ // { [native code]"])
    expect(isNative(new Function(text))).toBe(false)
  expect(isNative(new Function("a = 1 /* () */", "// { [native code]"))).toBe(false)
  for (const fn of [Map, [].push, ""[Symbol.iterator], Math.max, parseInt]) expect(isNative(fn), fn.name).toBe(true)
})

test("neither is one that was bound, or a Proxy, in the place of the language's: it is refused, as others are there", () => {
  const { stdout } = spawnSync(process.execPath, ["--import", "rove/register", "--input-type=module", "-e", bound])
  expect(stdout.toString()).toMatch(/function bound {2}is not portable.*\n.*: a Proxy is not portable\ntrue\n$/)
})
const bound = `
  import { decode, encode } from "@rove/core"
  Math.random = (() => 4).bind(null)
  Math.hypot = new Proxy(Math.hypot, {})
  console.log = console.log.bind(console)
  for (const fn of [Math.random, Math.hypot]) try { encode([fn]) } catch (error) { console.log(error.message) }
  console.log(decode(encode([console.log]).bytes)[0] === console.log)
`

test("a name that leads nowhere is refused", () => {
  const bytes = new Uint8Array(encode([Math.max]).bytes)
  const at = Buffer.from(bytes.buffer).indexOf("js:Math.max")
  bytes.set(new TextEncoder().encode("js:Math.min").subarray(0), at)
  forged(bytes)
  expect((decode(bytes) as unknown[])[0]).toBe(Math.min)
  bytes.set(new TextEncoder().encode("js:Math.nix"), at)
  forged(bytes)
  expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: "ROVE_REFERENCE_UNKNOWN" }))
})
