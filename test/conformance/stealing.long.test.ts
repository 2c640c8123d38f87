/** The fourth variant of all hand-written cases: fibers on two workers that steal from each other, beside the same text run natively. */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test, vi } from "vitest"
import { node, scratch } from "../support/scratch.ts"
import type { Case } from "./cases.ts"
import { type Claim, program } from "./stealing.ts"

const { claims } = vi.hoisted(() => ({ claims: [] as Claim[] }))
vi.mock("./cases.ts", async original => ({
  ...(await original<typeof import("./cases.ts")>()),
  part(title: string, cases: Readonly<Record<string, string | Case>>) {
    for (const [claim, given] of Object.entries(cases))
      claims.push({ claim: `${title}: ${claim}`, given: typeof given === "string" ? { main: given } : given })
  },
}))

const here = import.meta.dirname
const files = globSync("cases/*.test.ts", { cwd: here }).sort()
for (const file of files)
  if (readFileSync(join(here, file), "utf8").includes('from "../cases.ts"'))
    await import(/* @vite-ignore */ join(here, file))

/** A case that changes what all programs of a thread share, or that an async function goes on behind the end of. */
const NOT_ALONE =
  /\b(Array|Object|String|Map|Set|Function|Iterator)\.prototype(\[|\.\w+ =|, )|ITERATORS|ARRAYS|getPrototypeOf\((\[\]|new (Map|Set)|inner\.prototype|f\.prototype)|setPrototypeOf\(Object|await/

test("all cases do the same as fibers on two stealing workers as natively", { timeout: 120_000 }, async () => {
  const alone = claims.filter(({ given: { main, top = "" } }) => !NOT_ALONE.test(main + top))
  expect(claims.length - alone.length, "few are left out").toBeLessThan(claims.length * 0.08)
  const strict = alone.filter(({ given }) => given.sloppy !== true)
  const sloppy = alone.filter(({ given }) => given.sloppy === true)
  const folder = scratch(program(strict, sloppy, readFileSync(join(here, "trace.ts"), "utf8")))
  const { code, out, err } = await node(folder, ["--no-warnings", "--import", "rove/register", "main.js"])
  expect({ code, err }).toEqual({ code: 0, err: "" })
  const { differing, native, moved } = JSON.parse(out) as {
    differing: { kind: string; i: number; how: string; wanted: string[]; got: string[] }[]
    native: [kind: string, i: number][]
    moved: number
  }
  const claim = (kind: string, i: number) => (kind === "strict" ? strict : sloppy)[i]?.claim
  expect(differing.map(({ kind, i, ...rest }) => ({ claim: claim(kind, i), ...rest }))).toEqual([])
  expect(native.map(([kind, i]) => claim(kind, i)).filter(text => !/stays? native/.test(text ?? ""))).toEqual([])
  expect(moved, "fibers moved between the workers").toBeGreaterThan(20)
})
