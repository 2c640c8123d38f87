/**
 * The documentation is true: named code blocks of a page are files, `console` blocks are commands with their output, and
 * every error code has its section.
 */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { ERROR_CODES } from "@rove/core"
import { describe, expect, test } from "vitest"
import { install, installed, node, scratch } from "./support/scratch.ts"

const workspace = dirname(import.meta.dirname)
const pages = ["README.md", ...readdirSync(join(workspace, "docs")).map(name => `docs/${name}`)].filter(page =>
  page.endsWith(".md"),
)
const read = (page: string): string => readFileSync(join(workspace, page), "utf8")

interface Command {
  readonly line: string
  /** `…` stands for anything. */
  readonly output: string
}

/** Blocks like ```ts fib.ts are files. */
function filesOf(page: string): Record<string, string> {
  const blocks = read(page).matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms)
  return Object.fromEntries([...blocks].map(([, name, text]) => [name, text ?? ""]))
}

/** Lines that begin with `$ ` are commands, those below are what they print. */
function commandsOf(page: string): Command[] {
  const blocks = [...read(page).matchAll(/^```console\n(.*?)^```$/gms)].map(([, text]) => text ?? "")
  return blocks
    .flatMap(block => block.split(/^\$ /m).slice(1))
    .map(text => ({ line: text.slice(0, text.indexOf("\n")), output: text.slice(text.indexOf("\n") + 1) }))
    .filter(({ line }) => /^(node|npx rove) /.test(line))
}

describe.each(pages.filter(page => commandsOf(page).length > 0))("%s", page => {
  test("its programs print what it says", { timeout: 60_000 }, async () => {
    const folder = scratch({ "package.json": '{ "name": "app", "type": "module" }', ...filesOf(page) })
    for (const part of ["core", "compiler", "fibers"]) install(folder, `@rove/${part}`, `packages/${part}`)
    for (const tool of ["effect", "esbuild", "vite"]) install(folder, tool)
    for (const { line, output } of commandsOf(page)) {
      const args = line
        .replace(/^npx rove/, "node node_modules/rove/src/cli/main.ts")
        .split(" ")
        .slice(1)
      const { code, out, err } = await node(folder, args, installed())
      expect(`${code} ${line}\n${out}${err}`).toMatch(matching(`0 ${line}\n${output}`))
    }
  })
})

function matching(text: string): RegExp {
  const parts = text.split("…").map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
  return new RegExp(`^${parts.join(".*")}$`)
}

test("every link between pages leads somewhere", () => {
  for (const page of [...pages, "ARCHITECTURE.md", "CONTRIBUTING.md"])
    for (const [, target] of read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
      expect(() => readdirOrFile(join(workspace, dirname(page), target ?? "")), `${page}: ${target}`).not.toThrow()
})

function readdirOrFile(path: string): void {
  try {
    readFileSync(path)
  } catch {
    readdirSync(path)
  }
}

test("errors.md explains every code, and no other", () => {
  const explained = [...read("docs/errors.md").matchAll(/^## (ROVE_\w+)$/gm)].map(([, code]) => code)
  expect(explained.toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted())
})
