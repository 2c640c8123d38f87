/** Owns making compiled functions out of text in a test: the text is a script whose free names are the runtime and what the test gives. */
import { type Compiled, type CompileOptions, compile } from "@rove/compiler"
import * as fibers from "@rove/fibers"
import * as rove from "@rove/fibers/runtime"

interface ProgramOptions extends Pick<CompileOptions, "lineEvents"> {
  /** Of the module; a later one of the same id takes the place of an earlier one. */
  readonly id?: string
}

export function compiled(source: string, options: ProgramOptions = {}): Compiled {
  const { id = "src/program.js", ...rest } = options
  const result = compile(source, id, { sourceType: "script", always: true, runtime: { global: "rove" }, ...rest })
  if (result === null) throw new Error("nothing was compiled")
  return result
}

/** Compiles `source` and evaluates it; the result is what `names` (an expression) gives at its end. */
export function program<T>(
  source: string,
  names: string,
  given: Record<string, unknown> = {},
  options: ProgramOptions = {},
): T {
  const { code } = compiled(source, options)
  const all: Record<string, unknown> = { rove, ...fibers, ...given }
  const make = new Function(...Object.keys(all), `"use strict"; ${code}\nreturn ${names}`)
  return make(...Object.values(all)) as T
}

/** The functions that the compiler describes, by name. */
export function described(source: string) {
  return new Map(compiled(source).functions.map(f => [f.name, f]))
}
