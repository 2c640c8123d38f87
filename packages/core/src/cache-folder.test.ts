import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { cacheFolder } from "./cache-folder.ts"

test("stands in node_modules of the package around, else among this user's temporary files", () => {
  const compiler = join(import.meta.dirname, "..", "..", "compiler")
  expect(cacheFolder(join(compiler, "src"))).toBe(join(compiler, "node_modules", ".cache", "rove"))
  const folder = mkdtempSync(join(tmpdir(), "rove-cache-"))
  try {
    expect(cacheFolder(folder)?.startsWith(join(tmpdir(), "rove-cache-"))).toBe(true)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
