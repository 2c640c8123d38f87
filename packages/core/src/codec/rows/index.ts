/** Owns the table of kinds, by tag. */
import { List } from "../list.ts"
import type { Row } from "../plan.ts"
import { ARGUMENTS } from "./arguments.ts"
import { BUFFER_ROWS } from "./buffers.ts"
import { CODE_ROWS } from "./code.ts"
import { COLLECTION_ROWS } from "./collections.ts"
import { CONTEXT_ROWS } from "./context.ts"
import { ERROR } from "./errors.ts"
import { EXTENSION_ROWS } from "./extension.ts"
import { MEMBER_ROWS } from "./members.ts"
import { ARRAY, OBJECT } from "./plain.ts"
import { RECORD_ROWS } from "./stopped.ts"

const rows = new List<Row | undefined>()
for (const row of [
  OBJECT,
  ARRAY,
  ARGUMENTS,
  ERROR,
  ...COLLECTION_ROWS,
  ...BUFFER_ROWS,
  ...CODE_ROWS,
  ...MEMBER_ROWS,
  ...EXTENSION_ROWS,
  ...CONTEXT_ROWS,
  ...RECORD_ROWS,
]) {
  // what a row does not have is asked for, and a program may give all objects a property of that name
  rows[row.tag] = Object.setPrototypeOf(row, null)
}
export const ROWS: ArrayLike<Row | undefined> = rows
