/** Owns the links of one record: which, in what order, and the modules behind them. */
import { firstNode, TABLE_LIMIT, tableOf } from "./link-table.ts"
import { keyLink, type Link } from "./links.ts"
import { Pile } from "./list.ts"

const sessions = { last: 0 }

export class LinkList {
  /** Where to import the modules that define what is linked. */
  modules: string[] = []
  #session = 0
  readonly #links = new Pile<Link>()
  #node = firstNode()
  #keys: Map<string, Link> | null = null

  begin(): void {
    this.#session = ++sessions.last
    this.#node = firstNode()
  }

  forget(): void {
    this.modules = []
    this.#links.clear()
    this.#keys = null
  }

  /** The number of a link, which is listed if it is new. */
  numberOf(link: Link): number {
    if (link.session === this.#session) return link.index
    link.session = this.#session
    link.index = this.#links.count
    this.#links.add(link)
    if (this.#links.count <= TABLE_LIMIT) this.#node = this.#node.with(link)
    this.needs(link.url)
    return link.index
  }

  needs(url: string): void {
    if (url !== "" && !this.modules.includes(url)) this.modules = [...this.modules, url]
  }

  /** The link of a key that the caller gave a value. */
  ofKey(key: string): Link {
    this.#keys ??= new Map()
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    const link = keyLink(key)
    this.#keys.set(key, link)
    return link
  }

  table(): Uint8Array {
    const { count } = this.#links
    const links = this.#links.items as ArrayLike<Link>
    return count <= TABLE_LIMIT ? this.#node.bytes(links, count) : tableOf(links, count)
  }
}
