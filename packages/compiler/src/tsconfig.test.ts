import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { compile } from "./compile.ts"
import { TypeScriptConfigs } from "./tsconfig.ts"

test("settings of another type, which the type checker refuses, and null are none: the module is compiled without them", () => {
  const folder = mkdtempSync(join(tmpdir(), "rove-tsconfig-"))
  try {
    const compilerOptions = { jsxImportSource: null, verbatimModuleSyntax: "yes", jsxFactory: "h", lib: [] }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }))
    const typescript = new TypeScriptConfigs().of(join(folder, "a.ts"))
    expect(typescript).toEqual({ jsxFactory: "h" })
    expect(compile('"use fibers"', "a.ts", { typescript })).not.toBe(null)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
