/**
 * Owns where a script for a realm keeps its helper functions: what it declares at its top level would become properties
 * of the global object, for all to see.
 *
 * They are declared in a function that is called once, before the script's first statement, and reached through a
 * variable of a fixed name: in a script the property of that name, which the runtime has hidden there and all scripts
 * share, each under its key; inside a function (`new Function(code)`) a variable of the function, so that each
 * evaluation has helpers of its own.
 */
import { hash } from "node:crypto"
import { HOLDER } from "@rove/core"
import type { ModuleState } from "./module.ts"

/**
 * Escapes by which a literal may come to hold a prefix that its source does not show: of `$` and `_`, and what stands for
 * itself or for nothing behind one of these.
 */
const ESCAPED = /\\(?:x(?:24|5f)|u00(?:24|5f)|u\{0*(?:24|5f)\}|0?44|137)|[$_]\\[$_\n\r\u2028\u2029]/i

/** A prefix that stands nowhere in the text, so that whatever begins with it is ours; null if there is none for sure. */
export function sparePrefix(source: string, moduleId: string): string | null {
  if (ESCAPED.test(source) || source.includes(HOLDER)) return null
  return ["$", "$$", "_$", "$_", "$$$", "$rove_"].find(p => !source.includes(p) && !moduleId.includes(p)) ?? null
}

/** A script whose helpers are declared in its first statement; the names of them are led through the variable elsewhere. */
export function heldText(module: ModuleState, first: string, body: string): string {
  const { prologue: variables, registered, declared, appendix } = module
  if (appendix.length === 0 && first === "" && variables.length === 0) return `${body}\n`
  const functions = [...declared, ...registered]
  const key = JSON.stringify(`${module.moduleId} ${hash("sha256", module.source, "hex").slice(0, 16)}`)
  const inside = ledThrough(variables, key, appendix.join("\n"))
  const holding = `${module.helper("holding")}(${HOLDER}, ${key}, { ${functions.join(", ")} })`
  const begin = `var ${HOLDER} = (() => { const ${HOLDER}$ = ${holding};${first === "" ? "" : ` ${first}`} return ${HOLDER}$;\n`
  return `${begin}${inside}\n})();\n${ledThrough([...variables, ...functions], key, body)}\n`
}

function ledThrough(names: readonly string[], key: string, text: string): string {
  const known = new Set(names)
  if (known.size === 0) return text
  return text.replace(/[\p{ID_Continue}$]+/gu, name => (known.has(name) ? `${HOLDER}[${key}].${name}` : name))
}
