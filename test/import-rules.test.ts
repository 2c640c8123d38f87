/** Proves that each rule about imports bites: a scratch workspace breaks them all, each in a file of its own. */
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

const root = dirname(import.meta.dirname)
const here = "export const here = 1\n"

let scratch: string
beforeAll(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "rove-rules-")))
  for (const file of ["tsconfig.json", "tsconfig.base.json"]) cpSync(join(root, file), join(scratch, file))
  for (const name of ["core", "compiler", "fibers", "scheduler", "rove"]) {
    cpSync(join(root, "packages", name, "package.json"), join(scratch, "packages", name, "package.json"))
    put(`packages/${name}/src/index.ts`, here)
    mkdirSync(join(scratch, "node_modules", "@rove"), { recursive: true })
    symlinkSync(join(scratch, "packages", name), join(scratch, "node_modules", packageName(name)))
  }
  for (const name of ["effect", "pino", "oxc-parser"]) {
    put(`node_modules/${name}/package.json`, `{ "name": "${name}", "type": "module", "exports": "./index.js" }`)
    put(`node_modules/${name}/index.js`, here)
  }
})
afterAll(() => rmSync(scratch, { recursive: true }))

describe("directions", { timeout: 60_000 }, () => {
  const forbidden = [
    ["core", "compiler", "core-imports-only-itself"],
    ["core", "fibers", "core-imports-only-itself"],
    ["core", "scheduler", "core-imports-only-itself"],
    ["core", "rove", "core-imports-only-itself"],
    ["compiler", "fibers", "compiler-imports-only-core"],
    ["compiler", "scheduler", "compiler-imports-only-core"],
    ["compiler", "rove", "compiler-imports-only-core"],
    ["fibers", "compiler", "fibers-imports-only-core"],
    ["fibers", "scheduler", "fibers-imports-only-core"],
    ["fibers", "rove", "fibers-imports-only-core"],
    ["scheduler", "compiler", "scheduler-imports-only-core-and-fibers"],
    ["scheduler", "rove", "scheduler-imports-only-core-and-fibers"],
  ] as const
  const allowed = [
    ["compiler", "core"],
    ["fibers", "core"],
    ["scheduler", "core"],
    ["scheduler", "fibers"],
    ["rove", "core"],
    ["rove", "compiler"],
    ["rove", "fibers"],
    ["rove", "scheduler"],
  ] as const
  const kinds = {
    value: (name: string) => `export { here } from "${name}"\n`,
    type: (name: string) => `import type { here } from "${name}"\nexport type { here }\n`,
    later: (name: string) => `export const later = () => import("${name}")\n`,
  }

  let broken: Map<string, readonly string[]>
  beforeAll(() => {
    for (const [from, to] of [...forbidden, ...allowed])
      for (const [kind, source] of Object.entries(kinds))
        put(`packages/${from}/src/${to}-${kind}.ts`, source(packageName(to)))
    put("packages/fibers/src/operations/spawn.ts", here)
    put("packages/fibers/src/runtime/loop.ts", `export { here } from "../operations/spawn.ts"\n`)
    put("test/helper.ts", here)
    put("packages/core/src/outside.ts", `export { here } from "../../../test/helper.ts"\n`)
    put("packages/core/src/cycle1.ts", `import { two } from "./cycle2.ts"\nexport const one = () => two\n`)
    put("packages/core/src/cycle2.ts", `import { one } from "./cycle1.ts"\nexport const two = () => one\n`)
    put("packages/core/src/types1.ts", `import type { Two } from "./types2.ts"\nexport type One = Two | 1\n`)
    put("packages/core/src/types2.ts", `import type { One } from "./types1.ts"\nexport type Two = { one: One }\n`)
    put("packages/core/src/nowhere.ts", `export { nothing } from "./there-is-no-such-file.ts"\n`)
    put("packages/rove/src/effect.ts", `export { here } from "effect"\n`)
    for (const [kind, source] of Object.entries(kinds)) {
      put(`packages/rove/src/beside-effect-${kind}.ts`, source("effect"))
      put(`packages/scheduler/src/logs-${kind}.ts`, source("pino"))
    }
    broken = violations(".dependency-cruiser.cjs")
  }, 60_000)

  const everyForbidden = forbidden.flatMap(row => Object.keys(kinds).map(kind => [...row, kind] as const))
  test.each(everyForbidden)("%s must not import %s: %s, as a %s import", (from, to, rule, kind) => {
    expect(broken.get(`packages/${from}/src/${to}-${kind}.ts`)).toEqual([rule])
  })
  test.each(allowed)("%s may import %s", (from, to) => {
    for (const kind of Object.keys(kinds)) expect(broken.get(`packages/${from}/src/${to}-${kind}.ts`)).toBeUndefined()
  })
  test("effect is imported by rove's effect.ts and by no other file, not for its types either", () => {
    expect(broken.get("packages/rove/src/effect.ts")).toBeUndefined()
    for (const kind of Object.keys(kinds))
      expect(broken.get(`packages/rove/src/beside-effect-${kind}.ts`)).toEqual(["effect-behind-one-file"])
  })
  test("pino is known by its types alone", () => {
    expect(broken.get("packages/scheduler/src/logs-type.ts")).toBeUndefined()
    expect(broken.get("packages/scheduler/src/logs-value.ts")).toEqual(["pino-only-as-type"])
    expect(broken.get("packages/scheduler/src/logs-later.ts")).toEqual(["pino-only-as-type"])
  })
  test("the run loop must not import an operation", () => {
    expect(broken.get("packages/fibers/src/runtime/loop.ts")).toEqual(["loop-imports-no-operation"])
  })
  test("a package must not import a folder of the workspace", () => {
    expect(broken.get("packages/core/src/outside.ts")).toEqual(["packages-import-no-workspace-folder"])
  })
  test("two modules must not need each other", () => {
    expect(broken.get("packages/core/src/cycle1.ts")).toEqual(["no-cycle"])
  })
  test("two files of types may need each other", () => {
    expect(broken.get("packages/core/src/types1.ts")).toBeUndefined()
  })
  test("an import that leads nowhere is a violation", () => {
    expect(broken.get("packages/core/src/nowhere.ts")).toEqual(["not-to-unresolvable"])
  })
})

describe("the entry of a worker", { timeout: 60_000 }, () => {
  const entry = "packages/scheduler/src/entry.ts"
  const reached = (between: string) => {
    put(entry, `import { between } from "./between.ts"\nbetween()\n`)
    put("packages/scheduler/src/between.ts", `${between}\nexport const between = () => {}\n`)
    return violations("scripts/lint/worker-start.cjs", "to").keys().toArray().toSorted()
  }

  test("must not reach effect, pino, the parser or the compiler", () => {
    expect(
      reached(`import { here } from "effect"
        export { here as there } from "pino"
        import { type here as Elided } from "oxc-parser" // verbatimModuleSyntax keeps this import, without the name
        import "@rove/compiler"
        export type It = Elided | typeof here`),
    ).toEqual([
      "node_modules/effect/index.js",
      "node_modules/oxc-parser/index.js",
      "node_modules/pino/index.js",
      "packages/compiler/src/index.ts",
    ])
  })
  test("may know their types, and import them when they are wanted", () => {
    expect(
      reached(`import type { here } from "effect"
        export type It = typeof here
        export const later = () => import("pino")`),
    ).toEqual([])
  })
})

describe("doors", () => {
  const use = `const { port1 } = new MessageChannel()
    export const post = () => port1.postMessage(Atomics.load(new Int32Array(1), 0))
    export const take = () => port1["postMessage"].bind(port1)`
  const found = (file: string) => {
    cpSync(join(root, "biome.json"), join(scratch, "biome.json"))
    cpSync(join(root, "scripts/lint"), join(scratch, "scripts/lint"), { recursive: true })
    put(`packages/scheduler/src/${file}`, use)
    const out = tool("biome", ["lint", "--vcs-enabled=false", "--reporter=json", `packages/scheduler/src/${file}`])
    const { diagnostics } = JSON.parse(out) as { diagnostics: { category: string; message: string }[] }
    return diagnostics.filter(({ category }) => category === "plugin").map(({ message }) => message.split(" ")[0])
  }

  test("Atomics belongs to cells.ts, and postMessage to mailbox.ts", () => {
    expect(found("offender.ts").toSorted()).toEqual(["Atomics", "postMessage", "postMessage"])
    expect(found("cells.ts")).toEqual(["postMessage", "postMessage"])
    expect(found("mailbox.ts")).toEqual(["Atomics"])
  })
  test("tests may use both", () => {
    expect(found("offender.test.ts")).toEqual([])
  })
})

/** The names of the rules that each file of the scratch workspace breaks. */
function violations(config: string, side: "from" | "to" = "from"): Map<string, readonly string[]> {
  const out = tool("depcruise", ["--config", join(root, config), "--output-type", "json", "packages"])
  const { summary } = JSON.parse(out) as { summary: { violations: Violation[] } }
  const names = Map.groupBy(summary.violations, violation => violation[side])
  return new Map(names.entries().map(([file, all]) => [file, [...new Set(all.map(({ rule }) => rule.name))]]))
}

/** The part of dependency-cruiser's report that is read here. */
interface Violation {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string }
}

/** Runs a tool in the scratch workspace; its exit code says only that there are violations. */
function tool(program: string, args: string[]): string {
  const run = spawnSync(join(root, "node_modules", ".bin", program), args, {
    cwd: scratch,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  })
  if (run.error !== undefined) throw run.error
  return run.stdout
}

function packageName(folder: string): string {
  return folder === "rove" ? folder : `@rove/${folder}`
}

function put(path: string, source: string): void {
  const file = join(scratch, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, source)
}
