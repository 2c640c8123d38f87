/** Owns giving altered bytes of a record checksums that hold, as a forger would. */
import { checksum } from "../../packages/core/src/codec/checksum.ts"

/** Changes the bytes in place and gives them back. */
export function forged(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 16) return bytes
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const table = Math.min(view.getUint32(8, true), bytes.length - 4)
  view.setInt32(table, checksum(view, table + 4, bytes.length), true)
  view.setInt32(4, checksum(view, 8, table + 4), true)
  return bytes
}
