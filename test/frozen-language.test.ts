/** Programs that freeze what the language has, before anybody can change it: everything runs as before, on every thread. */
import { expect, test } from "vitest"
import { node, scratch } from "./support/scratch.ts"

const freeze = `const seen = new Set()
function freeze(value) {
  if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return
  seen.add(value)
  for (const key of Reflect.ownKeys(value)) {
    const { get, set, value: inner } = Reflect.getOwnPropertyDescriptor(value, key)
    for (const part of [get, set, inner]) freeze(part)
  }
  freeze(Reflect.getPrototypeOf(value))
  if (!ArrayBuffer.isView(value)) Object.freeze(value)
}
const names = Object.getOwnPropertyNames(globalThis).filter(name => /^[A-Z]/.test(name) && !/Event|Abort|Message|Broadcast|Performance/.test(name))
for (const name of names.filter(name => Object.getOwnPropertyDescriptor(globalThis, name).value)) freeze(globalThis[name])
freeze(function* () {})
freeze(async function* () {})
freeze([].values())
`
const app = {
  "package.json": '{"name":"app","type":"module"}',
  "freeze.mjs": freeze,
  "work.ts": `"use fibers"
import { all, ContextVar, channel, migrateTo, sleep, spawn } from "rove"
class Point {
  x: number
  #scale = 2
  constructor(x: number) { this.x = x }
  get scaled() { return this.x * this.#scale }
  toString() { return "point " + this.x }
}
class OwnError extends Error {
  override name = "OwnError"
}
const variable = new ContextVar<number>("variable")
function* child(n: number): Generator<never, number, any> {
  yield* sleep(1)
  if (n === 3) throw new OwnError("three")
  return new Point(n).scaled
}
function* numbers() { yield 1; yield 2 }
export function* main(other: number): Generator<never, string, any> {
  const kept = [new Map([[1, new Date(0)]]), new Set([1n]), /a/g, { toString: () => "own" }]
  const point = new Point(4), generator = numbers(), iterator = [7, 8].values(), out: unknown[] = []
  variable.set(5)
  generator.next()
  iterator.next()
  yield* migrateTo(other)
  out.push(...kept.map(String).slice(2), point, point.scaled, generator.next().value, iterator.next().value, variable.get())
  for (const each of [yield* spawn(child(1)), yield* spawn(child(2))]) out.push(yield* each.join())
  try { yield* all([child(1), child(3)]) } catch (error) { out.push(error, error instanceof OwnError) }
  const queue = channel<number>({ capacity: 1 })
  yield* queue.send(6)
  out.push(yield* queue.receive())
  try { (null as any).x } catch (error) { out.push(error) }
  return out.join()
}
`,
  "main.ts": `import { Pool, RoveError } from "rove"
import { main } from "./work.ts"
const pool = await Pool.start({ workers: 2 })
for (const { id } of pool.threads()) console.log(await pool.run(main(id)))
const stopped = pool.run(main(1))
stopped.catch((error: RoveError) => console.log(error.name, error.code))
console.log(await pool.resume(await stopped.record()))
await pool.close()
`,
}
const line =
  "/a/g,own,point 4,8,2,8,5,2,4,OwnError: three,true,6,TypeError: Cannot read properties of null (reading 'x')"

test.each([
  ["before Rove is loaded", ["--import", "./freeze.mjs", "--import", "rove/register"]],
  ["afterwards", ["--import", "rove/register", "--import", "rove", "--import", "./freeze.mjs"]],
])("a program that freezes all that the language has %s runs as before", async (_, args) => {
  const { code, out, err } = await node(scratch(app), [...args, "main.ts"])
  expect({ code, out, err }).toMatchObject({ code: 0, out: `${line}\n${line}\nRoveError ROVE_RECORDED\n${line}\n` })
})
