/** Owns the options of `compile`, and the refusal of arguments that would make broken text, or pass for what they are not. */
import { inspect } from "node:util"
import { optionNames, RoveError, refuseUnknown } from "@rove/core"
import { TYPESCRIPT, type TypeScriptOptions } from "./tsconfig.ts"

export type Runtime = { readonly import: string } | { readonly global: string }

export interface CompileOptions {
  /** What the source is; by default a script for `.cjs` and `.cts`, else a module. */
  readonly sourceType?: "module" | "script"
  /** Where compiled code finds the runtime: a specifier to import (or require), or the name of a global. */
  readonly runtime?: Runtime
  /** Compile without the directive too. */
  readonly always?: boolean
  /** Emit an event per line, for tracing. */
  readonly lineEvents?: boolean
  /** How messages and source maps name the source; by default its id. */
  readonly file?: string
  /**
   * The output is run as it is: decorators, which no engine runs, are an error then, and a warning if that
   * is not known ("perhaps"); else they are left to the next tool.
   */
  readonly final?: boolean | "perhaps"
  /** Name `.js` where relative imports name `.ts`, for output that is written to disk. */
  readonly rewriteImports?: boolean
  /** What `compilerOptions` of its `tsconfig.json` say that changes what a module means. */
  readonly typescript?: TypeScriptOptions
}

const OPTIONS = optionNames<CompileOptions>({
  sourceType: true,
  runtime: true,
  always: true,
  lineEvents: true,
  file: true,
  final: true,
  rewriteImports: true,
  typescript: true,
})
const RUNTIME = optionNames<{ import: string; global: string }>({ import: true, global: true })
const SETTINGS = optionNames<Required<TypeScriptOptions>>(
  Object.fromEntries(Object.keys(TYPESCRIPT).map(name => [name, true])) as Record<keyof TypeScriptOptions, true>,
)

const FLAGS = ["always", "lineEvents", "rewriteImports"] as const

/** Throws ROVE_CONFIG for arguments that `compile` cannot take: what was given, where, and what is expected. */
export function checkArguments(source: string, id: string, options: CompileOptions): void {
  if (typeof source !== "string") refuse("its first argument, the source", "a text", source)
  if (typeof id !== "string") refuse("its second argument, the id", "a text, as src/shop.ts", id)
  refuseUnknown(options, OPTIONS, "compile", "ROVE_CONFIG")
  const { sourceType, runtime, file, final, typescript } = options
  if (sourceType !== undefined && sourceType !== "module" && sourceType !== "script")
    refuse('option "sourceType"', '"module" or "script"', sourceType)
  if (file !== undefined && typeof file !== "string") refuse('option "file"', "a text", file)
  if (final !== undefined && typeof final !== "boolean" && final !== "perhaps")
    refuse('option "final"', 'true, false or "perhaps"', final)
  for (const name of FLAGS) {
    const value = options[name]
    if (value !== undefined && typeof value !== "boolean") refuse(`option "${name}"`, "true or false", value)
  }
  if (runtime !== undefined) checkRuntime(runtime)
  if (typescript !== undefined) checkSettings(typescript)
}

function checkRuntime(runtime: Runtime): void {
  const at = 'option "runtime"'
  const either = "{ import: specifier } or { global: name }"
  if (typeof runtime !== "object" || runtime === null) refuse(at, either, runtime)
  refuseUnknown(runtime, RUNTIME, `compile, ${at},`, "ROVE_CONFIG")
  const { import: specifier, global } = runtime as { readonly import?: unknown; readonly global?: unknown }
  if ("import" in runtime === "global" in runtime) refuse(at, `either of ${either}`, runtime)
  if ("import" in runtime) {
    if (typeof specifier !== "string" || specifier === "")
      refuse('option "runtime.import"', "a specifier that is not empty", specifier)
  } else if (typeof global !== "string" || !isPath(global))
    refuse('option "runtime.global"', "the name of a variable, as rove or globalThis.rove", global)
}

function checkSettings(typescript: TypeScriptOptions): void {
  refuseUnknown(typescript, SETTINGS, 'compile, option "typescript",', "ROVE_CONFIG")
  for (const name of Object.keys(typescript) as (keyof TypeScriptOptions)[]) {
    const value = typescript[name]
    if (value === undefined || typeof value === TYPESCRIPT[name]) continue
    refuse(`option "typescript.${name}"`, TYPESCRIPT[name] === "string" ? "a text" : "true or false", value)
  }
}

function refuse(where: string, expected: string, given: unknown): never {
  const shown = inspect(given, { depth: 1, breakLength: Number.POSITIVE_INFINITY })
  throw new RoveError("ROVE_CONFIG", `compile: ${where}: expected ${expected}, not ${shown}`)
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u
/** What is no name of a variable in the code of a module, and what means something else in a function. */
const RESERVED = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
)

/** A variable, and properties of it: these can be called by any word. */
function isPath(text: string): boolean {
  const names = text.split(".")
  return names.every(name => IDENTIFIER.test(name)) && !RESERVED.has(names[0] as string)
}
