/** The fourth variant: programs as many fibers on two workers that steal from each other, beside the same text run natively. */
import { expect, test } from "vitest"
import { node, scratch } from "../support/scratch.ts"

/** Each takes a number; `pause` hogs its thread, so that others are stolen and it is preempted. */
const programs = `
function* pause() { let n = 0; for (let i = 0; i < 30_000; i++) n += i % 7; return n }
class Point { constructor(x) { this.x = x } plus(y) { return new Point(this.x + y) } }

class Purse {
  #coins
  label = "purse"
  constructor(coins) { this.#coins = coins }
  spend() { return --this.#coins }
}
const tag = strings => strings

export const programs = {
  *tags(n) {
    const seen = []
    for (let i = 0; i < 3; i++) { seen.push(tag\`a\${n}\\n\`); yield* pause() }
    const again = () => tag\`b\${n}\`
    const first = again()
    yield* pause()
    return [seen[0] === seen[1] && seen[1] === seen[2], seen[0].raw, Object.isFrozen(seen[0]), first === again(), first === seen[0]]
  },
  *shares(n) {
    const counter = start => { let k = start; return { up: () => ++k, get now() { return k } } }
    const c = counter(n), up = c.up.bind(null)
    c.up()
    yield* pause()
    up()
    yield* pause()
    return [c.up(), c.now]
  },
  *classes(n) {
    const make = base => class Local extends base {
      #n = n
      spend() { return super.spend() + this.#n++ }
      *each() { yield* pause(); yield this.#n; yield* pause(); yield this.label }
    }
    const Local = make(Purse), purse = new Local(10)
    const a = purse.spend()
    yield* pause()
    const b = purse.spend(), each = purse.each()
    const c = each.next().value
    yield* pause()
    return [a, b, c, [...each], purse instanceof Local, purse instanceof Purse, new Purse(3).spend()]
  },
  *iterates(n) {
    const m = new Map([[1, "a"], [2, "b"], [3, "c"]])
    let out = ""
    for (const [k, v] of m) { yield* pause(); out += k + v; if (k === 1) { m.delete(2); m.set(n, "z") } }
    return out
  },
  *closes(n) {
    const fs = []
    for (let i = 0; i < 3; i++) { fs.push(() => i++); yield* pause(); fs.at(-1)() }
    let shared = n
    const up = () => ++shared
    yield* pause()
    up()
    return [fs.map(f => f()), shared]
  },
  *finishes(n) {
    const log = []
    l: for (let i = 0; i < 2; i++) {
      try { yield* pause(); if (n % 2) throw new RangeError("odd " + n); log.push(i) }
      catch (e) { yield* pause(); log.push(e.message, e instanceof RangeError) }
      finally { yield* pause(); log.push("f"); if (i === 0) continue l }
    }
    return log
  },
  *destructures(n) {
    const { a = yield* pause(), b: [c, ...d], ...rest } = { b: [n, 2, 3], x: 1 }
    return [a, c, d, rest]
  },
  *operates(n) {
    const o = { k: n, m(x) { return this.k + x } }
    o.k += (o.k = 100, yield* pause())
    return [o.k, o.m(yield* pause()), o?.m?.(1), \`\${yield* pause()}-\${o.k}\`]
  },
  *recurses(n) {
    function* depth(k) { if (k === 0) { yield* pause(); return 0 } return 1 + (yield* depth(k - 1)) }
    return yield* depth(50 + n)
  },
  *throws(n) {
    try { yield* pause(); null.x } catch (e) { yield* pause(); return e.constructor.name + n }
  },
}
`
const main = `
import { Pool } from "rove"
import { programs } from "./compiled.js"
import { programs as native } from "./native.js"

await using pool = await Pool.start({ workers: 2 })
const differing = [], names = Object.keys(programs)
const round = () => Promise.all(names.flatMap(name => Array.from({ length: 12 }, async (_, n) => {
  const wanted = JSON.stringify(native[name](n).next().value)
  const found = await pool.run(programs[name](n)).then(JSON.stringify, error => error.stack)
  if (found !== wanted) differing.push({ name, n, wanted, found })
})))
const fibersIn = () => pool.stats().threads.reduce((sum, thread) => sum + thread.fibersIn, 0)
// On a busy machine one thread may be done before another one has looked.
do await round()
while (fibersIn() === 0)
console.log(JSON.stringify({ programs: names.length, differing, moved: fibersIn() }))
`

test("programs give the same as fibers on two stealing workers as natively", { timeout: 60_000 }, async () => {
  const folder = scratch({
    "package.json": '{ "name": "app", "type": "module" }',
    "compiled.js": `"use fibers"\n${programs}`,
    "native.js": programs,
    "main.js": main,
  })
  const { code, out, err } = await node(folder, ["--import", "rove/register", "main.js"])
  expect({ code, err }).toEqual({ code: 0, err: "" })
  const { differing, moved, programs: count } = JSON.parse(out) as Record<string, unknown>
  expect(differing).toEqual([])
  expect(count).toBe(10)
  expect(moved, "fibers moved between the workers").toBeGreaterThan(0)
})
