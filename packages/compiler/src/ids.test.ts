import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import { afterEach, beforeEach, expect, test } from "vitest"
import { ModuleIds, posix, toPath } from "./ids.ts"

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "rove ids ")))
})
afterEach(() => rmSync(folder, { recursive: true }))

function put(name: string, text = ""): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}
const idOf = (source: string, root?: string) => new ModuleIds(root).name(source)?.id

test("an id is the path from the nearest package, whatever names the file", () => {
  put("package.json", '{"name":"app"}')
  const file = put("src/a b.ts")
  expect(idOf(file)).toBe("src/a b.ts")
  expect(idOf(pathToFileURL(file).href)).toBe("src/a b.ts")
  expect(idOf(`${pathToFileURL(file).href}?v=1#x`)).toBe("src/a b.ts")
  expect(idOf(`${file}?v=1`)).toBe("src/a b.ts")
  expect(idOf(`/@fs/${file}`.replace("//", "/"))).toBe("src/a b.ts")
})

test("a workspace is the root of all of its packages", () => {
  put("pnpm-workspace.yaml")
  put("packages/p/package.json", '{"name":"p"}')
  expect(idOf(put("packages/p/src/a.ts"))).toBe("packages/p/src/a.ts")
  put("other/package.json", '{"workspaces":["x"]}')
  put("other/x/package.json", '{"name":"x"}')
  expect(idOf(put("other/x/a.ts"))).toBe("x/a.ts")
})

test("a repository does not move the root, so an image without it gives the same ids", () => {
  put(".git/HEAD")
  put("app/package.json", '{"name":"app"}')
  expect(idOf(put("app/src/a.ts"))).toBe("src/a.ts")
  expect(idOf(put("tools/a.ts"))).toBe("tools/a.ts")
})

test("a package.json that only tells a format is no root, and a file in no project is named by itself", () => {
  put("package.json", '{"name":"app"}')
  put("dist/cjs/package.json", '{"type":"commonjs"}')
  expect(idOf(put("dist/cjs/a.js"))).toBe("dist/cjs/a.js")
  rmSync(join(folder, "package.json"))
  expect(idOf(put("alone/a.ts"))).toBe("a.ts")
})

test("an installed package gives name and version, by its real path", () => {
  put("package.json", '{"name":"app"}')
  put("node_modules/.pnpm/@s+d@1.2.3/node_modules/@s/d/package.json", '{"name":"@s/d","version":"1.2.3"}')
  put("node_modules/.pnpm/@s+d@1.2.3/node_modules/@s/d/cjs/package.json", '{"type":"commonjs"}')
  put("node_modules/.pnpm/@s+d@1.2.3/node_modules/@s/d/cjs/x.js")
  mkdirSync(join(folder, "node_modules/@s"), { recursive: true })
  symlinkSync(join(folder, "node_modules/.pnpm/@s+d@1.2.3/node_modules/@s/d"), join(folder, "node_modules/@s/d"))
  expect(idOf(join(folder, "node_modules/@s/d/cjs/x.js"))).toBe("@s/d@1.2.3/cjs/x.js")
  put("node_modules/plain/package.json", '{"name":"plain","version":"2.0.0"}')
  put("node_modules/plain/node_modules/plain/package.json", '{"name":"plain","version":"1.0.0"}')
  expect(idOf(put("node_modules/plain/i.js"))).toBe("plain@2.0.0/i.js")
  expect(idOf(put("node_modules/plain/node_modules/plain/i.js"))).toBe("plain@1.0.0/i.js")
})

test("a linked package of the workspace is part of the application", () => {
  put("pnpm-workspace.yaml")
  put("packages/p/package.json", '{"name":"p","version":"1.0.0"}')
  put("packages/p/a.ts")
  mkdirSync(join(folder, "node_modules"))
  symlinkSync(join(folder, "packages/p"), join(folder, "node_modules/p"))
  expect(idOf(join(folder, "node_modules/p/a.ts"))).toBe("packages/p/a.ts")
})

test("the root can be named", () => {
  put("package.json", '{"name":"app"}')
  const file = put("src/a.ts")
  expect(idOf(file, join(folder, "src"))).toBe("a.ts")
  mkdirSync(join(folder, "sr"))
  expect(idOf(file, join(folder, "sr"))).toBe("src/a.ts")
})

test("two files with one id are an error that names both; copies and renamed files are not", () => {
  put("a/package.json", '{"name":"a"}')
  put("b/package.json", '{"name":"b"}')
  put("c/package.json", '{"name":"c"}')
  const ids = new ModuleIds()
  const [first, second, copy] = [put("a/x.ts", "1"), put("b/x.ts", "2"), put("c/x.ts", "1")]
  ids.claim(first)
  ids.claim(first)
  ids.claim(copy)
  expect(() => ids.claim(second)).toThrow(
    expect.objectContaining({ code: "ROVE_DUPLICATE_ID", message: expect.stringContaining(second) }),
  )
  rmSync(copy)
  expect(ids.claim(second)?.id).toBe("x.ts")
})

test("what is not a file has no id, and `#` is part of a path where it is", () => {
  expect(toPath("node:fs")).toBe(null)
  expect(toPath("\0virtual:x")).toBe(null)
  expect(toPath("data:text/javascript,1")).toBe(null)
  expect(toPath("C:/a/b.ts?v=1")).toBe("C:/a/b.ts")
  expect(toPath("/@fs/C:/a/b.ts")).toBe("C:/a/b.ts")
  expect(posix("src\\a\\b.ts", "\\")).toBe("src/a/b.ts")
  put("package.json", '{"name":"app"}')
  expect(idOf(put("c#/a.ts"))).toBe("c%23/a.ts")
  expect(idOf(join(folder, "missing.ts"))).toBe(undefined)
})
