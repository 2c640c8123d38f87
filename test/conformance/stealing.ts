/**
 * Owns the fourth variant of the hand-written cases: each case as a function of a module that two workers run, once driven
 * with its actions and once iterated by compiled code. The same module without the directive is what it natively means.
 */
import type { Case } from "./cases.ts"

export interface Claim {
  readonly claim: string
  readonly given: Case
}

/** What every case has around it; `pause` hogs the thread, so that others are stolen and it is preempted. */
const AROUND = `
function* pause() { let n = 0; for (let i = 0; i < 20_000; i++) n += i % 7; return n }

function* steered(main, actions, note) {
  let generator
  try { generator = main() } catch (error) { note("the call throws " + show(error)); return }
  let given
  for (let i = 0; i < 300; i++) {
    const action = actions[i] ?? { kind: "next", value: given }
    let result
    try { result = generator[action.kind](action.value) } catch (error) { note("throws " + show(error)); result = { done: true } }
    note((result.done ? "ends " : "yields ") + show(result.value))
    if (result.done) break
    given = result.value
    yield* pause()
  }
  note("afterwards " + show(generator.next(1)))
}

function* iterated(main, note) {
  try { let i = 0; for (const value of main()) { note("gives " + show(value)); yield* pause(); if (++i > 300) break } } catch (error) { note("throws " + show(error)) }
}
`

/** What a case may call, made by compiled code, so that it moves. */
const INSIDE = `
    const lines = [], note = line => { if (lines.length < 2000) lines.push(line) }
    const log = (...values) => { note(values.map(value => show(value)).join(" ")); return values.at(-1) }
    let fuel = 200
    const tick = () => --fuel >= 0
    const iterator = (length, how) => {
      let i = 0
      const it = {
        [Symbol.iterator]() { log("iterator"); return it },
        next() { log("next", i); if (how === 1 && i === 1) throw new Error("!next"); return i < length ? { value: ++i, done: false } : { value: "end", done: true } },
      }
      if (how !== 2) it.return = (...values) => { log("return", values.length); if (how === 3) throw new Error("!return"); return how === 4 ? 1 : { value: values[0], done: true } }
      if (how > 4) it.throw = error => { log("throw", error); if (how === 5) throw error; return { value: 7, done: how === 6 } }
      return it
    }`

/** The module whose `all` spawns every case in both ways on one thread, from which the other one steals. */
const ALL = `"use fibers"
import { spawn } from "rove"
import { cases as strict } from "./strict.js"
import { cases as sloppy } from "./sloppy.cjs"

export function* all(kind, hows, numbers) {
  const cases = kind === "strict" ? strict : sloppy
  const children = []
  for (const how of hows) for (const i of numbers) children.push(yield* spawn(cases[i](how)))
  const results = []
  for (const child of children) {
    try { results.push(yield* child.join()) } catch (error) { results.push("fails: " + error.stack) }
  }
  return results
}
`

/** Prints which cases differ, which the compiler leaves native, and how many fibers moved. */
const MAIN = `
import { Pool } from "rove"
import { all } from "./all.js"
import { cases as strict } from "./strict.js"
import { cases as sloppy } from "./sloppy.cjs"
import { cases as strictNative } from "./strict.native.js"
import { cases as sloppyNative } from "./sloppy.native.cjs"

await using pool = await Pool.start({ workers: 2, quantum: 1 })
const differing = [], native = [], hows = ["steered", "iterated"]
for (const [kind, compiled, natively] of [["strict", strict, strictNative], ["sloppy", sloppy, sloppyNative]]) {
  const numbers = []
  for (const i of Object.keys(compiled)) {
    try { void (await pool.run(compiled[i]("none"))); numbers.push(i) }
    catch (error) { if (error.code === "ROVE_NOT_COMPILED") native.push([kind, i]); else throw error }
  }
  const found = await pool.run(all(kind, hows, numbers))
  let at = 0
  for (const how of hows) for (const i of numbers) {
    const wanted = natively[i](how).next().value, got = found[at++]
    if (JSON.stringify(wanted) !== JSON.stringify(got)) differing.push({ kind, i, how, wanted, got })
  }
}
const moved = pool.stats().threads.reduce((sum, thread) => sum + thread.fibersIn, 0)
console.log(JSON.stringify({ differing, native, moved }))
`

/** The files of the program; its entry is `main.js`. `show` is the text of a module that shows values. */
export function program(strict: readonly Claim[], sloppy: readonly Claim[], show: string): Record<string, string> {
  const modules = { "strict.js": moduleOf(strict, "module"), "sloppy.cjs": moduleOf(sloppy, "script") }
  return {
    "package.json": '{ "name": "app", "type": "module" }',
    "show.ts": show,
    "strict.js": `"use fibers"\n${modules["strict.js"]}`,
    "strict.native.js": modules["strict.js"],
    "sloppy.cjs": `"use fibers"\n${modules["sloppy.cjs"]}`,
    "sloppy.native.cjs": modules["sloppy.cjs"],
    "all.js": ALL,
    "main.js": MAIN,
  }
}

/** A module with a function for each case, by its number; `show` comes from its neighbour. */
function moduleOf(claims: readonly Claim[], form: "module" | "script"): string {
  const functions = claims.map(
    ({ given: { main, top = "", actions = [] } }, i) => `
  *[${i}](how) {${INSIDE}
    ${top}
    function* main() {
${main}
    }
    yield* how === "steered" ? steered(main, ${JSON.stringify(actions)}, note) : iterated(main, note)
    return lines
  },`,
  )
  const [begin, give] =
    form === "module"
      ? ['import { show } from "./show.ts"', "export const cases ="]
      : ['const { show } = require("./show.ts")', "exports.cases ="]
  return `${begin}\n${AROUND}\n${give} {${functions.join("")}\n}\n`
}
