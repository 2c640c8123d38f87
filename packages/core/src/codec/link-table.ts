/**
 * Owns the link table of a record as bytes: checksum of the rest, count, then type, length and bytes of each link.
 *
 * Fibers that stand at the same places have the same table, so that a table is put together once and kept; its
 * checksum lets the other side find what it made of the same bytes before.
 */
import { checksum } from "./checksum.ts"
import { CHECKSUM_SIZE } from "./format.ts"
import type { Link } from "./links.ts"
import { Writer } from "./writer.ts"

/** A place in the tree of all tables: the links so far. */
export class TableNode {
  #bytes: Uint8Array | null = null
  #lastLink: Link | null = null
  #last: TableNode | null = null
  #next: Map<Link, TableNode> | null = null

  /** The place after one more link. */
  with(link: Link): TableNode {
    if (this.#lastLink === link) return this.#last as TableNode
    this.#next ??= new Map()
    let next = this.#next.get(link)
    if (next === undefined) {
      next = new TableNode()
      tree.size++
      this.#next.set(link, next)
    }
    this.#lastLink = link
    this.#last = next
    return next
  }

  /** The table of the first `count` links, which are those on the way from the root. */
  bytes(links: ArrayLike<Link>, count: number): Uint8Array {
    this.#bytes ??= tableOf(links, count)
    return this.#bytes
  }
}

const NODES_LIMIT = 20_000
/** Longer tables are too special to come again. */
export const TABLE_LIMIT = 48
const tree = { root: new TableNode(), size: 0 }

export function firstNode(): TableNode {
  if (tree.size > NODES_LIMIT) {
    tree.root = new TableNode()
    tree.size = 0
  }
  return tree.root
}

/** Room for most tables. */
const TABLE_SIZE = 1024

export function tableOf(links: ArrayLike<Link>, count: number): Uint8Array {
  const writer = new Writer(TABLE_SIZE)
  writer.position = CHECKSUM_SIZE
  writer.varint(count)
  for (let i = 0; i < count; i++) {
    const link = links[i] as Link
    writer.byte(link.type)
    writer.varint(link.bytes.length)
    writer.raw(link.bytes)
  }
  const { view, position } = writer
  view.setInt32(0, checksum(view, CHECKSUM_SIZE, position), true)
  return writer.bytes.slice(0, position)
}
