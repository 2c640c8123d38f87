/**
 * Owns what the fields of a frame are called: as the program calls its variables, whatever the module's other names made
 * the step call them. Records name locals by these, so they depend on nothing outside of the function.
 */
import type { Lowering } from "../3-lower/lowering.ts"

/** A variable of the step that some stop saves. */
export interface Field {
  readonly slot: number
  /** What the step calls it. */
  readonly name: string
  /** What the frame calls it. */
  readonly field: string
  /** Text that reads it out of the frame. */
  readonly read: string
}

/** Fields of every frame, and names that a class cannot give to a field. */
const TAKEN = ["caller", "pc", "closure", "constructor", "prototype", "__proto__"]

/** The field of each slot, by its number. What shadows another variable has a number behind its name. */
export function fieldNames({ slots }: Lowering): readonly string[] {
  const taken = new Set(TAKEN)
  const fields: string[] = []
  for (const base of slots.bases) {
    let field = TAKEN.includes(base) ? `$${base}` : base
    for (let i = 2; taken.has(field); i++) field = `${base}$${i}`
    taken.add(field)
    fields.push(field)
  }
  return fields
}

/** Fields of variables that the program calls as the compiler calls some of its own. */
export function plainNames(l: Lowering, fields: readonly Field[]): readonly string[] {
  return fields
    .filter(({ name, field }) => field.startsWith("$") && !l.made.has(name) && /^\$(\d+|[a-z]+)(\$\d+)?$/.test(field))
    .map(({ field }) => field)
}

/** Fields of variables that live in a cell. */
export function cellNames({ unit }: Lowering, fields: readonly Field[]): readonly string[] {
  const cells = new Set<string>()
  for (const { bindings } of unit.scopes)
    for (const { mode, local } of bindings.values()) if (mode === "cell") cells.add(local)
  return fields.filter(({ name }) => cells.has(name)).map(({ field }) => field)
}
