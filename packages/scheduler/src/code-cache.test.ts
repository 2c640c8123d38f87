import { join } from "node:path"
import { expect, test } from "vitest"
import { codeCache } from "./code-cache.ts"

const gone = (): string => {
  throw new Error("ENOENT: uv_cwd")
}

test("a relative folder is that of the first thread, wherever the program goes", () => {
  const kept = { folder: join("/first", "kept", "v8"), isOwn: true }
  expect(codeCache({ ROVE_CACHE: "kept" }, null, () => "/first")).toEqual(kept)
  expect(codeCache({ ROVE_CACHE: "kept" }, null, () => "/second")).toEqual(kept)
})

test("without a working folder there is no cache, and no error", () => {
  expect(codeCache({ ROVE_CACHE: "relative" }, null, gone)).toBe(null)
  expect(codeCache({ ROVE_CACHE: "/absolute" }, null, gone)?.folder).toBe(join("/absolute", "v8"))
})

test("the program's own cache is shared, and what Node knows is left to it", () => {
  expect(codeCache({}, join("/given", "v24"), gone)).toEqual({ folder: "/given", isOwn: false })
  expect(codeCache({ NODE_COMPILE_CACHE: "/named" }, join("/named", "v24"), gone)).toBe(null)
  expect(codeCache({ NODE_DISABLE_COMPILE_CACHE: "1" }, null, gone)).toBe(null)
  expect(codeCache({ NODE_V8_COVERAGE: "coverage" }, null, gone)).toBe(null)
  expect(codeCache({ ROVE_CACHE: "off" }, null, gone)).toBe(null)
})
