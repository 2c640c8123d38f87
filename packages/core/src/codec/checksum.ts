/**
 * Owns the checksum of a record.
 *
 * Every step maps the state one to one for a given word and word to state for a given state, so that a change within
 * one word is always noticed; other damage with a probability of 1 - 2^-32. It guards against accidents, not forgers.
 */
export function checksum(view: DataView, from: number, to: number): number {
  let hash = (to - from) | 0
  let at = from
  for (const last = to - 3; at < last; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < to; at++) {
    hash = Math.imul(hash ^ view.getUint8(at), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash
}
