/** Owns how much there is behind a value: about as many bytes as a record needs for it. */
import { edgesOf } from "../codec/edges.ts"
import { hasContent } from "../codec/platform.ts"
import { bufferOf, bytesOf } from "../codec/rows/buffers.ts"

/** Measures values one after the other: what an earlier one leads to is not counted again. */
export class Sizes {
  readonly #seen = new Set<object>()

  of(root: unknown): number {
    let size = leaf(root)
    const open: object[] = []
    this.#meet(root, open)
    for (let object = open.pop(); object !== undefined; object = open.pop()) {
      size += own(object)
      if (ArrayBuffer.isView(object)) this.#meet(bufferOf(object), open)
      else
        for (const { value, words } of edgesOf(object)) {
          size += leaf(value) + (words[0]?.startsWith(".") === true ? 1 : 0)
          this.#meet(value, open)
        }
    }
    return size
  }

  #meet(value: unknown, open: object[]): void {
    if ((typeof value !== "object" || value === null) && typeof value !== "function") return
    if (this.#seen.has(value)) return
    this.#seen.add(value)
    open.push(value)
  }
}

function leaf(value: unknown): number {
  if (typeof value === "string") return 2 + value.length
  if (typeof value === "number") return Number.isInteger(value) && value >= 0 && value < 128 ? 1 : 6
  if (typeof value === "bigint") return 2 + value.toString(16).length
  return 2
}

function own(object: object): number {
  return 4 + (hasContent(object) && !ArrayBuffer.isView(object) ? (bytesOf(object) ?? 0) : 0)
}
