/** Owns making strings from bytes. */

/** Up to this length strings are looked for among recent ones: field names and such come again and again. */
const CACHED_LENGTH = 24
const CACHE_SIZE = 1024
const recent: string[] = new Array<string>(CACHE_SIZE).fill("")
/** The characters of each of them, four in a word, and behind them those of the last word once more. */
const WORDS = CACHED_LENGTH / 4
const words = new Int32Array(CACHE_SIZE * WORDS)
/** From here on the engine's own decoder is faster than a loop. */
const LONG_STRING = 64
const CHUNK = 8192
const decoder = typeof TextDecoder === "function" ? new TextDecoder() : null

/** The string of `length` characters at `from`; width 0: ASCII, 1: Latin-1, 2: UTF-16. */
export function stringOf(bytes: Uint8Array, view: DataView, from: number, length: number, width: number): string {
  if (width === 2) return wide(view, from, length)
  if (length <= CACHED_LENGTH) return length < 4 ? tiny(bytes, from, length) : short(bytes, view, from, length)
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

/** The engine has strings of one character ready, and makes those of a few more quickly. */
function tiny(bytes: Uint8Array, from: number, length: number): string {
  if (length === 0) return ""
  const first = bytes[from] as number
  if (length === 1) return String.fromCharCode(first)
  const second = bytes[from + 1] as number
  if (length === 2) return String.fromCharCode(first, second)
  return String.fromCharCode(first, second, bytes[from + 2] as number)
}

/**
 * The slot depends on all characters: two strings that displace each other cost more than the hash. Four characters at
 * a time, the last four once more if the length is no multiple of four.
 */
function short(bytes: Uint8Array, view: DataView, from: number, length: number): string {
  const last = from + length - 4
  const tail = view.getInt32(last, true)
  let hash = Math.imul(tail ^ length, FACTOR)
  for (let at = from; at < last; at += 4) hash = Math.imul(hash ^ (hash >>> 15) ^ view.getInt32(at, true), FACTOR)
  const slot = (hash ^ (hash >>> 16)) & (CACHE_SIZE - 1)
  const known = recent[slot] as string
  let word = slot * WORDS
  if (known.length === length) {
    let at = from
    while (at < last && view.getInt32(at, true) === words[word]) {
      at += 4
      word++
    }
    if (at >= last && words[word] === tail) return known
    word = slot * WORDS
  }
  for (let at = from; at < last; at += 4) words[word++] = view.getInt32(at, true)
  words[word] = tail
  const text = length <= SPELLED ? spelled(bytes, from, length) : narrow(bytes, from, length)
  recent[slot] = text
  return text
}
const FACTOR = 0x9e3779b1

/** Up to this length the characters are given one by one, at a quarter of the price of a call into the platform. */
const SPELLED = 12
const { fromCharCode: spell } = String

/** The string of 4 to 12 characters. Each length has its own call: one with a list takes as long as the platform's. */
function spelled(bytes: Uint8Array, from: number, length: number): string {
  const a = bytes[from] as number
  const b = bytes[from + 1] as number
  const c = bytes[from + 2] as number
  const d = bytes[from + 3] as number
  if (length === 4) return spell(a, b, c, d)
  const e = bytes[from + 4] as number
  if (length === 5) return spell(a, b, c, d, e)
  const f = bytes[from + 5] as number
  if (length === 6) return spell(a, b, c, d, e, f)
  const g = bytes[from + 6] as number
  if (length === 7) return spell(a, b, c, d, e, f, g)
  const h = bytes[from + 7] as number
  if (length === 8) return spell(a, b, c, d, e, f, g, h)
  const i = bytes[from + 8] as number
  if (length === 9) return spell(a, b, c, d, e, f, g, h, i)
  const j = bytes[from + 9] as number
  if (length === 10) return spell(a, b, c, d, e, f, g, h, i, j)
  const k = bytes[from + 10] as number
  if (length === 11) return spell(a, b, c, d, e, f, g, h, i, j, k)
  return spell(a, b, c, d, e, f, g, h, i, j, k, bytes[from + 11] as number)
}

/** The platform's own, where it has one; it takes any bytes for its `this`. */
const slice = (
  globalThis as { Buffer?: { prototype: { latin1Slice?: (this: Uint8Array, from: number, to: number) => string } } }
).Buffer?.prototype.latin1Slice

function narrow(bytes: Uint8Array, from: number, length: number): string {
  if (slice !== undefined) return slice.call(bytes, from, from + length)
  let text = ""
  for (let at = 0; at < length; at += CHUNK) {
    const part = bytes.subarray(from + at, from + Math.min(at + CHUNK, length))
    text += Reflect.apply(String.fromCharCode, null, part)
  }
  return text
}

function wide(view: DataView, from: number, length: number): string {
  let text = ""
  for (let at = 0; at < length; at += CHUNK) {
    const units = new Uint16Array(Math.min(CHUNK, length - at))
    for (let i = 0; i < units.length; i++) units[i] = view.getUint16(from + (at + i) * 2, true)
    text += Reflect.apply(String.fromCharCode, null, units)
  }
  return text
}
