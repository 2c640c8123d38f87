/** docs/diagnostics.md is true, and what the compiler takes for values that cannot be saved is refused by the codec. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { CompileError, compile, type Diagnostic, formatDiagnostic, misplacedDirectives } from "@rove/compiler"
import { encode } from "@rove/core"
import * as rove from "rove"
import { expect, test } from "vitest"
import { MADE } from "../packages/compiler/src/5-diagnose/unsavable.ts"

const page = readFileSync(join(import.meta.dirname, "../docs/diagnostics.md"), "utf8")
const examples = [...page.matchAll(/^```ts (\S+)\n(.*?)^```\n```text\n(.*?)^```$/gms)].map(
  ([, file, source, output]) => ({
    file: file as string,
    source: source as string,
    output: output as string,
  }),
)

function diagnostics(source: string, file: string): readonly Diagnostic[] {
  try {
    return compile(source, file)?.diagnostics ?? misplacedDirectives(source, file)
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics
    throw error
  }
}

test("the page has an example for each code", () => {
  const codes = [...page.matchAll(/^## (ROVE_\w+)/gm)].map(([, code]) => code as string)
  expect(codes).toHaveLength(8)
  for (const code of codes)
    expect(
      examples.some(({ output }) => output.includes(code)),
      code,
    ).toBe(true)
})

test.each(examples)("$file", ({ file, source, output }) => {
  const found = diagnostics(source, file).map(d => `${formatDiagnostic({ ...d, hint: "" })}\n`)
  expect(found.join("")).toBe(output)
})

const MADE_BY: Readonly<Record<string, () => unknown>> = {
  Promise: () => Promise.resolve(),
  Proxy: () => new Proxy({}, {}),
  WeakRef: () => new WeakRef({}),
  FinalizationRegistry: () => new FinalizationRegistry(() => {}),
  BroadcastChannel: () => new BroadcastChannel("diagnostics"),
  Request: () => new Request("http://localhost"),
  URL: () => new URL("http://localhost"),
  CompressionStream: () => new CompressionStream("gzip"),
  DecompressionStream: () => new DecompressionStream("gzip"),
}

test.each([...MADE.keys()])("a record cannot hold what new %s makes", name => {
  const made = (globalThis as Record<string, unknown>)[name] as (new () => unknown) | undefined
  // these would open a connection or start a thread, or Node does not have them
  if (made === undefined || ["WebSocket", "EventSource", "Worker"].includes(name)) return
  const value = MADE_BY[name]?.() ?? new made()
  try {
    expect(() => encode({ value })).toThrow(expect.objectContaining({ code: "ROVE_NOT_PORTABLE" }))
  } finally {
    if (name === "BroadcastChannel") (value as { close(): void }).close()
  }
})

test("every function of ours that gives an operation is warned of where that is dropped", () => {
  const folder = join(import.meta.dirname, "../packages/fibers/src/operations")
  const named = /^export function (\w+)(?:(?!^}|^export)[\s\S])*?\): Operation</gm
  const names = readdirSync(folder).flatMap(file =>
    [...readFileSync(join(folder, file), "utf8").matchAll(named)].map(([, name]) => name as string),
  )
  const operations = names.filter(name => name in rove)
  expect(operations.length).toBeGreaterThan(40)
  const dropped = [...new Set(operations)].map(name => [name, "rove"] as const)
  for (const [name, from] of [...dropped, ["effect", "rove/effect"] as const]) {
    const source = `"use fibers"\nimport { ${name} } from "${from}"\nexport function* f(): any { ${name}(); yield 1 }\n`
    expect(
      diagnostics(source, "dropped.ts").map(({ code }) => code),
      name,
    ).toEqual(["ROVE_FORGOTTEN_YIELD"])
  }
})

test("every method of ours that gives an operation is warned of where that is dropped", () => {
  const folder = join(import.meta.dirname, "../packages/fibers/src/operations")
  const texts = readdirSync(folder)
    .filter(file => !file.includes(".test."))
    .map(file => readFileSync(join(folder, file), "utf8"))
  const types = texts.flatMap(text => [...text.matchAll(/^export (?:interface|class) (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)])
  const methods = types.flatMap(([, type, body]) =>
    [...(body as string).matchAll(/^ {2}(\w+)\(.*\): Operation</gm)].map(([, name]) => [
      type as string,
      name as string,
    ]),
  )
  const index = readFileSync(join(import.meta.dirname, "../packages/fibers/src/index.ts"), "utf8")
  const known = methods.filter(([type]) => new RegExp(`\\b${type}\\b`).test(index))
  expect(known.length).toBeGreaterThan(20)
  for (const [type, name] of known) {
    const source = `"use fibers"\nimport type { ${type} } from "rove"\nexport function* f(x: ${type}): any { x.${name}(); yield 1 }\n`
    expect(
      diagnostics(source, "dropped.ts").map(({ code }) => code),
      `${type}.${name}`,
    ).toEqual(["ROVE_FORGOTTEN_YIELD"])
  }
})
