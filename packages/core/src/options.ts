/** Owns refusing options that nobody would read: one whose name is written wrong must not pass for one that was not given. */
import { type ErrorCode, RoveError } from "./errors.ts"
import { nearest } from "./nearest.ts"

/** The names of all options that something takes, without prototype. */
export type OptionNames = Readonly<Record<string, true>>

// as they were at first: programs may replace them
const { create, hasOwn, keys } = Object

/** The names of all options of a type; that none is left out is checked where it is written down. */
export function optionNames<Options>(names: { readonly [Name in keyof Options]-?: true }): OptionNames {
  const result: Record<string, true> = create(null)
  for (const name of keys(names)) result[name] = true
  return result
}

/** Throws for an option that `where` does not have, with the nearest that it has, and for what is no object of options. */
export function refuseUnknown(
  options: unknown,
  known: OptionNames,
  where: string,
  code: ErrorCode = "ROVE_INVALID_ARGUMENT",
): void {
  if (typeof options !== "object" || options === null)
    throw new RoveError(code, `${where} takes its options as an object, not ${show(options)}`)
  const given = keys(options)
  for (let i = 0; i < given.length; i++) {
    const name = given[i] as string
    if (!(name in known)) throw new RoveError(code, unknown(name, keys(known), where))
  }
}

/** An option that was given: what a program put on the prototype of all objects is none. */
export function ownOption<Options extends object, Name extends keyof Options>(
  options: Options,
  name: Name,
): Options[Name] | undefined {
  return hasOwn(options, name) ? options[name] : undefined
}

function unknown(name: string, all: readonly string[], where: string): string {
  const near = nearest(name, all)
  const hint = near === null ? "" : `: did you mean "${near}"?`
  return `${where} has no option "${name}"${hint}${hint === "" ? "; it" : " It"} has ${all.join(", ")}`
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : typeof value === "function" ? "a function" : String(value)
}
