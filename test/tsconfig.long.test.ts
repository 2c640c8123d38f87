/** What `tsconfig.json` says that changes what a module means: as esbuild has it, in the load hook and in bundlers alike. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { install, node, scratch, write } from "./support/scratch.ts"

const CLASSES = `"use fibers"
import { seen } from "./seen.ts"
class Base { set x(value: unknown) { seen.push(["set", value]) } get x(): unknown { return "inherited" } }
class Fields extends Base {
  // @ts-ignore
  x = seen.length
  declare never: string
  unset: number
  #secret = seen.push(["secret"])
  static at = seen.push(["static"])
  constructor(readonly given: number) { super(); seen.push(["body", this.given, this.#secret]) }
  *keys(): Generator<unknown> { yield Object.keys(this); yield this.x; yield "unset" in this }
}
export function* main(): Generator<unknown> {
  const local = class extends Base { x: unknown = 5; unset: number; *it() { yield Object.keys(this) } }
  yield* new Fields(7).keys()
  yield* new local().it()
  yield seen
}
`
const SEEN = "export const seen: unknown[] = []\n"
const DECORATED = `"use fibers"
const seen: unknown[] = []
const meta = (globalThis as any).Reflect
meta.metadata = (key: string, value: any) => (target: any, name: string) => { seen.push([key, name, [value].flat().map((v: any) => v?.name)]) }
function note(target: any, name?: string, at?: any): any { seen.push([typeof target, name, typeof at]) }
function twice(_target: any, _name: string, of: PropertyDescriptor): PropertyDescriptor {
  const { value } = of
  return { ...of, value: function* (...args: unknown[]) { yield* value.apply(this, args); yield* value.apply(this, args) } }
}
@note class A {
  @note field = 1
  constructor(@note readonly n: number) {}
  @note get got(): string { return "got" }
  @note @twice *walk(@note by: number): Generator<number> { yield this.n + by }
  @note static make(): A { return new A(3) }
}
export function* main(): Generator<unknown> { yield* A.make().walk(2); yield seen }
`
const JSX = `"use fibers"
import { h } from "./h.ts"
import type { Missing } from "./nowhere.ts"
export function* main(): Generator<unknown> { const n: number = 1; yield <b a={n}>{yield 2}<><i /></></b>; yield typeof h }
`
const h = 'export const h = (...of: unknown[]) => ["h", ...of]; export const F = "fragment"\n'
const jsx = (name: string) =>
  `export const Fragment = "${name}"; export const jsx = (...of) => ["${name}", ...of], jsxs = jsx, jsxDEV = (tag, of) => ["${name} dev", tag, of]\n`
const library = {
  "node_modules/view/package.json": '{"name":"view","type":"module","exports":{"./*":"./runtime.js"}}',
  "node_modules/view/runtime.js": jsx("view"),
}

const PROGRAMS: Readonly<Record<string, readonly [config: object, files: Readonly<Record<string, string>>]>> = {
  "class fields are assigned where the target says so": [{ target: "ES2021" }, { "main.ts": CLASSES, "seen.ts": SEEN }],
  "class fields are assigned where that is said": [
    { target: "ESNext", useDefineForClassFields: false },
    { "main.ts": CLASSES, "seen.ts": SEEN },
  ],
  "class fields are defined by a new target": [{ target: "es2022" }, { "main.ts": CLASSES, "seen.ts": SEEN }],
  "class fields are defined where nothing is said": [{}, { "main.ts": CLASSES, "seen.ts": SEEN }],
  "decorators of TypeScript": [
    { target: "es2022", experimentalDecorators: true, strict: true },
    { "main.ts": DECORATED },
  ],
  "JSX with a factory": [
    { jsx: "react", jsxFactory: "h", jsxFragmentFactory: "F" },
    { "main.tsx": JSX.replace("{ h }", "{ h, F }"), "h.ts": h },
  ],
  "JSX with a runtime of its own": [
    { jsx: "react-jsx", jsxImportSource: "view" },
    { "main.tsx": JSX, "h.ts": h, ...library },
  ],
}

const START = (name: string) => `import { main } from "./${name}"
import { closureOf } from "rove/runtime"
const out = []
const all = main()
for (let r = all.next(); !r.done; r = all.next("back")) out.push(r.value)
console.log(JSON.stringify({ out, id: closureOf(main)?.code.id ?? null, hash: closureOf(main)?.code.hash ?? null }))
`
const BUILDS: Readonly<Record<string, string>> = {
  esbuild: `import { build } from "esbuild"
import { esbuild as rove } from "rove/vite"
await build({ entryPoints: ["start.mjs"], bundle: true, platform: "node", format: "esm", outfile: "out/main.mjs", external: ["rove"], logLevel: "error", plugins: process.argv[2] === "native" ? [] : [rove()] })`,
  vite: `import { build } from "vite"
import vite from "rove/vite"
await build({ root: ".", logLevel: "error", plugins: [vite()], ssr: { noExternal: ["view"] }, build: { ssr: "start.mjs", outDir: "out", minify: false, rollupOptions: { external: /^rove/, output: { entryFileNames: "main.mjs" } } } })`,
}

/** Vite's own pass over TypeScript comes behind ours, and takes another default where nothing is said. */
const IN_VITE: ReadonlySet<string> = new Set([
  "class fields are assigned where that is said",
  "JSX with a runtime of its own",
])

const ran = async (folder: string, args: readonly string[]) => {
  const { code, out, err } = await node(folder, args)
  expect([code, err]).toEqual([0, ""])
  return JSON.parse(out) as { out: unknown; id: string | null; hash: string | null }
}

for (const [claim, [config, files]] of Object.entries(PROGRAMS))
  test(claim, async () => {
    const name = "main.tsx" in files ? "main.tsx" : "main.ts"
    const folder = scratch({
      "package.json": '{"name":"app","type":"module"}',
      "base/tsconfig.json": `{ // what others say
        "compilerOptions": ${JSON.stringify(config)}, }`,
      "tsconfig.json": '{"extends":"./base/tsconfig.json","compilerOptions":{"noEmit":true}}',
      "start.mjs": START(name),
      ...files,
      ...Object.fromEntries(Object.entries(BUILDS).map(([tool, text]) => [`${tool}.mjs`, text])),
    })
    for (const tool of Object.keys(BUILDS)) install(folder, tool)
    expect((await node(folder, ["esbuild.mjs", "native"])).err).toBe("")
    const native = await ran(folder, ["out/main.mjs"])
    const hooked = await ran(folder, ["--import", "rove/register", "start.mjs"])
    expect(hooked).toEqual({ out: native.out, id: `${name}#main`, hash: expect.any(String) })
    for (const tool of IN_VITE.has(claim) ? Object.keys(BUILDS) : ["esbuild"]) {
      expect((await node(folder, [`${tool}.mjs`])).err).toBe("")
      expect(await ran(folder, ["out/main.mjs"]), tool).toEqual(hooked)
    }
  })

test("another tsconfig.json is another meaning, also of what is in the cache", async () => {
  const folder = scratch({
    "package.json": '{"name":"app","type":"module"}',
    "tsconfig.json": '{"compilerOptions":{"target":"es2022"}}',
    "start.mjs": START("main.ts"),
    "main.ts": CLASSES,
    "seen.ts": SEEN,
  })
  const defined = await ran(folder, ["--import", "rove/register", "start.mjs"])
  write(folder, { "tsconfig.json": '{"compilerOptions":{"target":"es2021"}}' })
  const assigned = await ran(folder, ["--import", "rove/register", "start.mjs"])
  expect(assigned.out).not.toEqual(defined.out)
  expect(readFileSync(join(folder, "tsconfig.json"), "utf8")).toContain("es2021")
})
