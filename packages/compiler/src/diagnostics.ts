/** Owns what the compiler says about a source: located diagnostics, their text, and the error that carries them. */
import { type ErrorCode, RoveError } from "@rove/core"
import type { Position } from "./positions.ts"

/** What was found at an offset of the text that was compiled. */
export interface Finding {
  readonly code: ErrorCode | `ROVE_${string}`
  readonly severity: "error" | "warning"
  readonly message: string
  readonly hint: string
  readonly offset: number
}

/** What was found, where a person looks for it. Line and column count from 1. */
export interface Diagnostic extends Position {
  readonly code: ErrorCode | `ROVE_${string}`
  readonly severity: "error" | "warning"
  readonly message: string
  readonly hint: string
  readonly file: string
}

/** Thrown when a module cannot be compiled: all errors of the module in one message, each as `file:line:column`. */
export class CompileError extends RoveError {
  readonly diagnostics: readonly Diagnostic[]
  /** What else was found before the compiler stopped. */
  readonly warnings: readonly Diagnostic[]
  constructor(diagnostics: readonly Diagnostic[], warnings: readonly Diagnostic[] = []) {
    const code = diagnostics[0]?.code ?? "ROVE_UNSUPPORTED"
    super(code as ErrorCode, diagnostics.map(formatDiagnostic).join("\n"))
    this.diagnostics = diagnostics
    this.warnings = warnings
    this.stack = `${this.name}: ${this.message}` // where the compiler stood says nothing about the user's source
  }
}

/** Text of one diagnostic: `src/walk.ts:3:5: error ROVE_UNSUPPORTED: … (hint)`. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, severity, code, message, hint } = diagnostic
  return `${file}:${line}:${column}: ${severity} ${code}: ${message}${hint === "" ? "" : `\n  ${hint}`}`
}

/** Gives the diagnostics of a module back if none is an error; throws all of its errors otherwise. */
export function withoutErrors(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const errors = diagnostics.filter(diagnostic => diagnostic.severity === "error")
  if (errors.length > 0)
    throw new CompileError(
      errors,
      diagnostics.filter(diagnostic => diagnostic.severity !== "error"),
    )
  return diagnostics
}
