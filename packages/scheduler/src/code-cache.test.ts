import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { codeCache } from "./code-cache.ts"

beforeEach(() => {
  for (const name of ["NODE_COMPILE_CACHE", "NODE_DISABLE_COMPILE_CACHE", "NODE_V8_COVERAGE"])
    vi.stubEnv(name, undefined)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

test("a relative folder is that of the first thread, wherever the program goes", () => {
  vi.stubEnv("ROVE_CACHE", "kept")
  const first = codeCache()
  expect(first).toEqual({ folder: join(process.cwd(), "kept", "v8"), isOwn: true })
  const elsewhere = mkdtempSync(join(tmpdir(), "rove-code-"))
  vi.spyOn(process, "cwd").mockReturnValue(elsewhere)
  expect(codeCache()).toEqual(first)
  rmSync(elsewhere, { recursive: true })
})

test("without a working folder there is no cache, and no error", () => {
  vi.stubEnv("ROVE_CACHE", "")
  vi.spyOn(process, "cwd").mockImplementation(() => {
    throw new Error("ENOENT: uv_cwd")
  })
  expect(codeCache()).toBe(null)
})
