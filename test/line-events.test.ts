/** Every way to compile a module can have it tell hooks of lines: on the threads of a pool too. */
import { join } from "node:path"
import { expect, test } from "vitest"
import { node, scratch } from "./support/scratch.ts"

const traced = `"use fibers"
import { type HookEvent, type Resumable, setTrace } from "rove"
export function note({ kind, line }: HookEvent, lines: number[]): void {
  if (kind === "line") lines.push(line)
}
export function* main(): Resumable<number[]> {
  const lines: number[] = []
  yield* setTrace(note, lines)
  const a = 1
  yield* inner(a)
  yield* setTrace(null)
  return lines
}
function* inner(n: number): Resumable<number> {
  const b = n + 1
  return b
}
`
const app = `import { Pool } from "rove"
import { main } from "./traced.ts"
await using pool = await Pool.start({ workers: 1 })
console.log(JSON.stringify(await pool.run(main())))
`
const lines = "[9,10,15,16,11]"
const files = { "package.json": '{ "name": "app", "type": "module" }', "traced.ts": traced, "app.ts": app }
const rove = join(import.meta.dirname, "../packages/rove/src/cli/main.ts")

test("rove run", { timeout: 60_000 }, async () => {
  const folder = scratch(files)
  const run = (...options: string[]) => node(folder, [rove, "run", "-w", "1", "--json", ...options, "traced.ts#main"])
  expect(await run()).toEqual({ code: 0, out: "[]\n", err: "" })
  expect(await run("--line-events")).toEqual({ code: 0, out: `${lines}\n`, err: "" })
  expect(await run()).toEqual({ code: 0, out: "[]\n", err: "" }) // the cache keeps them apart
})

test("the load hook", { timeout: 60_000 }, async () => {
  const folder = scratch(files)
  const run = (value: string) => node(folder, ["--import", "rove/register", "app.ts"], { ROVE_LINE_EVENTS: value })
  expect(await run("on")).toEqual({ code: 0, out: `${lines}\n`, err: "" })
  expect(await run("off")).toEqual({ code: 0, out: "[]\n", err: "" })
  const wrong = await run("yes")
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('ROVE_LINE_EVENTS is "on" or "off", not "yes"')])
})

test("rove compile", { timeout: 60_000 }, async () => {
  const folder = scratch(files)
  const made = await node(folder, [rove, "compile", "app.ts", "traced.ts", "--out", "dist", "--line-events"])
  expect([made.code, made.err]).toEqual([0, ""])
  expect(await node(folder, ["dist/app.js"])).toEqual({ code: 0, out: `${lines}\n`, err: "" })
})
