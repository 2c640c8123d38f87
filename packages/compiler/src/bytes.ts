/** Owns text that is put together as bytes of UTF-8, for those who take bytes in the end: the room grows, and serves again. */

export class Bytes {
  private bytes: Buffer = Buffer.allocUnsafe(1 << 14)
  private end = 0

  /** What was written is there no more. */
  clear(): void {
    this.end = 0
  }

  /** Valid until something is written. */
  get written(): Uint8Array {
    return this.bytes.subarray(0, this.end)
  }

  /** One character of ASCII. */
  one(code: number): void {
    this.reserve(1)
    this.bytes[this.end++] = code
  }

  /** Text of ASCII. */
  ascii(text: string): void {
    this.reserve(text.length)
    const { bytes } = this
    let { end } = this
    for (let i = 0; i < text.length; i++) bytes[end++] = text.charCodeAt(i)
    this.end = end
  }

  /** Any text, and where it ends is said in front: nothing in it needs escaping. */
  sized(text: string): void {
    if (text.length < 10) this.one(ZERO + text.length)
    else this.ascii(String(text.length))
    this.reserve(1 + 3 * text.length)
    const { bytes } = this
    bytes[this.end++] = COLON
    let { end } = this
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code >= 0x80) {
        this.end += bytes.write(text, this.end, "utf8")
        return
      }
      bytes[end++] = code
    }
    this.end = end
  }

  private reserve(more: number): void {
    if (this.end + more <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(2 * this.bytes.length + more)
    this.bytes.copy(larger, 0, 0, this.end)
    this.bytes = larger
  }
}

const ZERO = 0x30
const COLON = 0x3a
