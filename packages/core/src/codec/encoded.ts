/** Owns what encoding gives. */

/** As it was when this was loaded: programs may replace it. */
const { Uint8Array: Bytes } = globalThis

/**
 * A record as bytes, and what is needed besides. `bytes` is a getter (made for nobody who has no use for it), so a spread copy
 * does not have it, as its type says: take it by name.
 */
export class Encoded {
  /**
   * The record where it was written, for who copies it on at once or decodes it: other records may lie in the same buffer,
   * which is not to be transferred.
   */
  readonly view: Uint8Array<ArrayBuffer>
  /** What bytes cannot carry, by index. */
  readonly handles: unknown[]
  /** Where to import the modules that define what the record names. */
  readonly modules: string[]
  #bytes: ArrayBuffer | null = null
  constructor(view: Uint8Array<ArrayBuffer>, handles: unknown[], modules: string[]) {
    this.view = view
    this.handles = handles
    this.modules = modules
  }

  /** The record in a buffer of exactly its size, which can be transferred; made when it is first asked for. */
  get bytes(): ArrayBuffer {
    this.#bytes ??= new Bytes(this.view).buffer
    return this.#bytes
  }
}
