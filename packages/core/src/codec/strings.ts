/** Owns making strings from bytes. */

/** Up to this length strings are looked for among recent ones: field names and such come again and again. */
const CACHED_LENGTH = 24
const CACHE_SIZE = 1024
const recent: string[] = new Array<string>(CACHE_SIZE).fill("")
/** From here on the engine's own decoder is faster than a loop. */
const LONG_STRING = 64
const CHUNK = 8192
const decoder = typeof TextDecoder === "function" ? new TextDecoder() : null

/** The string of `length` characters at `from`; width 0: ASCII, 1: Latin-1, 2: UTF-16. */
export function stringOf(bytes: Uint8Array, view: DataView, from: number, length: number, width: number): string {
  if (width === 2) return wide(view, from, length)
  if (length <= CACHED_LENGTH) return short(bytes, from, length)
  // bytes above 127 in a forged ASCII string would decode to something else; that is a string all the same
  if (width === 0 && length >= LONG_STRING && decoder !== null) {
    const text = decodeAscii(bytes, from, length)
    if (text !== null) return text
  }
  return narrow(bytes, from, length)
}

function decodeAscii(bytes: Uint8Array, from: number, length: number): string | null {
  // shared memory is refused by decoders in browsers
  if (!(bytes.buffer instanceof ArrayBuffer)) return null
  const text = (decoder as NonNullable<typeof decoder>).decode(bytes.subarray(from, from + length))
  // a byte order mark and anything beyond ASCII give fewer characters
  return text.length === length ? text : null
}

/** The slot depends on all characters: two strings that displace each other cost more than the hash. */
function short(bytes: Uint8Array, from: number, length: number): string {
  if (length === 0) return ""
  let hash = length
  for (let i = from, to = from + length; i < to; i++) hash = (hash * 31 + (bytes[i] as number)) | 0
  const slot = (hash ^ (hash >>> 10)) & (CACHE_SIZE - 1)
  const known = recent[slot] as string
  if (known.length === length) {
    let i = 0
    while (i < length && known.charCodeAt(i) === bytes[from + i]) i++
    if (i === length) return known
  }
  const text = narrow(bytes, from, length)
  recent[slot] = text
  return text
}

function narrow(bytes: Uint8Array, from: number, length: number): string {
  let text = ""
  for (let at = 0; at < length; at += CHUNK) {
    const part = bytes.subarray(from + at, from + Math.min(at + CHUNK, length))
    text += String.fromCharCode.apply(null, part as unknown as number[])
  }
  return text
}

function wide(view: DataView, from: number, length: number): string {
  let text = ""
  for (let at = 0; at < length; at += CHUNK) {
    const units = new Uint16Array(Math.min(CHUNK, length - at))
    for (let i = 0; i < units.length; i++) units[i] = view.getUint16(from + (at + i) * 2, true)
    text += String.fromCharCode.apply(null, units as unknown as number[])
  }
  return text
}
