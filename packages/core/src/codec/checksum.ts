/**
 * Owns the checksum of a record.
 *
 * Every step maps the state one to one for a given word and word to state for a given state, so that a change within
 * one word is always noticed; other damage with a probability of 1 - 2^-32. It guards against accidents, not forgers.
 * Four states take turns, so that the processor does not wait for one multiplication before it begins the next.
 */
const FACTOR = 0x9e3779b1

export function checksum(view: DataView, from: number, to: number): number {
  let a = (to - from) | 0
  let b = 1
  let c = 2
  let d = 3
  let at = from
  for (const last = to - 15; at < last; at += 16) {
    a = Math.imul(a ^ view.getInt32(at, true), FACTOR)
    b = Math.imul(b ^ view.getInt32(at + 4, true), FACTOR)
    c = Math.imul(c ^ view.getInt32(at + 8, true), FACTOR)
    d = Math.imul(d ^ view.getInt32(at + 12, true), FACTOR)
    a ^= a >>> 15
    b ^= b >>> 15
    c ^= c >>> 15
    d ^= d >>> 15
  }
  for (; at < to; at++) a = mixed(a ^ view.getUint8(at))
  return mixed(mixed(mixed(a) ^ b) ^ c) ^ d
}

function mixed(state: number): number {
  const product = Math.imul(state, FACTOR)
  return product ^ (product >>> 15)
}
