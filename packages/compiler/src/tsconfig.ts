/**
 * Owns what the `tsconfig.json` of a file says that changes what the file means; everything else there is between the
 * editor and the type checker.
 */
import { createRequire } from "node:module"
import { dirname } from "node:path"

/** Settings of `compilerOptions`, as TypeScript names them. */
export interface TypeScriptOptions {
  readonly target?: string
  readonly useDefineForClassFields?: boolean
  readonly experimentalDecorators?: boolean
  readonly emitDecoratorMetadata?: boolean
  readonly strict?: boolean
  readonly strictNullChecks?: boolean
  readonly verbatimModuleSyntax?: boolean
  readonly jsx?: string
  readonly jsxFactory?: string
  readonly jsxFragmentFactory?: string
  readonly jsxImportSource?: string
}

/** What each of them is. */
export const TYPESCRIPT = {
  target: "string",
  useDefineForClassFields: "boolean",
  experimentalDecorators: "boolean",
  emitDecoratorMetadata: "boolean",
  strict: "boolean",
  strictNullChecks: "boolean",
  verbatimModuleSyntax: "boolean",
  jsx: "string",
  jsxFactory: "string",
  jsxFragmentFactory: "string",
  jsxImportSource: "string",
} as const satisfies { readonly [Name in keyof TypeScriptOptions]-?: "string" | "boolean" }

const TYPES = Object.entries(TYPESCRIPT)
const typed = /\.(?:[cm]?ts|[jt]sx)$/
const none: TypeScriptOptions = {}

/** Reads each `tsconfig.json` once. */
export class TypeScriptConfigs {
  private readonly byFolder = new Map<string, TypeScriptOptions>()
  private readonly files = new Map<string, unknown>()
  private library: typeof import("get-tsconfig") | null = null

  /** What the nearest `tsconfig.json`, with those that it extends, says of a file. A package that is installed has no say. */
  of(file: string): TypeScriptOptions {
    if (!typed.test(file) || /[\\/]node_modules[\\/]/.test(file)) return none
    const folder = dirname(file)
    const found = this.byFolder.get(folder) ?? this.read(folder)
    this.byFolder.set(folder, found)
    return found
  }

  private read(folder: string): TypeScriptOptions {
    // not before it is needed: most threads load nothing but what the cache has, and JavaScript
    this.library ??= createRequire(import.meta.url)("get-tsconfig") as typeof import("get-tsconfig")
    const given = this.config(folder) as Readonly<Record<string, unknown>>
    // what is of another type the type checker refuses; null is how one takes back what was extended
    return Object.fromEntries(
      TYPES.filter(([name, type]) => typeof given[name] === type).map(([name]) => [name, given[name]]),
    )
  }

  private config(folder: string): object {
    try {
      return this.library?.getTsconfig(folder, "tsconfig.json", this.files)?.config.compilerOptions ?? none
    } catch {
      return none // what is wrong with it, the type checker says better
    }
  }
}
