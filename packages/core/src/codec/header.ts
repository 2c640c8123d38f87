/** Owns the first bytes of a record: writing them last, checking them first. */
import { checksum } from "./checksum.ts"
import { CHECKSUM_SIZE, HEADER_SIZE, MAGIC_0, MAGIC_1, VERSION } from "./format.ts"
import type { Reader } from "./reader.ts"
import type { Writer } from "./writer.ts"

/** `table` is where the table stands, which stands behind the body already and brings its own checksum: most tables are written more than once. */
export function writeHeader({ bytes, view, start }: Writer, table: number): void {
  bytes[start] = MAGIC_0
  bytes[start + 1] = MAGIC_1
  bytes[start + 2] = VERSION
  bytes[start + 3] = 0
  view.setUint32(start + 8, table - start, true)
  view.setInt32(start + 4, checksum(view, start + 8, table + CHECKSUM_SIZE), true)
}

/** Checks all about the bytes before the link table that does not depend on their meaning; gives the offset of the link table. */
export function readHeader(input: Reader, maxBytes: number): number {
  const { bytes, view, end } = input
  if (end > maxBytes) input.fail(`a record of ${end} bytes is larger than the limit of ${maxBytes}`)
  if (end < 3 || bytes[0] !== MAGIC_0 || bytes[1] !== MAGIC_1) input.fail("not a record")
  input.position = 2
  if (bytes[2] !== VERSION) input.fail(`a record of version ${bytes[2]}; this is Rove's codec of version ${VERSION}`)
  if (end < HEADER_SIZE + 2 || bytes[3] !== 0) input.fail("the header is damaged")
  input.position = 4
  const table = view.getUint32(8, true)
  if (table <= HEADER_SIZE || table + CHECKSUM_SIZE >= end)
    input.fail("the link table is not where the header says: bytes were changed or are missing")
  if (view.getInt32(4, true) !== checksum(view, 8, table + CHECKSUM_SIZE))
    input.fail("the checksum is wrong: bytes were changed or are missing")
  return table
}
